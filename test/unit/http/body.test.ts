import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { bounds } from "../../../src/domain/bounds.ts";
import { bodyPatience, isProblem, maxFormBytes, onceOnly, readBody, readText } from "../../../src/http/body.ts";
import { readMultipart } from "../../../src/http/multipart.ts";

function request(body: BodyInit, type?: string, headers: Record<string, string> = {}): Request {
	const all = { ...headers, ...(type !== undefined && { "content-type": type }) };
	return new Request("https://a.example", { method: "POST", body, headers: all, ...half });
}

// Node wants it with a stream.
const half = { duplex: "half" };
const form = "application/x-www-form-urlencoded";

async function read(body: string, type: string, json = true) {
	const result = await readBody(request(body, type), { json });
	return result.ok ? { media: result.media, ...Object.fromEntries(result.params) } : result.error;
}

describe("a form", () => {
	test("its parameters", async () => {
		expect(await read("a=1&b=x+y&c=%C3%A9", form)).toEqual({ media: "form", a: "1", b: "x y", c: "é" });
	});

	test("RFC 6749 §3.1: an empty one is as if it were not there", async () => {
		expect(await read("a=&b", form)).toEqual({ media: "form" });
	});

	test("RFC 6749 §3.2: one that comes twice, even empty, is refused by name", async () => {
		expect(await read("a=1&a=2", form)).toEqual({ status: 400, detail: "a is given more than once" });
		expect(await read("a=&a=2", form)).toEqual({ status: 400, detail: "a is given more than once" });
		expect(await read("%22=&%22=2", form)).toEqual({ status: 400, detail: "A parameter is given more than once" });
	});

	test("whether or not anything in it is encoded, it is read as URLSearchParams reads it", async () => {
		const parts = ["a", "b", "=", "&", "?", "+", "%41", "%C3%A9", "%", "é", "resource", " ", "\uFEFF"];
		await fc.assert(
			fc.asyncProperty(fc.array(fc.constantFrom(...parts), { maxLength: 10 }), async (pieces) => {
				const text = pieces.join("");
				const params = onceOnly(new URLSearchParams(text));
				const body = await readBody(request(text, form), { json: false });
				expect(body.ok ? body.params : null).toEqual(isProblem(params) ? null : params);
			}),
			{ numRuns: 1000 },
		);
		const many = Array.from({ length: bounds.parameters.most + 1 }, (_, index) => `p${index}=1`).join("&&");
		expect(await read(many, form)).toEqual(await read(`${many}&x=%41`, form));
	});

	test("names of objects' own are parameters like others", async () => {
		expect(await read("__proto__=x&constructor=y", form)).toEqual(
			Object.fromEntries([
				["media", "form"],
				["__proto__", "x"],
				["constructor", "y"],
			]),
		);
	});
});

describe("JSON", () => {
	test("strings and numbers; null and empty are as if they were not there", async () => {
		const text = '{"a":"1","b":2,"c":null,"d":""}';
		expect(await read(text, "application/json")).toEqual({ media: "json", a: "1", b: "2" });
		expect(await read(text, "applications/json; charset=utf-8")).toEqual({ media: "json", a: "1", b: "2" });
	});

	test.each(["[]", "null", "1", '"x"', "true"])("%s is no object", async (text) => {
		expect(await read(text, "application/json")).toEqual({ status: 400, detail: "The body must be a JSON object" });
	});

	test.each(["", "{", "{a:1}", "{'a':1}", '{"a":1}x'])("%s is no JSON", async (text) => {
		expect(await read(text, "application/json")).toEqual({ status: 400, detail: "The body is not valid JSON" });
	});

	test.each(['{"a":true}', '{"a":[]}', '{"a":{}}'])("%s is refused by name", async (text) => {
		expect(await read(text, "application/json")).toEqual({ status: 400, detail: "a must be a string" });
	});

	test.each(["client_id", "client_secret", "clientId", "clientSecret", "client_assertion"])(
		"%s is a text, and a number none",
		async (name) => {
			const text = JSON.stringify({ [name]: 7 });
			expect(await read(text, "application/json")).toEqual({ status: 400, detail: `${name} must be a string` });
		},
	);

	test("a key twice is refused", async () => {
		const detail = "a is given more than once";
		expect(await read('{"a":"1","\\u0061":"2"}', "application/json")).toEqual({ status: 400, detail });
	});

	test("only where it is allowed", async () => {
		expect(await read("{}", "application/json", false)).toMatchObject({ status: 415 });
	});
});

test.each(["", "text/plain", "application/jsonx", "multipart/form-data", `${form}x`])(
	"the content type %j is refused",
	async (type) => {
		expect(await read("a=1", type)).toMatchObject({ status: 415 });
	},
);

describe("the size of a body", () => {
	const tooLarge = { ok: false, error: { status: 413, detail: "The body is larger than 10 bytes" } };

	test("is counted in bytes", async () => {
		expect(await readText(request("é".repeat(5)), 10)).toEqual({ ok: true, text: "é".repeat(5) });
		expect(await readText(request("é".repeat(6)), 10)).toEqual(tooLarge);
	});

	test("is not believed, but refused at once where it is declared too large", async () => {
		let pulled = 0;
		const stream = new ReadableStream({
			pull(controller) {
				pulled++;
				controller.enqueue(new Uint8Array(4));
			},
		});
		expect(await readText(request(stream, undefined, { "content-length": "11" }), 10)).toEqual(tooLarge);
		expect(pulled).toBeLessThanOrEqual(1);
	});

	test("a stream that does not end is left as soon as it is too long", async () => {
		let pulled = 0;
		let cancelled = false;
		const stream = new ReadableStream({
			pull(controller) {
				pulled++;
				controller.enqueue(new Uint8Array(4));
			},
			cancel() {
				cancelled = true;
			},
		});
		expect(await readText(request(stream), 10)).toEqual(tooLarge);
		expect(cancelled).toBe(true);
		expect(pulled).toBeLessThan(6);
	});

	test.each([
		["to its end, so that its sender hears why", 3, 3],
		["as far as a wrong file may be long, and cut off there", 1000, 9],
	])("what is left of a form that is too large is passed over %s", async (_, declared, most) => {
		const piece = new Uint8Array(1024 * 1024);
		let pulled = 0;
		const stream = new ReadableStream(
			{
				pull(controller) {
					controller.enqueue(piece);
					if (++pulled === declared) controller.close();
				},
			},
			{ highWaterMark: 0 },
		);
		const length = { "content-length": String(declared * piece.length) };
		const error = { status: 413, detail: "The form is larger than 1024 KiB" };
		expect(await readMultipart(request(stream, "multipart/form-data; boundary=x", length))).toEqual({
			ok: false,
			error,
		});
		expect(pulled).toBe(most);
	});

	test("a character may be cut in two by the network", async () => {
		const bytes = new TextEncoder().encode("aé𝄞");
		const stream = new ReadableStream({
			start(controller) {
				for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
				controller.close();
			},
		});
		expect(await readText(request(stream), 10)).toEqual({ ok: true, text: "aé𝄞" });
	});

	test("what is not UTF-8, or ends in the middle of a character, is refused", async () => {
		for (const bytes of [[0xff], [0x61, 0xc3]]) {
			expect(await readText(request(Uint8Array.from(bytes)), 10)).toEqual({
				ok: false,
				error: { status: 400, detail: "The body is not UTF-8" },
			});
		}
	});

	test("no body is an empty one", async () => {
		expect(await readText(new Request("https://a.example"), 10)).toEqual({ ok: true, text: "" });
	});

	test("a form of 16 KiB is read, and a byte more is not", async () => {
		const result = await readBody(request(`a=${"x".repeat(maxFormBytes - 2)}`, form), { json: false });
		expect(result.ok).toBe(true);
		expect(await read(`a=${"x".repeat(maxFormBytes - 1)}`, form)).toMatchObject({ status: 413 });
	});
});

test("the parameters of a query, once only", () => {
	expect(onceOnly(new URLSearchParams("a=1&b=2&c="))).toEqual(
		new Map([
			["a", "1"],
			["b", "2"],
		]),
	);
	expect(onceOnly(new URLSearchParams("a=1&b=2&a=1"))).toMatchObject({ repeated: "a" });
});

describe("more parameters than there can be", () => {
	const { most } = bounds.parameters;

	test.each([
		["of different names", (index: number) => `p${index}`],
		["of one name", () => "a"],
		["of the name that may come twice", () => "resource"],
	])("%s are refused with the limit, in a query and in a form", async (_, name) => {
		for (const count of [most + 1, 4000]) {
			const query = onceOnly(new URLSearchParams(pairs(count, name)));
			expect(isProblem(query) && query.detail).toBe(`It has more than ${most} parameters.`);
			const error = await read(pairs(count, name).slice(0, maxFormBytes), form);
			expect(error).toEqual({ status: 400, detail: `It has more than ${most} parameters` });
		}
	});

	test("as many as there may be are read, of a form and of JSON", async () => {
		expect(onceOnly(new URLSearchParams(pairs(most, (index) => `p${index}`)))).toHaveProperty("size", most);
		expect(await read(members(most), "application/json")).toMatchObject({ media: "json", p0: "1" });
		expect(await read(members(most + 1), "application/json")).toMatchObject({ status: 400 });
	});
});

describe("a body that breaks off", () => {
	test.each([{}, { "content-length": "5" }])("is the caller's doing: %j", async (headers) => {
		const error = { status: 400, detail: "The body broke off before its end" };
		expect(await readText(broke(headers), 10)).toEqual({ ok: false, error });
		const type = { "content-type": "multipart/form-data; boundary=x", ...headers };
		expect(await readMultipart(broke(type))).toEqual({ ok: false, error });
	});

	test.each([{}, { "content-length": "500000" }])(
		"one that drips is left, and its caller told: %j",
		async (headers) => {
			vi.useFakeTimers();
			try {
				const error = { status: 408, detail: "The body took longer than 50 seconds" };
				const type = { "content-type": "multipart/form-data; boundary=x", ...headers };
				const reads = [readText(dripping(headers), 1_000_000), readMultipart(dripping(type))];
				await vi.advanceTimersByTimeAsync(bodyPatience);
				expect(await Promise.all(reads)).toEqual([
					{ ok: false, error },
					{ ok: false, error },
				]);
				await readText(new Request("http://localhost", { method: "POST", body: "x" }), 10);
			} finally {
				vi.clearAllTimers();
				vi.useRealTimers();
			}
		},
	);

	test("but to read one twice is ours", async () => {
		const once = new Request("http://localhost", { method: "POST", body: "x" });
		await readText(once, 10);
		await expect(readText(once, 10)).rejects.toThrow("twice");
	});
});

function broken(): ReadableStream {
	return new ReadableStream({ pull: (controller) => controller.error(new Error("aborted")) });
}

/** A byte each second, without an end. */
function dripping(headers: Record<string, string>): Request {
	const body = new ReadableStream({
		async pull(controller) {
			await new Promise((resolve) => setTimeout(resolve, 1000));
			controller.enqueue(Uint8Array.of(97));
		},
	});
	return new Request("http://localhost", { method: "POST", body, headers, ...half });
}

function broke(headers: Record<string, string>): Request {
	const init = { method: "POST", body: broken(), headers, ...half };
	return new Request("http://localhost", init);
}

function pairs(count: number, name: (index: number) => string): string {
	return Array.from({ length: count }, (_, index) => `${name(index)}=1`).join("&");
}

function members(count: number): string {
	return JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, "1"])));
}
