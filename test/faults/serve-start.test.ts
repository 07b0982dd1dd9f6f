import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { once } from "node:events";
import { cp } from "node:fs/promises";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { freePort } from "../runners/free-port.ts";
import type { RunningServer } from "../runners/running-server.ts";
import { type ServeOptions, StartFailed, startOnDeno, startOnNode } from "../runners/start-serve.ts";
import { temporaryFolder } from "../runners/temporary-folder.ts";

type Start = (options: ServeOptions) => Promise<RunningServer>;

const platforms: readonly (readonly [string, Start])[] = [
	["Node", startOnNode],
	["Deno", startOnDeno],
];
const production = { ISSUER: "https://auth.example.com", DEMO_DATA: null, SEAL_KEYS: `1:${"A".repeat(43)}` };

describe.for(platforms)("a start on %s with bad configuration names the variable, and nothing else", ([, start]) => {
	test.concurrent.for([
		[{ ISSUER: null }, "ISSUER is missing"],
		[{ ...production, SEAL_KEYS: null }, "SEAL_KEYS is missing"],
		[{ ...production, DATA_FOLDER: null }, "DATA_FOLDER is missing"],
		[{ ...production, SEAL_KEYS: "1:bGF0Y2hrZXkgZGV2ZWxvcG1lbnQga2V5LCBwdWJsaWM" }, "SEAL_KEYS holds the published"],
		[{ ...production, DEMO_DATA: "on" }, "DEMO_DATA is for a loopback ISSUER only"],
		[{ PORT: "http" }, "PORT must be a number"],
		[{ HOST: "192.0.2.1" }, "HOST is no address of this machine"],
		[{ CLIENT_ADDRESS: "x-forwarded-for" }, "CLIENT_ADDRESS must be"],
	] as const)("$1", async ([variables, message]) => {
		expect(await refusal(start({ variables }))).toMatch(oneLine(message));
	});

	test("a port that somebody has", async () => {
		const other = createServer();
		other.listen(0, "127.0.0.1");
		await once(other, "listening");
		const address = other.address();
		const port = typeof address === "object" && address ? address.port : 0;
		expect(await refusal(start({ port }))).toMatch(oneLine(`PORT is in use: ${port}`));
		other.close();
	});
});

describe.for(platforms)("a folder that is not good stops the start on %s, and stays as it is", ([, start]) => {
	test("one that cannot be written", async () => {
		const folder = await temporaryFolder();
		const file = join(folder, "file");
		await writeFile(file, "");
		expect(await refusal(start({ state: file }))).toMatch(oneLine("DATA_FOLDER cannot be used:"));
		await rm(folder, { recursive: true });
	});

	test("one with a file of another kind", async () => {
		const state = await temporaryFolder();
		await writeFile(join(state, "register.sqlite"), "no database".repeat(1000));
		expect(await refusal(start({ state }))).toMatch(oneLine("DATA_FOLDER cannot be used:"));
		expect(await readFile(join(state, "register.sqlite"), "utf8")).toBe("no database".repeat(1000));
		await rm(state, { recursive: true });
	});

	test("one that a later version wrote, or another program", async () => {
		const state = await temporaryFolder();
		const database = new DatabaseSync(join(state, "register.sqlite"));
		database.exec("PRAGMA application_id = 1; CREATE TABLE theirs (id)");
		database.close();
		expect(await refusal(start({ state }))).toMatch(
			oneLine("DATA_FOLDER cannot be used: register.sqlite was written by another program"),
		);
		await rm(state, { recursive: true });
	});

	test("one that has lost its ledgers, unless it is told so", async () => {
		const state = await temporaryFolder();
		await (await start({ state })).stop();
		await rm(join(state, "ledgers.sqlite"));
		const message = oneLine(
			`DATA_FOLDER cannot be used: ${state}: ledgers.sqlite is missing or empty beside register.sqlite and events.sqlite`,
		);
		expect(await refusal(start({ state }))).toMatch(message);
		expect(await refusal(start({ state }))).toMatch(message);
		await (await start({ state, variables: { LOST_FILES: "ledgers" } })).stop();
		await (await start({ state })).stop();
		await rm(state, { recursive: true });
	});

	test("one that another process keeps to itself", async () => {
		const state = await temporaryFolder();
		await (await start({ state })).stop();
		const database = new DatabaseSync(join(state, "register.sqlite"));
		database.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
		expect(await refusal(start({ state }))).toMatch(oneLine("DATA_FOLDER cannot be used:"));
		database.close();
		await rm(state, { recursive: true });
	});
});

describe("what a deployment carries", () => {
	test("is the folder dist: no node_modules, no sources, from whichever folder it is started", async () => {
		const folder = await temporaryFolder();
		await cp("dist", join(folder, "dist"), { recursive: true });
		await rm(join(folder, "dist/worker.js"), { force: true });
		const server = await startOnNode({ script: [join(folder, "dist/serve.js")] });
		expect((await fetch(`${server.origin}/.well-known/openid-configuration`)).status).toBe(200);
		expect((await fetch(`${server.origin}/static/pico.min.css`)).status).toBe(200);
		expect(await (await fetch(`${server.origin}/sign-in`)).text()).toContain("<form");
		await server.stop();
		await rm(folder, { recursive: true });
	});
});

test("a developer's start makes a folder that is theirs alone, and keys which the next one finds", async () => {
	const parent = await temporaryFolder();
	const state = join(parent, "data");
	await mkdir(state, { recursive: true });
	const script = ["--import", resolve("scripts/development.ts"), resolve("dist/serve.js")];
	const port = await freePort();
	const variables = { ISSUER: null, SEAL_KEYS: null, DEMO_DATA: null, REGISTRATION: null, CALLBACK_PAGE: "off" };
	const start = () => startOnNode({ state, port, script, variables });
	const tokens = [];
	for (let times = 0; times < 2; times++) {
		const server = await start();
		// Told once the server answers.
		await expect.poll(() => server.output(), { timeout: 30_000 }).toMatch(/API key +\S+\n/);
		const apiKey = /API key +(\S+)/.exec(server.output())?.[1] ?? "";
		const body = JSON.stringify({ api_key: apiKey });
		const headers = { "content-type": "application/json" };
		const answer = await fetch(`${server.origin}/auth/login`, { method: "POST", headers, body });
		const { access_token }: { access_token: string } = JSON.parse(await answer.text());
		tokens.push(access_token);
		await server.stop();
	}
	expect(tokens[0]).toMatch(/^eyJ/);
	expect(tokens[1]).toBe(tokens[0]);
	expect((await stat(join(state, "seal-keys"))).mode & 0o777).toBe(0o600);
	await rm(parent, { recursive: true });
});

/** The exit code, and all that it said. */
async function refusal(started: Promise<RunningServer>): Promise<string> {
	const failure: unknown = await started.then((server) => server.stop()).catch((error: unknown) => error);
	if (!(failure instanceof StartFailed)) throw new Error(`It started, or failed in another way: ${String(failure)}`);
	return `${failure.code}: ${failure.output.trim()}`;
}

/** Code 1, and one line: no stack. */
function oneLine(start: string): RegExp {
	return new RegExp(`^1: ${start}[^\n]*$`);
}
