import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Action, World } from "./world.ts";
import { action, clocks } from "./actions.ts";
import { faithful, without } from "./rules.ts";

/** What is wrong with what happened, if anything. */
function problem(world: World, actions: readonly Action[]): string | null {
	try {
		for (const each of actions) world.step(each);
		return world.problem();
	} catch (error) {
		return String(error);
	}
}

describe("each rule of the leases is needed", () => {
	test.each(Object.entries(without))("%s", (rule, change) => {
		const rules = { ...faithful, ...change };
		const { counterexample } = fc.check(
			fc.property(clocks, fc.array(action, { maxLength: 100, size: "max" }), (rates, actions) => {
				expect(problem(new World(rates, rules), actions)).toBeNull();
			}),
			{ seed: 1, numRuns: 20_000 },
		);
		if (!counterexample) throw new Error("the simulation does not notice");
		const [rates, actions] = counterexample;
		const world = new World(rates, rules);
		const wrong = problem(world, actions);
		expect(wrong).not.toBeNull();
		console.log(`without ${rule}:\n  ${[...world.trace, wrong].join("\n  ")}`);
		// It is the rule, and not the order of events: with it the same is as it should be.
		expect(problem(new World(rates), actions)).toBeNull();
	});
});
