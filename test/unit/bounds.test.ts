import { expect, test } from "vitest";
import { type Bound, bounds } from "../../src/domain/bounds.ts";

// `npx vitest run --project portable unit/bounds -u` writes docs/bounds.md anew.

const rows = Object.values<Bound>(bounds);

test("the documentation has every bound", async () => {
	const head = [
		"# Bounds",
		"",
		"How deep and how many. What a request has too much of is refused with 400 and changes nothing; what an account would have too",
		"much of with 409, and of two at once that would be one too many, one is refused. Each refusal says the limit. What an account",
		"had more of before there was a bound stays. The list is",
		"`src/domain/bounds.ts`, from which `test/unit/bounds.test.ts` writes this page.",
		"",
		"| of | at most | refused with |",
		"| --- | --- | --- |",
	];
	const table = rows.map(
		({ of, most, what, status }) => `| ${of} | ${most.toLocaleString("en")} ${what} | ${status} |`,
	);
	await expect([...head, ...table, ""].join("\n")).toMatchFileSnapshot("../../docs/bounds.md");
});

test("no two are of the same, and each reads as a part of a sentence", () => {
	expect(new Set(rows.map(({ of, what }) => `${of} ${what}`)).size).toBe(rows.length);
	for (const { of, what, most } of rows) {
		expect(of + what).not.toMatch(/[.|]$|\|/);
		expect(Number.isInteger(most) && most > 1).toBe(true);
	}
});
