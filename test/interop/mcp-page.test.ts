import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
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
let url: string;
let machine: { readonly client_id: string; readonly client_secret: string };
const running: ChildProcess[] = [];

beforeAll(async () => {
	// Beside node_modules, where the packages are that they import.
	folder = await mkdtemp(resolve("dist/mcp-page-"));
	worker = await startWorker();
	const port = await freePort();
	url = `http://localhost:${port}/mcp`;
	await serve(url, port);
	machine = await newMachine();
});
afterAll(async () => {
	for (const child of running) child.kill("SIGKILL");
	await worker?.stop();
	await rm(folder, { recursive: true, force: true });
});

test("docs/mcp.md: the server and the client in JavaScript, from nothing to a tool call", async () => {
	const { link, ended } = await startClient();
	expect(await createVisitor(worker.origin, demo.ada).visit(link)).toMatchObject({ status: 200 });
	expect(await ended).toMatchObject({ code: 0, said: expect.stringContaining("usr_") });
});

test("docs/mcp.md: the client in JavaScript says why, where the person does not allow it", async () => {
	const { link, ended } = await startClient();
	expect(await createVisitor(worker.origin, demo.ada).visit(link, { press: "Deny" })).toMatchObject({ status: 200 });
	expect(await ended).toEqual({ code: 1, said: "", complained: "Not allowed: The person said no\n" });
});

test("docs/mcp.md: the machine in JavaScript, without a person", async () => {
	const { client_id: CLIENT_ID, client_secret: CLIENT_SECRET } = machine;
	const program = await run("machine.mjs", { SERVER: url, ISSUER: worker.origin, CLIENT_ID, CLIENT_SECRET });
	expect(await endOf(program)).toMatchObject({ code: 0, said: expect.stringContaining("cli_"), complained: "" });
});

test("docs/mcp.md: the server in JavaScript, at the name that it is known by and at no other", async () => {
	const port = await freePort();
	const resource = "https://mcp.example.com/mcp";
	await serve(resource, port);
	const form = { grant_type: "client_credentials", resource, ...machine };
	const { access_token = "" } = await post("/oauth/token", new URLSearchParams(form));
	expect(await initialized(port, "mcp.example.com", access_token)).toBe(200);
	expect(await initialized(port, "evil.example.com", access_token)).toBe(403);
});

async function serve(resource: string, port: number): Promise<void> {
	const server = await run("server.mjs", { ISSUER: worker.origin, RESOURCE: resource, PORT: `${port}` });
	expect(await line(server)).toBe(`serving ${resource}`);
}

/** As far as the link that a person is to open. */
async function startClient() {
	const client = await run("client.mjs", { SERVER: url, CALLBACK_PORT: `${await freePort()}` });
	const [, link = ""] = /^Open (.+)$/.exec(await line(client)) ?? [];
	return { link, ended: endOf(client) };
}

/** As an administrator registers it. */
async function newMachine() {
	const type = { "content-type": "application/json" };
	const { access_token } = await post("/auth/login", JSON.stringify(demo.ada), type);
	const made = { kind: "application", name: "Machine", redirect_urls: [], scopes: [], acts_for_itself: true };
	const headers = { ...type, authorization: `Bearer ${access_token ?? ""}` };
	const { client_id = "", client_secret = "" } = await post("/v1/integrations", JSON.stringify(made), headers);
	return { client_id, client_secret };
}

async function post(
	path: string,
	body: string | URLSearchParams,
	headers: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, string>>> {
	const response = await fetch(worker.origin + path, { method: "POST", body, headers });
	expect(response.ok).toBe(true);
	return response.json();
}

/** What MCP's first request is answered, by the name that it is asked at: fetch does not let that be said. */
function initialized(port: number, host: string, token: string): Promise<number | undefined> {
	const params = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "test", version: "1" } };
	const headers = {
		host,
		authorization: `Bearer ${token}`,
		accept: "application/json, text/event-stream",
		"content-type": "application/json",
	};
	return new Promise((answered, failed) => {
		request({ port, path: "/mcp", method: "POST", headers }, (response) => {
			response.resume();
			answered(response.statusCode);
		})
			.once("error", failed)
			.end(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params }));
	});
}

async function run(name: string, env: Readonly<Record<string, string>>): Promise<ChildProcess> {
	const [, program = ""] = new RegExp(`\`\`\`js\n(// ${name}\n.*?)\`\`\``, "s").exec(page) ?? [];
	const file = join(folder, name);
	await writeFile(file, program);
	const child = spawn(process.execPath, [file], { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
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

/** With all that it says from now on. */
async function endOf(child: ChildProcess) {
	const [said, complained, [code]] = await Promise.all([
		text(child.stdout as NodeJS.ReadableStream),
		text(child.stderr as NodeJS.ReadableStream),
		once(child, "close"),
	]);
	return { code: code as number | null, said, complained };
}
