import { describe, expect, test } from "vitest";
import { accessTokenType } from "../../src/domain/token-exchange.ts";
import { staleness } from "../../src/operations/lookups.ts";
import { eventually } from "../support/eventually.ts";
import { anApiOfAcme, grantTo } from "../support/api-grants.ts";
import { anIntegration, call, change, create } from "../support/integrations.ts";
import { loggedIn } from "../support/logins.ts";
import { aClient, anAccount, anApi } from "../support/registered.ts";
import { type Answer, type Fields, post, refusal } from "../support/requests.ts";
import { selfRegistered } from "../support/self-registered.ts";
import { signedByUs } from "../support/signed-by-us.ts";
import { advance, demo, now, setStanding } from "../support/target.ts";
import {
	askForToken,
	authorizePath,
	basicOf,
	claimsOf,
	environments,
	exchange,
	introspect,
	refresh,
	type Registered,
	revoke,
	tokensOf,
} from "../support/tokens.ts";
import { ada, codeOf, decide } from "../support/people.ts";

const { webApp, nativeApp } = demo;
const { acme } = demo.accounts;
const grantType = "urn:ietf:params:oauth:grant-type:token-exchange";

const formMedia = { "content-type": "application/x-www-form-urlencoded" };

function exchangeFor(subjectToken: string, client: Registered, fields: Fields = {}): Promise<Answer> {
	return askForToken(
		{ client },
		{ grant_type: grantType, subject_token: subjectToken, subject_token_type: accessTokenType, ...fields },
	);
}

async function exchanged(subjectToken: string, client: Registered, fields: Fields = {}): Promise<string> {
	return tokensOf(await exchangeFor(subjectToken, client, fields)).accessToken;
}

function machineToken(client: Registered, fields: Fields = {}): Promise<string> {
	const asked = askForToken({ client }, { grant_type: "client_credentials", ...fields });
	return asked.then((answer) => tokensOf(answer).accessToken);
}

/**
 * Two APIs of Acme: `front`, which the server of an application is called at, and `back`, which that server calls in the name of
 * whoever called it. Ada allowed the application something of both, and the server has a token for `front` alone.
 */
async function aChain(scopes: { readonly server?: readonly string[] } = {}) {
	const [front, back] = [await anApiOfAcme(), await anApiOfAcme()];
	const all = [front.read, front.write, back.read, back.write].toSorted();
	const app = await aClient(webApp, { scope: all });
	const server = await aClient(webApp, {
		scope: scopes.server ?? all,
		options: { resources: [front.resource], tokenExchangeApis: [back.resource] },
	});
	const both = [front.resource, back.resource].map((each) => `&resource=${encodeURIComponent(each)}`).join("");
	const path = authorizePath(app, { scope: [front.read, front.write, back.read].join(" ") }) + both;
	const tokens = tokensOf(
		await exchange(codeOf(await decide(path, {})), { client: app, fields: { resource: front.resource } }),
	);
	return { front, back, app, server, token: tokens.accessToken, refreshToken: tokens.refreshToken ?? "" };
}

describe("RFC 8693: a server calls another API in the name of whoever called it", () => {
	test("§2.2.1: the answer has the token, what it is and its scope, and no refresh token", async () => {
		const { back, server, token } = await aChain();
		const answer = await exchangeFor(token, server, { resource: back.resource });
		expect(answer.body).toEqual({
			access_token: expect.any(String),
			issued_token_type: accessTokenType,
			token_type: "Bearer",
			expires_in: 3600,
			scope: back.read,
		});
		expect(answer.headers.get("cache-control")).toBe("no-store");
	});

	test("§4.1: it stands for the person, and says who acts", async () => {
		const { back, server, token } = await aChain();
		const claims = claimsOf(await exchanged(token, server, { resource: back.resource }));
		const { sub } = claimsOf(await machineToken(server));
		expect(claims).toMatchObject({
			sub: claimsOf(token).sub,
			client_id: server.client.id,
			account_id: acme,
			aud: back.resource,
			act: { sub },
		});
		expect(claims.jti).not.toBe(claimsOf(token).jti);
	});

	test("§4.1: introspection tells who acts, to whoever serves the API", async () => {
		const { back, server, token } = await aChain();
		const made = await exchanged(token, server, { audience: back.resource });
		const behind = await aClient(webApp, { options: { resources: [back.resource] } });
		const { act } = claimsOf(made);
		expect(await introspect(made, behind)).toMatchObject({ active: true, scope: back.read, act });
		expect(await introspect(token, server)).not.toHaveProperty("act");
	});

	test("§2.1: audience and resource are one list, each given as often as there are APIs", async () => {
		const { back, front, server, token } = await aChain();
		const more = await aClient(webApp, {
			scope: server.client.scope,
			options: { resources: [front.resource], tokenExchangeApis: [front.resource, back.resource] },
		});
		const form = new URLSearchParams({ grant_type: grantType, subject_token: token });
		form.append("subject_token_type", accessTokenType);
		for (const each of [front.resource, back.resource]) form.append("audience", each);
		form.append("resource", back.resource);
		const answer = await post("/oauth/token", form.toString(), { ...formMedia, ...basicOf(more) });
		expect(claimsOf(tokensOf(answer).accessToken).aud).toEqual([back.resource, front.resource]);
	});

	test("§2.1: a client narrows its own, and nobody acts but itself", async () => {
		const { front, app, token } = await aChain();
		const own = await aClient(webApp, { scope: app.client.scope, options: { tokenExchangeApis: [front.resource] } });
		const mine = (await grantTo(own, { scope: `${front.read} ${front.write}`, resource: front.resource })).accessToken;
		const claims = claimsOf(await exchanged(mine, own, { scope: front.read }));
		expect(claims).toMatchObject({ scope: front.read, aud: front.resource, sub: claimsOf(token).sub });
		expect(claims).not.toHaveProperty("act");
	});

	test("§2.1: an actor_token says who acts, and §4.1: whoever acted before stands within", async () => {
		const { back, server, token } = await aChain();
		const last = await anApiOfAcme();
		const agent = await aClient(webApp, { scope: [back.read] });
		const serverActs = await machineToken(server);
		const first = await exchanged(token, server, {
			resource: back.resource,
			actor_token: serverActs,
			actor_token_type: accessTokenType,
		});
		expect(claimsOf(first).act).toEqual({ sub: claimsOf(serverActs).sub });
		const next = await aClient(webApp, {
			scope: [back.read, last.read].toSorted(),
			options: { resources: [back.resource], tokenExchangeApis: [back.resource] },
		});
		const agentActs = await machineToken(agent, { resource: back.resource });
		const second = await exchanged(first, next, { actor_token: agentActs, actor_token_type: accessTokenType });
		expect(claimsOf(second).act).toEqual({ sub: claimsOf(agentActs).sub, act: claimsOf(first).act });
	});

	test("whose tokens a server exchanged for which API is noted, the first time in a day", async () => {
		const { front, back, app, token } = await aChain();
		const options = { resources: [front.resource], tokenExchangeApis: [front.resource, back.resource] };
		const server = await aClient(app, { options });
		const noted = async () => {
			const { body } = await call("GET", `/v1/audit?action=token.exchange&target=${app.client.id}`);
			return body.entries as readonly object[];
		};
		const entry = (apis: string) => ({ actor: server.client.id, target: app.client.id, detail: { apis } });
		for (const resource of [back.resource, back.resource, front.resource]) {
			expect((await exchangeFor(token, server, { resource })).status).toBe(200);
		}
		expect(refusal(await exchangeFor(token, server, { resource: back.resource, scope: "none" }))).toBe(
			"400 invalid_scope",
		);
		await eventually(async () => {
			const entries = await noted();
			expect(entries).toHaveLength(2);
			expect(entries).toEqual(
				expect.arrayContaining([front, back].map((api) => expect.objectContaining(entry(api.resource)))),
			);
		});
	});

	test("a machine's own token is exchanged as a person's is", async () => {
		const { front, back, app, server } = await aChain();
		const own = await machineToken(app, { resource: front.resource });
		const made = await exchanged(own, server, { resource: back.resource, scope: back.write });
		expect(claimsOf(made)).toMatchObject({ sub: claimsOf(own).sub, scope: back.write });
		const behind = await aClient(webApp, { options: { resources: [back.resource] } });
		expect(await introspect(made, behind)).toMatchObject({ active: true, scope: back.write });
		await revoke(own, app);
		expect(await introspect(made, behind)).toEqual({ active: false });
	});
});

describe("RFC 8693: who may exchange", () => {
	test("RFC 6749 §5.2: nobody, unless people said for which APIs", async () => {
		const { back, front, token } = await aChain();
		const server = await aClient(webApp, { options: { resources: [front.resource] } });
		const refused = await exchangeFor(token, server, { resource: back.resource });
		expect(refusal(refused)).toBe("400 unauthorized_client");
		// No grant type opens it: what does is told.
		expect(refused.body.error_description).toContain("token_exchange_apis");
	});

	test("RFC 7591 §2: a client cannot give it itself", async () => {
		const { back, token } = await aChain();
		const grant_types = ["authorization_code", grantType];
		const made = await selfRegistered({ grant_types, token_exchange_apis: [back.resource] });
		expect(made.body.grant_types).toEqual(["authorization_code"]);
		expect(refusal(await exchangeFor(token, made, { resource: back.resource }))).toBe("400 unauthorized_client");
	});

	test("§2.1: whoever does not authenticate", async () => {
		const { server, token } = await aChain();
		expect(refusal(await exchangeFor(token, { ...server, secret: null }))).toBe("401 invalid_client");
	});

	test("§2.2.2: for no API that it may not, nor for latchkey, nor for what nobody registered", async () => {
		const { front, server, token } = await aChain();
		const other = await anApiOfAcme();
		for (const resource of [
			undefined,
			front.resource,
			other.resource,
			"https://elsewhere.example/",
			"http://localhost:8787",
		]) {
			expect([resource, refusal(await exchangeFor(token, server, { resource }))]).toEqual([
				resource,
				"400 invalid_target",
			]);
		}
		expect(refusal(await exchangeFor(token, server, { audience: "billing" }))).toBe("400 invalid_target");
	});

	test("§2.2.2: an API of another account, whatever the client lists", async () => {
		const { front, token, server } = await aChain();
		const theirs = await anApi({ accountId: await anAccount() });
		const options = { resources: [front.resource], tokenExchangeApis: [theirs.identifier] };
		const greedy = await aClient(server, { options });
		expect(refusal(await exchangeFor(token, greedy, { resource: theirs.identifier }))).toBe("400 invalid_target");
	});

	test("§2.2.2: no token that was sent to somebody else", async () => {
		const { back, token } = await aChain();
		const thief = await aClient(webApp, { options: { tokenExchangeApis: [back.resource] } });
		expect(refusal(await exchangeFor(token, thief, { resource: back.resource }))).toBe("400 invalid_request");
	});

	test("§2.2.2: no token of another account, though it is for an API that the client serves", async () => {
		const { app, server } = await aChain();
		const deployment = await anApi({ servers: [server.client.id] });
		const [read = ""] = deployment.permissions.map(({ name }) => name);
		const elsewhere = await aClient(app, { accountId: await anAccount(), scope: [read] });
		const token = await machineToken(elsewhere, { resource: deployment.identifier });
		expect(await introspect(token, server)).toMatchObject({ active: true });
		expect(refusal(await exchangeFor(token, server, { resource: deployment.identifier }))).toBe("400 invalid_request");
	});
});

describe("RFC 8693 §2.2.2: what is no token to exchange", () => {
	test("what is none, is another's, has ended, or is told to be something else", async () => {
		const { front, back, app, server, token, refreshToken } = await aChain();
		const { resource } = back;
		const { username, password } = ada;
		const login = await loggedIn({ username, password, account: "acme", resource: front.resource });
		expect(await introspect(login, server)).toMatchObject({ active: true });
		for (const bad of ["garbage", `${token}x`, refreshToken, login, token.replace(/^[^.]+/, "eyJhbGciOiJub25lIn0")]) {
			expect([bad, refusal(await exchangeFor(bad, server, { resource }))]).toEqual([bad, "400 invalid_request"]);
		}
		for (const type of ["id_token", "refresh_token", "jwt", "saml2"]) {
			const fields = { resource, subject_token_type: accessTokenType.replace(/access_token$/, type) };
			expect([type, refusal(await exchangeFor(token, server, fields))]).toEqual([type, "400 invalid_request"]);
		}
		expect(refusal(await exchangeFor(token, server, { subject_token_type: undefined }))).toBe("400 invalid_request");
		expect(refusal(await exchangeFor("", server, { resource }))).toBe("400 invalid_request");
		await revoke(token, app);
		expect(refusal(await exchangeFor(token, server, { resource }))).toBe("400 invalid_request");
	});

	test("§2.1: actor_token_type goes with actor_token, and each way alone is refused", async () => {
		const { back, server, token } = await aChain();
		const { resource } = back;
		const actor_token = await machineToken(server);
		expect(refusal(await exchangeFor(token, server, { resource, actor_token }))).toBe("400 invalid_request");
		const alone = { resource, actor_token_type: accessTokenType };
		expect(refusal(await exchangeFor(token, server, alone))).toBe("400 invalid_request");
	});

	test("who acts is told by a token of the client, and not by any that lies about", async () => {
		const { back, app, server, token } = await aChain();
		const { resource } = back;
		const acting = (actor_token: string) =>
			exchangeFor(token, server, { resource, actor_token, actor_token_type: accessTokenType });
		const anothers = await machineToken(app, { resource });
		expect(refusal(await acting(anothers))).toBe("400 invalid_request");
		expect(refusal(await acting("garbage"))).toBe("400 invalid_request");
		// One that was given for somebody else says nothing of whoever holds it.
		const delegated = await exchanged(token, server, { resource });
		expect(refusal(await acting(delegated))).toBe("400 invalid_request");
	});

	test("RFC 9449 §7.1: one that is bound to a key, from whoever does not prove to have that", async () => {
		const { back, server, token } = await aChain();
		const bound = await signedByUs({ ...claimsOf(token), cnf: { jkt: "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" } });
		expect(await introspect(bound, server)).toMatchObject({ active: true, token_type: "DPoP" });
		expect(refusal(await exchangeFor(bound, server, { resource: back.resource }))).toBe("400 invalid_request");
	});

	test("§2.1: what nobody makes here is not asked for", async () => {
		const { back, server, token } = await aChain();
		const requested_token_type = "urn:ietf:params:oauth:token-type:saml2";
		const asked = { resource: back.resource, requested_token_type };
		expect(refusal(await exchangeFor(token, server, asked))).toBe("400 invalid_request");
		const access = { resource: back.resource, requested_token_type: accessTokenType };
		expect((await exchangeFor(token, server, access)).status).toBe(200);
	});
});

describe("RFC 8693 §2.1: never wider", () => {
	test("than what was agreed to, though client, person and server may do more", async () => {
		const { back, server, token } = await aChain();
		const { resource } = back;
		for (const scope of [
			back.write,
			`${back.read} ${back.write}`,
			back.admin,
			"events:read",
			"openid",
			"every thing",
		]) {
			expect([scope, refusal(await exchangeFor(token, server, { resource, scope }))]).toEqual([
				scope,
				"400 invalid_scope",
			]);
		}
		expect((await exchangeFor(token, server, { resource })).body.scope).toBe(back.read);
		expect(refusal(await exchangeFor(token, server, { resource, scope: "a\tb" }))).toBe("400 invalid_scope");
	});

	test("than what the token itself says of an API that it is for", async () => {
		const { front, app } = await aChain();
		const scope = `${front.read} ${front.write}`;
		const { refreshToken } = await grantTo(app, { scope, resource: front.resource });
		const narrowed = await refresh(refreshToken ?? "", { client: app, fields: { scope: front.read } });
		const server = await aClient(app, {
			options: { resources: [front.resource], tokenExchangeApis: [front.resource] },
		});
		const { accessToken } = tokensOf(narrowed);
		expect((await exchangeFor(accessToken, server)).body.scope).toBe(front.read);
		expect(refusal(await exchangeFor(accessToken, server, { scope: front.write }))).toBe("400 invalid_scope");
	});

	test("than what the server itself may do", async () => {
		const { back, server, token } = await aChain({ server: ["events:read"] });
		expect(refusal(await exchangeFor(token, server, { resource: back.resource }))).toBe("400 invalid_scope");
	});

	test("by going round: what was narrowed stays so in the next exchange", async () => {
		const { front, back, server, token } = await aChain();
		const first = await exchanged(token, server, { resource: back.resource });
		const options = { resources: [back.resource], tokenExchangeApis: [back.resource] };
		const next = await aClient(server, { scope: [back.read, back.write].toSorted(), options });
		expect((await exchangeFor(first, next)).body.scope).toBe(back.read);
		expect(refusal(await exchangeFor(first, next, { scope: back.write }))).toBe("400 invalid_scope");
		// What the client that exchanged first may not do, none may that comes after it.
		const few = await aClient(server, { scope: [back.read] });
		const narrow = await exchanged(token, few, { resource: back.resource });
		const further = { resources: [back.resource], tokenExchangeApis: [front.resource] };
		const around = await aClient(server, { options: further });
		expect(refusal(await exchangeFor(narrow, around, { resource: front.resource }))).toBe("400 invalid_scope");
	});

	test("by coming back: an API that an earlier token was for gives no more than that one said", async () => {
		const { front, back, app, server, refreshToken } = await aChain();
		const fields = { scope: front.read, resource: front.resource };
		const narrow = tokensOf(await refresh(refreshToken, { client: app, fields })).accessToken;
		const there = await exchanged(narrow, server, { resource: back.resource });
		const options = { resources: [back.resource], tokenExchangeApis: [front.resource] };
		const returning = await aClient(server, { options });
		expect((await exchangeFor(there, returning, { resource: front.resource })).body.scope).toBe(front.read);
		const wide = { resource: front.resource, scope: front.write };
		expect(refusal(await exchangeFor(there, returning, wide))).toBe("400 invalid_scope");
	});

	test("opens nothing of latchkey", async () => {
		const { back, server, token } = await aChain();
		expect((await environments(await exchanged(token, server, { resource: back.resource }))).status).toBe(401);
	});
});

function actedBy(token: string): Fields {
	return { actor_token: token, actor_token_type: accessTokenType };
}

describe("RFC 8693: it lives no longer than what it came from, and ends with it", () => {
	test("no longer than the token that it was got for", async () => {
		const { back, server, token } = await aChain();
		await advance(3000);
		const { body } = await exchangeFor(token, server, { resource: back.resource });
		expect(body.expires_in).toBe(Number(claimsOf(token).exp) - now());
	});

	test.each([
		["the grant is taken back", async (_: Awaited<ReturnType<typeof aChain>>) => revoke(_.refreshToken, _.app)],
		[
			"the token that it was got for is revoked",
			async (_: Awaited<ReturnType<typeof aChain>>) => revoke(_.token, _.app),
		],
	])("when %s, at once", async (_, end) => {
		const chain = await aChain();
		const { back, server, token } = chain;
		const behind = await aClient(webApp, { options: { resources: [back.resource] } });
		const made = await exchanged(token, server, { resource: back.resource });
		const options = { resources: [back.resource], tokenExchangeApis: [back.resource] };
		const further = await exchanged(made, await aClient(server, { options }), { scope: back.read });
		for (const each of [made, further]) expect(await introspect(each, behind)).toMatchObject({ active: true });
		await end(chain);
		for (const each of [made, further]) expect(await introspect(each, behind)).toEqual({ active: false });
	});

	test("with the token of whoever acts, in that exchange or one before", async () => {
		const { back, server, token } = await aChain();
		const behind = await aClient(webApp, { options: { resources: [back.resource] } });
		const [one, other] = [await machineToken(server), await machineToken(server)];
		const made = await exchanged(token, server, { resource: back.resource, ...actedBy(one) });
		const options = { resources: [back.resource], tokenExchangeApis: [back.resource] };
		const further = await exchanged(made, await aClient(server, { options }), { scope: back.read });
		const anothers = await exchanged(token, server, { resource: back.resource, ...actedBy(other) });
		for (const each of [made, further]) expect(await introspect(each, behind)).toMatchObject({ active: true });
		await revoke(one, server);
		for (const each of [made, further]) expect(await introspect(each, behind)).toEqual({ active: false });
		expect(await introspect(anothers, behind)).toMatchObject({ active: true });
	});

	test("with the grant of the person who acts, and not with another of theirs", async () => {
		const { front, back, app, server, token } = await aChain();
		const behind = await aClient(webApp, { options: { resources: [back.resource] } });
		const theirs = await grantTo(app, { scope: front.read, resource: front.resource });
		const fields = { resource: back.resource, actor_token: theirs.accessToken, actor_token_type: accessTokenType };
		const made = await exchanged(token, server, fields);
		expect(await introspect(made, behind)).toMatchObject({
			active: true,
			act: { sub: claimsOf(theirs.accessToken).sub },
		});
		await revoke(theirs.refreshToken ?? "", app);
		expect(await introspect(made, behind)).toEqual({ active: false });
		expect(await introspect(token, server)).toMatchObject({ active: true });
	});

	test("revoked by its own client, it ends alone", async () => {
		const { back, front, app, server, token } = await aChain();
		const [one, other] = [
			await exchanged(token, server, { resource: back.resource }),
			await exchanged(token, server, { resource: back.resource }),
		];
		await revoke(one, app);
		expect(await introspect(one, server)).toMatchObject({ active: true });
		await revoke(one, server);
		expect(await introspect(one, server)).toEqual({ active: false });
		expect(await introspect(other, server)).toMatchObject({ active: true });
		expect(await introspect(token, app)).toMatchObject({ active: true, aud: [front.resource] });
	});

	test.each(["app", "server"] as const)(
		`DESIGN §4.9: with the client of either, within ${staleness} seconds: %s`,
		async (which) => {
			const chain = await aChain();
			const { back, token, server } = chain;
			const behind = await aClient(webApp, { options: { resources: [back.resource] } });
			const made = await exchanged(token, server, { resource: back.resource });
			await setStanding({ kind: "client", id: chain[which].client.id }, { state: "ended", notBefore: 0 });
			await advance(staleness + 1);
			expect(await introspect(made, behind)).toEqual({ active: false });
		},
	);

	test("a machine's: what its client was cut off from does not go on in what was got for it", async () => {
		const { front, back, app, server } = await aChain();
		const behind = await aClient(webApp, { options: { resources: [back.resource] } });
		const own = await machineToken(app, { resource: front.resource });
		await advance(1);
		const made = await exchanged(own, server, { resource: back.resource });
		await setStanding({ kind: "client", id: app.client.id }, { state: "active", notBefore: now() });
		await advance(staleness + 1);
		expect(await introspect(made, behind)).toEqual({ active: false });
	});

	test("a chain has its end: four exchanges, one after the other", async () => {
		const { back, server, token } = await aChain();
		const options = { resources: [back.resource], tokenExchangeApis: [back.resource] };
		const next = await aClient(server, { options });
		let last = await exchanged(token, server, { resource: back.resource });
		for (let more = 0; more < 3; more++) last = await exchanged(last, next);
		expect(claimsOf(last).exchanged_from).toHaveLength(4);
		expect(refusal(await exchangeFor(last, next))).toBe("400 invalid_request");
	});
});

describe("the option token_exchange_apis", () => {
	const application = { kind: "application", redirect_urls: ["https://radar.example/done"], scopes: ["events:read"] };

	test("is people's to say, of an application with a secret or keys", async () => {
		const { resource } = await anApiOfAcme();
		const made = await anIntegration({ ...application, token_exchange_apis: [resource] });
		expect((await change(made, {})).body).toMatchObject({ token_exchange_apis: [resource] });
		expect((await change(made, { token_exchange_apis: [] })).body).toMatchObject({ token_exchange_apis: [] });
		const open = { ...application, client_type: "public", token_exchange_apis: [resource] };
		expect(refusal(await create(open))).toBe("400 Malformed request");
		for (const wrong of ["billing", "http://localhost:8787", "https://api.example/#x"]) {
			const { status } = await create({ ...application, token_exchange_apis: [wrong] });
			expect([wrong, status]).toEqual([wrong, 400]);
		}
	});

	test("an API that nobody registered is none, nor is another account's; what is there already may stay", async () => {
		const theirs = await anApi({ accountId: await anAccount() });
		const { resource } = await anApiOfAcme();
		for (const wrong of ["https://billing.example/v1", theirs.identifier]) {
			const { status, body } = await create({ ...application, token_exchange_apis: [resource, wrong] });
			expect([status, body.errors]).toMatchObject([400, [{ field: "token_exchange_apis" }]]);
		}
		const made = await anIntegration({ ...application, token_exchange_apis: [resource] });
		const both = await change(made, { token_exchange_apis: [resource, theirs.identifier] });
		expect([both.status, both.body.errors]).toMatchObject([400, [{ field: "token_exchange_apis" }]]);
		const gone = await anApi({ accountId: acme });
		await change(made, { token_exchange_apis: [resource, gone.identifier] });
		expect((await call("DELETE", `/v1/apis/${gone.id}`)).status).toBe(204);
		const kept = await change(made, { description: "What is gone stays until somebody takes it away." });
		expect([kept.status, kept.body.token_exchange_apis]).toEqual([200, [resource, gone.identifier]]);
	});

	test("taken away, it exchanges nothing any more", async () => {
		const { back, front, app, token } = await aChain();
		const made = await anIntegration({
			...application,
			scopes: app.client.scope,
			resources: [front.resource],
			token_exchange_apis: [back.resource],
		});
		expect((await exchangeFor(token, made, { resource: back.resource })).status).toBe(200);
		await change(made, { token_exchange_apis: [] });
		await advance(staleness + 1);
		expect(refusal(await exchangeFor(token, made, { resource: back.resource }))).toBe("400 unauthorized_client");
	});

	test("a public client has none, whatever is stored of it", async () => {
		const { back, front, token } = await aChain();
		const options = { resources: [front.resource], tokenExchangeApis: [back.resource] };
		const open = await aClient(nativeApp, { options });
		expect(refusal(await exchangeFor(token, open, { resource: back.resource }))).toBe("400 unauthorized_client");
	});
});
