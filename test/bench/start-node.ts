import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { bundle } from "../../scripts/bundle.ts";
import { temporaryFolder } from "../runners/temporary-folder.ts";
import type { Started } from "./start.ts";

/** The server on Node with its files on disk, and an empty one in the same process, bundled as dist/serve.js is. */
export async function startNode(): Promise<Started> {
	const folder = await temporaryFolder();
	const script = join(folder, "node-server.mjs");
	await bundle("test/bench/node-server.ts", script);
	const child = spawn(process.execPath, [script, join(folder, "data")], { stdio: ["ignore", "pipe", "inherit"] });
	const lines = createInterface(child.stdout);
	const [line] = (await once(lines, "line")) as [string];
	lines.on("line", () => {}); // what it logs is written and read, as it would be
	const ports: { latchkey: number; floor: number } = JSON.parse(line);
	return {
		builds: [new URL(`http://127.0.0.1:${ports.latchkey}`)],
		floor: new URL(`http://127.0.0.1:${ports.floor}`),
		peer: null,
		pid: child.pid ?? 0,
		async stop() {
			child.kill();
			await once(child, "exit");
			await rm(folder, { recursive: true });
		},
	};
}
