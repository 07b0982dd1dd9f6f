import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "latchkey-counts-"));
afterAll(() => rmSync(folder, { recursive: true }));

function report(text: string): string {
	const path = join(folder, `${Math.random()}.json`);
	writeFileSync(path, text);
	return path;
}

const counts = (numPassedTests: number, numFailedTests: number, numFailedTestSuites = 0) =>
	report(JSON.stringify({ numPassedTests, numFailedTests, numFailedTestSuites }));

function printed(...words: readonly string[]) {
	const { stdout, status } = spawnSync(process.execPath, ["test/interop/print-counts.ts", ...words], {
		encoding: "utf8",
	});
	return { last: stdout.trimEnd(), status };
}

test("all that passed is told, and that nothing failed", () => {
	expect(printed("--of", "2", counts(3, 0), counts(4, 0))).toEqual({ last: "7 passed, 0 failed", status: 0 });
});

test.each([
	["a test", [counts(3, 2)], "3 passed, 2 failed"],
	["a file that did not load", [counts(3, 0, 1)], "3 passed, 1 failed"],
	["a report that is not there", [counts(3, 0), join(folder, "none.json")], "3 passed, 1 failed"],
	["a report of fewer than there have to be", ["--of", "3", counts(3, 0)], "3 passed, 2 failed"],
	["an empty report", [counts(3, 0), report("")], "3 passed, 1 failed"],
	["a report that was cut off", [counts(3, 0), report('{"numPassedTests":5,')], "3 passed, 1 failed"],
	["a report of something else", [counts(3, 0), report('{"clients":[]}')], "3 passed, 1 failed"],
])("%s has failed, and is in the last line", (_, words, last) => {
	expect(printed(...words)).toEqual({ last, status: 1 });
});

test("nothing that passed is a failure", () => {
	expect(printed(counts(0, 0)).status).toBe(1);
});
