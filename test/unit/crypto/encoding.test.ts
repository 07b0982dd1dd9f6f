import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { base64url, concat, fromBase64url, fromUtf8, utf8 } from "../../../src/crypto/encoding.ts";

const bytes = fc.uint8Array({ maxLength: 100 }).map((each) => Uint8Array.from(each));

describe("base64url (RFC 4648 §5)", () => {
	test("what is encoded is decoded to the same bytes", () => {
		fc.assert(
			fc.property(bytes, (each) => {
				expect(fromBase64url(base64url(each))).toEqual(each);
			}),
		);
	});

	test("it is what Node's Buffer writes", () => {
		fc.assert(
			fc.property(bytes, (each) => {
				expect(base64url(each)).toBe(Buffer.from(each).toString("base64url"));
			}),
		);
	});

	test("one value has one text: whatever else decodes to it is refused", () => {
		const text = fc.oneof(
			fc.base64String(),
			fc.string({ unit: fc.constantFrom("A", "a", "0", "-", "_", "+", "/", "=", " ", "\n") }),
		);
		fc.assert(
			fc.property(text, (each) => {
				const decoded = fromBase64url(each);
				expect(decoded === null || base64url(decoded) === each).toBe(true);
			}),
		);
	});

	test.each([
		["padding", "AA=="],
		["stray bits", "AB"],
		["the other alphabet", "+/+/"],
		["white space", "AAAA AAAA"],
		["a line break at the end", "AAAA\n"],
		["one character", "A"],
		["five characters", "AAAAA"],
		["other letters", "ÄÄÄÄ"],
	])("%s is refused", (_, text) => {
		expect(fromBase64url(text)).toBeNull();
	});

	test("nothing is nothing", () => {
		expect(fromBase64url("")).toEqual(new Uint8Array());
	});
});

test("UTF-8: bytes that are none throw", () => {
	expect(fromUtf8(utf8("é€𝄞"))).toBe("é€𝄞");
	expect(() => fromUtf8(Uint8Array.of(0xc3, 0x28))).toThrow(TypeError);
});

test("a byte order mark is kept", () => {
	expect(fromUtf8(utf8("\uFEFFa"))).toBe("\uFEFFa");
});

test("parts are joined in their order", () => {
	expect(concat(Uint8Array.of(1, 2), new Uint8Array(), Uint8Array.of(3))).toEqual(Uint8Array.of(1, 2, 3));
});
