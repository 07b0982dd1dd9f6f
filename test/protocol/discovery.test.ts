import { createLocalJWKSet, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { ask } from "../support/requests.ts";
import { advance, demo, issuer, now, runCron } from "../support/target.ts";
import { loggedIn, opens, sessionsOf } from "../support/logins.ts";
import { aKey } from "../support/registered.ts";
import { claimsOf, environments, granted, introspect, refresh, tokensOf } from "../support/tokens.ts";

const day = 86_400;
const { webApp } = demo;

async function jwks(): Promise<{ keys: Record<string, string>[] }> {
	return JSON.parse((await ask("/.well-known/jwks.json")).text);
}

/** Those that access tokens are signed with. */
async function accessTokenKeys(): Promise<Record<string, string>[]> {
	return (await jwks()).keys.filter((key) => key.alg === "ES256");
}

async function verifyElsewhere(token: string) {
	return jwtVerify(token, createLocalJWKSet(await jwks()), {
		issuer,
		audience: issuer,
		typ: "at+jwt",
		algorithms: ["ES256"],
		currentDate: new Date(now() * 1000),
	});
}

const publicMembers: Readonly<Record<string, readonly string[]>> = {
	OKP: ["kty", "crv", "x"],
	EC: ["kty", "crv", "x", "y"],
	RSA: ["kty", "n", "e"],
};
const shapes: Readonly<Record<string, object>> = {
	EdDSA: { kty: "OKP", crv: "Ed25519" },
	ES256: { kty: "EC", crv: "P-256" },
	// RFC 7518 §3.3 and §3.5: 2048 bits or more, which are 342 characters.
	RS256: { kty: "RSA", n: expect.stringMatching(/^[\w-]{342}$/), e: "AQAB" },
	PS256: { kty: "RSA", n: expect.stringMatching(/^[\w-]{342}$/), e: "AQAB" },
};

describe("access tokens (RFC 9068)", () => {
	test("§2: header and claims", async () => {
		const { accessToken } = await granted(webApp, { scope: "environments:read" });
		const { protectedHeader, payload } = await verifyElsewhere(accessToken);
		const [current] = await accessTokenKeys();
		expect(protectedHeader).toEqual({ alg: "ES256", kid: current?.kid, typ: "at+jwt" });
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
		const { body: told } = await ask("/.well-known/openid-configuration");
		expect(told.id_token_signing_alg_values_supported).toEqual(
			expect.arrayContaining([...new Set(keys.map((key) => key.alg))]),
		);
		for (const key of keys) {
			// The members of RFC 7518 §6.2.1, §6.3.1 and RFC 8037 §2 alone: nothing private, and nothing that nobody asked for.
			expect(Object.keys(key).toSorted()).toEqual(
				["alg", "kid", "use", ...(publicMembers[key.kty ?? ""] ?? [])].toSorted(),
			);
			expect(key).toMatchObject({ use: "sig", ...(shapes[key.alg ?? ""] ?? { alg: "a known algorithm" }) });
		}
		// One that signs, and one that will.
		for (const alg of ["RS256", "ES256"]) expect(keys.filter((key) => key.alg === alg)).toHaveLength(2);
		expect(new Set(keys.map((key) => key.kid)).size).toBe(keys.length);
	});
});

describe("key rotation", () => {
	test("what was published as next signs; what had signed is verified until it has expired", async () => {
		const before = await granted(demo.integration);
		const [current, next] = await accessTokenKeys();
		await advance(29 * day);
		await runCron();
		expect((await accessTokenKeys()).map((key) => key.kid)).toEqual([current?.kid, next?.kid]);

		const last = tokensOf(await refresh(before.refreshToken));
		await advance(day - 1);
		await runCron();
		const fresh = tokensOf(await refresh(before.refreshToken));
		expect((await verifyElsewhere(fresh.accessToken)).protectedHeader.kid).toBe(current?.kid);
		await advance(1);
		await runCron();
		const keys = await accessTokenKeys();
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
		expect((await accessTokenKeys()).map((key) => key.kid)).not.toContain(current?.kid);
	});

	test("contract 001: a login token is the same bytes while its session lives, whatever signs now", async () => {
		const api_key = (await aKey()).secret;
		await advance(30 * day);
		await runCron();
		const [current] = await accessTokenKeys();
		// The session is opened shortly before the keys change.
		await advance(30 * day - 60);
		const token = await loggedIn({ api_key });
		await advance(60);
		await runCron();
		expect((await accessTokenKeys())[0]?.kid).not.toBe(current?.kid);
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
