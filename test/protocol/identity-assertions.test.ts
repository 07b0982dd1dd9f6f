import { describe, expect, test } from "vitest";
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import { idJagType, idTokenType } from "../../src/domain/identity-assertion.ts";
import { accessTokenType } from "../../src/domain/token-exchange.ts";
import { staleness } from "../../src/operations/lookups.ts";
import { aSenderKey, proofOf, tokenRequest } from "../support/dpop.ts";
import { anIntegration, change, create } from "../support/integrations.ts";
import { call, inAcme } from "../support/keys-api.ts";
import { idTokenOf, signedInTo, userinfo } from "../support/openid.ts";
import { formOn, codeOf, signInAnew } from "../support/people.ts";
import { aClient, aPerson } from "../support/registered.ts";
import { type Answer, ask, type Fields, ownPage, postForm, refusal } from "../support/requests.ts";
import { advance, demo, issuer, now, setStanding } from "../support/target.ts";
import {
	askForToken,
	authorizePath,
	claimsOf,
	exchange,
	introspect,
	type Registered,
	revoke,
	tokensOf,
} from "../support/tokens.ts";

// Identity Assertion JWT Authorization Grant (ID-JAG): latchkey as the identity provider.

const { acme } = demo.accounts;
const grantType = "urn:ietf:params:oauth:grant-type:token-exchange";
const audience = "https://chat.example/oauth";
const rule = `${audience} client-there chat.history chat.read`;

function anAgent(identityAssertions: readonly string[] = [rule]): Promise<Registered> {
	return aClient(demo.webApp, { options: { identityAssertions } });
}

/** Somebody of Acme who has signed in to it. */
async function somebody(agent: Registered) {
	const who = await aPerson({ [acme]: "member" });
	const cookie = await signInAnew(who);
	return { who, cookie, ...(await allowed(agent, cookie)) };
}

/** Whoever is signed in allows it. */
async function allowed(agent: Registered, cookie: string) {
	const page = await ask(authorizePath(agent, { scope: "openid" }), { headers: { cookie } });
	const { action, hidden } = formOn(page, "decision");
	const code = codeOf(await postForm(action, { ...hidden, decision: "allow" }, { cookie, ...ownPage }));
	const answer = await exchange(code, { client: agent });
	return { idToken: idTokenOf(answer), tokens: tokensOf(answer) };
}

function askFor(idToken: string, client: Registered, fields: Fields = {}): Promise<Answer> {
	const asked = { requested_token_type: idJagType, audience, subject_token: idToken, subject_token_type: idTokenType };
	return askForToken({ client }, { grant_type: grantType, ...asked, ...fields });
}

async function verified(token: string) {
	const published: JSONWebKeySet = JSON.parse((await ask("/.well-known/jwks.json")).text);
	return jwtVerify(token, createLocalJWKSet(published), {
		issuer,
		audience,
		typ: "oauth-id-jag+jwt",
		currentDate: new Date(now() * 1000),
	});
}

describe("ID-JAG §3.1, §4.3.4: what is issued", () => {
	test("an assertion for that server alone, of its type, for five minutes; nothing that is a token here", async () => {
		const agent = await anAgent();
		const { who, idToken } = await somebody(agent);
		const { status, body, headers } = await askFor(idToken, agent, {
			scope: "chat.read",
			resource: "https://api.chat.example/",
		});
		expect([status, headers.get("cache-control")]).toEqual([200, "no-store"]);
		expect(body).toEqual({
			access_token: expect.any(String),
			issued_token_type: idJagType,
			token_type: "N_A",
			expires_in: 300,
			scope: "chat.read",
		});
		const { payload } = await verified(String(body.access_token));
		expect(payload).toEqual({
			iss: issuer,
			sub: who.id,
			aud: audience,
			client_id: "client-there",
			jti: expect.stringMatching(/^[\w-]{22}$/),
			iat: now(),
			exp: now() + 300,
			scope: "chat.read",
			resource: "https://api.chat.example/",
			auth_time: claimsOf(idToken).auth_time,
			acr: claimsOf(idToken).acr,
			amr: claimsOf(idToken).amr,
		});
		const again = await askFor(idToken, agent);
		expect(claimsOf(String(again.body.access_token)).jti).not.toBe(payload.jti);
	});

	test("ID-JAG, Proof-of-Possession During Token Exchange: with a proof it is bound to its key", async () => {
		const agent = await anAgent();
		const { idToken } = await somebody(agent);
		const key = await aSenderKey();
		const asked = {
			requested_token_type: idJagType,
			audience,
			subject_token: idToken,
			subject_token_type: idTokenType,
		};
		const headers = { dpop: await proofOf(key, tokenRequest) };
		const { status, body } = await askForToken({ client: agent, headers }, { grant_type: grantType, ...asked });
		expect([status, body.token_type]).toEqual([200, "N_A"]);
		expect((await verified(String(body.access_token))).payload.cnf).toEqual({ jkt: key.thumbprint });
	});

	test("it opens nothing here, and is no id_token", async () => {
		const agent = await anAgent();
		const { idToken } = await somebody(agent);
		const token = String((await askFor(idToken, agent)).body.access_token);
		expect((await userinfo(token)).status).toBe(401);
		expect(await introspect(token, agent)).toEqual({ active: false });
		expect(refusal(await ask(`/oauth/logout?id_token_hint=${token}`))).toBe("400 Wrong id_token_hint");
		expect(refusal(await askFor(token, agent))).toBe("400 invalid_request");
	});

	test("§4.3.3: of the scope what the account allows, all of it where nothing is asked for; and it is noted", async () => {
		const agent = await anAgent();
		const { who, idToken } = await somebody(agent);
		expect((await askFor(idToken, agent, { scope: "chat.read chat.admin" })).body.scope).toBe("chat.read");
		expect((await askFor(idToken, agent)).body.scope).toBe("chat.history chat.read");
		expect(refusal(await askFor(idToken, agent, { scope: "chat.admin" }))).toBe("400 invalid_scope");
		const { text } = await call("GET", "/v1/audit?action=id_jag.issue", undefined, await inAcme());
		const { entries } = JSON.parse(text) as { entries: readonly Record<string, unknown>[] };
		expect(entries.filter(({ target }) => target === agent.client.id)).toMatchObject([
			{ actor: who.id, detail: { audience, scope: "chat.history chat.read" } },
			{ actor: who.id, detail: { audience, scope: "chat.read" } },
		]);
	});
});

describe("ID-JAG §4.3.3: what is refused", () => {
	test("a server that the account did not name, or that is named almost so", async () => {
		const agent = await anAgent();
		const { idToken } = await somebody(agent);
		for (const other of ["https://chat.example", `${audience}/`, "https://CHAT.example/oauth", issuer]) {
			expect(refusal(await askFor(idToken, agent, { audience: other }))).toBe("400 invalid_target");
		}
		expect(refusal(await askFor(idToken, agent, { audience: undefined }))).toBe("400 invalid_request");
	});

	test("a client that nobody let have any, and one that is public", async () => {
		const [agent, plain] = [await anAgent(), await aClient(demo.webApp)];
		const { idToken } = await somebody(plain);
		expect(refusal(await askFor(idToken, plain))).toBe("400 unauthorized_client");
		const open = await aClient(demo.nativeApp, { options: { identityAssertions: [rule] } });
		const theirs = await signedInTo(open);
		expect(refusal(await askFor(theirs.idToken, open))).toBe("400 unauthorized_client");
		// §4.3.3: an id_token of another client's.
		expect(refusal(await askFor(idToken, agent))).toBe("400 invalid_request");
	});

	test("an id_token whose time is over, that was altered, or that is none", async () => {
		const agent = await anAgent();
		const { idToken } = await somebody(agent);
		const { accessToken } = await signedInTo(agent);
		for (const bad of [`${idToken.slice(0, -4)}AAAA`, accessToken, "x", `${idToken}.`]) {
			expect(refusal(await askFor(bad, agent))).toBe("400 invalid_request");
		}
		await advance(3601);
		expect(refusal(await askFor(idToken, agent))).toBe("400 invalid_request");
	});

	test("somebody who has signed out, though their id_token is good still", async () => {
		const agent = await anAgent();
		const { cookie, idToken } = await somebody(agent);
		const { action, hidden } = formOn(await ask("/oauth/logout", { headers: { cookie } }), "decision");
		await postForm(action, { ...hidden, decision: "sign_out" }, { cookie, ...ownPage });
		expect(refusal(await askFor(idToken, agent))).toBe("400 invalid_request");
	});

	test("§4.3.3: somebody who took back what they allowed the client, though they are signed in still", async () => {
		const agent = await anAgent();
		const { who, cookie, idToken, tokens } = await somebody(agent);
		expect((await askFor(idToken, agent)).status).toBe(200);
		expect((await revoke(tokens.refreshToken ?? "", agent)).status).toBe(200);
		expect(refusal(await askFor(idToken, agent))).toBe("400 invalid_request");
		// Allowed anew, by the same sign-in, the client has a new one, and the old one stays what it is.
		await advance(120);
		const again = await allowed(agent, cookie);
		expect((await askFor(again.idToken, agent)).status).toBe(200);
		expect(refusal(await askFor(idToken, agent))).toBe("400 invalid_request");
		expect(claimsOf(again.idToken)).toMatchObject({ sub: who.id, sid: claimsOf(idToken).sid });
	});

	test("somebody who does not belong to the client's account, or not any more", async () => {
		const agent = await anAgent();
		const { who, idToken } = await somebody(agent);
		expect((await askFor(idToken, agent)).status).toBe(200);
		const of = { kind: "membership", personId: who.id, accountId: acme } as const;
		await setStanding(of, { state: "ended", notBefore: now() + 1 });
		await advance(staleness + 1);
		expect(refusal(await askFor(idToken, agent))).toBe("400 invalid_request");
	});

	test("another type, an actor, authorization_details, two audiences, a resource that is none", async () => {
		const agent = await anAgent();
		const { idToken } = await somebody(agent);
		const wrong: readonly [Fields, string][] = [
			[{ subject_token_type: accessTokenType }, "400 invalid_request"],
			[{ subject_token_type: undefined }, "400 invalid_request"],
			[{ subject_token: undefined }, "400 invalid_request"],
			[{ actor_token: idToken, actor_token_type: idTokenType }, "400 invalid_request"],
			// What would narrow it is not passed over: whoever asked for less would be given all of it.
			[{ authorization_details: '[{"type":"chat_read"}]' }, "400 invalid_request"],
			[{ resource: "not a URI" }, "400 invalid_target"],
			[{ scope: "a\tb" }, "400 invalid_scope"],
		];
		for (const [fields, told] of wrong) expect(refusal(await askFor(idToken, agent, fields))).toBe(told);
		// What is asked for without it is an access token, for which an id_token is none.
		expect(refusal(await askFor(idToken, agent, { requested_token_type: undefined }))).toBe("400 invalid_request");
	});
});

describe("what people say of it", () => {
	const application = { kind: "application", redirect_urls: ["https://radar.example/done"], scopes: ["openid"] };

	test("ID-JAG §7.1: the metadata says what is issued for other servers", async () => {
		const { body } = await ask("/.well-known/oauth-authorization-server");
		expect(body.identity_chaining_requested_token_types_supported).toEqual([idJagType]);
	});

	test("by the JSON API: kept, changed, taken away", async () => {
		const made = await anIntegration({ ...application, identity_assertions: [rule] });
		expect((await change(made, { identity_assertions: [] })).body.identity_assertions).toEqual([]);
		expect((await change(made, { identity_assertions: [rule] })).body.identity_assertions).toEqual([rule]);
	});

	test.each([
		audience,
		`${audience} client`,
		"http://chat.example client scope",
		"https://10.0.0.1 client scope",
		`${issuer} client scope`,
		"https://chat.example?x client scope",
		"https://chat.example#x client scope",
		'https://chat.example client sc"ope',
	])("%j is refused", async (wrong) => {
		const { status, body } = await create({ ...application, identity_assertions: [wrong] });
		expect([status, body.errors]).toMatchObject([400, [{ field: "identity_assertions" }]]);
	});

	test("a public client has none, and software cannot say it of itself", async () => {
		const open = await create({ ...application, client_type: "public", identity_assertions: [rule] });
		expect(open.status).toBe(400);
		const registered = await ask("/oauth/register", {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: JSON.stringify({ redirect_uris: ["https://radar.example/cb"], identity_assertions: [rule] }),
		});
		expect([registered.status, "identity_assertions" in registered.body]).toEqual([201, false]);
	});
});
