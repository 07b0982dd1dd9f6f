import { afterAll, describe, expect, test } from "vitest";
import { writeInstant } from "../../src/domain/instant.ts";
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import type { Client } from "../../src/domain/client.ts";
import { staleness } from "../../src/operations/lookups.ts";
import { answering, type RelyingParty, startRelyingParty, type Told } from "../peers/relying-party.ts";
import { startStrangerServer } from "../peers/stranger-server.ts";
import { eventually } from "../support/eventually.ts";
import { withCookie } from "../support/console.ts";
import { call, create, change } from "../support/integrations.ts";
import { call as asOperator, good } from "../support/keys-api.ts";
import { suspend } from "../support/accounts.ts";
import { deletionNotice } from "../../src/operations/people/accounts.ts";
import { aDevice, aDeviceClient, answerDevice, poll } from "../support/devices.ts";
import { loggedIn } from "../support/logins.ts";
import { idTokenOf, userinfo } from "../support/openid.ts";
import { ada, codeOf, cookieOf, formOn, signedIn, signInAnew } from "../support/people.ts";
import { fromElsewhere, publish } from "../support/published.ts";
import { aClient, anAccount, aPerson } from "../support/registered.ts";
import { ask, bearer, type Fields, ownPage, postForm, postJson, refusal, times } from "../support/requests.ts";
import { advance, demo, issuer, logged, now, runCron, sendDueLogouts, stored } from "../support/target.ts";
import {
	authorizePath,
	claimsOf,
	exchange,
	granted,
	introspect,
	refresh,
	type Registered,
	tokensOf,
} from "../support/tokens.ts";

// OpenID Connect Back-Channel Logout 1.0, as the applications see it that are told.

const { webApp } = demo;
const server = await startStrangerServer();
afterAll(() => server.close());

const event = "http://schemas.openid.net/event/backchannel-logout";

interface Party {
	readonly party: RelyingParty;
	readonly application: Registered;
}

/** An application that is told at a server of its own. */
async function anApplication(
	party: RelyingParty = startRelyingParty(server),
	changes: Partial<Client> = {},
): Promise<Party> {
	const options = { backchannelLogoutUri: party.uri, ...changes.options };
	return { party, application: await aClient(webApp, { ...changes, options }) };
}

/** Somebody new, who administers an account of their own. */
async function somebody() {
	const account = await anAccount();
	const who = await aPerson({ [account]: "admin" });
	const cookie = await signInAnew(who);
	return { account, who, cookie };
}
type Somebody = Awaited<ReturnType<typeof somebody>>;

/** In the browser with this cookie they sign in to an application. */
async function signInTo({ application }: Party, cookie: string, query: Fields = {}) {
	const answer = await exchange(await codeFor(application, cookie, query), { client: application });
	return { ...tokensOf(answer), idToken: idTokenOf(answer), sid: String(claimsOf(idTokenOf(answer)).sid) };
}

async function codeFor(application: Registered, cookie: string, query: Fields = {}): Promise<string> {
	const page = await ask(authorizePath(application, { scope: "openid", ...query }), { headers: { cookie } });
	const { action, hidden } = formOn(page, "decision");
	return codeOf(await postForm(action, { ...hidden, decision: "allow" }, { cookie, ...ownPage }));
}

/** By the page that an application sends them to. */
async function signOut(cookie: string): Promise<void> {
	const { action, hidden } = formOn(await ask("/oauth/logout", { headers: { cookie } }), "decision");
	expect((await postForm(action, { ...hidden, decision: "sign_out" }, { cookie, ...ownPage })).status).toBe(303);
}

async function verified({ token }: Told, { client }: Registered, algorithm = "RS256") {
	const published: JSONWebKeySet = JSON.parse((await ask("/.well-known/jwks.json")).text);
	return jwtVerify(token, createLocalJWKSet(published), {
		issuer,
		audience: client.id,
		algorithms: [algorithm],
		typ: "logout+jwt",
		currentDate: new Date(now() * 1000),
	});
}

async function audited({ who }: Somebody, action: string) {
	const token = await loggedIn({ username: who.username, password: who.password });
	const { text } = await ask(`/v1/audit?action=${action}`, { headers: bearer(token) });
	return (JSON.parse(text) as { entries: readonly Record<string, unknown>[] }).entries;
}

/** Until so many outcomes are noted of an application: what follows an answer takes its time. */
async function outcomes({ client }: Registered, count: number): Promise<void> {
	await eventually(async () => {
		const lines = (await logged()).filter((line) => line.includes('"logout.sent"') && line.includes(client.id));
		expect(lines).toHaveLength(count);
	});
}

async function slugOf({ cookie }: Somebody): Promise<string> {
	return (await withCookie(cookie).open("/console")).headers.get("location")?.split("/")[2] ?? "";
}

describe("Back-Channel Logout §2.4: the logout token", () => {
	test("§2.4: has iss, sub, aud, iat, exp, jti, sid and events, a type of its own, and no nonce", async () => {
		const { party, application } = await anApplication();
		const one = await somebody();
		const { sid } = await signInTo({ party, application }, one.cookie, { nonce: "n-1" });
		await signOut(one.cookie);
		const { payload, protectedHeader } = await verified(await party.nth(0), application);
		expect(payload).toEqual({
			iss: issuer,
			sub: one.who.id,
			aud: application.client.id,
			iat: now(),
			// §4: at most two minutes in the future.
			exp: now() + 120,
			jti: expect.stringMatching(/^[\w-]{43}$/),
			sid,
			events: { [event]: {} },
		});
		expect(protectedHeader).toEqual({ alg: "RS256", kid: expect.stringMatching(/^[\w-]{43}$/), typ: "logout+jwt" });
	});

	test.each(["ES256", "PS256", "EdDSA"] as const)("§2.6: is signed as id_tokens are: by %s", async (idTokenAlg) => {
		const told = await anApplication(startRelyingParty(server), { options: { idTokenAlg } });
		const { cookie } = await somebody();
		await signInTo(told, cookie);
		await signOut(cookie);
		expect((await verified(await told.party.nth(0), told.application, idTokenAlg)).protectedHeader.alg).toBe(
			idTokenAlg,
		);
	});

	test("§2.5: comes by POST as a form, with nothing beside it and no credentials", async () => {
		const told = await anApplication();
		const { cookie } = await somebody();
		await signInTo(told, cookie);
		await signOut(cookie);
		const { method, contentType, authorization, cookie: sent, form } = await told.party.nth(0);
		expect([method, contentType, authorization, sent, Object.keys(form)]).toEqual([
			"POST",
			"application/x-www-form-urlencoded",
			undefined,
			undefined,
			["logout_token"],
		]);
	});

	test("§4.1: is no id_token_hint, no access token, no refresh token and no assertion here", async () => {
		const told = await anApplication();
		const one = await somebody();
		await signInTo(told, one.cookie);
		await signOut(one.cookie);
		const { token } = await told.party.nth(0);
		expect(refusal(await ask(`/oauth/logout?id_token_hint=${token}`))).toBe("400 Wrong id_token_hint");
		const hinted = await ask(authorizePath(told.application, { id_token_hint: token, prompt: "none" }));
		expect(hinted.headers.get("location")).toContain("error=");
		expect((await userinfo(token)).status).toBe(401);
		expect((await refresh(token, { client: told.application })).body.error).toBe("invalid_grant");
		expect(await introspect(token, told.application)).toEqual({ active: false });
	});
});

describe("Back-Channel Logout §2.3: who is told", () => {
	test("§2.3: each application with an id_token of that sign-in, once, however often they signed in to it", async () => {
		const [one, other] = [await anApplication(), await anApplication()];
		const { cookie } = await somebody();
		const first = await signInTo(one, cookie);
		await signInTo(one, cookie);
		await signInTo(other, cookie);
		await signOut(cookie);
		const tokens = [await one.party.nth(0), await other.party.nth(0)].map(({ token }) => claimsOf(token));
		expect(tokens.map(({ sid }) => sid)).toEqual([first.sid, first.sid]);
		expect(new Set(tokens.map(({ jti }) => jti)).size).toBe(2);
		expect([one.party.told.length, other.party.told.length]).toEqual([1, 1]);
	});

	test("none of another browser of the same person, and none of other people", async () => {
		const told = await anApplication();
		const [one, other] = [await somebody(), await somebody()];
		const elsewhere = await signInAnew(one.who);
		const first = await signInTo(told, one.cookie);
		await signInTo(told, elsewhere);
		await signInTo(told, other.cookie);
		await signOut(one.cookie);
		expect(claimsOf((await told.party.nth(0)).token)).toMatchObject({ sid: first.sid, sub: one.who.id });
		await outcomes(told.application, 1);
		await advance(61);
		for (const { who } of [one, other]) await sendDueLogouts(who.id);
		expect(told.party.told).toHaveLength(1);
	});

	test("none that asked for no openid, none whose code was not redeemed, and none that registered no URL", async () => {
		const [told, late, silent] = [await anApplication(), await anApplication(), await aClient(webApp)];
		const one = await somebody();
		const page = await ask(authorizePath(told.application, { scope: "events:read" }), {
			headers: { cookie: one.cookie },
		});
		const { action, hidden } = formOn(page, "decision");
		const code = codeOf(await postForm(action, { ...hidden, decision: "allow" }, { cookie: one.cookie, ...ownPage }));
		tokensOf(await exchange(code, { client: told.application }));
		const waiting = await codeFor(late.application, one.cookie);
		await exchange(await codeFor(silent, one.cookie), { client: silent });
		await signOut(one.cookie);
		await advance(61);
		await sendDueLogouts(one.who.id);
		expect([...told.party.told, ...late.party.told]).toEqual([]);
		expect((await exchange(waiting, { client: late.application })).body.error).toBe("invalid_grant");
	});

	test("one that was given its tokens back before, or whose tokens have run out, is told all the same", async () => {
		const [ended, over] = [
			await anApplication(),
			await anApplication(startRelyingParty(server), { grantTypes: ["authorization_code"] }),
		];
		const { who, cookie } = await somebody();
		const { accessToken } = await signInTo(ended, cookie);
		const { client, secret } = ended.application;
		await postForm("/oauth/revoke", { token: accessToken, client_id: client.id, client_secret: secret ?? undefined });
		await exchange(await codeFor(over.application, cookie), { client: over.application });
		await advance(3 * 3600);
		await sendDueLogouts(who.id);
		await signOut(cookie);
		const both = await Promise.all([ended.party.nth(0), over.party.nth(0)]);
		expect(both.map(({ token }) => claimsOf(token).sub)).toEqual([who.id, who.id]);
	});

	test("one that may ask nobody for openid any more is told all the same: it has its id_token", async () => {
		const told = await anApplication();
		const { who, cookie } = await somebody();
		await signInTo(told, cookie);
		expect((await change(told.application, { name: "It tells nobody", scopes: ["events:read"] })).status).toBe(200);
		await advance(staleness);
		await signOut(cookie);
		expect(claimsOf((await told.party.nth(0)).token).sub).toBe(who.id);
	});

	test("nobody where the same person gives their password again: the sid goes on, and ends once", async () => {
		const told = await anApplication();
		const { who, cookie } = await somebody();
		const before = await signInTo(told, cookie);
		await advance(60);
		const { username, password } = who;
		const again = cookieOf(await postForm("/sign-in", { username, password }, { cookie, ...ownPage }));
		expect((await ask("/", { headers: { cookie } })).text).not.toContain("Signed in as");
		const after = await signInTo(told, again);
		expect(after.sid).toBe(before.sid);
		expect(claimsOf(after.idToken).auth_time).toBe(Number(claimsOf(before.idToken).auth_time) + 60);
		expect(told.party.told).toEqual([]);
		await signOut(again);
		expect(claimsOf((await told.party.nth(0)).token).sid).toBe(before.sid);
		expect(told.party.told).toHaveLength(1);
	});

	test("of whoever was signed in before, where somebody else signs in with the same browser", async () => {
		const told = await anApplication();
		const [one, other] = [await somebody(), await somebody()];
		const { sid } = await signInTo(told, one.cookie);
		const { username, password } = other.who;
		await postForm("/sign-in", { username, password }, { cookie: one.cookie, ...ownPage });
		expect(claimsOf((await told.party.nth(0)).token)).toMatchObject({ sid, sub: one.who.id });
	});
});

describe("Back-Channel Logout §2.3: what ends a sign-in, and so tells", () => {
	type End = (one: Somebody & { sid: string }, at: ReturnType<typeof withCookie>, base: string) => Promise<unknown>;
	test.each<[string, End]>([
		["RP-Initiated Logout", ({ cookie }) => signOut(cookie)],
		["signing out in the console", (_, { send }, base) => send(`${base}/settings`, "/sign-out")],
		[
			"ending one sign-in of several",
			async ({ who, sid }, _, base) => {
				const other = withCookie(await signInAnew(who));
				await other.send(`${base}/security`, `${base}/security/sign-ins/${sid}/end`);
			},
		],
		["signing out everywhere", (_, { post }, base) => post(`${base}/security/sign-out-everywhere`)],
		[
			"a new password, of the other browsers",
			async ({ who }, _, base) => {
				const other = withCookie(await signInAnew(who));
				const next = "another password of their own";
				const fields = { password: who.password, new_password: next };
				const answer = await other.post(`${base}/security/password`, fields);
				expect(answer.status).toBe(303);
			},
		],
	])("%s", async (_, end) => {
		const told = await anApplication();
		const one = await somebody();
		const { sid } = await signInTo(told, one.cookie);
		await end({ ...one, sid }, withCookie(one.cookie), `/console/${await slugOf(one)}`);
		expect(claimsOf((await told.party.nth(0)).token)).toMatchObject({ sid, sub: one.who.id });
		expect(told.party.told).toHaveLength(1);
	});

	test("an administrator who removes somebody: what they are signed in to for that account, and their sign-in goes on", async () => {
		const [told, elsewhere] = [await anApplication(), await anApplication()];
		const [account, another] = [await anAccount(), await anAccount()];
		const who = await aPerson({ [account]: "member", [another]: "member" });
		const admin = await aPerson({ [account]: "admin" });
		const cookie = await signInAnew(who);
		const to = async ({ application }: Party, chosen: string) => {
			const page = await ask(authorizePath(application, { scope: "openid" }), { headers: { cookie } });
			const { action, hidden } = formOn(page, "decision");
			const fields = { ...hidden, decision: "allow", account: chosen };
			await exchange(codeOf(await postForm(action, fields, { cookie, ...ownPage })), { client: application });
		};
		await to(told, account);
		await to(elsewhere, another);
		const token = await loggedIn({ username: admin.username, password: admin.password });
		expect((await ask(`/v1/people/${who.id}`, { method: "DELETE", headers: bearer(token) })).status).toBe(204);
		expect(claimsOf((await told.party.nth(0)).token).sub).toBe(who.id);
		await advance(61);
		await sendDueLogouts(who.id);
		expect(elsewhere.party.told).toEqual([]);
		expect((await ask("/", { headers: { cookie } })).text).toContain("Signed in as");
	});
});

test("Back-Channel Logout §2.3: an account that is suspended ends no sign-in: told is who is told of one that ends meanwhile", async () => {
	const one = await somebody();
	const told = await anApplication(startRelyingParty(server), { accountId: one.account });
	const { sid } = await signInTo(told, one.cookie);
	good(await suspend(one.account));
	await advance(staleness + 1);
	await sendDueLogouts(one.who.id);
	expect(told.party.told).toEqual([]);
	await signOut(one.cookie);
	expect(claimsOf((await told.party.nth(0)).token)).toMatchObject({ sid, sub: one.who.id });
	await outcomes(told.application, 1);
});

test("Back-Channel Logout §2.3: an account that is deleted: other accounts' applications are told, and nothing of it is left", async () => {
	const told = await anApplication();
	const one = await somebody();
	await signInTo(told, one.cookie);
	const path = `/v1/accounts/${await slugOf(one)}`;
	good(await suspend(one.account));
	good(await asOperator("PUT", `${path}/deletion`, { at: writeInstant(now() + deletionNotice) }));
	await advance(deletionNotice + 1);
	for (const _ of times(3, () => null)) await runCron();
	await advance(61);
	await sendDueLogouts(one.who.id);
	expect(claimsOf((await told.party.nth(0)).token).sub).toBe(one.who.id);
	await outcomes(told.application, 1);
	const left = Object.entries(await stored()).flatMap(([table, rows]) =>
		rows.some((row) => row.includes(one.who.id)) ? [table.replace(/^.* /, "")] : [],
	);
	// workerd's own: the object's alarm, which did not ring in the time that was skipped, and rings once more.
	expect(left.filter((table) => table !== "_cf_ALARM")).toEqual(["people"]);
});

describe("Back-Channel Logout §2.5, §2.8: what an application answers", () => {
	test.each([200, 204])("§2.8: %i is taken, noted, and not repeated", async (status) => {
		const told = await anApplication(startRelyingParty(server, answering(status)));
		const one = await somebody();
		const { sid } = await signInTo(told, one.cookie);
		await signOut(one.cookie);
		await outcomes(told.application, 1);
		await advance(staleness + 7200);
		await sendDueLogouts(one.who.id);
		expect(told.party.told).toHaveLength(1);
		expect(await audited(one, "logout.deliver")).toMatchObject([
			{ actor: one.who.id, target: told.application.client.id, detail: { sid, tries: 1 } },
		]);
	});

	test.each([500, 503, 408, 429])(
		"§2.5: %i may pass: it is told again, later each time, with the same jti",
		async (status) => {
			const told = await anApplication(startRelyingParty(server, answering(status), answering(status), answering(200)));
			const one = await somebody();
			await signInTo(told, one.cookie);
			await signOut(one.cookie);
			const first = await told.party.nth(0);
			await outcomes(told.application, 1);
			await sendDueLogouts(one.who.id);
			expect(told.party.told).toHaveLength(1);
			await advance(120);
			await sendDueLogouts(one.who.id);
			expect(told.party.told).toHaveLength(2);
			await advance(120);
			await sendDueLogouts(one.who.id);
			expect(told.party.told).toHaveLength(2);
			await advance(120);
			await sendDueLogouts(one.who.id);
			expect(told.party.told).toHaveLength(3);
			const third = await verified(await told.party.nth(2), told.application);
			expect(third.payload).toMatchObject({ jti: claimsOf(first.token).jti, iat: now(), exp: now() + 120 });
			expect(await audited(one, "logout.deliver")).toMatchObject([{ detail: { tries: 3 } }]);
		},
	);

	test("and in the end it is given up, which is noted", async () => {
		const told = await anApplication(startRelyingParty(server, answering(503)));
		const one = await somebody();
		await signInTo(told, one.cookie);
		await signOut(one.cookie);
		await outcomes(told.application, 1);
		for (let round = 0; round < 10; round++) {
			await advance(7200);
			await sendDueLogouts(one.who.id);
		}
		expect(told.party.told).toHaveLength(8);
		expect(await audited(one, "logout.give_up")).toMatchObject([
			{ target: told.application.client.id, detail: { tries: 8, reason: "It was answered with 503" } },
		]);
	});

	test.each<[string, (to: string) => ReturnType<typeof answering>]>([
		["400", () => answering(400, { "content-type": "application/json" }, '{"error":"invalid_request"}')],
		["404", () => answering(404)],
		["a redirect, which is not followed", (to) => answering(307, { location: to })],
		["a redirect to GET", (to) => answering(302, { location: to })],
	])("§2.5: %s is final: it SHOULD NOT be sent again", async (_, answer) => {
		const target = startRelyingParty(server);
		const told = await anApplication(startRelyingParty(server, answer(target.uri)));
		const one = await somebody();
		await signInTo(told, one.cookie);
		await signOut(one.cookie);
		await outcomes(told.application, 1);
		await advance(7200);
		await sendDueLogouts(one.who.id);
		expect([told.party.told.length, server.askedFor(target.uri).length]).toEqual([1, 0]);
		expect(await audited(one, "logout.give_up")).toMatchObject([{ detail: { tries: 1 } }]);
	});

	test("one that never answers holds nobody up: whoever signs out is answered, and the others are told", async () => {
		const hanging = await anApplication(startRelyingParty(server, () => {}));
		const other = await anApplication();
		const one = await somebody();
		await signInTo(hanging, one.cookie);
		await signInTo(other, one.cookie);
		await signOut(one.cookie);
		const both = await Promise.all([hanging.party.nth(0), other.party.nth(0)]);
		expect(both.map(({ token }) => claimsOf(token).sub)).toEqual([one.who.id, one.who.id]);
	});

	test("an answer without an end is not read", async () => {
		const endless = startRelyingParty(server, (response) => {
			response.writeHead(200);
			response.write("x".repeat(100_000));
		});
		const told = await anApplication(endless);
		const one = await somebody();
		await signInTo(told, one.cookie);
		await signOut(one.cookie);
		await outcomes(told.application, 1);
		expect(await audited(one, "logout.deliver")).toHaveLength(1);
	});

	test.each(["https://10.0.0.1/out", "https://rp.internal/out", `${issuer}/oauth/token`])(
		"%s, as it was stored once, is never asked",
		async (backchannelLogoutUri) => {
			const application = await aClient(webApp, { options: { backchannelLogoutUri } });
			const one = await somebody();
			await signInTo({ party: startRelyingParty(server), application }, one.cookie);
			await signOut(one.cookie);
			await outcomes(application, 1);
			expect(await audited(one, "logout.give_up")).toMatchObject([
				{ target: application.client.id, detail: { reason: expect.stringMatching(/^The URL is of /) } },
			]);
		},
	);

	test("of one that has ended, or took its URL away, nobody is told, and nothing waits", async () => {
		const told = await anApplication(startRelyingParty(server, answering(503), answering(200)));
		const one = await somebody();
		await signInTo(told, one.cookie);
		await signOut(one.cookie);
		await outcomes(told.application, 1);
		expect((await call("DELETE", `/v1/integrations/${told.application.client.id}`)).status).toBe(200);
		await advance(staleness + 7200);
		await sendDueLogouts(one.who.id);
		expect(told.party.told).toHaveLength(1);
	});
});

describe("Back-Channel Logout §2.7: refresh tokens", () => {
	test("§2.7: without offline_access SHOULD be revoked; with it SHOULD NOT; those of other sign-ins go on", async () => {
		const application = await aClient(webApp);
		const told = { application, party: startRelyingParty(server) };
		const { who, cookie } = await somebody();
		const tied = await signInTo(told, cookie);
		const offline = await signInTo(told, cookie, { scope: "openid offline_access" });
		const elsewhere = await signInTo(told, await signInAnew(who));
		await signOut(cookie);
		const after = async ({ refreshToken }: { readonly refreshToken: string | null }) =>
			(await refresh(refreshToken ?? "", { client: application })).status;
		expect([await after(tied), await after(offline), await after(elsewhere)]).toEqual([400, 200, 200]);
		expect((await userinfo(tied.accessToken)).status).toBe(401);
	});

	test("a sign-in that runs out ends none of them, and signing out everywhere later ends those too", async () => {
		const application = await aClient(webApp);
		const told = { application, party: startRelyingParty(server) };
		const one = await somebody();
		const { refreshToken } = await signInTo(told, one.cookie);
		const slug = await slugOf(one);
		await advance(12 * 3600 + 1);
		expect((await withCookie(one.cookie).open(`/console/${slug}/security`)).status).toBe(303);
		const renewed = tokensOf(await refresh(refreshToken ?? "", { client: application }));
		const security = `/console/${slug}/security/sign-out-everywhere`;
		await withCookie(await signInAnew(one.who)).send(security, security);
		expect((await refresh(renewed.refreshToken ?? "", { client: application })).status).toBe(400);
	});

	test("a grant that ends so is listed as installed no more", async () => {
		const one = await somebody();
		const told = await anApplication();
		await signInTo(told, one.cookie);
		const slug = await slugOf(one);
		const other = withCookie(await signInAnew(one.who));
		expect((await other.open(`/console/${slug}/installed`)).text).toContain(told.application.client.name);
		await signOut(one.cookie);
		expect((await other.open(`/console/${slug}/installed`)).text).not.toContain(told.application.client.name);
	});

	test("contract 000: an integration keeps its own", async () => {
		const { refreshToken } = await granted(demo.integration, {});
		await signOut(await signedIn(ada));
		expect((await refresh(refreshToken)).status).toBe(200);
	});

	test("RFC 8628: a device goes on when its person signs out in the browser that they let it in with", async () => {
		const client = await aDeviceClient(webApp);
		const who = await aPerson({ [await anAccount()]: "admin" });
		const device = await aDevice(client, { scope: "openid" });
		await answerDevice(device, { who });
		const { refreshToken } = tokensOf(await poll(device));
		await signOut(await signedIn(who));
		expect((await refresh(refreshToken ?? "", { client })).status).toBe(200);
	});

	test("one that asked for no openid keeps its own", async () => {
		const one = await somebody();
		const page = await ask(authorizePath(webApp, { scope: "events:read" }), { headers: { cookie: one.cookie } });
		const { action, hidden } = formOn(page, "decision");
		const code = codeOf(await postForm(action, { ...hidden, decision: "allow" }, { cookie: one.cookie, ...ownPage }));
		const { refreshToken } = tokensOf(await exchange(code, { client: webApp }));
		await signOut(one.cookie);
		expect((await refresh(refreshToken ?? "", { client: webApp })).status).toBe(200);
	});

	test("a code and its sign-in's end at once: either it is refused, or its application is told", async () => {
		const { who } = await somebody();
		for (let round = 0; round < 10; round++) {
			const told = await anApplication();
			const cookie = await signInAnew(who);
			const code = await codeFor(told.application, cookie, { scope: "openid offline_access" });
			const { action, hidden } = formOn(await ask("/oauth/logout", { headers: { cookie } }), "decision");
			const [answer] = await Promise.all([
				exchange(code, { client: told.application }),
				postForm(action, { ...hidden, decision: "sign_out" }, { cookie, ...ownPage }),
			]);
			if (answer.status === 200) await outcomes(told.application, 1);
			await advance(61);
			await sendDueLogouts(who.id);
			expect(told.party.told).toHaveLength(answer.status === 200 ? 1 : 0);
		}
	});
});

describe("Back-Channel Logout §2.1, §2.2: what is told of it, and registered", () => {
	test("§2.1: the metadata says that it is supported, with sid", async () => {
		const { body } = await ask("/.well-known/openid-configuration");
		expect(body).toMatchObject({ backchannel_logout_supported: true, backchannel_logout_session_supported: true });
	});

	test("RFC 7591, RFC 7592: software registers both members, reads them, and leaves them out", async () => {
		const metadata = {
			redirect_uris: ["https://radar.example/cb"],
			backchannel_logout_uri: "https://radar.example/out?tenant=1",
			backchannel_logout_session_required: true,
		};
		const made = await postJson("/oauth/register", metadata);
		expect(made).toMatchObject({ status: 201, body: metadata });
		const at = `/oauth/register/${String(made.body.client_id)}`;
		const headers = { ...bearer(String(made.body.registration_access_token)), "content-type": "application/json" };
		expect((await ask(at, { headers })).body).toMatchObject(metadata);
		const replaced = { client_id: made.body.client_id, redirect_uris: metadata.redirect_uris };
		const { body } = await ask(at, { method: "PUT", headers, body: JSON.stringify(replaced) });
		expect(body).not.toHaveProperty("backchannel_logout_uri");
		expect(body).not.toHaveProperty("backchannel_logout_session_required");
	});

	test.each([
		"/out",
		"out",
		"https://radar.example/out#x",
		"http://radar.example/out",
		"https://10.1.2.3/out",
		"https://[fd00::1]/out",
		"https://169.254.169.254/latest",
		"https://rp.internal/out",
		`${issuer}/out`,
		"javascript:alert(1)",
	])("§2.2: %j is an absolute URL by https on a public host, without a fragment, or it is refused", async (uri) => {
		const metadata = { redirect_uris: ["https://radar.example/cb"], backchannel_logout_uri: uri };
		expect(refusal(await postJson("/oauth/register", metadata))).toBe("400 invalid_client_metadata");
		const application = { kind: "application", redirect_urls: ["https://radar.example/done"], scopes: ["openid"] };
		expect((await create({ ...application, backchannel_logout_uri: uri })).body.errors).toMatchObject([
			{ field: "backchannel_logout_uri" },
		]);
	});

	test("people set it by the JSON API, change it and take it away; an integration has none", async () => {
		const application = { kind: "application", redirect_urls: ["https://radar.example/done"], scopes: ["openid"] };
		const uri = "https://radar.example/out";
		const made = await create({ ...application, backchannel_logout_uri: uri });
		expect(made.body.backchannel_logout_uri).toBe(uri);
		const of = { ...webApp, client: { ...webApp.client, id: String(made.body.client_id) } };
		const other = await change(of, { backchannel_logout_uri: `${uri}/2` });
		expect(other.body.backchannel_logout_uri).toBe(`${uri}/2`);
		expect((await change(of, { backchannel_logout_uri: null })).body.backchannel_logout_uri).toBeNull();
		expect((await create({ backchannel_logout_uri: uri })).status).toBe(400);
	});

	test("Client ID Metadata Document: a client that describes itself is told too", async () => {
		const party = startRelyingParty(server);
		const application = publish(server, { backchannel_logout_uri: party.uri, token_endpoint_auth_method: "none" });
		const { cookie } = await somebody();
		const page = await ask(authorizePath(application, { scope: "openid" }), {
			headers: { cookie, ...fromElsewhere() },
		});
		const { action, hidden } = formOn(page, "decision");
		const code = codeOf(await postForm(action, { ...hidden, decision: "allow" }, { cookie, ...ownPage }));
		const { sid } = claimsOf(idTokenOf(await exchange(code, { client: application })));
		await signOut(cookie);
		expect(claimsOf((await party.nth(0)).token)).toMatchObject({ sid, aud: application.client.id });
	});
});
