// `npm run races`: every pair of writes of the API against each other, 50 rounds, on workerd and on Node, and 10,000 steps in
// random orders with crashes in between. Ends with 1 where anything surprised. README.md says how to run a part of it.
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

const { values } = parseArgs({
	options: {
		/** A part of the names of pairs, as a regular expression. */
		only: { type: "string", default: "" },
		rounds: { type: "string", default: "50" },
		steps: { type: "string", default: "10000" },
		seed: { type: "string", default: String(Date.now() % 1_000_000) },
		/** Projects of vitest.config.ts, with commas between them. */
		on: { type: "string", default: "workerd,node" },
	},
});
const { only, rounds, steps, seed, on } = values;

console.log(`seed ${seed}`);
const projects = on.split(",").flatMap((name) => ["--project", name]);
const table = run({ RACE_ROUNDS: rounds, RACE_ONLY: only }, [...projects, "test/protocol/races.test.ts"]);
const orders =
	steps === "0" || run({ RACE_STEPS: steps }, ["--project", "system", "test/faults/random-orders.test.ts"]);
process.exitCode = table && orders ? 0 : 1;

function run(variables: Readonly<Record<string, string>>, args: readonly string[]): boolean {
	const env = { ...process.env, ...variables, RACE_SEED: seed };
	return spawnSync("vitest", ["run", "--reporter", "dot", ...args], { stdio: "inherit", env }).status === 0;
}
