// `node test/interop/print-counts.ts [--of N] REPORT…`: `N passed, N failed`, of test runners' own reports, and fails where any did.
// A report that is not there or not whole has failed, whatever it was of; `--of` says how many there have to be.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import * as v from "valibot";

const counts = v.object({
	numPassedTests: v.number(),
	numFailedTests: v.number(),
	/** Files that did not load have no tests to count, and are failures all the same. */
	numFailedTestSuites: v.number(),
});

const { values, positionals } = parseArgs({ options: { of: { type: "string" } }, allowPositionals: true });
let passed = 0;
let failed = Math.max(0, Number(values.of ?? 1) - positionals.length);
for (const path of positionals) {
	const { numPassedTests, numFailedTests, numFailedTestSuites } = countsIn(path);
	passed += numPassedTests;
	failed += Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = passed > 0 && failed === 0 ? 0 : 1;

function countsIn(path: string): v.InferOutput<typeof counts> {
	try {
		return v.parse(counts, JSON.parse(readFileSync(path, "utf8")));
	} catch (error) {
		console.error(`There is no whole report: ${(error as Error).message}`);
		return { numPassedTests: 0, numFailedTests: 1, numFailedTestSuites: 0 };
	}
}
