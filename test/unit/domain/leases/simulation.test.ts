import fc from "fast-check";
import { assert, describe, expect, test } from "vitest";
import { action, clocks } from "./actions.ts";
import { World } from "./world.ts";

const seed = Number(process.env.LEASE_SEED ?? Date.now() % 2 ** 31);

describe("leases: one ledger, its replicas, and a network that delays, loses, doubles and reorders", () => {
	test("every check and every change, of every row, is as if made at one instant", () => {
		const count = { histories: 0, steps: 0, near: 0 };
		fc.assert(
			fc.property(clocks, fc.array(action, { minLength: 1, maxLength: 300, size: "max" }), (rates, actions) => {
				const world = new World(rates);
				for (const each of actions) world.step(each);
				assert.isNull(world.problem(), world.trace.join("\n"));
				count.histories += 1;
				count.steps += actions.length;
				count.near += world.answeredNear;
			}),
			{ seed, numRuns: 1000 },
		);
		console.log(`leases: ${JSON.stringify({ seed, ...count })}`);
		expect(count.steps).toBeGreaterThan(100_000);
		// The property is worth what it reaches.
		expect(count.near).toBeGreaterThan(count.steps / 50);
	});
});
