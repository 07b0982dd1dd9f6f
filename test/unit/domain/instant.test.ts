import { describe, expect, test } from "vitest";
import { readInstant, readUtc, readUtcSeconds, writeInstant, writeUtc } from "../../../src/domain/instant.ts";

describe("instants", () => {
	test.each([
		["2024-01-15T17:57:22+05:30", "2024-01-15T12:27:22Z"],
		["2021-07-20T23:45:06.342716+00:00", "2021-07-20T23:45:06.342Z"],
		["2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"],
		["2024-01-01 00:00:00-01:00", "2024-01-01T01:00:00Z"],
	])("%s is %s", (text, utc) => {
		expect(writeUtc(readInstant(text) ?? 0)).toBe(utc);
	});

	test.each([
		"",
		"2024-01-15T17:57:22",
		"2024-01-15",
		"2023-02-29T00:00:00Z",
		"2024-04-31T00:00:00Z",
		"2024-13-01T00:00:00Z",
		"2024-01-15T24:00:00Z",
		"2024-01-15T24:30:00Z",
		"2024-01-15T17:57Z",
		"2024-01-15T17:57:22+5:30",
		" 2024-01-15T17:57:22Z",
		"now",
		"1705321642",
	])("%j is no instant", (text) => {
		expect(readInstant(text)).toBeNull();
	});

	test("contract 004: Z or +00:00 at the end, nothing else", () => {
		expect(readUtc("2024-01-15T17:57:22Z")).toBe(readUtc("2024-01-15T17:57:22+00:00"));
		for (const text of ["2024-01-15T17:57:22+05:30", "2024-01-15T17:57:22-00:00", "2024-01-15T17:57:22"]) {
			expect(readUtc(text)).toBeNull();
			expect(readUtcSeconds(text)).toBeNull();
		}
	});

	test.each([
		["2026-01-31T08:00:00Z", 1_769_846_400],
		["2026-01-31T08:00:00+00:00", 1_769_846_400],
		["2026-01-31T08:00:00.999Z", 1_769_846_400],
		["1970-01-01T00:00:00Z", 0],
		["1969-12-31T23:59:59.500Z", -1],
	])("in seconds %s is %d, rounded down", (text, at) => {
		expect(readUtcSeconds(text)).toBe(at);
	});

	test("what is written is read again", () => {
		expect(writeInstant(1_769_846_400)).toBe("2026-01-31T08:00:00Z");
		expect(readUtcSeconds(writeInstant(1_769_846_401))).toBe(1_769_846_401);
		expect(writeInstant(null)).toBeNull();
	});
});
