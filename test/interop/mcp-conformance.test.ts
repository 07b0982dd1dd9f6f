import { spawn } from "node:child_process";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { demo } from "../support/demo-world.ts";
import { freePort } from "../runners/free-port.ts";
import { answerConsent, createPerson, type Person } from "../support/person.ts";
import { type RunningWorker, startWorker } from "../runners/start-worker.ts";
import { temporaryFolder } from "../runners/temporary-folder.ts";

// The official suite, `conformance authorization`. A grant that it skipped it counts as good, and ends with 0: its report
// is read.

const command = "node_modules/@modelcontextprotocol/conformance/dist/index.js";
const resource = "https://mcp.example/mcp";

let worker: RunningWorker;
let ada: Person;
let clientId: string;
let port: number;

beforeAll(async () => {
	worker = await startWorker();
	ada = createPerson(worker.origin);
	port = await freePort();
	clientId = await publicClient();
});
afterAll(() => worker?.stop());

const all = ["authorization-code-grant", "authorization-server-metadata", "authorization-server-metadata-cimd"];
/** What it checks of each version: it knows of Client ID Metadata Documents from 2025-11-25 on. */
const versions = {
	"2025-03-26": all.slice(0, 2),
	"2025-06-18": all.slice(0, 2),
	"2025-11-25": all,
	"2026-07-28": all,
	draft: all,
	"all of them": all,
};

test.each(Object.entries(versions))(
	"MCP %s: every check of the official suite is a success",
	async (version, checks) => {
		const filter = version === "all of them" ? [] : ["--spec-version", version];
		const report = Object.fromEntries(checks.map((id) => [id, "SUCCESS"]));
		expect(await run(filter)).toEqual({ code: 0, report, output: expect.any(String) });
	},
);

/** Native, with a loopback redirect: the suite's own port is good (RFC 8252 §7.3). */
async function publicClient(): Promise<string> {
	const { access_token: token } = await post("/auth/login", { ...demo.ada });
	const { client_id: id } = await post(
		"/v1/integrations",
		{
			name: "MCP conformance suite",
			kind: "application",
			client_type: "public",
			redirect_urls: ["http://127.0.0.1/callback"],
			scopes: ["events:read"],
		},
		{ authorization: `Bearer ${token}` },
	);
	return id ?? "";
}

async function post(path: string, body: object, headers = {}): Promise<Record<string, string>> {
	const response = await fetch(`${worker.origin}${path}`, {
		method: "POST",
		headers: { "content-type": "application/json", ...headers },
		body: JSON.stringify(body),
	});
	if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
	return response.json() as Promise<Record<string, string>>;
}

async function run(filter: readonly string[]) {
	const folder = await temporaryFolder();
	const options = ["--url", worker.origin, "--client-id", clientId, "--resource", resource, "-p", String(port)];
	const child = spawn(process.execPath, [command, "authorization", ...options, "-o", folder, ...filter], {
		stdio: ["ignore", "pipe", "pipe"],
	});
	let output = "";
	let consent: Promise<void> | undefined;
	for (const stream of [child.stdout, child.stderr]) {
		stream.on("data", (chunk) => {
			output += String(chunk);
			const [link] = /^http\S+\/oauth\/authorize\?\S+$/m.exec(output) ?? [];
			if (link !== undefined && output.includes("Waiting")) consent ??= answer(link).catch(giveUp);
		});
	}
	// It would wait five minutes for an answer that does not come.
	const giveUp = (error: unknown) => {
		output += String(error);
		child.kill();
	};
	const code = await new Promise((resolve) => child.once("close", resolve));
	await consent;
	const report = await readReport(folder);
	await rm(folder, { recursive: true });
	return { code, output, report };
}

/** The person allows it, and the browser brings the answer to the suite. */
async function answer(link: string): Promise<void> {
	const callback = await answerConsent(ada, link, demo.ada, "Allow");
	await (await fetch(callback)).text();
}

interface Check {
	readonly id: string;
	readonly status: string;
}

/** The status of each check, by its id. */
async function readReport(folder: string): Promise<Record<string, string>> {
	const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith("checks.json"));
	const checks = await Promise.all(
		files.map(async (name): Promise<Check[]> => JSON.parse(await readFile(join(folder, name), "utf8"))),
	);
	return Object.fromEntries(checks.flat().map(({ id, status }) => [id, status]));
}
