import type { TestProject } from "vitest/node";
import { serveWith } from "./server-setup.ts";

/** The server on Deno, from its sources. Offline: whatever it imports is in node_modules already. */
export default function serveWithDeno(project: TestProject): Promise<() => Promise<void>> {
	const instead = { imports: { "node:crypto": new URL("remembered-crypto.ts", import.meta.url) } };
	const importMap = `--import-map=data:application/json,${encodeURIComponent(JSON.stringify(instead))}`;
	return serveWith(project, async () => [
		"node_modules/.bin/deno",
		"run",
		"--cached-only",
		"--no-prompt",
		importMap,
		"--allow-all", // it wants that for /dev/shm. test/faults/serve.test.ts has the server itself, with what deno.json permits
		"test/runners/staged-server.ts",
	]);
}
