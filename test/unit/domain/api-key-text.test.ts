import { describe, expect, test } from "vitest";
import { readDescription, readTags } from "../../../src/domain/api-key-text.ts";

describe("texts of keys", () => {
	test("a description is 1 to 200 printable characters, trimmed", () => {
		expect(readDescription("  The exporter ")).toBe("The exporter");
		expect(readDescription("\u{1f511}".repeat(200))).toBe("\u{1f511}".repeat(200));
		for (const bad of ["", "   ", "x".repeat(201), "a\nb", "a\u0000", "a\u202eb", "a\u2028b", "\ud800"]) {
			expect(readDescription(bad)).toBeNull();
		}
	});

	test("tags are at most 20 of 1 to 50 printable characters, trimmed, once each", () => {
		expect(readTags([" a", "b", "a"])).toEqual(["a", "b"]);
		expect(readTags([])).toEqual([]);
		const twenty = Array.from({ length: 20 }, (_, index) => `tag ${index}`);
		expect(readTags(twenty)).toEqual(twenty);
		for (const bad of [[...twenty, "more"], [""], ["x".repeat(51)], ["a\tb"]]) expect(readTags(bad)).toBeNull();
	});
});
