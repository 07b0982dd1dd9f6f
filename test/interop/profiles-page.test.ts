import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import * as client from "openid-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningWorker, startWorker } from "../runners/start-worker.ts";
import { demo } from "../support/demo-world.ts";
import { answerConsent, createPerson } from "../support/person.ts";

// docs/profiles.md: its commands one after the other, as they stand there, with the programs that they call.

const page = readFileSync("docs/profiles.md", "utf8");
const [fence, form] = ["```", "urn:ietf:params:oauth"];
let worker: RunningWorker;
let folder: string;

beforeAll(async () => {
	// Beside node_modules, where the packages are that the programs import.
	folder = await mkdtemp(resolve("dist/profiles-page-"));
	worker = await startWorker();
	for (const block of blocksOf("js")) {
		const [, name = ""] = /^\/\/ (\S+\.mjs)/.exec(block) ?? [];
		await writeFile(join(folder, name), block);
	}
});
afterAll(async () => {
	await worker?.stop();
	await rm(folder, { recursive: true, force: true });
});

test("docs/profiles.md: every command does what is said of it", async () => {
	const commands = blocksOf("sh").join("\necho\n").replace("http://localhost:8787", worker.origin);
	const env = { ...process.env, ID_TOKEN: await idToken() };
	const { stdout } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", commands], { cwd: folder, env });
	const answers = stdout.split(/\n|(?<=\})(?=\{)/).filter((line) => line !== "");
	const told = answers.map((line) =>
		line.startsWith("{") ? kindOf(JSON.parse(line)) : line.replace(worker.origin, ""),
	);
	expect(told).toEqual([
		expect.stringMatching(/^\/oauth\/authorize\?client_id=lkid_\S+&request_uri=urn:/),
		"dpop 200",
		expect.stringMatching(/^\/oauth\/authorize\?request_uri=urn\S+&client_id=lkid_/),
		expect.stringMatching(/^\/device\?user_code=[A-Z]{4}-[A-Z]{4}$/),
		"authorization_pending",
		"https://front.example.com",
		"https://orders.example.com",
		`${form}:token-type:access_token for orders:read`,
		"workload",
		"token for orders:read",
		"identity_provider",
		"token for orders:read",
		"application",
		`${form}:token-type:id-jag for chat:read`,
		"204",
	]);
}, 120_000);

function blocksOf(language: string): readonly string[] {
	return [...page.matchAll(new RegExp(`^${fence}${language}\n([^]*?)^${fence}`, "gm"))].map(([, block = ""]) => block);
}

function kindOf(answer: Readonly<Record<string, string>>): string | undefined {
	const { access_token: token, issued_token_type: type, scope = "" } = answer;
	if (token !== undefined) return `${type ?? "token"} for ${scope}`;
	return answer.error ?? answer.kind ?? answer.identifier ?? answer.name;
}

/** Of Ada, who signed in to the application that the page names. */
async function idToken(): Promise<string> {
	const { id, secret, redirectUri } = demo.webApp;
	const loopback = { execute: [client.allowInsecureRequests] };
	const config = await client.discovery(new URL(worker.origin), id, secret, undefined, loopback);
	const link = client.buildAuthorizationUrl(config, { redirect_uri: redirectUri, scope: "openid", state: "s" });
	const arrival = await answerConsent(createPerson(worker.origin), link.href, demo.ada, "Allow");
	const tokens = await client.authorizationCodeGrant(config, arrival, { expectedState: "s" });
	return tokens.id_token ?? "";
}
