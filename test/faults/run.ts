// `npm run faults`: every fault of docs/faults.md, in many rounds, and kills under load on workerd and on Node. Prints what
// became of what was acknowledged, and ends with 1 where anything was lost or doubled, or an answer was not the stated one.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FaultRow } from "./report.ts";

const folder = mkdtempSync(join(tmpdir(), "latchkey-faults-"));
const file = join(folder, "rows");
const tests = ["crash", "crash-node", "injected-faults", "other-faults", "node-faults"];
const run = spawnSync("vitest", ["run", "--project", "system", ...tests.map((name) => `test/faults/${name}.test.ts`)], {
	stdio: "inherit",
	env: { FAULT_ROUNDS: "5", CRASH_ROUNDS: "50", ...process.env, FAULT_REPORT: file },
});
const rows = readFileSync(file, "utf8")
	.trim()
	.split("\n")
	.map((line): FaultRow => JSON.parse(line));
rmSync(folder, { recursive: true });
console.table(
	rows.map(({ answers, ...row }) => ({
		...row,
		answers: Object.entries(answers)
			.map(([status, times]) => `${status === "0" ? "gone" : status} × ${times}`)
			.join(", "),
	})),
);
const isWhole = rows.every(({ lost, doubled }) => lost === 0 && doubled === 0);
process.exitCode = run.status === 0 && isWhole ? 0 : 1;
