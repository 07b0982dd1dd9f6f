import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Mutant } from "./sample.ts";

/** Below the repository, so that packages are found. */
const copy = "dist/mutants";

/** Whether the types allow a mutant, with all that `tsc` looks at. */
export function compiler(): (mutant: Mutant) => Promise<boolean> {
	rmSync(copy, { recursive: true, force: true });
	for (const each of ["src", "test", "scripts", "tsconfig.json", "vitest.config.ts"]) {
		cpSync(each, `${copy}/${each}`, { recursive: true });
	}
	return async ({ path, start, end, text }) => {
		const source = readFileSync(path, "utf8");
		writeFileSync(`${copy}/${path}`, source.slice(0, start) + text + source.slice(end));
		const [status] = await once(spawn("tsc", ["-p", copy, "--incremental"], { stdio: "ignore" }), "exit");
		writeFileSync(`${copy}/${path}`, source);
		return status === 0;
	};
}
