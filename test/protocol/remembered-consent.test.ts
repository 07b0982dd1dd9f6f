import { describe, expect, test } from "vitest";
import type { Client } from "../../src/domain/client.ts";
import { atConsole } from "../support/console.ts";
import { anIntegration, change } from "../support/integrations.ts";
import { acceptBy, invitedBy } from "../support/invitations.ts";
import { tokenOf as loginOf } from "../support/keys-api.ts";
import { idTokenOf } from "../support/openid.ts";
import { ada, codeOf, decide, grace, signedIn, signInAnew } from "../support/people.ts";
import { pushedPath, pushedUri } from "../support/pushed.ts";
import { aClient, aPerson } from "../support/registered.ts";
import { type Answer, ask, type Fields } from "../support/requests.ts";
import { manage, metadata, selfRegistered } from "../support/self-registered.ts";
import { advance, demo, now, setStanding } from "../support/target.ts";
import { authorizePath, claimsOf, exchange, installPath, type Registered, tokensOf } from "../support/tokens.ts";

const { webApp, nativeApp } = demo;
const { acme, globex } = demo.accounts;
const dayAndNight = 86_400;

async function open(client: Registered, query: Fields, cookie: string): Promise<Answer> {
	return ask(authorizePath(client, { prompt: undefined, ...query }), { headers: { cookie } });
}

function isAsked({ text }: Answer): boolean {
	return text.includes('value="allow"');
}

/** A new person of Acme who agreed to this with a new client. */
async function agreed(query: Fields = {}, like = webApp, changes: Partial<Client> = {}) {
	const who = await aPerson({ [acme]: "admin" });
	const client = await aClient(like, changes);
	const cookie = await signedIn(who);
	await decide(authorizePath(client, { scope: "openid events:read", ...query }), { who });
	return { who, client, cookie };
}

describe("OIDC Core §3.1.2.4: what a person agreed to is not asked again", () => {
	test("the same, and less", async () => {
		const { client, cookie } = await agreed();
		for (const scope of ["openid events:read", "events:read", "openid"]) {
			const code = codeOf(await open(client, { scope }, cookie));
			const answer = await exchange(code, { client });
			expect(answer.body.scope).toBe(scope.split(" ").toSorted().join(" "));
		}
	});

	test("RFC 9110 §9.2.1: by HEAD no code is given, and a pushed request is good still", async () => {
		const { client, cookie } = await agreed();
		const asked = { prompt: undefined, scope: "openid" };
		for (const path of [authorizePath(client, asked), pushedPath(client, await pushedUri(client, asked))]) {
			const head = await ask(path, { method: "HEAD", headers: { cookie } });
			expect([head.status, head.headers.get("location")]).toEqual([200, null]);
			expect(codeOf(await ask(path, { headers: { cookie } }))).toMatch(/^lkc_/);
		}
	});

	test("each time it is a grant of its own, with the nonce and the sign-in of that time", async () => {
		const { client, cookie, who } = await agreed();
		const first = await exchange(codeOf(await open(client, { scope: "openid", nonce: "1" }, cookie)), { client });
		await advance(10);
		const later = await signInAnew(who);
		const second = await exchange(codeOf(await open(client, { scope: "openid", nonce: "2" }, later)), { client });
		const [one, two] = [claimsOf(idTokenOf(first)), claimsOf(idTokenOf(second))];
		expect([one.nonce, two.nonce]).toEqual(["1", "2"]);
		expect(one.sid).not.toBe(two.sid);
		expect(two.auth_time).toBe(now());
		const grants = [first, second].map((answer) => claimsOf(tokensOf(answer).accessToken).grant_id);
		expect(grants[0]).not.toBe(grants[1]);
	});

	test.each([
		["a scope more", { scope: "openid events:read events:write" }],
		["a scope more, of identity", { scope: "openid events:read email" }],
		["a resource", { scope: "openid email", resource: "https://api.example/" }],
		["a claim by name", { scope: "openid", claims: '{"userinfo":{"email":null}}' }],
		["a claim by name, in the id_token", { scope: "openid", claims: '{"id_token":{"email":null}}' }],
	])("%s is asked", async (_, query) => {
		const { client, cookie, who } = await agreed();
		expect(isAsked(await open(client, query, cookie))).toBe(true);
		await decide(authorizePath(client, query), { who });
		expect(codeOf(await open(client, query, cookie))).toMatch(/^lkc_/);
		// What was agreed to before has not been forgotten.
		expect(codeOf(await open(client, { scope: "openid events:read" }, cookie))).toMatch(/^lkc_/);
	});

	test("RFC 8707: what was agreed to for a resource elsewhere is not for latchkey itself", async () => {
		const { client, cookie } = await agreed({ scope: "openid", resource: "https://api.example/" });
		expect(isAsked(await open(client, { scope: "openid" }, cookie))).toBe(true);
		expect(isAsked(await open(client, { scope: "openid", resource: "https://api.example/v1" }, cookie))).toBe(true);
		// However it is spelled, it is the one that they agreed to.
		expect(codeOf(await open(client, { scope: "openid", resource: "HTTPS://API.example" }, cookie))).toMatch(/^lkc_/);
		const answer = await open(client, { scope: "openid", resource: "https://api.example/" }, cookie);
		const { accessToken } = tokensOf(await exchange(codeOf(answer), { client }));
		expect(claimsOf(accessToken).aud).toBe("https://api.example/");
	});

	test("it is one person's, and one client's", async () => {
		const { client, cookie } = await agreed();
		const other = await aPerson({ [acme]: "admin" });
		expect(isAsked(await open(client, { scope: "openid" }, await signedIn(other)))).toBe(true);
		expect(isAsked(await open(await aClient(webApp), { scope: "openid" }, cookie))).toBe(true);
	});

	test("who says no agrees to nothing", async () => {
		const client = await aClient(webApp);
		const who = await aPerson({ [acme]: "admin" });
		await decide(authorizePath(client), { who, decision: "deny" });
		expect(isAsked(await open(client, {}, await signedIn(who)))).toBe(true);
	});

	test("it ends, and going on without being asked does not make it longer", async () => {
		const { client, who } = await agreed();
		await advance(100 * dayAndNight);
		expect(codeOf(await open(client, { scope: "openid" }, await signInAnew(who)))).toMatch(/^lkc_/);
		await advance(80 * dayAndNight);
		expect(isAsked(await open(client, { scope: "openid" }, await signInAnew(who)))).toBe(true);
	});
});

describe("of several accounts, the one that was chosen", () => {
	test("is used again", async () => {
		const client = await aClient(webApp);
		await decide(authorizePath(client), { who: grace, account: globex });
		const { accessToken } = tokensOf(await exchange(codeOf(await open(client, {}, await signedIn(grace))), { client }));
		expect(claimsOf(accessToken).account_id).toBe(globex);
	});

	test("chosen anew, another takes its place with what was agreed to for it alone", async () => {
		const client = await aClient(webApp);
		await decide(authorizePath(client, { scope: "events:read openid" }), { who: grace, account: globex });
		await decide(authorizePath(client, { scope: "openid" }), { who: grace, account: acme });
		const cookie = await signedIn(grace);
		expect(isAsked(await open(client, { scope: "events:read" }, cookie))).toBe(true);
		const code = codeOf(await open(client, { scope: "openid" }, cookie));
		expect(claimsOf(tokensOf(await exchange(code, { client })).accessToken).account_id).toBe(acme);
	});

	test("whoever left it, and came back by an invitation, is asked anew", async () => {
		const { client, who, cookie } = await agreed();
		expect(isAsked(await open(client, { scope: "openid events:read" }, cookie))).toBe(false);
		const left = await ask("/v1/people/me", { method: "DELETE", headers: { ...(await loginOf(who, "acme")) } });
		expect(left.status).toBe(204);
		await advance(1);
		await acceptBy(await invitedBy(await atConsole(ada), "acme", { role: "admin" }), await signInAnew(who));
		const back = await signInAnew(who);
		expect(isAsked(await open(client, { scope: "openid events:read" }, back))).toBe(true);
		const silently = await open(client, { scope: "openid events:read", prompt: "none" }, back);
		expect(silently.headers.get("location")).toContain("error=consent_required");
	});

	test("OIDC Core §3.1.2.6: once it has ended, another has to be chosen: silently account_selection_required", async () => {
		const who = await aPerson({ [acme]: "admin", [globex]: "admin" });
		const client = await aClient(webApp);
		await decide(authorizePath(client), { who, account: globex });
		await setStanding({ kind: "membership", personId: who.id, accountId: globex }, { state: "ended", notBefore: 0 });
		await advance(31);
		const cookie = await signedIn(who);
		const silently = await open(client, { prompt: "none" }, cookie);
		expect(silently.headers.get("location")).toContain("error=account_selection_required");
		expect(isAsked(await open(client, {}, cookie))).toBe(true);
	});
});

describe("what has to stand behind it", () => {
	test("what a role does not permit is neither granted nor remembered", async () => {
		const who = await aPerson({ [acme]: "member" });
		const client = await aClient(webApp);
		const query = { scope: "events:read events:write openid" };
		await decide(authorizePath(client, query), { who });
		const answer = await exchange(codeOf(await open(client, query, await signedIn(who))), { client });
		expect(answer.body.scope).toBe("events:read openid");
	});

	test.each(["client", "account", "person", "membership"] as const)(
		"a %s that began anew since is asked",
		async (kind) => {
			const { client, who } = await agreed();
			await advance(100);
			const of = {
				client: { kind: "client", id: client.client.id },
				account: { kind: "account", id: acme },
				person: { kind: "person", id: who.id },
				membership: { kind: "membership", personId: who.id, accountId: acme },
			} as const;
			await setStanding(of[kind], { state: "active", notBefore: now() });
			await advance(31);
			const cookie = await signInAnew(who);
			expect(isAsked(await open(client, { scope: "openid" }, cookie))).toBe(true);
			if (kind === "account") await setStanding(of.account, { state: "active", notBefore: 0 });
			await advance(31);
		},
	);

	test("a redirect URL that was added since, by the client itself (RFC 7592 §2.2)", async () => {
		const registration = {
			client_name: "Renewed",
			scope: "events:read",
			token_endpoint_auth_method: "client_secret_post",
		};
		const client = await selfRegistered(registration, await loginOf(ada, "acme"));
		const who = await aPerson({ [acme]: "admin" });
		const cookie = await signedIn(who);
		await decide(authorizePath(client), { who });
		expect(codeOf(await open(client, {}, cookie))).toMatch(/^lkc_/);
		await advance(10);
		const redirect = "https://evil.example/cb";
		const changed = { ...registration, token_endpoint_auth_method: "none", redirect_uris: [redirect] };
		expect((await manage("PUT", client, { ...metadata(changed), client_id: client.id })).status).toBe(200);
		expect(isAsked(await open(client, { redirect_uri: redirect }, cookie))).toBe(true);
		await advance(10);
		await decide(authorizePath(client, { redirect_uri: redirect }), { who });
		expect(codeOf(await open(client, { redirect_uri: redirect }, cookie))).toMatch(/^lkc_/);
	});

	test("a redirect URL that was added since, by who manages the client; not one that was taken away", async () => {
		const [first, second] = ["https://radar.example/done", "https://radar.example/too"];
		const client = await anIntegration({ kind: "application", redirect_urls: [first, second] });
		const who = await aPerson({ [acme]: "admin" });
		const cookie = await signedIn(who);
		await decide(authorizePath(client), { who });
		await advance(10);
		expect((await change(client, { redirect_urls: [first] })).status).toBe(200);
		expect(codeOf(await open(client, {}, cookie))).toMatch(/^lkc_/);
		await advance(10);
		expect((await change(client, { redirect_urls: [first, "https://radar.example/new"] })).status).toBe(200);
		expect(isAsked(await open(client, {}, cookie))).toBe(true);
	});
});

describe("who is asked every time", () => {
	test("an integration's installer (contract 000)", async () => {
		const client = await aClient(demo.integration);
		const who = await aPerson({ [acme]: "admin" });
		await decide(installPath(client), { who });
		const cookie = await signedIn(who);
		expect(isAsked(await ask(installPath(client), { headers: { cookie } }))).toBe(true);
		expect(isAsked(await open(client, {}, cookie))).toBe(true);
	});

	test("RFC 8252 §8.6: a public client on loopback or a private-use scheme, which anybody could say to be", async () => {
		for (const redirect of ["http://127.0.0.1:8788/cb", "com.example.app:/cb"]) {
			const { client, cookie } = await agreed({}, nativeApp, { redirectUris: [redirect] });
			expect([redirect, isAsked(await open(client, { scope: "openid" }, cookie))]).toEqual([redirect, true]);
		}
	});

	test("RFC 8252 §8.6: but not one whose answers go to an https URL", async () => {
		const { client, cookie } = await agreed({}, nativeApp, { redirectUris: ["https://app.example/cb"] });
		expect(codeOf(await open(client, { scope: "openid" }, cookie))).toMatch(/^lkc_/);
	});

	test("RFC 9700 §4.11.2: whoever comes from a client that registered itself", async () => {
		const { client, cookie } = await agreed({}, webApp, { accountId: null });
		expect(isAsked(await open(client, { scope: "openid" }, cookie))).toBe(true);
		const silently = await open(client, { scope: "openid", prompt: "none" }, cookie);
		expect(silently.headers.get("location")).toContain("error=interaction_required");
	});
});
