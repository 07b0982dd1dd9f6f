import { createLocalJWKSet, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { ask, postForm } from "../support/requests.ts";
import { advance, demo, issuer, now, runCron } from "../support/target.ts";
import { loggedIn, opens, sessionsOf } from "../support/logins.ts";
import { aKey } from "../support/registered.ts";
import {
	authorized,
	authorizePath,
	basicOf,
	claimsOf,
	environments,
	exchange,
	granted,
	introspect,
	refresh,
	tokensOf,
} from "../support/tokens.ts";

const day = 86_400;
const { webApp, nativeApp } = demo;

interface Metadata {
	readonly [name: string]: string | readonly string[] | boolean;
	readonly token_endpoint_auth_methods_supported: readonly string[];
	readonly revocation_endpoint_auth_methods_supported: readonly string[];
	readonly introspection_endpoint_auth_methods_supported: readonly string[];
}

async function metadata(): Promise<Metadata> {
	return JSON.parse((await ask("/.well-known/oauth-authorization-server")).text);
}

async function jwks(): Promise<{ keys: Record<string, string>[] }> {
	return JSON.parse((await ask("/.well-known/jwks.json")).text);
}

async function verifyElsewhere(token: string) {
	return jwtVerify(token, createLocalJWKSet(await jwks()), {
		issuer,
		audience: issuer,
		typ: "at+jwt",
		algorithms: ["EdDSA"],
		currentDate: new Date(now() * 1000),
	});
}

describe("RFC 8414: the metadata says what works, and nothing else", () => {
	test("§3.3: the issuer is ours, and every URL is of it", async () => {
		const answer = await ask("/.well-known/oauth-authorization-server");
		expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/json"]);
		expect(answer.headers.get("cache-control")).toBe("public, max-age=300");
		const told = await metadata();
		expect(told.issuer).toBe(issuer);
		const urls = Object.entries(told).flatMap(([name, value]) => (/_endpoint$|_uri$/.test(name) ? [value] : []));
		expect(urls.length).toBeGreaterThan(0);
		for (const url of urls) expect(url).toMatch(/^http:\/\/localhost:8787\//);
	});

	test("the issuer is never taken from the request", async () => {
		const headers = {
			"x-forwarded-host": "evil.example",
			forwarded: "host=evil.example",
			"x-forwarded-proto": "https",
		};
		const answer = await ask("/.well-known/oauth-authorization-server", { headers });
		expect(answer.text).not.toContain("evil");
	});

	test("every endpoint in it answers", async () => {
		const told = await metadata();
		const endpoints = Object.keys(told).filter((name) => /_endpoint$|_uri$/.test(name));
		expect(endpoints.toSorted()).toEqual([
			"authorization_endpoint",
			"introspection_endpoint",
			"jwks_uri",
			"revocation_endpoint",
			"token_endpoint",
		]);
		for (const name of endpoints) {
			const path = new URL(String(told[name])).pathname;
			expect([name, (await ask(path, { method: "OPTIONS" })).status]).toEqual([name, 204]);
		}
	});

	test("every authentication method in it works at the token endpoint", async () => {
		const { token_endpoint_auth_methods_supported: methods } = await metadata();
		expect(methods.toSorted()).toEqual(["client_secret_basic", "client_secret_post", "none"]);
		const by = { client_secret_basic: "basic", client_secret_post: "post", none: "none" } as const;
		for (const method of ["client_secret_basic", "client_secret_post", "none"] as const) {
			const client = method === "none" ? nativeApp : webApp;
			const answer = await exchange(await authorized(client), { client, method: by[method] });
			expect([method, answer.status]).toEqual([method, 200]);
		}
	});

	test("every authentication method in it works for revocation and introspection", async () => {
		const told = await metadata();
		expect(told.revocation_endpoint_auth_methods_supported).toEqual(told.token_endpoint_auth_methods_supported);
		expect(told.introspection_endpoint_auth_methods_supported.toSorted()).toEqual([
			"client_secret_basic",
			"client_secret_post",
		]);
		const post = { client_id: webApp.client.id, client_secret: webApp.secret ?? "" };
		for (const path of ["/oauth/revoke", "/oauth/introspect"]) {
			expect((await postForm(path, { token: "x" }, basicOf(webApp))).status).toBe(200);
			expect((await postForm(path, { token: "x", ...post })).status).toBe(200);
		}
		expect((await postForm("/oauth/revoke", { token: "x", client_id: nativeApp.client.id })).status).toBe(200);
	});

	test("every scope in it can be granted", async () => {
		const { scopes_supported: scopes } = await metadata();
		const scope = [scopes ?? []].flat().join(" ");
		const answer = await exchange(await authorized(webApp, { scope }), { client: webApp });
		expect(String(answer.body.scope).split(" ")).toEqual(scope.split(" ").toSorted());
	});

	test("every grant type in it works, and no other response type, mode or challenge does", async () => {
		const told = await metadata();
		expect(told.grant_types_supported).toEqual(["authorization_code", "refresh_token"]);
		const { refreshToken } = await granted(webApp);
		expect((await refresh(refreshToken, { client: webApp })).status).toBe(200);
		expect([
			told.response_types_supported,
			told.response_modes_supported,
			told.code_challenge_methods_supported,
		]).toEqual([["code"], ["query"], ["S256"]]);
		const redirected = await ask(authorizePath(webApp, { response_type: "token" }));
		expect(redirected.headers.get("location")).toContain("unsupported_response_type");
		expect(told.authorization_response_iss_parameter_supported).toBe(true);
	});
});

describe("access tokens (RFC 9068)", () => {
	test("§2: header and claims", async () => {
		const { accessToken } = await granted(webApp, { scope: "environments:read" });
		const { protectedHeader, payload } = await verifyElsewhere(accessToken);
		const [current] = (await jwks()).keys;
		expect(protectedHeader).toEqual({ alg: "EdDSA", kid: current?.kid, typ: "at+jwt" });
		expect(payload).toEqual({
			iss: issuer,
			aud: issuer,
			sub: demo.people[0]?.id,
			client_id: webApp.client.id,
			account_id: demo.accounts.acme,
			scope: "environments:read",
			iat: now(),
			exp: now() + 3600,
			jti: expect.stringMatching(/^[\w-]{22}$/),
			grant_id: expect.stringMatching(/^[\w-]{22}$/),
		});
	});

	test("a login token is verified elsewhere in the same way", async () => {
		const { payload } = await verifyElsewhere(await loggedIn({ api_key: demo.apiKey.accessCode }));
		expect(payload).toMatchObject({ iss: issuer, sub: demo.apiKey.id, sid: expect.any(String) });
	});

	test("RFC 7517: the keys are public, and say what they are for", async () => {
		const answer = await ask("/.well-known/jwks.json");
		expect(answer.headers.get("content-type")).toBe("application/jwk-set+json");
		expect(answer.headers.get("cache-control")).toBe("public, max-age=300");
		const { keys } = await jwks();
		expect(keys).toHaveLength(2);
		for (const key of keys) {
			expect(Object.keys(key).toSorted()).toEqual(["alg", "crv", "kid", "kty", "use", "x"]);
			expect(key).toMatchObject({ kty: "OKP", crv: "Ed25519", use: "sig", alg: "EdDSA" });
		}
		expect(new Set(keys.map((key) => key.kid)).size).toBe(2);
	});
});

describe("key rotation", () => {
	test("what was published as next signs; what had signed is verified until it has expired", async () => {
		const before = await granted(demo.integration);
		const [current, next] = (await jwks()).keys;
		await advance(29 * day);
		await runCron();
		expect((await jwks()).keys.map((key) => key.kid)).toEqual([current?.kid, next?.kid]);

		const last = tokensOf(await refresh(before.refreshToken));
		await advance(day - 1);
		await runCron();
		const fresh = tokensOf(await refresh(before.refreshToken));
		expect((await verifyElsewhere(fresh.accessToken)).protectedHeader.kid).toBe(current?.kid);
		await advance(1);
		await runCron();
		const { keys } = await jwks();
		expect(keys.map((key) => key.kid)).toEqual([next?.kid, expect.any(String), current?.kid]);
		expect(keys[1]?.kid).not.toBe(current?.kid);

		const after = tokensOf(await refresh(before.refreshToken));
		expect((await verifyElsewhere(after.accessToken)).protectedHeader.kid).toBe(next?.kid);
		// Signed a second before the change: good for its whole life, here and elsewhere.
		expect((await verifyElsewhere(fresh.accessToken)).protectedHeader.kid).toBe(current?.kid);
		expect((await environments(fresh.accessToken)).status).toBe(200);
		expect(claimsOf(last.accessToken).exp).toBe(now());
		await advance(day - 2);
		await runCron();
		expect((await verifyElsewhere(fresh.accessToken)).payload.exp).toBe(now() + 1);
		expect(await introspect(fresh.accessToken)).toMatchObject({ active: true });

		await advance(3602);
		await runCron();
		expect((await jwks()).keys.map((key) => key.kid)).not.toContain(current?.kid);
	});

	test("contract 001: a login token is the same bytes while its session lives, whatever signs now", async () => {
		const api_key = (await aKey()).secret;
		await advance(30 * day);
		await runCron();
		const [current] = (await jwks()).keys;
		// The session is opened shortly before the keys change.
		await advance(30 * day - 60);
		const token = await loggedIn({ api_key });
		await advance(60);
		await runCron();
		expect((await jwks()).keys[0]?.kid).not.toBe(current?.kid);
		expect(await loggedIn({ api_key })).toBe(token);
		expect(await loggedIn({ api_key, session_id: "new" })).not.toBe(token);
		expect([await opens(token), (await sessionsOf(token)).length]).toEqual([200, 2]);
		const kids = [token, await loggedIn({ api_key, session_id: "new" })].map(
			async (each) => (await verifyElsewhere(each)).protectedHeader.kid,
		);
		const [old, fresh] = await Promise.all(kids);
		expect(old).toBe(current?.kid);
		expect(fresh).not.toBe(current?.kid);
	});
});
