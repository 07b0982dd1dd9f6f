import { beforeAll, describe, expect, test } from "vitest";
import {
	aSink,
	attribute,
	type Bytes,
	bytes,
	double,
	exportRequest,
	field,
	fixed32,
	fixed64,
} from "../support/otlp.ts";
import { gzipped, ofHex, partialSuccess, protobuf, sendOtlp, statusMessage, varint, whole } from "../support/otlp.ts";
import { times } from "../support/requests.ts";

const traceId = "5b8efff798038103d269b633813fc60c";
const spanId = "eee19b7ec3c1b174";
/** 2026-01-15T17:57:22.123456789Z */
const at = 1_768_499_842_123_456_789n;

let sink: Awaited<ReturnType<typeof aSink>>;
let key: Record<string, string>;
beforeAll(async () => {
	sink = await aSink();
	key = { "x-api-key": sink.publicKey };
});

/** A log record that a search finds by its mark. */
function record(mark: string, ...more: readonly Uint8Array[]): Bytes {
	return bytes(fixed64(1, at), attribute(6, "mark", mark), ...more);
}

function span(mark: string, ids = { traceId, spanId }): Bytes {
	const named = [field(1, ofHex(ids.traceId)), field(2, ofHex(ids.spanId)), field(5, "GET /orders")];
	return bytes(...named, fixed64(7, at), fixed64(8, at + 1_500_000n), attribute(9, "mark", mark));
}

const marked = (mark: string) => sink.found({ field: "data.attributes.mark", operator: "eq", value: mark });
const newMark = () => crypto.randomUUID();
const newIds = () => ({
	traceId: crypto.randomUUID().replaceAll("-", ""),
	spanId: crypto.randomUUID().replaceAll("-", "").slice(16),
});

const origin = {
	resource: bytes(attribute(1, "service.name", "checkout"), whole(2, 3)),
	scope: bytes(field(1, "my.library"), field(2, "1.0.0"), attribute(3, "of", "scope")),
};

const values = {
	kvlistValue: {
		values: [
			{ key: "text", value: { stringValue: "é" } },
			{ key: "yes", value: { boolValue: true } },
			{ key: "whole", value: { intValue: "-5" } },
			{ key: "large", value: { intValue: "9007199254740993" } },
			{ key: "half", value: { doubleValue: 0.5 } },
			{ key: "none", value: { doubleValue: "NaN" } },
			{ key: "list", value: { arrayValue: { values: [{ intValue: 1 }, {}] } } },
			{ key: "bytes", value: { bytesValue: "AP-_" } },
			{ key: "__proto__", value: { stringValue: "own" } },
		],
	},
};
const encodedValues = field(
	6,
	bytes(
		...[
			["text", field(1, "é")],
			["yes", whole(2, 1)],
			["whole", whole(3, -5n)],
			["large", whole(3, 9_007_199_254_740_993n)],
			["half", double(4, 0.5)],
			["none", double(4, Number.NaN)],
			["list", field(5, bytes(field(1, whole(3, 1)), field(1, new Uint8Array())))],
			["bytes", field(7, new Uint8Array([0, 255, 191]))],
			["__proto__", field(1, "own")],
		].map(([name, value]) => attribute(1, name as string, value as Bytes)),
	),
);
const readValues = JSON.parse(
	'{"text":"é","yes":true,"whole":-5,"large":"9007199254740993","half":0.5,"none":"NaN","list":[1,null],"bytes":"AP+/","__proto__":"own"}',
);

const logData = (mark: string) => ({
	signal: "log",
	event_name: "order.placed",
	timestamp: "2026-01-15T17:57:22.123456789Z",
	observed_timestamp: "2026-01-15T17:57:22.123456790Z",
	severity_number: 9,
	severity_text: "INFO",
	body: readValues,
	trace_id: traceId,
	span_id: spanId,
	flags: 1,
	attributes: { mark },
	dropped_attributes_count: 2,
	resource: { "service.name": "checkout" },
	scope: { name: "my.library", version: "1.0.0", attributes: { of: "scope" } },
});
const timeless = (mark: string, ...more: readonly Uint8Array[]) =>
	bytes(fixed64(1, 0n), attribute(6, "mark", mark), ...more);
const spanData = (mark: string, ids: { traceId: string; spanId: string }) => ({
	signal: "span",
	event_name: "GET /orders",
	timestamp: "2026-01-15T17:57:22.123456789Z",
	end_timestamp: "2026-01-15T17:57:22.124956789Z",
	duration_ms: 1.5,
	kind: "server",
	status: "error",
	status_message: "no",
	trace_id: ids.traceId,
	span_id: ids.spanId,
	parent_span_id: spanId,
	trace_state: "a=b",
	flags: 257,
	attributes: { mark },
	events: [{ name: "exception", timestamp: "2026-01-15T17:57:22.123456790Z", attributes: { is: "event" } }],
	dropped_events_count: 1,
	links: [{ trace_id: traceId, span_id: spanId, attributes: { is: "link" } }],
	resource: { "service.name": "checkout" },
	scope: { name: "my.library", version: "1.0.0", attributes: { of: "scope" } },
});
const textAttribute = (name: string, value: string) => ({ key: name, value: { stringValue: value } });
const nestedLists = (levels: number): Bytes =>
	levels === 0 ? whole(3, 1) : field(6, attribute(1, "in", nestedLists(levels - 1)));
const nestedArrays = (levels: number): Bytes =>
	levels === 0 ? whole(3, 1) : field(5, field(1, nestedArrays(levels - 1)));
const withBody = (value: Bytes) => exportRequest([field(5, value)]);
const ofRecord = (logRecord: unknown) => ({ resourceLogs: [{ scopeLogs: [{ logRecords: [logRecord] }] }] });
const exactly = (length: number) => field(100, new Uint8Array(length - 5));

describe("POST /v1/logs", () => {
	test("OTLP/HTTP, Binary Protobuf Encoding: a log record is an event that a search finds", async () => {
		const mark = newMark();
		const named = [whole(2, 9), field(3, "INFO"), field(5, encodedValues), whole(7, 2), fixed32(8, 1)];
		const ids = [field(9, ofHex(traceId)), field(10, ofHex(spanId)), fixed64(11, at + 1n), field(12, "order.placed")];
		const answer = await sendOtlp("/v1/logs", exportRequest([record(mark, ...named, ...ids)], origin), key);
		expect([answer.status, answer.media, answer.bytes.length]).toEqual([200, protobuf, 0]);
		expect(answer.headers.get("cache-control")).toBe("no-store");
		const [event, ...others] = await marked(mark);
		expect(others).toEqual([]);
		expect(event).toMatchObject({ type: "event", environment: "main/prod", timestamp: "2026-01-15T17:57:22.123Z" });
		expect(JSON.stringify(event?.data)).toBe(JSON.stringify(logData(mark)));
	});

	test("OTLP/HTTP, JSON Protobuf Encoding: the same, ids in hexadecimal of either case, 64 bits as texts or numbers", async () => {
		const mark = newMark();
		const sent = {
			timeUnixNano: String(at),
			severityNumber: 9,
			severityText: "INFO",
			body: values,
			attributes: [{ key: "mark", value: { stringValue: mark } }],
			droppedAttributesCount: 2,
			flags: 1,
			traceId: traceId.toUpperCase(),
			spanId,
			observedTimeUnixNano: String(at + 1n),
			eventName: "order.placed",
			// OTLP/HTTP: unknown fields MUST be ignored, and so are original names.
			ofTheFuture: { deep: [1] },
			severity_text: 7,
			unset: null,
		};
		const resource = { attributes: [{ key: "service.name", value: { stringValue: "checkout" } }] };
		const attributes = [{ key: "of", value: { stringValue: "scope" } }];
		const scope = { name: "my.library", version: "1.0.0", attributes };
		const body = { resourceLogs: [{ resource, schemaUrl: "x", scopeLogs: [{ scope, logRecords: [sent] }] }] };
		const answer = await sendOtlp("/v1/logs", body, key);
		expect([answer.status, answer.media, answer.body]).toEqual([200, "application/json", {}]);
		expect(JSON.stringify((await marked(mark))[0]?.data)).toBe(JSON.stringify(logData(mark)));
	});

	test("logs.proto: without a time it is when it was observed, and without that when it is taken", async () => {
		const [observed, never] = [newMark(), newMark()];
		await sendOtlp("/v1/logs", exportRequest([timeless(observed, fixed64(11, at)), timeless(never)]), key);
		expect((await marked(observed))[0]?.timestamp).toBe("2026-01-15T17:57:22.123Z");
		const [event] = await marked(never);
		expect(Date.parse(event?.timestamp ?? "")).toBeGreaterThan(Number(at / 1_000_000n));
		expect(event?.data).toEqual({ signal: "log", attributes: { mark: never } });
	});

	test("a time beyond now is taken, as far as 64 bits go", async () => {
		const mark = newMark();
		await sendOtlp("/v1/logs", exportRequest([bytes(record(mark), fixed64(1, 2n ** 64n - 1n))]), key);
		const [event] = await marked(mark);
		expect([event?.timestamp, event?.data.timestamp]).toEqual([
			"2554-07-21T23:34:33.709Z",
			"2554-07-21T23:34:33.709551615Z",
		]);
	});

	test("logs.proto: a record with an id of a wrong length, or of zeros, is of no trace", async () => {
		const [short, zero] = [newMark(), newMark()];
		const records = [
			record(short, field(9, ofHex(traceId).subarray(1)), field(10, ofHex(spanId))),
			record(zero, field(9, new Uint8Array(16))),
		];
		expect((await sendOtlp("/v1/logs", exportRequest(records), key)).bytes.length).toBe(0);
		for (const mark of [short, zero]) {
			const [event] = await marked(mark);
			expect(Object.keys(event?.data ?? {})).toEqual(["signal", "timestamp", "attributes"]);
		}
	});

	test("sent again, as a client does that has lost the answer, it is the same events", async () => {
		const mark = newMark();
		const request = exportRequest([record(mark), record(mark)]);
		const [first] = [await sendOtlp("/v1/logs", request, key)];
		const packed = { ...key, "content-encoding": "gzip" };
		expect([first.status, (await sendOtlp("/v1/logs", await gzipped(request), packed)).status]).toEqual([200, 200]);
		expect(await marked(mark)).toHaveLength(2);
		const withoutTime = exportRequest([attribute(6, "mark", `${mark} twice`)]);
		for (const _ of times(2, () => null)) await sendOtlp("/v1/logs", withoutTime, key);
		expect(await marked(`${mark} twice`)).toHaveLength(2);
	});
});

describe("POST /v1/traces", () => {
	test("OTLP/HTTP, Binary Protobuf Encoding: a span is an event at its beginning", async () => {
		const [mark, ids] = [newMark(), newIds()];
		const more = bytes(
			field(3, "a=b"),
			field(4, ofHex(spanId)),
			whole(6, 2),
			field(11, bytes(fixed64(1, at + 1n), field(2, "exception"), attribute(3, "is", "event"))),
			whole(12, 1),
			field(13, bytes(field(1, ofHex(traceId)), field(2, ofHex(spanId)), attribute(4, "is", "link"))),
			field(15, bytes(field(2, "no"), whole(3, 2))),
			fixed32(16, 257),
		);
		const answer = await sendOtlp("/v1/traces", exportRequest([bytes(span(mark, ids), more)], origin), key);
		expect([answer.status, answer.media, answer.bytes.length]).toEqual([200, protobuf, 0]);
		const found = await sink.found({ field: "event_name", operator: "eq", value: "GET /orders" });
		const event = found.find((each) => each.data.trace_id === ids.traceId);
		expect(JSON.stringify(event?.data)).toBe(JSON.stringify(spanData(mark, ids)));
	});

	test("OTLP/HTTP, JSON Protobuf Encoding: the same", async () => {
		const [mark, ids] = [newMark(), newIds()];
		const sent = {
			...ids,
			traceState: "a=b",
			parentSpanId: spanId,
			name: "GET /orders",
			kind: 2,
			startTimeUnixNano: String(at),
			endTimeUnixNano: String(at + 1_500_000n),
			attributes: [textAttribute("mark", mark)],
			events: [{ timeUnixNano: String(at + 1n), name: "exception", attributes: [textAttribute("is", "event")] }],
			droppedEventsCount: 1,
			links: [{ traceId, spanId, attributes: [textAttribute("is", "link")] }],
			status: { message: "no", code: 2 },
			flags: 257,
		};
		const resource = { attributes: [textAttribute("service.name", "checkout")] };
		const scope = { name: "my.library", version: "1.0.0", attributes: [textAttribute("of", "scope")] };
		const body = { resourceSpans: [{ resource, scopeSpans: [{ scope, spans: [sent] }] }] };
		expect((await sendOtlp("/v1/traces", body, key)).body).toEqual({});
		expect(JSON.stringify((await marked(mark))[0]?.data)).toBe(JSON.stringify(spanData(mark, ids)));
	});

	test("a span that is sent again is the same event, in whatever batch, and of another environment another", async () => {
		const [mark, ids] = [newMark(), newIds()];
		const other = await aSink();
		await sendOtlp("/v1/traces", exportRequest([span(mark, ids), span(mark, ids)]), key);
		await sendOtlp("/v1/traces", exportRequest([span(mark, newIds()), span(mark, ids)]), key);
		await sendOtlp("/v1/traces", exportRequest([span(mark, ids)]), { "x-api-key": other.publicKey });
		expect(await marked(mark)).toHaveLength(2);
		expect(await other.found({ field: "data.trace_id", operator: "eq", value: ids.traceId })).toHaveLength(1);
	});

	test("OTLP/HTTP, Partial Success: spans whose ids are invalid are rejected, the others taken", async () => {
		const [mark, ids] = [newMark(), newIds()];
		const wrong = [
			{ ...ids, traceId: "00".repeat(16) },
			{ ...ids, spanId: "00".repeat(8) },
			{ ...ids, traceId: `${ids.traceId}00` },
			{ ...ids, spanId: ids.spanId.slice(2) },
			{ traceId: "", spanId: "" },
		];
		const message = "A span needs a trace id of 16 bytes and a span id of 8, neither of them zero.";
		const spans = [...wrong.map((each) => span(mark, each)), span(mark, ids)];
		const answer = await sendOtlp("/v1/traces", exportRequest(spans), key);
		expect([answer.status, answer.bytes]).toEqual([200, partialSuccess(5, message)]);
		expect(await marked(mark)).toHaveLength(1);
		const json = await sendOtlp("/v1/traces", { resourceSpans: [{ scopeSpans: [{ spans: [{ name: "x" }] }] }] }, key);
		expect(json.body).toEqual({ partialSuccess: { rejectedSpans: "1", errorMessage: message } });
	});
});

describe("what OTLP is taken, and how it is refused", () => {
	test("OTLP/HTTP: an empty request is a success", async () => {
		for (const path of ["/v1/logs", "/v1/traces"] as const) {
			expect((await sendOtlp(path, new Uint8Array(), key)).status).toBe(200);
			expect((await sendOtlp(path, {}, key)).body).toEqual({});
			expect((await sendOtlp(path, { resourceLogs: [], resourceSpans: [{ scopeSpans: [{}] }] }, key)).status).toBe(200);
			expect((await sendOtlp(path, exportRequest([]), key)).status).toBe(200);
		}
	});

	test("a charset, a letter case and an encoding that changes nothing make no difference", async () => {
		const json = { ...key, "content-type": "Application/JSON; charset=utf-8", "content-encoding": "identity" };
		expect((await sendOtlp("/v1/logs", "{}", json)).status).toBe(200);
	});

	test("RFC 9110 §15.5.16: another content type, or encoding, is 415, which says what is taken", async () => {
		for (const media of ["application/grpc", "text/plain", "application/protobuf", ""]) {
			const answer = await sendOtlp("/v1/logs", "{}", { ...key, "content-type": media });
			expect([answer.status, answer.media, answer.body.code]).toEqual([415, "application/json", 3]);
			expect(answer.headers.get("accept")).toBe("application/x-protobuf, application/json");
		}
		for (const encoding of ["deflate", "br", "gzip, gzip"]) {
			const answer = await sendOtlp("/v1/logs", new Uint8Array(), { ...key, "content-encoding": encoding });
			expect([answer.status, answer.media]).toEqual([415, protobuf]);
			expect(answer.headers.get("accept-encoding")).toBe("gzip, identity");
		}
	});

	test.each<[string, Bytes, string]>([
		["a message that is cut off", exportRequest([record("x")]).slice(0, -3), "has a length that leads past its end"],
		[
			"a length past the end of what it is in",
			field(1, new Uint8Array([10, 5, 1])),
			"has a length that leads past its end",
		],
		["a length of 2^64 - 1", bytes([10], varint(2n ** 64n - 1n)), "has a length that leads past its end"],
		["a fixed number that is cut off", exportRequest([new Uint8Array([9, 1, 2])]), "ends too early"],
		["a number that never ends", bytes(times(11, () => 0x88)), "has a number of more than ten bytes"],
		["a tag alone", new Uint8Array([0x0a]), "ends too early"],
		["field 0", new Uint8Array([0x02, 0]), "has a field of a number that there is not"],
		["a field beyond 2^29", bytes(varint(2n ** 32n + 2n), [0]), "has a field of a number that there is not"],
		["a group", bytes([0x1b, 0x1c]), "has a group, or what is of no type"],
		["wire type 7", bytes([0x1f, 0]), "has a group, or what is of no type"],
		["a text as a number", exportRequest([whole(3, 1)]), "has a severityText that is encoded as another type"],
		["a message as a number", whole(1, 1), "has a resourceLogs that is encoded as another type"],
		["a time as a varint", exportRequest([whole(1, 1)]), "has a timeUnixNano that is encoded as another type"],
		["what is no UTF-8", exportRequest([field(3, new Uint8Array([0xc3, 0x28]))]), "has a text that is not UTF-8"],
		[
			"a key of half a surrogate pair",
			exportRequest([attribute(6, "x", field(1, new Uint8Array([0xed, 0xa0, 0x80])))]),
			"has a text that is not UTF-8",
		],
		["a kvlist in a kvlist, and so on", withBody(nestedLists(40)), "has more than 100 levels of messages"],
		["the same without end", withBody(nestedLists(2000)), "has more than 100 levels of messages"],
		["an array in an array, and so on", withBody(nestedArrays(60)), "has more than 100 levels of messages"],
		[
			"more messages than there may be",
			field(
				1,
				new Uint8Array(200_002).map((_, index) => (index % 2 === 0 ? 0x12 : 0)),
			),
			"has more than 100000 messages",
		],
		["JSON", new TextEncoder().encode("{}"), "has a group, or what is of no type"],
	])("OTLP/HTTP, Bad Data: %s is 400, as a Status in protobuf", async (_, sent, problem) => {
		const answer = await sendOtlp("/v1/logs", sent, key);
		expect([answer.status, answer.media]).toEqual([400, protobuf]);
		expect(new TextDecoder().decode(answer.bytes)).toContain(`The body ${problem}.`);
		expect(answer.bytes).toEqual(statusMessage(3, `The body ${problem}.`));
	});

	test("as deep as may be is taken, and found", async () => {
		const mark = newMark();
		const deep = [field(5, nestedLists(31)), attribute(6, "list", nestedArrays(45))];
		expect((await sendOtlp("/v1/logs", exportRequest([record(mark, ...deep)]), key)).status).toBe(200);
		expect(await marked(mark)).toHaveLength(1);
	});

	test("protobuf: what is of a later version is passed over, and a message in two parts is one", async () => {
		const mark = newMark();
		const later = [whole(100, 7), fixed64(101, 1n), fixed32(102, 1), field(103, "x"), whole(2 ** 29 - 1, 1)];
		const one = bytes(...later, field(5, field(1, "first")), record(mark), field(5, whole(3, 2)), ...later);
		const [resource, more] = [attribute(1, "a", "1"), attribute(1, "b", "2")];
		const request = field(1, bytes(field(1, resource), field(2, field(2, one)), field(1, more), ...later));
		expect((await sendOtlp("/v1/logs", bytes(request, ...later), key)).status).toBe(200);
		expect((await marked(mark))[0]?.data).toMatchObject({ body: 2, resource: { a: "1", b: "2" } });
	});

	test.each<[string, object | string, string]>([
		["no JSON", "{", "is not valid JSON"],
		["nothing", "", "is not valid JSON"],
		["an array", "[]", "must be a JSON object"],
		["null", "null", "must be a JSON object"],
		["a list that is none", { resourceLogs: {} }, "has a resourceLogs that is not an array"],
		["a message that is none", { resourceLogs: [1] }, "has a resourceLogs that is not an object"],
		["a member twice", '{"resourceLogs":[],"resourceLogs":[]}', "has a member twice"],
		[
			"an id in base64",
			ofRecord({ traceId: "W47/95gDgQPSabYzgT/GDA==" }),
			"has a traceId that is not a text of hexadecimal digits",
		],
		["half a byte", ofRecord({ spanId: "abc" }), "has a spanId that is not a text of hexadecimal digits"],
		[
			"an enum by its name",
			ofRecord({ severityNumber: "SEVERITY_NUMBER_INFO" }),
			"has a severityNumber that is not a whole number: no names are taken",
		],
		[
			"a time below zero",
			ofRecord({ timeUnixNano: "-1" }),
			"has a timeUnixNano that is not a whole number of 64 bits without a sign",
		],
		[
			"a time of 65 bits",
			ofRecord({ timeUnixNano: "18446744073709551616" }),
			"has a timeUnixNano that is not a whole number of 64 bits without a sign",
		],
		[
			"a fraction",
			ofRecord({ timeUnixNano: 1.5 }),
			"has a timeUnixNano that is not a whole number of 64 bits without a sign",
		],
		["a text that is a number", ofRecord({ severityText: 1 }), "has a severityText that is not a text"],
		[
			"a body of two values",
			ofRecord({ body: { stringValue: "a", intValue: 1 } }),
			"has a intValue beside another value",
		],
		[
			"a boolean that is a text",
			ofRecord({ body: { boolValue: "true" } }),
			"has a boolValue that is not true or false",
		],
		["bytes that are not base64", ofRecord({ body: { bytesValue: "?" } }), "has a bytesValue that is not base64"],
		["a double that is none", ofRecord({ body: { doubleValue: "1/2" } }), "has a doubleValue that is not a number"],
	])("OTLP/HTTP, Bad Data: %s is 400, as a Status in JSON", async (_, sent, problem) => {
		const answer = await sendOtlp("/v1/logs", sent, key);
		expect([answer.status, answer.media, answer.body]).toEqual([
			400,
			"application/json",
			{ code: 3, message: `The body ${problem}.` },
		]);
	});

	test("JSON that is no UTF-8 is 400", async () => {
		const answer = await sendOtlp("/v1/logs", new Uint8Array([0x7b, 0xff]), {
			...key,
			"content-type": "application/json",
		});
		expect(answer.body).toEqual({ code: 3, message: "The body is not UTF-8." });
	});

	test("gzip is unpacked; what is none, is cut off or goes on after its end is 400", async () => {
		const mark = newMark();
		const packed = await gzipped(exportRequest(times(300, () => record(mark))));
		const headers = { ...key, "content-encoding": "gzip" };
		expect((await sendOtlp("/v1/logs", packed, headers)).status).toBe(200);
		expect(await marked(mark)).toHaveLength(100);
		const wrong = [packed.slice(0, -9), bytes(packed, [1, 2, 3]), exportRequest([record(mark)]), new Uint8Array()];
		for (const each of wrong) {
			const answer = await sendOtlp("/v1/logs", each, headers);
			expect([answer.status, answer.bytes]).toEqual([400, statusMessage(3, "The body is not whole gzip.")]);
		}
	});

	const most = 2 * 1024 * 1024;
	const tooLarge = statusMessage(3, `The body is larger than ${most} bytes, as it is sent or unpacked.`);

	test("OTLP/HTTP: 2 MiB are taken and not a byte more, as it is sent and unpacked", async () => {
		expect(exactly(most)).toHaveLength(most);
		expect((await sendOtlp("/v1/logs", exactly(most), key)).status).toBe(200);
		const over = await sendOtlp("/v1/logs", exactly(most + 1), key);
		expect([over.status, over.bytes]).toEqual([413, tooLarge]);
		const headers = { ...key, "content-encoding": "gzip" };
		expect((await sendOtlp("/v1/logs", await gzipped(exactly(most)), headers)).status).toBe(200);
		expect((await sendOtlp("/v1/logs", await gzipped(exactly(most + 1)), headers)).status).toBe(413);
		// 300 MiB, of which no more than the limit is ever looked at.
		const bomb = await gzipped(new Uint8Array(300 * 1024 * 1024));
		const answer = await sendOtlp("/v1/logs", bomb, headers);
		expect([answer.status, answer.bytes]).toEqual([413, tooLarge]);
		const json = { ...headers, "content-type": "application/json" };
		expect((await sendOtlp("/v1/traces", bomb, json)).body).toMatchObject({ code: 3 });
	});

	test("OTLP/HTTP, Partial Success: of more than 1000 records the first are taken", async () => {
		const { publicKey } = await aSink();
		const answer = await sendOtlp("/v1/logs", exportRequest(times(1003, () => record("many"))), {
			"x-api-key": publicKey,
		});
		const message = "A request may have 1000 log records or spans: send smaller batches.";
		expect([answer.status, answer.bytes]).toEqual([200, partialSuccess(3, message)]);
	});

	test("OTLP/HTTP, Partial Success: an event of more than 256 KiB is rejected", async () => {
		const [long, short] = [newMark(), newMark()];
		const records = [record(long, field(5, field(1, "x".repeat(256 * 1024)))), record(short)];
		const answer = await sendOtlp("/v1/logs", exportRequest(records), key);
		expect(answer.bytes).toEqual(partialSuccess(1, "An event is longer than 256 KiB, with its resource and scope."));
		expect([await marked(long), await marked(short)].map(({ length }) => length)).toEqual([0, 1]);
	});

	test("a long resource is no way to store much by sending little", async () => {
		const other = await aSink();
		const resource = attribute(1, "x", "x".repeat(200 * 1024));
		const records = times(1000, () => record("many"));
		const answer = await sendOtlp("/v1/logs", exportRequest(records, { resource }), { "x-api-key": other.publicKey });
		const message =
			"The events of the request are longer than 4 MiB, each with its resource and scope: send smaller batches.";
		expect(answer.bytes).toEqual(partialSuccess(980, message));
		expect(await other.found()).toHaveLength(20);
	});

	test("a full environment is 429, with when to send it again", async () => {
		const other = await aSink();
		const full = { "x-api-key": other.publicKey };
		const big = exportRequest(times(20, (n) => record(`${n}`, field(5, field(1, "x".repeat(90 * 1024))))));
		const answers = [];
		for (const _ of times(6, () => null)) answers.push(await sendOtlp("/v1/logs", big, full));
		expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
		const limited = answers.at(-1);
		expect(limited?.bytes).toEqual(
			statusMessage(8, "This environment has stored as much as it may in an hour. Try again later."),
		);
		expect(Number(limited?.headers.get("retry-after"))).toBeGreaterThan(0);
		expect(limited?.headers.get("ratelimit")).toContain('"events"');
	});

	test("without a public key, with a wrong one, or with a secret in its place it is 401, of the request's type", async () => {
		const words =
			"Send the public key of an environment as x-api-key. This one is missing, wrong or not valid any more.";
		const none = await sendOtlp("/v1/logs", new Uint8Array(), {});
		expect([none.status, none.media, none.bytes]).toEqual([401, protobuf, statusMessage(16, words)]);
		expect(none.headers.get("www-authenticate")).toContain("ApiKey");
		const wrong = await sendOtlp("/v1/traces", {}, { "x-api-key": `${sink.publicKey}A` });
		expect([wrong.status, wrong.body]).toEqual([401, { code: 16, message: words }]);
		const secret = await sendOtlp("/v1/logs", {}, { "x-api-key": sink.writer.slice(0, -1) });
		expect([secret.status, secret.body.code]).toEqual([401, 16]);
	});

	test("a credential that may send events says where; the key of an environment may be in the query", async () => {
		const writer = { "x-api-key": sink.writer };
		expect((await sendOtlp("/v1/logs", {}, writer, "?environment=main/prod")).status).toBe(200);
		expect((await sendOtlp("/v1/logs", {}, writer)).status).toBe(400);
		expect((await sendOtlp("/v1/logs", {}, writer, "?environment=otlp/none")).body).toMatchObject({ code: 5 });
		expect((await sendOtlp("/v1/logs", {}, {}, `?apiKey=${sink.publicKey}`)).status).toBe(200);
		expect((await sendOtlp("/v1/logs", {}, writer, `?apiKey=${sink.publicKey}`)).body).toMatchObject({ code: 3 });
	});

	test("an Idempotency-Key makes no request smaller, and no answer another: it is a header like others", async () => {
		const mark = newMark();
		const writer = { "x-api-key": sink.writer, "idempotency-key": crypto.randomUUID() };
		const request = bytes(exportRequest([record(mark)]), exactly(100 * 1024));
		for (const _ of times(2, () => 0)) {
			const answer = await sendOtlp("/v1/logs", request, writer, "?environment=main/prod");
			expect([answer.status, answer.headers.get("idempotent-replayed")]).toEqual([200, null]);
		}
		expect(await marked(mark)).toHaveLength(1);
	});

	test("Fetch §3.2 (CORS): a page of any origin may send, and reads the answer", async () => {
		const answer = await sendOtlp("/v1/traces", {}, { ...key, origin: "https://shop.example" });
		expect(answer.headers.get("access-control-allow-origin")).toBe("*");
	});
});
