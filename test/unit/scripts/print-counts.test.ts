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
	const lines = stdout.trimEnd().split("\n");
	return { last: lines.pop(), named: lines, status };
}

test("all that passed is told, and that nothing failed", () => {
	const { last, named, status } = printed("--of", "2", counts(3, 0), counts(4, 0));
	expect([last, named, status]).toEqual(["7 passed, 0 failed", [], 0]);
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
	expect(printed(...words)).toMatchObject({ last, status: 1 });
});

test("a report that is not there, or not whole, is named above it", () => {
	const none = join(folder, "none.json");
	const { last, named } = printed("--of", "4", counts(3, 0), none);
	expect([last, named]).toEqual([
		"3 passed, 3 failed",
		[
			"FAILED 2 of 4 reports: a test runner has left none",
			expect.stringMatching(/^FAILED \S+none\.json: there is no whole report: ENOENT/),
		],
	]);
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
	const { last, named } = printed(
		report(JSON.stringify({ numPassedTests: 1, numFailedTests: 1, numFailedTestSuites: 2, testResults })),
	);
	expect([...named, last]).toEqual([
		"FAILED test/a.test.ts: another rule: expected 1 to be 2",
		"FAILED test/b.test.ts: Cannot find module",
		"1 passed, 1 failed",
	]);
});
