import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { developmentSealKey } from "../../src/config.ts";
import { freePort } from "../runners/free-port.ts";
import type { RunningServer } from "../runners/running-server.ts";
import { type ServeOptions, startOnNode } from "../runners/start-serve.ts";
import { temporaryFolder } from "../runners/temporary-folder.ts";
import { demo } from "../support/demo-world.ts";
import { type Answer, type Api, createApi, found } from "./api.ts";
import { notedIn } from "./noted.ts";
import { type FaultRow, noAnswers, report } from "./report.ts";
import type { nodeFaults } from "./stated-faults.ts";
import { createPeople, type People } from "./traffic.ts";

// What docs/faults.md states of a machine with files, on the server as it is deployed.

let state: string;
let port: number;
let server: RunningServer;
let api: Api;
let people: People;
let row: FaultRow;
const { note, kept } = notedIn(() => row);

beforeAll(async () => {
	state = await temporaryFolder();
	port = await freePort();
	await start();
	api = createApi(server.origin);
	people = createPeople(server.origin);
	await people.signIn();
});
afterAll(async () => {
	await server?.stop();
	await rm(state, { recursive: true });
});
afterEach(() => report(row));

async function start(options: ServeOptions = {}): Promise<void> {
	server = await startOnNode({ state, port, ...options });
}

async function restart(options: ServeOptions = {}): Promise<void> {
	await server.stop();
	await start(options);
}

function begin(fault: (typeof nodeFaults)[number]): void {
	row = noAnswers(fault, "Node");
	row.rounds = 1;
}

/** Another program keeps a file to itself, for as long as `work` takes. */
async function withLock(name: string, work: () => Promise<void>): Promise<void> {
	const other = new DatabaseSync(join(state, `${name}.sqlite`));
	other.exec("BEGIN IMMEDIATE");
	try {
		await work();
	} finally {
		other.exec("ROLLBACK");
		other.close();
	}
}

async function family(): Promise<string> {
	return String(kept(await api.exchange(demo.webApp, await people.install(demo.webApp))).body.refresh_token);
}

test("a lock of another program is waited for", async () => {
	begin("a file is locked for a moment");
	const [token, code] = [await family(), await people.install(demo.webApp)];
	const answers: Promise<Answer>[] = [];
	await withLock("ledgers", async () => {
		answers.push(api.refresh(demo.webApp, token), api.exchange(demo.webApp, code));
		await pause(500);
	});
	const [refreshed] = (await Promise.all(answers)).map(note);
	kept(await api.refresh(demo.webApp, String(refreshed?.body.refresh_token)));
	expect(kept(await api.exchange(demo.webApp, code), 400).body.error).toBe("invalid_grant");
});

test("one that stays burns no code, rotates no token and loses no consent", async () => {
	begin("a file stays locked");
	const [token, code, session] = [await family(), await people.install(demo.webApp), crypto.randomUUID()];
	const before = kept(await api.logIn(session)).body.access_token;
	await withLock("ledgers", async () => {
		note(await api.refresh(demo.webApp, token));
		note(await api.exchange(demo.webApp, code));
		note(await api.logIn(session));
	});
	kept(await api.refresh(demo.webApp, token));
	kept(await api.exchange(demo.webApp, code));
	expect(kept(await api.logIn(session)).body.access_token).toBe(before);
	await withLock("register", async () => {
		await expect(people.install(demo.webApp)).rejects.toThrow("503");
		expect(people.lastFailure).toEqual({ status: 503, retryAfter: "1" });
	});
	kept(await api.exchange(demo.webApp, await people.install(demo.webApp)));
}, 120_000);

test("a locked events file keeps events from being stored, and nothing else", async () => {
	begin("the events file stays locked");
	const [token, session, mark] = [await family(), crypto.randomUUID(), crypto.randomUUID()];
	const admin = String(kept(await api.logInAs(demo.ada, "acme")).body.access_token);
	kept(await api.ingest(admin, { mark }), 202);
	await withLock("events", async () => {
		note(await api.ingest(admin, { mark }));
		expect(found(kept(await api.searchFor(mark, admin)))).toBe(1);
		kept(await api.refresh(demo.webApp, token));
		kept(await api.logIn(session));
		kept(await api.exchange(demo.webApp, await people.install(demo.webApp)));
	});
	kept(await api.ingest(admin, { mark }), 202);
	expect(found(kept(await api.searchFor(mark, admin)))).toBe(2);
}, 120_000);

test("a clock that jumps by five minutes ends no session and no family", async () => {
	begin("the machine's clock jumps by 5 minutes");
	const token = { value: await family() };
	const session = crypto.randomUUID();
	const before = kept(await api.logIn(session)).body.access_token;
	for (const seconds of [300, -300, 0]) {
		const shifted = `const now = Date.now; Date.now = () => now() + ${seconds * 1000};`;
		const script = ["--import", `data:text/javascript,${encodeURIComponent(shifted)}`, resolve("dist/serve.js")];
		await restart({ script });
		expect(note(await api.logIn(session)).body.access_token).toBe(before);
		const refreshed = note(await api.refresh(demo.webApp, token.value));
		token.value = String(refreshed.body.refresh_token);
		expect(note(await api.introspect(demo.webApp, String(refreshed.body.access_token))).body.active).toBe(true);
		const code = await people.install(demo.webApp);
		note(await api.exchange(demo.webApp, code));
		kept(await api.exchange(demo.webApp, code), 400);
	}
});

test("signing keys that are lost are made anew, and what the old ones signed is refused", async () => {
	begin("the signing keys are lost");
	const [token, session] = [await family(), crypto.randomUUID()];
	const before = String(kept(await api.logIn(session)).body.access_token);
	await server.stop();
	const ledgers = new DatabaseSync(join(state, "ledgers.sqlite"));
	ledgers.exec("DELETE FROM key_rings");
	ledgers.close();
	await start();
	expect(note(await api.logIn(session)).body.access_token).not.toBe(before);
	kept(await api.listSessions(before), 401);
	kept(await api.refresh(demo.webApp, token));
});

test("a signing key that no configured key opens burns nothing, and goes on when that is there again", async () => {
	begin("the signing key is sealed by a key that is not configured");
	const newer = `2:${"A".repeat(43)}`;
	const older = `1:${developmentSealKey}`;
	await server.stop();
	const ledgers = new DatabaseSync(join(state, "ledgers.sqlite"));
	ledgers.exec("DELETE FROM key_rings");
	ledgers.close();
	await start({ variables: { SEAL_KEYS: `${newer},${older}`, DEMO_DATA: null } });
	const session = crypto.randomUUID();
	const before = kept(await api.logIn(session)).body.access_token;
	await restart();
	// A refresh token under the older key.
	const code = await people.install(demo.webApp);
	note(await api.exchange(demo.webApp, code));
	note(await api.logIn(session));
	await restart({ variables: { SEAL_KEYS: `${older},${newer}` } });
	kept(await api.exchange(demo.webApp, code));
	expect(kept(await api.logIn(session)).body.access_token).toBe(before);
});
