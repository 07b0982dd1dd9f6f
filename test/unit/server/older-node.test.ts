import fc from "fast-check";
import { beforeAll, expect, test, vi } from "vitest";

const has = {
	toBase64: methodOf(Uint8Array.prototype, "toBase64") as (this: Uint8Array, options: object) => string,
	toHex: methodOf(Uint8Array.prototype, "toHex") as (this: Uint8Array) => string,
	fromBase64: methodOf(Uint8Array, "fromBase64") as (text: string, options: object) => Uint8Array,
};

beforeAll(async () => {
	for (const name of ["toBase64", "toHex"]) Reflect.deleteProperty(Uint8Array.prototype, name);
	Reflect.deleteProperty(Uint8Array, "fromBase64");
	Reflect.deleteProperty(Promise, "try");
	vi.resetModules();
	await import(new URL("../../../src/server/older-node.ts", import.meta.url).href);
});

function methodOf(owner: object, name: string): unknown {
	return Object.getOwnPropertyDescriptor(owner, name)?.value;
}

const options = fc.record(
	{ alphabet: fc.constantFrom("base64", "base64url"), omitPadding: fc.boolean() },
	{ requiredKeys: [] },
);

test("what an older Node is given for bytes to text is what the language says", () => {
	expect(methodOf(Uint8Array.prototype, "toBase64")).not.toBe(has.toBase64);
	fc.assert(
		fc.property(fc.uint8Array(), options, (bytes, how) => {
			expect(bytes.toBase64(how)).toBe(has.toBase64.call(bytes, how));
			expect(bytes.toHex()).toBe(has.toHex.call(bytes));
		}),
	);
});

test("and so is that for text to bytes, refusals included", () => {
	const text = fc.string({
		unit: fc.constantFrom("A", "Q", "g", "w", "1", "9", "+", "/", "-", "_", "=", " ", "\n", "!", "é"),
		maxLength: 9,
	});
	fc.assert(
		fc.property(text, options, (written, how) => {
			const given = methodOf(Uint8Array, "fromBase64") as typeof has.fromBase64;
			expect(read(given, written, how)).toEqual(read(has.fromBase64, written, how));
		}),
		{ numRuns: 20_000 },
	);
});

function read(fromBase64: typeof has.fromBase64, written: string, how: object): number[] | string {
	try {
		return [...fromBase64.call(Uint8Array, written, how)];
	} catch (error) {
		return error instanceof Error ? error.name : "";
	}
}

test("and for a call that may throw or wait", async () => {
	await expect(Promise.try((value) => value, 1)).resolves.toBe(1);
	await expect(Promise.try(() => Promise.resolve(2))).resolves.toBe(2);
	await expect(
		Promise.try(() => {
			throw new Error("no");
		}),
	).rejects.toThrow("no");
});
