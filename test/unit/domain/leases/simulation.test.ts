import fc from "fast-check";
import { assert, describe, expect, test } from "vitest";
import { action, clocks } from "./actions.ts";
import { World } from "./world.ts";

const seed = Number(process.env.LEASE_SEED ?? Date.now() % 2 ** 31);

/** What happens in a history, by a part of how it is told. */
const happenings = {
	changes: " now, says",
	"recalls that arrived": "is told of change",
	"messages lost": "lost: ",
	"ledgers killed": "the ledger is killed",
	"replicas killed": "#.* is killed",
	"replicas cut off": "is cut off",
};

describe("leases: one ledger, its replicas, and a network that delays, loses, doubles and reorders", () => {
	test("every check and every change, of every row, is as if made at one instant", () => {
		const count = { histories: 0, steps: 0, "answers near by": 0 };
		const told: string[] = [];
		fc.assert(
			fc.property(clocks, fc.array(action, { minLength: 1, maxLength: 300, size: "max" }), (rates, actions) => {
				const world = new World(rates);
				for (const each of actions) world.step(each);
				assert.isNull(world.problem(), world.trace.join("\n"));
				count.histories += 1;
				count.steps += actions.length;
				count["answers near by"] += world.answeredNear;
				told.push(...world.trace);
			}),
			{ seed, numRuns: 1000 },
		);
		const happened = Object.entries(happenings).map(([name, pattern]) => {
			const is = new RegExp(pattern);
			return [name, told.filter((line) => is.test(line)).length] as const;
		});
		console.log(`leases: ${JSON.stringify({ seed, ...count, ...Object.fromEntries(happened) })}`);
		expect(count.steps).toBeGreaterThan(100_000);
		// The property is worth what it reaches.
		expect(count["answers near by"]).toBeGreaterThan(2000);
		expect(happened.filter(([, times]) => times < 300)).toEqual([]);
	});
});
