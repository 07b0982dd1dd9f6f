import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { temporaryFolder } from "../runners/temporary-folder.ts";

const script = fileURLToPath(new URL("print-refusals.ts", import.meta.url));
const runtimes = {
	node: ["node_modules/.bin/node"],
	deno: ["node_modules/.bin/deno", "run", "--cached-only", "--no-prompt", "--allow-all"],
} as const;

// node:sqlite is two implementations, whose errors differ (findings/).
test.each(["node", "deno"] as const)("on %s a folder that cannot be used is refused with its reason", async (name) => {
	const folder = await temporaryFolder();
	try {
		const [runtime, ...options] = runtimes[name];
		const { stdout } = await promisify(execFile)(runtime, [...options, script, folder]);
		expect(JSON.parse(stdout)).toEqual({
			locked: "locked",
			"locked while it was made": "locked",
			"no database": "other_version",
			"a folder where a file should be": "not_writable",
			"a file where the folder should be": "not_writable",
			"a row that cannot be read": "malformed JSON",
		});
	} finally {
		await rm(folder, { recursive: true });
	}
});
