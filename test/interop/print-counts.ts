// `node test/interop/print-counts.ts [--of N] REPORT…`: what failed, by name, and at the end `N passed, N failed`, of test
// runners' own reports; fails where any did.
// A report that is not there or not whole has failed, whatever it was of; `--of` says how many there have to be.
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { parseArgs } from "node:util";
import * as v from "valibot";

const counts = v.object({
	numPassedTests: v.number(),
	numFailedTests: v.number(),
	/** Files that did not load have no tests to count, and are failures all the same. */
	numFailedTestSuites: v.number(),
	/** Vitest's own; the others' reports have counts alone. */
	testResults: v.optional(
		v.array(
			v.object({
				name: v.string(),
				message: v.string(),
				assertionResults: v.array(
					v.object({ status: v.string(), fullName: v.string(), failureMessages: v.nullish(v.array(v.string()), []) }),
				),
			}),
		),
		[],
	),
});

const { values, positionals } = parseArgs({ options: { of: { type: "string" } }, allowPositionals: true });
let passed = 0;
const missing = Math.max(0, Number(values.of ?? 1) - positionals.length);
let failed = missing;
if (missing > 0) console.log(`FAILED ${missing} of ${values.of} reports: a test runner has left none`);
for (const path of positionals) {
	const { numPassedTests, numFailedTests, numFailedTestSuites, testResults } = countsIn(path);
	passed += numPassedTests;
	failed += Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0);
	// Whoever has but the end of a long log has this.
	for (const { name, message, assertionResults } of testResults) {
		const file = relative(process.cwd(), name);
		if (message) console.log(`FAILED ${file}: ${message.slice(0, 500)}`);
		for (const { status, fullName, failureMessages } of assertionResults) {
			if (status === "failed") console.log(`FAILED ${file}: ${fullName}: ${(failureMessages[0] ?? "").slice(0, 500)}`);
		}
	}
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = passed > 0 && failed === 0 ? 0 : 1;

function countsIn(path: string): v.InferOutput<typeof counts> {
	try {
		return v.parse(counts, JSON.parse(readFileSync(path, "utf8")));
	} catch (error) {
		console.log(`FAILED ${path}: there is no whole report: ${(error as Error).message}`);
		return { numPassedTests: 0, numFailedTests: 1, numFailedTestSuites: 0, testResults: [] };
	}
}
