import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createVisitor } from "../peers/visitor.ts";
import { freePort } from "../runners/free-port.ts";
import { type RunningWorker, startWorker } from "../runners/start-worker.ts";
import { demo } from "../support/demo-world.ts";

// docs/mcp.md: its programs in JavaScript, as they stand there, in processes of their own. Those in Python: python/test_mcp_page.py.

const page = readFileSync("docs/mcp.md", "utf8");
let worker: RunningWorker;
let folder: string;
const running: ChildProcess[] = [];

beforeAll(async () => {
	// Beside node_modules, where the packages are that they import.
	folder = await mkdtemp(resolve("dist/mcp-page-"));
	worker = await startWorker();
});
afterAll(async () => {
	for (const child of running) child.kill("SIGKILL");
	await worker?.stop();
	await rm(folder, { recursive: true, force: true });
});

test("docs/mcp.md: the server and the client in JavaScript, from nothing to a tool call", async () => {
	const [port, callbackPort] = [await freePort(), await freePort()];
	const url = `http://localhost:${port}/mcp`;
	const env = { ISSUER: worker.origin, RESOURCE: url, SERVER: url, PORT: `${port}`, CALLBACK_PORT: `${callbackPort}` };
	const server = await run("server.mjs", env);
	await line(server);

	const client = await run("client.mjs", env);
	const [, link = ""] = /^Open (.+)$/.exec(await line(client)) ?? [];
	const said = text(client.stdout as NodeJS.ReadableStream);
	expect(await createVisitor(worker.origin, demo.ada).visit(link)).toMatchObject({ status: 200 });
	expect(await once(client, "close")).toEqual([0, null]);
	expect(await said).toContain("usr_");
});

async function run(name: string, env: Readonly<Record<string, string>>): Promise<ChildProcess> {
	const [, program = ""] = new RegExp(`\`\`\`js\n(// ${name}\n.*?)\`\`\``, "s").exec(page) ?? [];
	const file = join(folder, name);
	await writeFile(file, program);
	const child = spawn(process.execPath, [file], {
		env: { ...process.env, ...env },
		stdio: ["ignore", "pipe", "inherit"],
	});
	running.push(child);
	return child;
}

async function line(child: ChildProcess): Promise<string> {
	const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
	const ended = once(child, "close").then(() => "it ended");
	const first = await Promise.race([once(lines, "line").then(([said]) => String(said)), ended]);
	lines.close();
	return first;
}
