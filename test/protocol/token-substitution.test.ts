import { beforeAll, describe, expect, test } from "vitest";
import { randomId, systemRandom } from "../../src/crypto/random.ts";
import { ringAlgorithms } from "../../src/domain/signing-key-ring.ts";
import { loggedIn } from "../support/logins.ts";
import { signedInTo, userinfo } from "../support/openid.ts";
import { aClient } from "../support/registered.ts";
import { type Answer, ask, bearer, refusal } from "../support/requests.ts";
import { signedByUs } from "../support/signed-by-us.ts";
import { demo } from "../support/target.ts";
import {
	authorized,
	claimsOf,
	environments,
	exchange,
	granted,
	introspect,
	refresh,
	type Registered,
	revoke,
	tokensOf,
} from "../support/tokens.ts";

const { webApp } = demo;

/** What comes of one thing in the place of an access token, wherever one is taken. */
async function asAccessToken(token: string, client: Registered = webApp) {
	return {
		resource: refusal(await environments(token)),
		management: refusal(await ask("/v1/keys", { headers: bearer(token) })),
		userinfo: refusal(await userinfo(token)),
		sessions: refusal(await ask("/auth/sessions", { headers: bearer(token) })),
		introspection: await introspect(token, client),
	};
}

const refused = {
	resource: "401 invalid_token",
	management: "401 Unauthorized",
	userinfo: "401 invalid_token",
	sessions: "401 Unauthorized",
	introspection: { active: false },
};

/** A part of a JWT. */
function encoded(part: object): string {
	return new TextEncoder().encode(JSON.stringify(part)).toBase64({ alphabet: "base64url", omitPadding: true });
}

/** In the place of a code and of a refresh token. */
async function asGrant(token: string, client: Registered = webApp): Promise<readonly string[]> {
	return [refusal(await exchange(token, { client })), refusal(await refresh(token, { client }))];
}

const noGrant = ["400 invalid_grant", "400 invalid_grant"];

async function good(client: Registered = webApp) {
	const tokens = await signedInTo(client, { scope: "openid environments:read keys:read" });
	return { ...tokens, code: await authorized(client, { scope: "openid" }) };
}

describe("RFC 9700 §2.3: an id_token is for its client to read, and opens nothing", () => {
	test.each(ringAlgorithms)("signed with %s", async (idTokenAlg) => {
		const client = await aClient(webApp, { options: { idTokenAlg } });
		const { idToken, accessToken } = await good(client);
		expect(await asAccessToken(idToken, client)).toEqual(refused);
		expect(await asGrant(idToken, client)).toEqual(noGrant);
		expect((await environments(accessToken)).status).toBe(200);
	});

	test("RFC 7009 §2.2: and revokes nothing", async () => {
		for (const idTokenAlg of ["RS256", "EdDSA"] as const) {
			const client = await aClient(webApp, { options: { idTokenAlg } });
			const { idToken, accessToken, refreshToken } = await good(client);
			const answer = await revoke(idToken, client);
			expect([answer.status, answer.text]).toEqual([200, ""]);
			expect((await environments(accessToken)).status).toBe(200);
			expect((await refresh(refreshToken, { client })).status).toBe(200);
		}
	});
});

describe("each token is good for its own purpose", () => {
	test("a refresh token or a code is no access token", async () => {
		const { refreshToken, code } = await good();
		// Introspection is told what a refresh token is, and that a code is none.
		const { introspection: told, ...rest } = await asAccessToken(refreshToken);
		expect(rest).toEqual({
			...rest,
			resource: refused.resource,
			userinfo: refused.userinfo,
			sessions: refused.sessions,
		});
		expect(rest.management).toBe(refused.management);
		expect(told).toMatchObject({ active: true, token_type: "refresh_token" });
		expect(await asAccessToken(code)).toEqual(refused);
		expect((await exchange(code, { client: webApp })).status).toBe(200);
	});

	test("a code is no refresh token, nor a refresh token a code, and neither is spent by the attempt", async () => {
		const { refreshToken, code } = await good();
		expect(refusal(await refresh(code, { client: webApp }))).toBe("400 invalid_grant");
		expect(refusal(await exchange(refreshToken, { client: webApp }))).toBe("400 invalid_grant");
		expect((await exchange(code, { client: webApp })).status).toBe(200);
		expect((await refresh(refreshToken, { client: webApp })).status).toBe(200);
	});

	test("one cannot be made into the other by its prefix", async () => {
		const { refreshToken, code } = await good();
		const swapped = [refreshToken.replace(/^lkr_/, "lkc_"), code.replace(/^lkc_/, "lkr_")];
		expect(swapped).not.toContain(refreshToken);
		expect(swapped).not.toContain(code);
		for (const each of swapped) {
			expect(await asGrant(each)).toEqual(noGrant);
			expect(await asAccessToken(each)).toEqual(refused);
		}
	});

	test("an access token is neither code nor refresh token", async () => {
		const { accessToken } = await good();
		expect(await asGrant(accessToken)).toEqual(noGrant);
		expect((await environments(accessToken)).status).toBe(200);
	});

	test("an access code is no bearer token of OAuth", async () => {
		const { accessCode } = demo.apiKey;
		expect(refusal(await environments(accessCode))).toBe("401 invalid_token");
		expect(refusal(await userinfo(accessCode))).toBe("401 invalid_token");
		expect(await introspect(accessCode, webApp)).toEqual({ active: false });
		expect(await asGrant(accessCode)).toEqual(noGrant);
	});

	test("a login token has not the scope openid, and is another client's to introspect", async () => {
		const login = await loggedIn({ api_key: demo.apiKey.accessCode });
		expect(refusal(await userinfo(login))).toBe("403 insufficient_scope");
		expect(await introspect(login, webApp)).toEqual({ active: false });
		expect(await asGrant(login)).toEqual(noGrant);
	});
});

describe("RFC 8725 §3.11, RFC 9068 §4: what is signed for one use cannot be forged into another", () => {
	let claims: Record<string, unknown>;
	let idClaims: Record<string, unknown>;

	beforeAll(async () => {
		const { accessToken, idToken } = await good();
		claims = claimsOf(accessToken);
		idClaims = claimsOf(idToken);
		// Every ring is made when its keys are first asked for.
		await ask("/.well-known/jwks.json");
	});

	test("the claims of an access token, under its key and typ, are good: what follows fails for what it is", async () => {
		expect((await environments(await signedByUs(claims))).status).toBe(200);
	});

	test.each(["RS256", "ES256"] as const)(
		"§4: a key signs id_tokens and access tokens (%s), and `typ` says which",
		async (alg) => {
			for (const typ of ["JWT", ""]) {
				expect([typ, await asAccessToken(await signedByUs(claims, { alg, typ }))]).toEqual([typ, refused]);
			}
			expect((await environments(await signedByUs(claims, { alg }))).status).toBe(200);
		},
	);

	test.each(["JWT", "", "id_token+jwt", "jwt", "secevent+jwt"])(
		"§4: typ %j under the key of access tokens",
		async (typ) => {
			expect(await asAccessToken(await signedByUs(claims, { typ }))).toEqual(refused);
		},
	);

	test("an id_token with the typ of an access token lacks what one needs", async () => {
		expect(await asAccessToken(await signedByUs(idClaims))).toEqual(refused);
		// Even where it says all of it, it is for the client.
		const mixed = { ...idClaims, ...claims, aud: webApp.client.id, jti: randomId(systemRandom) };
		const { introspection, ...rest } = await asAccessToken(await signedByUs(mixed));
		expect({ ...rest, introspection: refused.introspection }).toEqual(refused);
		expect(introspection).toMatchObject({ aud: [webApp.client.id] });
	});

	test.each(["none", "NONE", "nOnE"])("RFC 8725 §2.1: alg %s", async (alg) => {
		for (const each of [claims, idClaims]) {
			const token = `${encoded({ alg, typ: "at+jwt" })}.${encoded(each)}.`;
			expect(await asAccessToken(token)).toEqual(refused);
			expect((await revoke(token, webApp)).status).toBe(200);
		}
	});

	test("RFC 9068 §4: a key's own claim to another algorithm is not believed", async () => {
		const token = await signedByUs(claims);
		const [, payload, signature] = token.split(".");
		const { kid } = JSON.parse(atob(token.split(".")[0] ?? ""));
		for (const alg of ["RS256", "HS256", "Ed25519", "EdDSA", "PS256", "ES384", "ES256K"]) {
			const head = encoded({ alg, kid, typ: "at+jwt" });
			expect([alg, await asAccessToken(`${head}.${payload}.${signature}`)]).toEqual([alg, refused]);
		}
	});
});

describe("a token of one client is of no use to another", () => {
	test("RFC 6749 §6, §4.1.3: neither its code nor its refresh token", async () => {
		const { refreshToken, code, accessToken } = await good();
		const stranger = await aClient(webApp);
		expect(refusal(await exchange(code, { client: stranger }))).toBe("400 invalid_grant");
		expect(refusal(await refresh(refreshToken, { client: stranger }))).toBe("400 invalid_grant");
		for (const each of [code, refreshToken, accessToken]) {
			expect(await introspect(each, stranger)).toEqual({ active: false });
			expect((await revoke(each, stranger)).status).toBe(200);
		}
		expect((await exchange(code, { client: webApp })).status).toBe(200);
		expect((await refresh(refreshToken, { client: webApp })).status).toBe(200);
		expect((await environments(accessToken)).status).toBe(200);
	});

	test("RFC 7009 §2.1: an access token ends alone, a refresh token with its whole grant", async () => {
		const { accessToken, refreshToken } = await good();
		const later = tokensOf(await refresh(refreshToken, { client: webApp }));
		await revoke(accessToken, webApp);
		expect(refusal(await environments(accessToken))).toBe("401 invalid_token");
		expect((await environments(later.accessToken)).status).toBe(200);
		await revoke(later.refreshToken ?? "", webApp);
		expect(refusal(await environments(later.accessToken))).toBe("401 invalid_token");
		const other: Answer = await refresh(later.refreshToken ?? "", { client: webApp });
		expect(refusal(other)).toBe("400 invalid_grant");
		expect((await environments((await granted(webApp)).accessToken)).status).toBe(200);
	});
});
