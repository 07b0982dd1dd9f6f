import { execFile } from "node:child_process";
import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { copyFile, cp, rm } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { developmentSealKey } from "../../src/config.ts";
import { freePort } from "../runners/free-port.ts";
import type { RunningServer } from "../runners/running-server.ts";
import { startOnNode } from "../runners/start-serve.ts";
import { temporaryFolder } from "../runners/temporary-folder.ts";
import { demo } from "../support/demo-world.ts";
import { setupSecret } from "../support/setup-secret.ts";
import { type Api, createApi } from "./api.ts";
import { createPeople, type People } from "./traffic.ts";

// docs/recovery.md, followed command by command.

const commands = [...readFileSync("docs/recovery.md", "utf8").matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(
	([, block = ""]) => block.trim().split("\n"),
);
const followed = new Set<string>();

/** The page's one command that has these words, as it stands there. */
async function follow(words: string, variables: Record<string, string>, cwd = "."): Promise<string> {
	const [command = "", ...others] = commands.filter((each) => each.includes(words));
	expect([command !== "", others]).toEqual([true, []]);
	followed.add(command);
	// What is Cloudflare's is here on this machine.
	return run(command.replace("--remote", "--local"), variables, cwd);
}

async function run(command: string, variables: Record<string, string>, cwd = "."): Promise<string> {
	const env = {
		...process.env,
		...variables,
		PATH: `${resolve("node_modules/.bin")}${delimiter}${process.env.PATH}`,
		CI: "1",
	};
	const { stdout } = await promisify(execFile)("bash", ["-c", command], { cwd, env });
	return stdout;
}

describe("on one machine", () => {
	let parent: string;
	let state: string;
	let port: number;
	let server: RunningServer;
	let api: Api;
	let people: People;
	let variables: Record<string, string>;

	const start = async (more: Record<string, string> = {}) => {
		server = await startOnNode({ state, port, variables: more });
	};
	const admin = async () => String((await api.logInAs(demo.ada, "acme")).body.access_token);
	const family = async () => {
		const { body } = await api.exchange(demo.webApp, await people.install(demo.webApp));
		return String(body.refresh_token);
	};
	const newKey = async (name: string, policy = demo.policyId) => {
		const token = await admin();
		const key = await api.manage("POST", "/v1/keys", token, { name, policies: [policy] });
		const path = `/v1/keys/${String(key.body.id)}/codes`;
		const { body } = await api.manage("POST", path, token, { description: name });
		return { path: `${path}/${String(body.id)}`, secret: String(body.secret) };
	};

	const newPolicy = async (name: string, permission: string) => {
		const policy = { name, description: name, permissions: [permission] };
		return String((await api.manage("POST", "/v1/policies", await admin(), policy)).body.id);
	};
	/** What a code opens; the status where it opens nothing. */
	const scopeOf = async (secret: string) => {
		const { status, body } = await api.logInWith(secret);
		if (status !== 200) return status;
		const [, claims = ""] = String(body.access_token).split(".");
		return (JSON.parse(Buffer.from(claims, "base64url").toString()) as { scope: string }).scope;
	};

	beforeAll(async () => {
		parent = await temporaryFolder();
		state = join(parent, "data");
		port = await freePort();
		await start();
		api = createApi(server.origin);
		people = createPeople(server.origin);
		await people.signIn();
		variables = { DATA_FOLDER: state, COPY: join(parent, "copy"), SETUP_SECRET: setupSecret, ISSUER: server.origin };
	});
	afterAll(async () => {
		await server?.stop();
		await rm(parent, { recursive: true, force: true });
	});

	test("what was deleted since the copy is back, and nothing that was ended, disabled or made since is otherwise", async () => {
		const policy = await api.manage("POST", "/v1/policies", await admin(), {
			name: "Deleted by mistake",
			description: "It comes back",
			permissions: ["events:read"],
		});
		const [ended, kept, older] = [await family(), await family(), await newKey("Older")];
		const session = String((await api.logIn("kept")).body.access_token);
		await follow("npm run export", variables);

		expect(await api.manage("DELETE", `/v1/policies/${String(policy.body.id)}`, await admin())).toMatchObject({
			status: 204,
		});
		expect(await api.revoke(demo.webApp, ended)).toMatchObject({ status: 200 });
		expect(await api.manage("PATCH", older.path, await admin(), { enabled: false })).toMatchObject({ status: 200 });
		const newer = await newKey("Newer");
		await expect(follow('npm run restore -- "$COPY"', variables)).rejects.toThrow("stop the server");

		await server.stop();
		writeFileSync(join(state, "seal-keys"), "as npm run serve keeps them", { mode: 0o600 });
		await cp(variables.COPY ?? "", join(state, "copies"), { recursive: true });
		await follow('npm run restore -- "$COPY"', variables);
		expect(readFileSync(join(state, "seal-keys"), "utf8")).toBe("as npm run serve keeps them");
		expect(readdirSync(join(state, "copies"))).toEqual(readdirSync(variables.COPY ?? ""));
		await rm(join(state, "copies"), { recursive: true });
		for (const folder of [state, variables.COPY ?? ""]) {
			const modes = readdirSync(folder).map((name) => statSync(join(folder, name)).mode & 0o777);
			expect(new Set(modes)).toEqual(new Set([0o600]));
		}
		await start();
		const { body } = await api.manage("GET", "/v1/policies?limit=100", await admin());
		expect(JSON.stringify(body)).toContain("Deleted by mistake");
		expect(await api.refresh(demo.webApp, ended)).toMatchObject({ status: 400 });
		expect(await api.refresh(demo.webApp, kept)).toMatchObject({ status: 200 });
		expect(await api.logIn("kept")).toMatchObject({ status: 200, body: { access_token: session } });
		expect(await api.logInWith(older.secret)).toMatchObject({ status: 401 });
		expect(await api.logInWith(newer.secret)).toMatchObject({ status: 200 });
		expect(JSON.stringify((await api.manage("GET", "/v1/keys?limit=100", await admin())).body)).toContain("Newer");
	}, 120_000);

	test("a policy that was taken away from its keys gives them nothing again, and one that was made since is there", async () => {
		const [wide, renamed] = [await newPolicy("Wide", "events:read"), await newPolicy("Old name", "events:read")];
		const narrowed = await newKey("Narrowed", wide);
		expect(await scopeOf(narrowed.secret)).toBe("events:read");
		const copy = { ...variables, COPY: join(parent, "copy with policies") };
		await follow("npm run export", copy);
		await api.manage("DELETE", `/v1/policies/${wide}?force=true`, await admin());
		await api.manage("PATCH", `/v1/policies/${renamed}`, await admin(), { name: "New name" });
		const newer = await newKey("By a newer policy", await newPolicy("Old name", "environments:read"));
		expect([await scopeOf(narrowed.secret), await scopeOf(newer.secret)]).toEqual([undefined, "environments:read"]);

		await server.stop();
		const said = await follow('npm run restore -- "$COPY"', copy);
		expect(said).toContain("A policy that keys had when it was deleted has no permissions: Wide");
		await start();
		expect([await scopeOf(narrowed.secret), await scopeOf(newer.secret)]).toEqual([undefined, "environments:read"]);
	}, 120_000);

	test("a register that is lost: what was given out before counts no more, and keys that nobody can see are ended", async () => {
		const [token, newer] = [await family(), await newKey("Unseen")];
		const session = String((await api.logIn("before")).body.access_token);
		await server.stop();
		for (const end of ["", "-wal", "-shm"]) await rm(join(state, `register.sqlite${end}`), { force: true });
		const said = await follow('npm run restore -- "$COPY"', variables);
		expect(said).toContain("Look through passwords, roles, policies");
		await start();
		expect(await api.refresh(demo.webApp, token)).toMatchObject({ status: 400 });
		expect(await api.listSessions(session)).toMatchObject({ status: 401 });
		expect(await api.logInWith(newer.secret)).toMatchObject({ status: 401 });
		// Whoever can prove themselves anew goes on.
		expect((await api.logIn("before")).body.access_token).not.toBe(session);
		expect(await api.logInAs(demo.ada, "acme")).toMatchObject({ status: 200 });
	}, 120_000);

	test("a register that is lost: public keys and registration access tokens of before are good no more", async () => {
		const client = { client_name: "Registered", redirect_uris: ["https://registered.example/cb"] };
		const { body } = await api.manage("POST", "/oauth/register", await admin(), client);
		const [path, token] = [`/oauth/register/${String(body.client_id)}`, String(body.registration_access_token)];
		const environment = async () => {
			const listed = await api.manage("GET", "/v1/environments", await admin());
			return (listed.body.environments as { id: string; public_key: string }[])[0]!;
		};
		const sendEvent = async (key: string) => {
			const event = { timestamp: new Date().toISOString(), message: "sent" };
			const headers = { "x-api-key": key, "content-type": "application/json" };
			const init = { method: "POST", headers, body: JSON.stringify(event) };
			return (await fetch(`${server.origin}/v1/events`, init)).status;
		};
		const { id, public_key: replaced } = await environment();
		expect([(await api.manage("GET", path, token)).status, await sendEvent(replaced)]).toEqual([200, 202]);
		const copy = { ...variables, COPY: join(parent, "copy with a token") };
		await follow("npm run export", copy);
		await api.manage("POST", `/v1/environments/${id}/rotate_key`, await admin(), {});
		await api.manage("DELETE", `/v1/integrations/${String(body.client_id)}/registration_token`, await admin());

		await server.stop();
		for (const end of ["", "-wal", "-shm"]) await rm(join(state, `register.sqlite${end}`), { force: true });
		const said = await follow('npm run restore -- "$COPY"', copy);
		expect(said).toContain("environments have other public keys, and registration access tokens are good no more");
		await start();
		expect([(await api.manage("GET", path, token)).status, await sendEvent(replaced)]).toEqual([401, 401]);
		expect(await sendEvent((await environment()).public_key)).toBe(202);
	}, 120_000);

	test("ledgers that are lost: every access code is off until somebody enables it", async () => {
		await server.stop();
		for (const end of ["", "-wal", "-shm"]) await rm(join(state, `ledgers.sqlite${end}`), { force: true });
		const said = await follow('npm run restore -- "$COPY"', variables);
		expect(said).toContain("every access code is off");
		await start();
		expect(await api.logIn("again")).toMatchObject({ status: 401 });
		const code = `/v1/keys/${demo.apiKey.id}/codes/${demo.apiKey.codeId}`;
		expect(await api.manage("PATCH", code, await admin(), { enabled: true })).toMatchObject({ status: 200 });
		expect(await api.logIn("again")).toMatchObject({ status: 200 });
	}, 120_000);

	test("a signing key that leaked is withdrawn", async () => {
		const token = String((await api.logIn("leaked")).body.access_token);
		const [header = ""] = token.split(".");
		const { kid } = JSON.parse(Buffer.from(header, "base64url").toString()) as { kid: string };
		await follow("npm run withdraw -- signing", { ...variables, KID: kid });
		expect(await api.listSessions(token)).toMatchObject({ status: 401 });
		expect(await api.logIn("leaked")).toMatchObject({ status: 200 });
		await expect(follow("npm run withdraw -- signing", { ...variables, KID: kid })).rejects.toThrow("404");
	}, 120_000);

	test("a seal key that leaked is withdrawn: what was made under it ends, and passwords begin anew", async () => {
		const sealKeys = `1:${developmentSealKey}`;
		const printed = await follow("npm run withdraw -- seal", { ...variables, VERSION: "1", SEAL_KEYS: sealKeys });
		const [left = ""] = printed.trim().split("\n").slice(-1);
		expect(left).toMatch(/^2:[\w-]{43}$/);
		const token = await family();
		await server.stop();
		await start({ SEAL_KEYS: left, DEMO_DATA: "off" });
		expect(await api.logInAs(demo.ada, "acme")).toMatchObject({ status: 503 });
		await follow("npm run withdraw -- signing", { ...variables, KID: "all" });
		expect(await api.logInAs(demo.ada, "acme")).toMatchObject({ status: 200 });
		expect(await api.logIn("old")).toMatchObject({ status: 401 });
		expect((await api.refresh(demo.webApp, token)).status).toBeGreaterThanOrEqual(400);
		expect(await api.logInWith((await newKey("Under the new one")).secret)).toMatchObject({ status: 200 });
	}, 120_000);
});

/** The file in which wrangler keeps D1's register on this machine. */
function registerIn(folder: string): DatabaseSync {
	for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
		if (!name.endsWith(".sqlite")) continue;
		const database = new DatabaseSync(join(folder, name));
		if (database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'api_keys'").get()) return database;
		database.close();
	}
	throw new Error("There is no register");
}

test("the register in D1: exported, restored beside the present one", async () => {
	const folder = await temporaryFolder();
	await copyFile("wrangler.toml", join(folder, "wrangler.toml"));
	for (const name of ["package.json", "scripts", "src", "node_modules"]) symlinkSync(resolve(name), join(folder, name));
	const sql = (text: string) => run(`npx wrangler d1 execute DB --local --yes --json --command "${text}"`, {}, folder);
	await run("npx wrangler d1 migrations apply DB --local", {}, folder);
	await sql(`INSERT INTO accounts (id, slug, name, state, not_before) VALUES ('a', 'acme', 'Acme', 'active', 0);
		INSERT INTO people (id, username, name, password_hash, state, not_before) VALUES ('p', 'ada', 'Ada', 'old', 'active', 0);
		INSERT INTO policies (id, account_id, name, description, permissions) VALUES ('x', 'a', 'Gone', 'it''s', '[]'), ('y', 'a', 'Wide', '', '[1,2]')`);
	await follow("--output older.sql", {}, folder);
	await sql(`DELETE FROM policies WHERE id = 'x'; UPDATE policies SET permissions = '[1]' WHERE id = 'y';
		UPDATE people SET password_hash = 'new' WHERE id = 'p';
		INSERT INTO api_keys (id, account_id, name, tags, created_at) VALUES ('k', 'a', 'Key', '[]', 1)`);
	await follow("--output present.sql", {}, folder);
	await follow("older.sql --present", {}, folder);
	await follow("--file restored.sql", {}, folder);
	// Read from its file: under load, wrangler can end before what it prints has left it.
	const register = registerIn(join(folder, ".wrangler/state/v3/d1"));
	const policies = register.prepare("SELECT id || permissions AS policy FROM policies ORDER BY id").all();
	expect(policies.map(({ policy }) => policy)).toEqual(["x[]", "y[1]"]);
	expect(register.prepare("SELECT password_hash FROM people").get()).toEqual({ password_hash: "new" });
	expect(register.prepare("SELECT id FROM api_keys").all()).toHaveLength(1);
	register.close();
	await rm(folder, { recursive: true });
}, 180_000);

test("every command of the page was followed", () => {
	expect([...followed].toSorted()).toEqual([...new Set(commands)].toSorted());
});
