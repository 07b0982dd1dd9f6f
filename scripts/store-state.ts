// `node scripts/store-state.ts <checkout> <file>`: what a deployment of that commit has in its storage once it was used, as text,
// with the secrets by which programs go on: for test/faults/stored-state.test.ts. The checkout is a worktree with its packages and
// its `dist/worker.js`; its own tests know how it is started and used. The secrets are of a deployment that nobody has.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { literal } from "./recovery/sql-text.ts";
import type * as Api from "../test/faults/api.ts";
import type * as Traffic from "../test/faults/traffic.ts";
import type { StoredState } from "../test/support/stored-state.ts";
import type { demo as Demo } from "../test/support/demo-world.ts";
import type { startWorker as StartWorker } from "../test/runners/start-worker.ts";

const [, , checkout = "", output = ""] = process.argv;
const target = resolve(output);
process.chdir(checkout);
const load = <Module>(path: string) => import(resolve(path)) as Promise<Module>;
const { startWorker } = await load<{ startWorker: typeof StartWorker }>("test/support/start-worker.ts");
const { createApi } = await load<typeof Api>("test/faults/api.ts");
const { createPeople } = await load<typeof Traffic>("test/faults/traffic.ts");
const { demo } = await load<{ demo: typeof Demo }>("test/support/demo-world.ts");

const state = mkdtempSync(join(tmpdir(), "latchkey-state-"));
const issuer = "http://localhost:8787";
const worker = await startWorker({ state, variables: { ISSUER: issuer } });
const made = await use();
await worker.stop();
const stored: StoredState = { at: made.at, made: made.secrets, files: Object.fromEntries(filesIn(state)) };
writeFileSync(target, `${JSON.stringify(stored, null, "\t")}\n`);
rmSync(state, { recursive: true });

async function use() {
	const api = createApi(worker.origin);
	const inside = (url: string, init: RequestInit) => fetch(url.replace(issuer, worker.origin), init);
	const people = createPeople(worker.origin, inside);
	await people.signIn();
	const call = async (method: string, path: string, headers: Record<string, string>, body?: object) => {
		const answer = await fetch(worker.origin + path, {
			method,
			headers: { ...headers, ...(body && { "content-type": "application/json" }) },
			...(body && { body: JSON.stringify(body) }),
		});
		const text = await answer.text();
		if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
		return JSON.parse(text === "" ? "{}" : text) as Readonly<Record<string, unknown>>;
	};
	const grant = async (client: typeof demo.webApp) => {
		const { body } = await api.exchange(client, await people.install(client));
		return { accessToken: String(body.access_token), refreshToken: String(body.refresh_token) };
	};
	const admin = async (person: typeof demo.ada, account: string) => {
		const { access_token } = await call("POST", "/auth/login", {}, { ...person, account });
		return { authorization: `Bearer ${String(access_token)}` };
	};

	const rotating = await grant(demo.webApp);
	const first = await api.refresh(demo.webApp, rotating.refreshToken);
	const second = await api.refresh(demo.webApp, String(first.body.refresh_token));
	const reused = await grant(demo.webApp);
	const reusedNext = await api.refresh(demo.webApp, reused.refreshToken);
	await api.refresh(demo.webApp, String(reusedNext.body.refresh_token));
	const kept = await grant(demo.integration);
	const revoked = await grant(demo.webApp);
	await api.revoke(demo.webApp, revoked.refreshToken);
	const code = await people.install(demo.integration);

	const session = await api.logIn("stored");
	const ended = await api.logIn("ended");
	await api.endSession(String(ended.body.access_token));

	const acme = await admin(demo.ada, "acme");
	const globex = await admin(demo.grace, "globex");
	const newKey = async (name: string, policies: readonly string[]) => {
		const key = await call("POST", "/v1/keys", acme, { name, policies });
		const secret = await call("POST", `/v1/keys/${String(key.id)}/codes`, acme, { description: name });
		return { id: String(key.id), codeId: String(secret.id), secret: String(secret.secret) };
	};
	const policy = await call("POST", "/v1/policies", acme, {
		name: "Stored",
		description: "Stored",
		permissions: ["keys:read"],
	});
	const good = await newKey("Stored", [String(policy.id)]);
	const disabled = await newKey("Disabled", [String(policy.id)]);
	await call("PATCH", `/v1/keys/${disabled.id}/codes/${disabled.codeId}`, acme, { enabled: false });
	const deleted = await newKey("Deleted", [String(policy.id)]);
	await call("DELETE", `/v1/keys/${deleted.id}`, acme);
	const theirs = await call("POST", "/v1/policies", globex, {
		name: "Stored",
		description: "Stored",
		permissions: ["audit:read"],
	});
	await call("POST", "/v1/links", globex, { key_id: good.id, policies: [String(theirs.id)] });
	const registered = await call(
		"POST",
		"/oauth/register",
		{},
		{
			client_name: "Stored",
			redirect_uris: ["https://client.example/callback"],
			token_endpoint_auth_method: "client_secret_basic",
		},
	);
	const environments = await fetch(`${worker.origin}/oauth/environments`, {
		headers: { authorization: `Bearer ${kept.accessToken}` },
	});
	const [environment] = JSON.parse(await environments.text()) as { apiKey: string }[];
	await call("POST", "/v1/events", { "x-api-key": environment?.apiKey ?? "" }, { type: "stored", text: "an event" });
	return {
		at: Math.floor(Date.now() / 1000),
		secrets: {
			rotating: { accessToken: String(second.body.access_token), refreshToken: String(second.body.refresh_token) },
			reusedAncestor: reused.refreshToken,
			kept,
			revoked,
			code,
			session: String(session.body.access_token),
			endedSession: String(ended.body.access_token),
			keys: { good, disabled, deleted },
			registered: {
				id: String(registered.client_id),
				secret: String(registered.client_secret),
				token: String(registered.registration_access_token),
			},
			publicKey: environment?.apiKey ?? "",
		},
	};
}

/** Databases as SQL, whatever else there is as base64. */
function* filesIn(folder: string): Iterable<[path: string, text: string]> {
	const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
	for (const { parentPath, name } of files.toSorted((a, b) =>
		join(a.parentPath, a.name) < join(b.parentPath, b.name) ? -1 : 1,
	)) {
		const path = join(parentPath, name).slice(folder.length + 1);
		if (/-(wal|shm)$/.test(name)) continue;
		yield [
			path,
			name.endsWith(".sqlite") ? toSql(join(folder, path)) : readFileSync(join(folder, path)).toString("base64"),
		];
	}
}

function toSql(path: string): string {
	const db = new DatabaseSync(path, { readBigInts: true }); // alarms are in nanoseconds
	const schema = db
		.prepare(
			"SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid",
		)
		.all();
	const lines = schema.filter(({ type }) => type === "table").map(({ sql }) => `${String(sql)};`);
	for (const { name } of schema.filter(({ type }) => type === "table")) {
		for (const row of db.prepare(`SELECT * FROM "${String(name)}"`).all()) {
			lines.push(`INSERT INTO "${String(name)}" VALUES (${Object.values(row).map(literal).join(", ")});`);
		}
	}
	for (const { sql } of schema.filter(({ type }) => type !== "table")) lines.push(`${String(sql)};`);
	db.close();
	return lines.join("\n");
}
