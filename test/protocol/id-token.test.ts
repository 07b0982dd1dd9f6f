import { describe, expect, test } from "vitest";
import { identityClaims } from "../../src/domain/identity.ts";
import { ringAlgorithms } from "../../src/domain/signing-key-ring.ts";
import { staleness } from "../../src/operations/lookups.ts";
import { loggedIn } from "../support/logins.ts";
import { idTokenOf, signedInTo, userinfo, verifiedBy } from "../support/openid.ts";
import { grace } from "../support/people.ts";
import { aClient, aPerson } from "../support/registered.ts";
import { ask, bearer, times } from "../support/requests.ts";
import { advance, demo, issuer, keyRing, now } from "../support/target.ts";
import { authorized, claimsOf, exchange, granted, refresh, tokensOf } from "../support/tokens.ts";

const { webApp, nativeApp } = demo;

/** OIDC Core §3.1.3.6, worked out anew. */
async function halfOf(hash: "SHA-256" | "SHA-512", token: string): Promise<string> {
	const whole = new Uint8Array(await crypto.subtle.digest(hash, new TextEncoder().encode(token)));
	return whole.slice(0, hash === "SHA-256" ? 16 : 32).toBase64({ alphabet: "base64url", omitPadding: true });
}

/** What an id_token tells of the person, beside who they are. */
function personalIn(idToken: string): Readonly<Record<string, unknown>> {
	const personal: readonly string[] = identityClaims;
	return Object.fromEntries(Object.entries(claimsOf(idToken)).filter(([name]) => personal.includes(name)));
}

test("DESIGN §3.1: no key is made to sign for a client that can get no id_token", async () => {
	const client = await aClient(webApp, { scope: ["events:read"], options: { idTokenAlg: "PS256" } });
	const { refreshToken } = await granted(client, { scope: "events:read" });
	tokensOf(await refresh(refreshToken, { client }));
	expect(await keyRing("PS256")).toBeNull();
});

describe("OIDC Core §3.1.3.3: the id_token of a code exchange", () => {
	test("§2: says who signed in, when, how, to whom and for which request, and no more", async () => {
		const { idToken, accessToken } = await signedInTo(webApp, { nonce: "n-0S6_WzA2Mj" });
		const { payload, protectedHeader } = await verifiedBy(webApp, idToken);
		expect(payload).toEqual({
			iss: issuer,
			sub: demo.people[0]?.id,
			aud: webApp.client.id,
			iat: now(),
			exp: now() + 3600,
			auth_time: expect.any(Number),
			acr: "pwd",
			amr: ["pwd"],
			nonce: "n-0S6_WzA2Mj",
			at_hash: await halfOf("SHA-256", accessToken),
			sid: expect.stringMatching(/^[\w-]{22}$/),
		});
		expect(Number(payload.auth_time)).toBeLessThanOrEqual(now());
		expect(protectedHeader).toEqual({ alg: "RS256", kid: expect.stringMatching(/^[\w-]{43}$/), typ: "JWT" });
	});

	test("§2: no nonce where the request had none", async () => {
		expect(claimsOf((await signedInTo(webApp)).idToken)).not.toHaveProperty("nonce");
	});

	test("§5.3.2: its subject is that of the access token", async () => {
		const { idToken, accessToken } = await signedInTo(webApp, {}, { who: grace, account: demo.accounts.acme });
		expect(claimsOf(idToken).sub).toBe(demo.people[1]?.id);
		expect(claimsOf(accessToken).sub).toBe(demo.people[1]?.id);
	});

	test("§2: auth_time is when the person signed in, however often they consent after it", async () => {
		const first = claimsOf((await signedInTo(webApp)).idToken);
		await advance(90);
		const second = claimsOf((await signedInTo(webApp)).idToken);
		expect(second.auth_time).toBe(first.auth_time);
		expect(second.sid).toBe(first.sid);
		expect(second.iat).toBe(Number(first.iat) + 90);
	});

	test("§3.1.2.1: without openid it is no OpenID Connect, and there is none", async () => {
		for (const scope of ["events:read", undefined]) {
			const answer = await exchange(await authorized(webApp, { scope, nonce: "n" }), { client: webApp });
			expect([answer.status, Object.hasOwn(answer.body, "id_token")]).toEqual([200, false]);
		}
	});

	test("a public client gets one as well", async () => {
		const { idToken } = await signedInTo(nativeApp);
		expect((await verifiedBy(nativeApp, idToken)).payload.aud).toBe(nativeApp.client.id);
	});

	test.each(["camel", "snake", "form"] as const)("contract 000 has no member for it (%s)", async (dialect) => {
		const code = await authorized(webApp, { scope: "openid" });
		const { status, body } = await exchange(code, { client: webApp, dialect });
		expect(status).toBe(200);
		const standard = ["access_token", "token_type", "expires_in", "refresh_token", "id_token", "scope"];
		const camel = ["accessToken", "refreshToken", "expiresIn", "tokenType"];
		expect(Object.keys(body)).toEqual(dialect === "camel" ? camel : standard);
	});

	test("whatever refuses the exchange gives none, and a replay takes nothing away from what it says", async () => {
		const code = await authorized(webApp, { scope: "openid" });
		const refused = await exchange(code, { client: webApp, fields: { redirect_uri: "https://evil.example" } });
		expect([refused.status, refused.body.id_token]).toEqual([400, undefined]);
		const answers = await Promise.all(times(5, () => exchange(code, { client: webApp })));
		expect(answers.filter(({ body }) => Object.hasOwn(body, "id_token"))).toHaveLength(1);
	});
});

describe("OIDC Registration §2: id_token_signed_response_alg", () => {
	test.each(ringAlgorithms)("%s: by that algorithm, with at_hash by its hash", async (idTokenAlg) => {
		const client = await aClient(webApp, { options: { idTokenAlg } });
		const { idToken, accessToken } = await signedInTo(client);
		const { payload, protectedHeader } = await verifiedBy(client, idToken, idTokenAlg);
		expect(protectedHeader).toMatchObject({ alg: idTokenAlg, typ: "JWT" });
		// Ed25519 has SHA-512 inside.
		expect(payload.at_hash).toBe(await halfOf(idTokenAlg === "EdDSA" ? "SHA-512" : "SHA-256", accessToken));
		const renewed = idTokenOf(await refresh((await signedInTo(client)).refreshToken, { client }));
		expect((await verifiedBy(client, renewed, idTokenAlg)).protectedHeader.alg).toBe(idTokenAlg);
	});
});

describe("OIDC Core §5: claims", () => {
	// Authlib 1.9.10 (`token["userinfo"]` of its Flask client) and go-oidc 3.21.0, as its README has it, take name and e-mail address from
	// the id_token, and do not ask UserInfo.
	test("§5.4: what the granted scopes stand for is told in here as it is at UserInfo, at the exchange and at a refresh", async () => {
		for (const scope of ["openid", "openid email", "openid profile email address phone"]) {
			const { idToken, accessToken, refreshToken } = await signedInTo(webApp, { scope });
			const { sub, ...told } = (await userinfo(accessToken)).body;
			expect(sub).toBe(claimsOf(idToken).sub);
			expect(personalIn(idToken)).toEqual(told);
			expect(personalIn(idTokenOf(await refresh(refreshToken, { client: webApp })))).toEqual(told);
		}
	});

	test("§5.4: and nothing of a scope that was not granted, or that a refresh leaves out", async () => {
		const { idToken, refreshToken } = await signedInTo(webApp, { scope: "openid email phone" });
		const told = ["email", "email_verified", "phone_number", "phone_number_verified"];
		expect(Object.keys(personalIn(idToken)).toSorted()).toEqual(told);
		const narrowed = await refresh(refreshToken, { client: webApp, fields: { scope: "openid phone" } });
		expect(Object.keys(personalIn(idTokenOf(narrowed))).toSorted()).toEqual(told.slice(2));
	});

	test("include_claims_in_id_token: a client that says no gets what it asks for by name alone", async () => {
		const client = await aClient(webApp, { options: { claimsInIdToken: false } });
		const claims = JSON.stringify({ id_token: { name: null } });
		const { idToken, refreshToken, accessToken } = await signedInTo(client, { scope: "openid email", claims });
		expect(personalIn(idToken)).toEqual({ name: "Ada Lovelace" });
		expect(personalIn(idTokenOf(await refresh(refreshToken, { client })))).toEqual({ name: "Ada Lovelace" });
		expect((await userinfo(accessToken)).body).toMatchObject({ email: "ada@acme.example" });
	});

	test("the longest profile there may be: what fits is told, the shortest first, and the token is still taken as a hint", async () => {
		const who = await aPerson({ [demo.accounts.acme]: "member" });
		const long = "https://long.example/".padEnd(2048, "x");
		const body = { email: "e@long.example", picture: long, profile: long, website: long };
		const token = await loggedIn({ ...who, account: "acme" });
		const put = await ask("/v1/profile", {
			method: "PUT",
			headers: { ...bearer(token), "content-type": "application/json" },
			body: JSON.stringify({ ...body, given_name: "é".repeat(100), family_name: "ü".repeat(100) }),
		});
		expect(put.status).toBe(200);
		await advance(staleness + 1);
		const { idToken } = await signedInTo(webApp, { scope: "openid profile email" }, { who });
		const told = personalIn(idToken);
		expect(told).toMatchObject({ email: "e@long.example", preferred_username: who.username });
		expect(["picture", "profile", "website"].filter((name) => name in told)).toHaveLength(1);
		expect(idToken.length).toBeLessThan(8192);
		const page = await ask(`/oauth/logout?${new URLSearchParams({ id_token_hint: idToken })}`);
		expect([page.status, page.text.includes("Wrong id_token_hint")]).toEqual([200, false]);
	});

	test("§5.5: what the request asked for by name, for the id_token, is in it", async () => {
		const claims = JSON.stringify({
			id_token: { email: null, name: { essential: true } },
			userinfo: { nickname: null },
		});
		const { idToken } = await signedInTo(webApp, { claims });
		expect(personalIn(idToken)).toEqual({ name: "Ada Lovelace", email: "ada@acme.example" });
	});

	test("§5.5: a claim's name cannot take the place of what we say ourselves", async () => {
		const claims = JSON.stringify({ id_token: { sub: null, iss: null, aud: null, exp: null, sid: null, scope: null } });
		const { payload } = await verifiedBy(webApp, (await signedInTo(webApp, { claims })).idToken);
		expect(payload).toMatchObject({ iss: issuer, sub: demo.people[0]?.id, aud: webApp.client.id });
		expect(payload).not.toHaveProperty("scope");
	});

	test("§5.3.2: a claim without a value is left out", async () => {
		const claims = JSON.stringify({ id_token: { email: { essential: true }, address: null, name: null } });
		const { idToken } = await signedInTo(webApp, { claims }, { who: grace, account: demo.accounts.acme });
		expect(Object.keys(personalIn(idToken))).toEqual(["name"]);
	});
});

describe("OIDC Core §12.2: the id_token of a refresh", () => {
	test("the same person, sign-in and client at a later time, with the new access token, and without the nonce", async () => {
		const first = await signedInTo(webApp, { nonce: "once" });
		const before = claimsOf(first.idToken);
		await advance(60);
		const answer = await refresh(first.refreshToken, { client: webApp });
		const { payload } = await verifiedBy(webApp, idTokenOf(answer));
		const { nonce, ...rest } = before;
		expect(nonce).toBe("once");
		expect(payload).toEqual({
			...rest,
			iat: now(),
			exp: now() + 3600,
			at_hash: await halfOf("SHA-256", tokensOf(answer).accessToken),
		});
	});

	test("claims that were asked for are in it again", async () => {
		const claims = JSON.stringify({ id_token: { email: null } });
		const { refreshToken } = await signedInTo(webApp, { claims });
		expect(claimsOf(idTokenOf(await refresh(refreshToken, { client: webApp }))).email).toBe("ada@acme.example");
	});

	test("generation after generation", async () => {
		let { refreshToken, idToken } = await signedInTo(webApp);
		const { auth_time, sid } = claimsOf(idToken);
		for (let generation = 0; generation < 3; generation++) {
			await advance(1000);
			const answer = await refresh(refreshToken, { client: webApp });
			refreshToken = tokensOf(answer).refreshToken ?? "";
			idToken = idTokenOf(answer);
			expect(claimsOf(idToken)).toMatchObject({ auth_time, sid, iat: now() });
		}
	});

	test("a retry within the window gets one of its own, for the access token that it gets", async () => {
		const { refreshToken } = await signedInTo(webApp);
		const answers = await Promise.all(times(5, () => refresh(refreshToken, { client: webApp })));
		for (const answer of answers) {
			const { at_hash } = claimsOf(idTokenOf(answer));
			expect(at_hash).toBe(await halfOf("SHA-256", tokensOf(answer).accessToken));
		}
	});

	test("a client that keeps its refresh token gets one too", async () => {
		const client = await aClient(webApp, { rotation: "keep" });
		const { refreshToken } = await signedInTo(client);
		const answer = await refresh(refreshToken, { client });
		expect(tokensOf(answer).refreshToken).toBeNull();
		expect((await verifiedBy(client, idTokenOf(answer))).payload.sub).toBe(demo.people[0]?.id);
	});

	test("RFC 6749 §6: where the scope is narrowed to none of openid there is none, until it is asked for again", async () => {
		const { refreshToken } = await signedInTo(webApp, { scope: "openid events:read" });
		const narrow = await refresh(refreshToken, { client: webApp, fields: { scope: "events:read" } });
		expect([narrow.status, narrow.body.id_token]).toEqual([200, undefined]);
		const whole = await refresh(tokensOf(narrow).refreshToken ?? "", { client: webApp });
		expect(claimsOf(idTokenOf(whole)).sub).toBe(demo.people[0]?.id);
	});

	test("a grant without openid never gets one", async () => {
		const { refreshToken } = await granted(webApp, { scope: "events:read" });
		const answer = await refresh(refreshToken, { client: webApp });
		expect([answer.status, answer.body.id_token]).toEqual([200, undefined]);
		const widened = await refresh(tokensOf(answer).refreshToken ?? "", {
			client: webApp,
			fields: { scope: "openid events:read" },
		});
		expect([widened.status, widened.body.error]).toEqual([400, "invalid_scope"]);
	});

	test("contract 000 has no member for it", async () => {
		const { refreshToken } = await signedInTo(webApp);
		const { body } = await refresh(refreshToken, { client: webApp, dialect: "camel" });
		expect(Object.keys(body)).toEqual(["accessToken", "refreshToken", "expiresIn", "tokenType"]);
	});
});
