import { type ChildProcess, execFile, spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { createVisitor } from "../peers/visitor.ts";
import { freePort } from "../runners/free-port.ts";
import { killGroup } from "../runners/kill-group.ts";
import { type RunningWorker, startWorker } from "../runners/start-worker.ts";
import { demo } from "../support/demo-world.ts";

// The guides at /docs/guides, as people read them there: each block is written, run or opened as scripts/documents.ts says.

let worker: RunningWorker;
let folder: string;
let port: number;
const serving: ChildProcess[] = [];

beforeAll(async () => {
	// Beside node_modules, where the packages are that a program imports.
	folder = await mkdtemp(resolve("dist/guides-"));
	worker = await startWorker();
});
afterEach(() => stopServing());
afterAll(async () => {
	await worker?.stop();
	await rm(folder, { recursive: true, force: true });
});

test("a first token: by an access code, for the environments of its account, whose public key sends an event", async () => {
	const [login, environments, event, refused] = await follow("first-token");
	expect(JSON.parse(login ?? "")).toMatchObject({ expires_in: 7200, token_type: "Bearer" });
	expect(environments).toContain('"workspaceId":"my-workspace"');
	expect(event).toBe('{"accepted":1}');
	expect(JSON.parse(refused ?? "")).toMatchObject({ code: "credential_missing" });
});

test("the install flow: in Node, and where they are there in Python and in Go, with whoever installs it", async () => {
	const said = await follow("install-flow");
	const each = ["Begin at /\n", "Installed for my-workspace/prod, my-workspace/staging"];
	expect(said).toEqual(programs.flatMap(() => each));
}, 180_000);

test("verify in your API: nobody without a key, whoever has a good one, and nobody once it is disabled", async () => {
	const said = (await follow("verify")).slice(-3);
	const refused = '{"error":"Send a good key as x-api-key"}';
	expect(said).toEqual([refused, expect.stringMatching(/^\{"orders":\[\],"of":".+"\}$/), refused]);
});

test("rotate without an outage: at no step does the key have no code that works", async () => {
	const said = (await follow("rotate")).filter((line) => /^(?:old|new): /.test(line));
	expect(said).toEqual(["old: 200", "old: 200", "new: 200", "old: 401", "new: 200"]);
});

test("an MCP server: it names latchkey, serves a client that acts for itself, and refuses a token for another server", async () => {
	const [challenge, metadata, called, refused] = await follow("mcp-server");
	expect(challenge).toContain("resource_metadata=");
	expect(JSON.parse(metadata ?? "")).toMatchObject({ authorization_servers: [worker.origin] });
	expect(called).toContain('"text":"cli_');
	expect(JSON.parse(refused ?? "")).toMatchObject({ error: "invalid_token" });
});

test("habits of the API: a request that is sent again is done once, and another is not done by its key", async () => {
	const said = await follow("api-habits");
	const [first = "", location = "", second = "", again = "", replayed = "", refused] = said.map((line) => line.trim());
	expect([first, second]).toEqual(["HTTP/1.1 201 Created", "HTTP/1.1 201 Created"]);
	expect([location, replayed].map((line) => line.toLowerCase())).toEqual([
		expect.stringMatching(/^location: \/v1\/keys\/key_/),
		"idempotent-replayed: true",
	]);
	expect(again).toBe(location);
	expect(refused).toBe('"code":"idempotency_key_reused"');
});

test("send OpenTelemetry: a span by hand is taken, and found by its name and its service", async () => {
	const [taken, found] = await follow("opentelemetry");
	expect(taken).toBe("{}");
	const { events } = JSON.parse(found ?? "") as { events: readonly { timestamp: string; data: object }[] };
	expect(events).toMatchObject([
		{ timestamp: "2026-01-15T17:57:22Z", data: { signal: "span", kind: "server", duration_ms: 250 } },
	]);
});

test("these are all of them", () => {
	const names = readdirSync("docs/guides").map((file) => file.replace(/^\d-|\.md$/g, ""));
	expect(names.toSorted()).toEqual([
		"api-habits",
		"first-token",
		"install-flow",
		"mcp-server",
		"opentelemetry",
		"rotate",
		"verify",
	]);
});

/** What a guide's programs are started by. The others than Node's have a run of their own: guides/run.sh. */
const programs = (process.env.GUIDE_PROGRAMS ?? "node").split(" ");

/** Does what the guide says, and returns what that said, line by line. */
async function follow(name: string): Promise<readonly string[]> {
	port = await freePort();
	const page = await (await fetch(`${worker.origin}/docs/guides/${name}`)).text();
	const blocks = blocksOf(page).map((block) => ({
		...block,
		text: block.text.replaceAll("localhost:3000", `localhost:${port}`),
	}));
	// A guide that has a program in several languages ends with what each of them is to show.
	const opened = blocks.filter(({ kind }) => kind === "url");
	const said: string[] = [];
	await rm(join(folder, "state"), { force: true });
	for (const { kind, text } of blocks) {
		const [language, how = ""] = kind.split(" ");
		if (how.startsWith("file=")) await writeFile(join(folder, how.slice("file=".length)), onPort(text));
		else if (kind === "sh") said.push(...(await run(text)));
		else if (language === "sh" && how === "serve" && programs.includes(text.split(" ")[0] ?? "")) {
			await stopServing();
			await serve(text);
			for (const { text: link } of opened) {
				// RFC 9700 §4.7.1: what another began, in another browser, ends at no program of ours.
				said.push(await (await fetch(new URL("/callback?code=x&state=x", link))).text());
				const visited = await createVisitor(worker.origin, demo.ada).visit(link, { press: "Install" });
				said.push(...visited.body.trim().split("\n"));
			}
		}
	}
	return said;
}

/** What is set in one block is there in the next, as in the shell of whoever reads. */
async function run(commands: string): Promise<readonly string[]> {
	const script = `${restore}\n${commands}\n{ declare -f; export -p; } > state`;
	const { stdout } = await promisify(execFile)("bash", ["-ec", script], { cwd: folder });
	return stdout.split("\n").filter((line) => line !== "");
}

const restore = "set -a; [ ! -e state ] || . ./state";

async function serve(command: string): Promise<void> {
	const child = spawn("bash", ["-ec", `${restore}\n${command}`], {
		cwd: folder,
		detached: true,
		stdio: ["ignore", "ignore", "inherit"],
	});
	serving.push(child);
	await untilListening(true);
}

/** The next program is told from this one by its port having been closed. */
async function stopServing(): Promise<void> {
	for (const child of serving.splice(0)) {
		killGroup(child, "SIGKILL");
		await untilListening(false);
	}
}

/** A program in Go is compiled first. */
async function untilListening(wanted: boolean): Promise<void> {
	await vi.waitFor(async () => expect(await isListening()).toBe(wanted), { timeout: 120_000, interval: 50 });
}

function isListening(): Promise<boolean> {
	return new Promise((done) => {
		const socket = connect(port, "localhost", () => {
			socket.destroy();
			done(true);
		});
		socket.on("error", () => done(false));
	});
}

/** Where a program says the port alone. */
function onPort(text: string): string {
	return text.replaceAll(/\b3000\b/g, String(port));
}

function blocksOf(page: string): readonly { readonly kind: string; readonly text: string }[] {
	const form = /data-kind="([^"]*)">([^<]*)<\/code>|class="docs-open" href="([^"]*)"/g;
	return [...page.matchAll(form)].map(([, kind, text, link]) => ({
		kind: kind ?? "url",
		text: unescaped(text ?? link ?? ""),
	}));
}

function unescaped(text: string): string {
	return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}
