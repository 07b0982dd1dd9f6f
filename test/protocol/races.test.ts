import { afterAll, describe, expect, test } from "vitest";
import { apiOperations } from "../support/route-table.ts";
import { everyPair, type Pair, race } from "../races/table.ts";
import { ofTheWhole, questions, writes } from "../races/writes.ts";

// `npm run races` runs every pair of writes, 50 rounds each (test/races/README.md). Here it is those that were once found to
// lose something, and some others: each run of another seed, which is told.

const { RACE_ROUNDS, RACE_ONLY, RACE_SEED = String(Date.now() % 1_000_000) } = process.env;
const inFull = RACE_ROUNDS !== undefined || RACE_ONLY !== undefined;

const lost = [
	"POST /v1/links ∥ DELETE /v1/links/{keyId}",
	"PATCH /v1/keys/{id} ∥ PATCH /v1/keys/{id}",
	"PATCH /v1/policies/{id} ∥ PATCH /v1/policies/{id}",
	"PATCH /v1/integrations/{client_id} ∥ PATCH /v1/integrations/{client_id}",
];
const rounds = Number(RACE_ROUNDS ?? 3);

const pairs = everyPair();
const chosen = inFull ? pairs.filter(({ name }) => new RegExp(RACE_ONLY ?? "").test(name)) : sample();

/** Of what was run: name, rounds, surprises. */
const told: [string, number, number][] = [];

test("every write of the API is in the table, and nothing else", () => {
	const sent = apiOperations()
		.filter(({ method }) => method !== "GET")
		.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)\+?/g, "{$1}")}`);
	expect([...Object.keys(writes), ...questions, ...ofTheWhole].toSorted()).toEqual(sent.toSorted());
	expect(pairs.map(({ name }) => name)).toEqual(expect.arrayContaining(lost));
});

describe("two writes at once leave what one after the other leaves, and one that is refused leaves nothing", () => {
	test.each(chosen)("$name", { timeout: 600_000 }, async (pair) => {
		const count = pair.isShared ? rounds : 1;
		const surprises = await race(pair, count);
		told.push([pair.name, count, surprises.length]);
		expect(surprises, `RACE_SEED=${RACE_SEED}`).toEqual([]);
	});
	afterAll(() => {
		if (inFull) console.info(report());
	});
});

/** Every pair that is named above, and six more. */
function sample(): readonly Pair[] {
	const others = pairs.filter(({ name, isShared }) => isShared && !lost.includes(name));
	const random = randomOf(Number(RACE_SEED));
	const more = others
		.map((pair) => [random(), pair] as const)
		.toSorted(([a], [b]) => a - b)
		.slice(0, 6);
	return [...pairs.filter(({ name }) => lost.includes(name)), ...more.map(([, pair]) => pair)];
}

/** The same numbers for the same seed (xorshift32). */
function randomOf(seed: number): () => number {
	let state = seed | 1;
	return () => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return state >>> 0;
	};
}

function report(): string {
	const sum = (column: 1 | 2) => told.reduce((total, row) => total + row[column], 0);
	const isShared = new Map(pairs.map((pair) => [pair.name, pair.isShared]));
	const shared = told.filter(([name]) => isShared.get(name) === true).length;
	return [
		"",
		"| pair | rounds | surprises |",
		"| --- | --- | --- |",
		...told.filter(([, , surprises]) => surprises > 0).map((row) => `| ${row.join(" | ")} |`),
		`| ${shared} pairs on the same things, ${told.length - shared} on others | ${sum(1)} | ${sum(2)} |`,
	].join("\n");
}
