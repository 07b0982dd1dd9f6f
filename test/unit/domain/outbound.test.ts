import { expect, test } from "vitest";
import { freshnessOf } from "../../../src/domain/outbound.ts";

test.each([
	["max-age=600", null, 600],
	["public, max-age=600, must-revalidate", null, 600],
	["MAX-AGE=600", null, 600],
	['max-age="600"', null, 600],
	// RFC 9111 §5.2.2.10: a shared cache goes by s-maxage.
	["max-age=600, s-maxage=60", null, 60],
	["s-maxage=0, max-age=600", null, 0],
	// §4.2.3: what it spent in other caches counts.
	["max-age=600", "100", 500],
	["max-age=600", "700", 0],
	["max-age=600", "soon", 600],
	["no-store", null, 0],
	["max-age=600, no-cache", null, 0],
	["private, max-age=600", null, 0],
	// §4.2.1: what cannot be read is stale.
	["max-age=-5", null, 0],
	["max-age=1e9", null, 0],
	["max-age", null, 0],
	["max-age=99999999999999999999", null, 0],
	["public", null, null],
	["", null, null],
	[null, null, null],
])("Cache-Control: %s, Age: %s is fresh for %s", (cacheControl, age, seconds) => {
	expect(freshnessOf(cacheControl, age)).toBe(seconds);
});
