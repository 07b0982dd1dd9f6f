import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { TestProject } from "vitest/node";

/** Serves the app with Deno for the length of the run. Offline: whatever it imports is in node_modules already. */
export default async function serveWithDeno(project: TestProject): Promise<() => Promise<void>> {
	const permissions = ["--allow-net=127.0.0.1", "--allow-read", "--allow-env"];
	const instead = { imports: { "node:crypto": new URL("remembered-crypto.ts", import.meta.url) } };
	const importMap = `--import-map=data:application/json,${encodeURIComponent(JSON.stringify(instead))}`;
	const options = ["run", "--cached-only", "--no-prompt", importMap, ...permissions, "test/runners/serve.deno.ts"];
	const deno = spawn("node_modules/.bin/deno", options, { stdio: ["ignore", "pipe", "inherit"] });
	const exited = once(deno, "exit");
	const firstLine = once(createInterface(deno.stdout), "line");
	const died = exited.then(() => {
		throw new Error("Deno ended before it listened");
	});
	const [origin] = await Promise.race([firstLine, died]);
	died.catch(() => {});
	project.provide("control", String(origin));
	return async () => {
		deno.kill();
		await exited;
	};
}
