import { describe, expect, test } from "vitest";
import { isWithinLevels, readJsonText } from "../../src/json-text.ts";

const lists = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

describe("a JSON text", () => {
	test.each([
		["null", null],
		['{"a":[1,"]}",{"b":"\\"{[["}]}', { a: [1, "]}", { b: '"{[[' }] }],
		[lists(3), [[[]]]],
	])("%s is read as it is", (text, value) => {
		expect(readJsonText(text)).toEqual({ ok: true, value });
	});

	test.each(["", "{", "[1,]", '{"a":1}x', "nothing", '"', '"\\', "]", "}}}}"])("%j is malformed", (text) => {
		expect(readJsonText(text)).toEqual({ ok: false, reason: "malformed" });
	});

	test("has at most 100 levels, counted over objects and arrays alike", () => {
		expect(readJsonText(lists(100)).ok).toBe(true);
		for (const text of [lists(101), '{"a":'.repeat(101), `${'[{"a":'.repeat(51)}1${"}]".repeat(51)}`]) {
			expect(readJsonText(text)).toEqual({ ok: false, reason: "too_deep" });
		}
	});

	test("neighbours are no levels, and nor is what stands in a string", () => {
		expect(isWithinLevels(`[${"[],{},".repeat(5000)}[]]`)).toBe(true);
		expect(isWithinLevels(JSON.stringify("\\[".repeat(5000)))).toBe(true);
		expect(isWithinLevels(JSON.stringify('"[{'.repeat(5000)))).toBe(true);
	});

	test("of a megabyte of brackets no more is looked at than it takes", () => {
		const started = performance.now();
		for (const text of ["[", '"\\', '{"a":['].map((part) => part.repeat(200_000))) readJsonText(text);
		expect(performance.now() - started).toBeLessThan(5000);
	});
});
