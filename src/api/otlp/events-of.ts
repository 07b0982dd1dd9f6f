import type { SentEvent } from "../../domain/event.ts";
import { bounds } from "../../domain/bounds.ts";
import type { KeyValue, AnyValue, LogRecord, LogsRequest, Resource, Scope, Span, TraceRequest } from "./messages.ts";

/** What of a request becomes events, and what does not. */
export interface Mapped {
	readonly events: readonly SentEvent[];
	readonly rejected: number;
	/** Why the first of the rejected was; null where none was. */
	readonly problem: string | null;
}

/**
 * A log record is an event: docs/guides says what is where. Its trace counts where it is one (logs.proto: else receivers SHOULD assume
 * that it is of none). `digest` is of the request: sent again, it is the same events.
 */
export function eventsOfLogs({ resourceLogs = [] }: LogsRequest, digest: string): Mapped {
	const batch = new Batch();
	for (const { resource, scopeLogs = [] } of resourceLogs) {
		const resourceText = textOfResource(resource);
		for (const { scope, logRecords = [] } of scopeLogs) {
			const origin = originText(resourceText, scope);
			for (const record of logRecords) batch.add(origin, ...eventOfRecord(record, `${digest} ${batch.seen}`));
		}
	}
	return batch;
}

/** A span is an event, at its beginning. trace.proto: one whose ids are not of their length, or zero, is invalid. */
export function eventsOfSpans({ resourceSpans = [] }: TraceRequest): Mapped {
	const batch = new Batch();
	for (const { resource, scopeSpans = [] } of resourceSpans) {
		const resourceText = textOfResource(resource);
		for (const { scope, spans = [] } of scopeSpans) {
			const origin = originText(resourceText, scope);
			for (const span of spans) {
				if (isTraceId(span.traceId) && isSpanId(span.spanId)) batch.add(origin, ...eventOfSpan(span));
				else batch.reject("A span needs a trace id of 16 bytes and a span id of 8, neither of them zero.");
			}
		}
	}
	return batch;
}

type Read = readonly [Pick<SentEvent, "occurredAt" | "sameAs">, Readonly<Record<string, unknown>>];

function eventOfRecord(record: LogRecord, place: string): Read {
	// logs.proto: the time may be unknown, then it is when it was observed.
	const nano = known(record.timeUnixNano) ?? known(record.observedTimeUnixNano);
	const isTraced = isTraceId(record.traceId);
	return [
		// One without a time may be meant each time that it is sent.
		{ occurredAt: milliseconds(nano), sameAs: nano === undefined ? null : `log ${place}` },
		{
			signal: "log",
			event_name: filled(record.eventName),
			timestamp: time(nano),
			observed_timestamp: time(known(record.observedTimeUnixNano)),
			severity_number: counted(record.severityNumber),
			severity_text: filled(record.severityText),
			body: record.body && plain(record.body),
			trace_id: isTraced ? record.traceId : undefined,
			span_id: isTraced && isSpanId(record.spanId) ? record.spanId : undefined,
			flags: counted(record.flags),
			...attributesOf(record),
		},
	];
}

function eventOfSpan(span: Span): Read {
	const [start, end] = [known(span.startTimeUnixNano), known(span.endTimeUnixNano)];
	const hasEnded = start !== undefined && end !== undefined && end >= start;
	return [
		{ occurredAt: milliseconds(start), sameAs: `span ${span.traceId} ${span.spanId}` },
		{
			signal: "span",
			event_name: filled(span.name),
			timestamp: time(start),
			end_timestamp: time(end),
			duration_ms: hasEnded ? Number(end - start) / 1e6 : undefined,
			kind: kinds[span.kind ?? 0],
			status: statuses[span.status?.code ?? 0],
			status_message: filled(span.status?.message),
			trace_id: span.traceId,
			span_id: span.spanId,
			parent_span_id: isSpanId(span.parentSpanId) ? span.parentSpanId : undefined,
			trace_state: filled(span.traceState),
			flags: counted(span.flags),
			...attributesOf(span),
			events: span.events?.map((event) => ({
				name: filled(event.name),
				timestamp: time(known(event.timeUnixNano)),
				...attributesOf(event),
			})),
			dropped_events_count: counted(span.droppedEventsCount),
			links: span.links?.map((link) => ({
				trace_id: filled(link.traceId),
				span_id: filled(link.spanId),
				trace_state: filled(link.traceState),
				flags: counted(link.flags),
				...attributesOf(link),
			})),
			dropped_links_count: counted(span.droppedLinksCount),
		},
	];
}

/** trace.proto: SpanKind, Status.StatusCode. None for what is unspecified, or of a later version. */
const kinds = [undefined, "internal", "server", "client", "producer", "consumer"];
const statuses = [undefined, "ok", "error"];

/** Takes what there is room for. All that is held of it is the text that is stored. */
class Batch {
	readonly events: SentEvent[] = [];
	rejected = 0;
	problem: string | null = null;
	#length = 0;

	get seen(): number {
		return this.events.length + this.rejected;
	}

	add(origin: string, meta: Read[0], content: Read[1]): void {
		if (this.events.length >= bounds.otlpRecords.most) return this.reject(tooMany);
		const body = `${JSON.stringify(content).slice(0, -1)}${origin}}`;
		if (body.length > longestEvent) return this.reject(tooLong);
		if (this.#length + body.length > longestBatch) return this.reject(tooMuch);
		this.#length += body.length;
		this.events.push({ ...meta, body });
	}

	reject(problem: string): void {
		this.rejected += 1;
		this.problem ??= problem;
	}
}

/** In characters. What a resource has stands in each of its events, so that a short request would be a long batch. */
const longestEvent = 256 * 1024;
const longestBatch = 4 * 1024 * 1024;
const tooMany = `A request may have ${bounds.otlpRecords.most} log records or spans: send smaller batches.`;
const tooLong = "An event is longer than 256 KiB, with its resource and scope.";
const tooMuch =
	"The events of the request are longer than 4 MiB, each with its resource and scope: send smaller batches.";

/** What events have in common, as the end of each one's text, without being written for each anew. */
function originText(resourceText: string, scope: Scope = {}): string {
	const { name, version } = scope;
	const described = { name: filled(name), version: filled(version), ...attributesOf(scope) };
	const text = JSON.stringify(described);
	return `${resourceText}${text === "{}" ? "" : `,"scope":${text}`}`;
}

function textOfResource({ attributes = [] }: Resource = {}): string {
	return attributes.length > 0 ? `,"resource":${JSON.stringify(objectOf(attributes))}` : "";
}

function attributesOf({ attributes = [], droppedAttributesCount }: Resource & { droppedAttributesCount?: number }) {
	return {
		attributes: attributes.length > 0 ? objectOf(attributes) : undefined,
		dropped_attributes_count: counted(droppedAttributesCount),
	};
}

/** common.proto: keys MUST be unique; of two the last counts. */
function objectOf(attributes: readonly KeyValue[]): Readonly<Record<string, unknown>> {
	return Object.fromEntries(attributes.map(({ key = "", value = {} }) => [key, plain(value)]));
}

/** As JSON has it: null where nothing was set, and a text for a number that JSON has none for. */
function plain(value: AnyValue): unknown {
	const { intValue, doubleValue } = value;
	if (value.arrayValue) return (value.arrayValue.values ?? []).map(plain);
	if (value.kvlistValue) return objectOf(value.kvlistValue.values ?? []);
	if (intValue !== undefined) return Number.isSafeInteger(Number(intValue)) ? Number(intValue) : String(intValue);
	if (doubleValue !== undefined) return Number.isFinite(doubleValue) ? doubleValue : String(doubleValue);
	return value.stringValue ?? value.boolValue ?? value.bytesValue ?? null;
}

function isTraceId(id = ""): boolean {
	return id.length === 32 && !/^0+$/.test(id);
}

function isSpanId(id = ""): boolean {
	return id.length === 16 && !/^0+$/.test(id);
}

/** proto3 has no other way to say that there is none. */
function filled(text = ""): string | undefined {
	return text === "" ? undefined : text;
}

function counted(number = 0): number | undefined {
	return number === 0 ? undefined : number;
}

function known(nano = 0n): bigint | undefined {
	return nano === 0n ? undefined : nano;
}

function milliseconds(nano: bigint | undefined): number | null {
	return nano === undefined ? null : Number(nano / 1_000_000n);
}

/** RFC 3339, to the nanosecond. 64 bits end in the year 2554. */
function time(nano: bigint | undefined): string | undefined {
	if (nano === undefined) return undefined;
	const whole = new Date(Number(nano / 1_000_000n)).toISOString().slice(0, 19);
	const fraction = String(nano % 1_000_000_000n).padStart(9, "0");
	return `${whole}.${fraction}Z`;
}
