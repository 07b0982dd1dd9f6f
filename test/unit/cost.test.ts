import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { nothing } from "../bench/cost/billed.ts";
import type { Counts } from "../bench/cost/count-billed.ts";
import { page } from "../bench/cost/page.ts";
import { alwaysAwake, ofAMillion } from "../bench/cost/prices.ts";

// docs/cost.md is made of test/bench/cost/counts.json and of prices.ts: `npm run cost -- --write`.

const counts: Counts = JSON.parse(readFileSync("test/bench/cost/counts.json", "utf8"));

test("docs/cost.md is made of what was counted and of the prices", () => {
	expect(readFileSync("docs/cost.md", "utf8")).toBe(page(counts));
});

test("a million is a million times each part at its price", () => {
	// 0.30 for the request, 0.02 for its millisecond.
	expect(ofAMillion(nothing())).toBeCloseTo(0.32, 10);
	// 0.15 for the call, and 5 ms of 0.128 GB at 12.50 a million GB-s.
	expect(ofAMillion({ ...nothing(), objects: 1 })).toBeCloseTo(0.32 + 0.15 + 0.005 * 0.128 * 12.5, 10);
	expect(ofAMillion({ ...nothing(), rowsWritten: 3, kvReads: 1 })).toBeCloseTo(0.32 + 3 + 0.5, 10);
	// An object that waits for half a second.
	expect(ofAMillion(nothing(), 500)).toBeCloseTo(0.32 + 0.5 * 0.128 * 12.5, 10);
	expect(alwaysAwake).toBeCloseTo(4.1472, 4);
});

test("DESIGN §3.9: a check is one call, at home and by a replica; each replica with a lease costs a revocation one more", () => {
	const { near, home, revocations } = counts;
	expect(Object.keys(near)).toHaveLength(5);
	for (const name of Object.keys(near)) {
		expect([name, near[name]]).toEqual([name, { ...nothing(), objects: 1 }]);
		expect([name, home[name]]).toEqual([name, near[name]]);
	}
	const calls = Object.entries(revocations).map(([holders, { objects }]) => [Number(holders), objects]);
	expect(calls).toEqual([
		[0, 1],
		[1, 2],
		[8, 9],
	]);
});
