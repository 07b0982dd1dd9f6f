import { expect, test } from "vitest";
import { readUtcInstant, writeUtcInstant } from "../../../src/http/utc-instant.ts";

test.each([
	["2026-01-31T08:00:00Z", 1_769_846_400],
	["2026-01-31T08:00:00+00:00", 1_769_846_400],
	["2026-01-31T08:00:00.999Z", 1_769_846_400],
	["2026-01-31T08:00:00.123456789Z", 1_769_846_400],
	["2026-01-31T08:00Z", 1_769_846_400],
	["1970-01-01T00:00:00Z", 0],
])("%s is an instant", (text, at) => {
	expect(readUtcInstant(text)).toBe(at);
});

test.each([
	"2026-01-31T08:00:00",
	"2026-01-31T08:00:00+02:00",
	"2026-01-31T08:00:00-00:00",
	"2026-01-31",
	"2026-02-30T08:00:00Z",
	"2026-01-31T25:00:00Z",
	"2026-01-31T24:00:00Z",
	"1769846400",
	"now",
	"",
	" 2026-01-31T08:00:00Z",
])("contract 004: %j is refused", (text) => {
	expect(readUtcInstant(text)).toBeNull();
});

test("what is written is read again", () => {
	expect(writeUtcInstant(1_769_846_400)).toBe("2026-01-31T08:00:00Z");
	expect(readUtcInstant(writeUtcInstant(1_769_846_401))).toBe(1_769_846_401);
});
