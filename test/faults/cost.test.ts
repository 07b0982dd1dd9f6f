import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Billed } from "../bench/cost/billed.ts";
import { type Counts, countBilled } from "../bench/cost/count-billed.ts";

/** What D1 counts changes with every index of the register, of whatever it is. */
function withoutD1(counts: Counts): unknown {
	return JSON.parse(
		JSON.stringify(counts, (name, value: Billed[keyof Billed]) => (name.startsWith("d1Rows") ? undefined : value)),
	);
}

test("what docs/cost.md is made of is what a request is billed for", { timeout: 240_000 }, async () => {
	const written: Counts = JSON.parse(readFileSync("test/bench/cost/counts.json", "utf8"));
	expect(withoutD1(await countBilled())).toEqual(withoutD1(written));
});
