import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
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

test("what failed is named above it: the test, or the file that did not load", () => {
	const testResults = [
		{
			name: resolve("test/a.test.ts"),
			message: "",
			assertionResults: [
				{ status: "passed", fullName: "a rule", failureMessages: [] },
				{ status: "failed", fullName: "another rule", failureMessages: ["expected 1 to be 2"] },
			],
		},
		{ name: resolve("test/b.test.ts"), message: "Cannot find module", assertionResults: [] },
	];
	const { last } = printed(
		report(JSON.stringify({ numPassedTests: 1, numFailedTests: 1, numFailedTestSuites: 2, testResults })),
	);
	expect(last.split("\n")).toEqual([
		"FAILED test/a.test.ts: another rule: expected 1 to be 2",
		"FAILED test/b.test.ts: Cannot find module",
		"1 passed, 1 failed",
	]);
});
