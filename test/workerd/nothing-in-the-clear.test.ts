import { listDurableObjectIds, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { ada, signInAnew } from "../support/people.ts";
import { aKey } from "../support/registered.ts";
import { logIn, loggedIn } from "../support/logins.ts";
import { ownPage, postForm } from "../support/requests.ts";
import { demo, keyRing, logged } from "../support/target.ts";
import { exchange, granted, installed, introspect, refresh, revoke, tokensOf } from "../support/tokens.ts";

// DESIGN §4.6: no secret, code, token or password is stored or logged readable.

const secrets = new Map<string, string>();
let storage: string;
let log: string;

beforeAll(async () => {
	const web = await granted(demo.webApp);
	const rotated = tokensOf(await refresh(web.refreshToken, { client: demo.webApp }));
	const kept = await granted();
	const key = await aKey();
	const cookie = await signInAnew(ada);
	const all = {
		"a code that was redeemed": web.code,
		"a code that was not": await installed(),
		"a refresh token": web.refreshToken,
		"its successor": rotated.refreshToken ?? "",
		"a kept refresh token": kept.refreshToken,
		"an access token": web.accessToken,
		"a login token": await loggedIn({ api_key: key.secret }),
		"an access code": key.secret,
		"a session cookie": cookie.slice("__Host-latchkey=".length),
		"a password": ada.password,
		"a wrong password": "what somebody typed",
		"a client secret": demo.webApp.secret ?? "",
	};
	for (const [name, secret] of Object.entries(all)) secrets.set(name, secret);
	// What goes wrong is logged, and must not show what was presented.
	await exchange(web.code, { client: demo.webApp });
	await exchange(`${kept.code}x`);
	await refresh(`${kept.refreshToken}x`);
	await refresh(web.refreshToken, { client: demo.webApp });
	await logIn({ username: ada.username, password: "what somebody typed" });
	await logIn({ api_key: `${key.secret}x` });
	await postForm("/sign-in", { username: ada.username, password: "what somebody typed" }, ownPage);
	await introspect(kept.accessToken);
	await revoke(kept.refreshToken);
	storage = await everythingStored();
	log = (await logged()).join("\n");
});

/** D1, KV and every Durable Object, as text. */
async function everythingStored(): Promise<string> {
	const parts: string[] = [];
	for (const db of [env.DB, env.EVENTS]) {
		const { results } = await db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all<{ name: string }>();
		for (const { name } of results.filter((table) => !table.name.startsWith("_cf"))) {
			parts.push(JSON.stringify((await db.prepare(`SELECT * FROM "${name}"`).all()).results));
		}
	}
	for (const { name } of (await env.CODES.list()).keys) parts.push(name, (await env.CODES.get(name)) ?? "");
	for (const namespace of [env.LEDGER, env.LIMITER, env.KEY_RING, env.DEVICE_REQUESTS]) {
		for (const id of await listDurableObjectIds<undefined>(namespace)) {
			const dump = await runInDurableObject(namespace.get(id), async (_, { storage: { sql, kv } }) => {
				const tables = sql.exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'").toArray();
				const rows = tables
					.filter(({ name }) => !name.startsWith("_cf"))
					.map(({ name }) => sql.exec(`SELECT * FROM "${name}"`).toArray());
				return JSON.stringify([rows, [...kv.list()]]);
			});
			parts.push(dump);
		}
	}
	return parts.join("\n");
}

/** A secret is readable where any long enough part of it is. */
function partsOf(secret: string): string[] {
	return [secret, secret.slice(4, 44), secret.slice(-30)].filter((part) => part.length >= 15);
}

describe("a copy of all storage opens nothing", () => {
	test("the copy is whole: it has what was done", () => {
		for (const trace of [ada.username, demo.webApp.client.id, "grant.open", "code:", "ring:ES256", "scrypt$14$8$5$"]) {
			expect(storage).toContain(trace);
		}
	});

	test("no code, token, password or secret stands in it", () => {
		expect(secrets.size).toBe(12);
		for (const [name, secret] of secrets) {
			const found = partsOf(secret).filter((part) => storage.includes(part));
			expect([name, found]).toEqual([name, []]);
		}
	});

	test("a signing key stands there sealed", async () => {
		const ring = await keyRing();
		expect(storage).toContain(ring?.current.privateJwk);
		expect(storage).not.toMatch(/"d\\*":/);
	});
});

describe("the log shows nothing of what was presented", () => {
	test("it says what was refused, and why", () => {
		for (const trace of ["token.refused", "login.refused", "sign_in.refused", "code_replayed"])
			expect(log).toContain(trace);
	});

	test("no code, token, password or secret stands in it", () => {
		for (const [name, secret] of secrets) {
			const found = partsOf(secret).filter((part) => log.includes(part));
			expect([name, found]).toEqual([name, []]);
		}
	});
});
