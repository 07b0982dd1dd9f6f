import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunningServer } from "../runners/running-server.ts";
import { startWorker } from "../runners/start-worker.ts";
import { temporaryFolder } from "../runners/temporary-folder.ts";
import { demo } from "../support/demo-world.ts";
import type { StoredState } from "../support/stored-state.ts";
import { type Api, createApi } from "./api.ts";

// The storage of a deployment of an earlier commit, with today's migrations and today's code on it. scripts/store-state.ts wrote
// it; test/states has one for each commit whose deployments there are.

/** How many migrations the commit had. */
const states = [["1a4102e", { register: 6, events: 2 }]] as const;

describe.for(states)("what %s stored", ([commit, applied]) => {
	const { at, made, files } = JSON.parse(readFileSync(`test/states/${commit}.json`, "utf8")) as StoredState;
	let folder: string;
	let server: RunningServer;
	let api: Api;

	beforeAll(async () => {
		folder = await temporaryFolder();
		const state = join(folder, "state");
		for (const [path, text] of Object.entries(files)) write(join(state, path), text, applied);
		await promisify(execFile)("wrangler", ["deploy", "test/faults/faulty-worker.ts", "--dry-run", "--outdir", folder]);
		// A moment later, by the clock of that deployment. Its data are there: today's demonstration adds nothing to them.
		const shift = at + 5 - Math.floor(Date.now() / 1000);
		const variables = { ISSUER: "http://localhost:8787", CLOCK_SHIFT: String(shift), DEMO_DATA: null };
		server = await startWorker({ state, variables, build: join(folder, "faulty-worker.js") });
		api = createApi(server.origin);
	});
	afterAll(async () => {
		await server?.stop();
		await rm(folder, { recursive: true, force: true, maxRetries: 3 });
	});

	test("a session gives its token, byte for byte, and one that had ended stays ended", async () => {
		expect(await api.logIn("stored")).toMatchObject({ status: 200, body: { access_token: made.session } });
		expect(await api.listSessions(made.session)).toMatchObject({ status: 200 });
		expect(await api.listSessions(made.endedSession)).toMatchObject({ status: 401 });
	});

	test("what it had signed by Ed25519 is verified, and what is new is signed by ES256, by a key that was published then", async () => {
		const fresh = String((await api.logIn("not stored")).body.access_token);
		expect([made.session, made.kept.accessToken, fresh].map((token) => decodeProtectedHeader(token).alg)).toEqual([
			"EdDSA",
			"EdDSA",
			"ES256",
		]);
		expect(await api.listSessions(fresh)).toMatchObject({ status: 200 });
		const keys = (await (await fetch(`${server.origin}/.well-known/jwks.json`)).json()) as JSONWebKeySet;
		const elsewhere = createLocalJWKSet(keys);
		const currentDate = new Date((at + 5) * 1000);
		for (const token of [made.session, made.kept.accessToken, fresh]) {
			expect(await jwtVerify(token, elsewhere, { currentDate, typ: "at+jwt" })).toBeDefined();
		}
		expect(await api.logIn("not stored")).toMatchObject({ body: { access_token: fresh } });
	});

	test("a code that was given out is redeemed, once", async () => {
		expect(await api.exchange(demo.integration, made.code)).toMatchObject({ status: 200 });
		expect(await api.exchange(demo.integration, made.code)).toMatchObject({ status: 400 });
	});

	test("families go on: rotating, kept, each with its access token, for whom it was and with what it permitted", async () => {
		expect((await api.introspect(demo.webApp, made.rotating.accessToken)).body.active).toBe(true);
		expect((await api.introspect(demo.integration, made.kept.accessToken)).body.active).toBe(true);
		const refreshed = await api.refresh(demo.webApp, made.rotating.refreshToken);
		expect(refreshed).toMatchObject({ status: 200 });
		expect(await api.refresh(demo.webApp, String(refreshed.body.refresh_token))).toMatchObject({ status: 200 });
		const kept = await api.refresh(demo.integration, made.kept.refreshToken);
		expect(kept).toMatchObject({ status: 200 });
		for (const [{ body }, before] of [
			[refreshed, made.rotating],
			[kept, made.kept],
		] as const) {
			const { aud, scope, sub } = decodeJwt(before.accessToken);
			expect(decodeJwt(String(body.access_token))).toMatchObject({ aud, scope, sub });
		}
	});

	test("what was revoked stays so, and an ancestor is still told from a stranger", async () => {
		expect(await api.refresh(demo.webApp, made.revoked.refreshToken)).toMatchObject({ status: 400 });
		expect((await api.introspect(demo.webApp, made.revoked.accessToken)).body).toEqual({ active: false });
		expect(await api.refresh(demo.webApp, made.reusedAncestor)).toMatchObject({ status: 400 });
		expect(server.output()).toContain("refresh_token_reused");
	});

	test("access codes open what they did: the owner's account and the linker's; off stays off, deleted stays deleted", async () => {
		const { good, disabled, deleted } = made.keys;
		expect(await api.logInWith(good.secret)).toMatchObject({ status: 200 });
		expect(await api.logInWith(disabled.secret)).toMatchObject({ status: 401 });
		expect(await api.logInWith(deleted.secret)).toMatchObject({ status: 401 });
		const admin = String((await api.logInAs(demo.ada, "acme")).body.access_token);
		const { body } = await api.manage("GET", "/v1/keys?limit=100", admin);
		const named = (body.keys as { name: string }[]).map(({ name }) => name);
		expect(named).toEqual(expect.arrayContaining(["Stored", "Disabled"]));
		expect(named).not.toContain("Deleted");
		const links = await api.manage("GET", `/v1/keys/${good.id}/links`, admin);
		expect(JSON.stringify(links.body)).toContain(demo.accounts.globex);
	});

	test("policies permit what they did: in the owner's account by the owner's, in the linker's by the linker's", async () => {
		const admin = String((await api.logInAs(demo.ada, "acme")).body.access_token);
		const { body } = await api.manage("GET", "/v1/policies?limit=100", admin);
		expect(body.policies).toContainEqual(expect.objectContaining({ name: "Stored", permissions: ["keys:read"] }));
		const headers = { "x-api-key": made.keys.good.secret };
		for (const [path, status] of [
			["/v1/keys", 200],
			["/v1/audit", 403],
			["/v1/keys?account=globex", 403],
			["/v1/audit?account=globex", 200],
		] as const) {
			expect([path, (await fetch(server.origin + path, { headers })).status]).toEqual([path, status]);
		}
	});

	test("clients are what they were, and what people gave them is listed", async () => {
		const admin = String((await api.logInAs(demo.ada, "acme")).body.access_token);
		const { body } = await api.manage("GET", "/v1/integrations?limit=100", admin);
		const { webApp, nativeApp } = demo;
		for (const { id: client_id, name, redirectUri } of [webApp, nativeApp]) {
			const client = { client_id, name, state: "active", redirect_urls: [redirectUri] };
			expect(body.integrations).toContainEqual(expect.objectContaining(client));
		}
		const installs = await api.manage("GET", "/v1/installs?limit=100", admin);
		expect(JSON.stringify(installs.body)).toContain(demo.integration.id);
	});

	test("who administers the account that was set up first runs the deployment, and nobody else", async () => {
		const ada = String((await api.logInAs(demo.ada, "acme")).body.access_token);
		const { body } = await api.manage("GET", "/v1/operators", ada);
		expect(body).toEqual({ operators: [expect.objectContaining({ username: demo.ada.username })] });
		// Who administers another account, and is a member there.
		const grace = String((await api.logInAs(demo.grace, "globex")).body.access_token);
		expect(await api.manage("GET", "/v1/operators", grace)).toMatchObject({ status: 403 });
	});

	test("a client that registered itself manages itself, and a public key sends events", async () => {
		const { id, token } = made.registered;
		expect(await api.manage("GET", `/oauth/register/${id}`, token)).toMatchObject({ status: 200 });
		const sent = await fetch(`${server.origin}/v1/events`, {
			method: "POST",
			headers: { "x-api-key": made.publicKey, "content-type": "application/json" },
			body: JSON.stringify({ type: "stored" }),
		});
		expect(sent.status).toBe(202);
	});

	test("what is new works on it: a key, a policy, a refresh, a sign-in", async () => {
		const admin = String((await api.logInAs(demo.ada, "acme")).body.access_token);
		const key = await api.manage("POST", "/v1/keys", admin, { name: "New", policies: [demo.policyId] });
		expect(key.status).toBe(201);
		const code = await api.manage("POST", `/v1/keys/${String(key.body.id)}/codes`, admin, { description: "New" });
		expect(await api.logInWith(String(code.body.secret))).toMatchObject({ status: 200 });
	});
});

/** As it was, but that databases are brought up to date, as `wrangler d1 migrations apply` does. */
function write(path: string, text: string, applied: Readonly<Record<"register" | "events", number>>): void {
	mkdirSync(dirname(path), { recursive: true });
	if (!path.endsWith(".sqlite")) return writeFileSync(path, Buffer.from(text, "base64"));
	const db = new DatabaseSync(path, { enableForeignKeyConstraints: false });
	db.exec(`PRAGMA journal_mode = WAL; ${text}`);
	// The demonstration is set up by nobody: as if Acme had been, by hand.
	if (text.includes("CREATE TABLE setup")) db.exec(`INSERT INTO setup VALUES (1, '${demo.accounts.acme}')`);
	for (const [name, table] of [
		["register", "accounts"],
		["events", "events"],
	] as const) {
		if (!new RegExp(`CREATE TABLE "?${table}\\b`).test(text)) continue;
		const migrations = readdirSync(`src/platform/sql/migrations/${name}`).toSorted().slice(applied[name]);
		for (const file of migrations) db.exec(readFileSync(`src/platform/sql/migrations/${name}/${file}`, "utf8"));
	}
	db.close();
}
