import { credentialsIn } from "../support/credentials.ts";
import { describe, expect, test } from "vitest";
import { randomId, systemRandom } from "../../src/crypto/random.ts";
import { anIntegration, change } from "../support/integrations.ts";
import { aPerson } from "../support/registered.ts";
import { ada, codeOf, decide, formOn, grace, signedIn, signInAnew } from "../support/people.ts";
import { type Answer, ask, locationOf, ownPage, postForm, refusal } from "../support/requests.ts";
import { manage, metadata, selfRegistered } from "../support/self-registered.ts";
import { demo, issuer } from "../support/target.ts";
import {
	authorized,
	authorizePath,
	claimsOf,
	environments,
	exchange,
	installed,
	installPath,
	refresh,
	tokensOf,
} from "../support/tokens.ts";

const { acme, globex } = demo.accounts;
const path = installPath();

async function csrfOf(page: string, cookie: string): Promise<string> {
	return formOn(await ask(page, { headers: { cookie } }), "decision").hidden.csrf ?? "";
}

/** Nothing was granted: no redirect, so no code. */
function inert(answer: Answer): string {
	expect(answer.headers.has("location")).toBe(false);
	expect(credentialsIn(answer.text)).toEqual([]);
	return refusal(answer);
}

describe("a consent counts only from our own page", () => {
	test("without its csrf token nothing is granted", async () => {
		for (const csrf of [undefined, "", "x", "A".repeat(43)]) {
			expect(inert(await decide(path, { fields: { csrf } }))).toMatch(/^403 /);
		}
	});

	test("the token of another person's page grants nothing", async () => {
		const csrf = await csrfOf(path, await signedIn(grace));
		expect(inert(await decide(path, { who: ada, fields: { csrf } }))).toMatch(/^403 /);
	});

	test("the token of another sign-in of the same person grants nothing", async () => {
		const csrf = await csrfOf(path, await signInAnew(ada));
		expect(inert(await decide(path, { fields: { csrf } }))).toMatch(/^403 /);
	});

	test("the token of another link grants nothing, whichever parameter differs", async () => {
		const cookie = await signedIn(ada);
		const others = [
			installPath(demo.integration, { state: "other" }),
			authorizePath(demo.webApp),
			authorizePath(demo.webApp, { scope: "events:read" }),
			authorizePath(demo.webApp, { state: "other" }),
			authorizePath(demo.nativeApp),
		];
		for (const other of others) {
			const csrf = await csrfOf(other, cookie);
			expect(inert(await decide(path, { fields: { csrf } }))).toMatch(/^403 /);
		}
		const csrf = await csrfOf(authorizePath(demo.webApp, { scope: "events:read" }), cookie);
		expect(inert(await decide(authorizePath(demo.webApp), { fields: { csrf } }))).toMatch(/^403 /);
	});

	test.each<[string, object]>([
		["what it asks for by default", { scope: "events:read events:write" }],
		["where it is answered", { redirect_uris: ["https://elsewhere.example/cb"] }],
		["what it calls itself", { client_name: "Your Bank" }],
		["where it says that it is from", { client_uri: "https://bank.example" }],
	])("while somebody reads, a client changes %s: they are asked anew", async (_, changes) => {
		const cookie = await signedIn(ada);
		const registration = { scope: "events:read" };
		const client = await selfRegistered(registration);
		const link = authorizePath(client, { redirect_uri: undefined });
		const { action, hidden } = formOn(await ask(link, { headers: { cookie } }), "decision");
		const changed = { ...metadata({ ...registration, ...changes }), client_id: client.id };
		expect((await manage("PUT", client, changed)).status).toBe(200);
		const again = await postForm(action, { ...hidden, decision: "allow" }, { cookie, ...ownPage });
		expect(inert(again)).toMatch(/^403 /);
		const seen = { ...formOn(again, "decision").hidden, decision: "allow" };
		expect(codeOf(await postForm(action, seen, { cookie, ...ownPage }))).toMatch(/^lkc_/);
	});

	test("while somebody reads, the owner of an integration widens what it may do: they are asked anew", async () => {
		const integration = await anIntegration({ scopes: ["events:read"] });
		const cookie = await signedIn(grace);
		const link = installPath(integration);
		const { action, hidden } = formOn(await ask(link, { headers: { cookie } }), "decision");
		const answer = { ...hidden, account: globex, decision: "allow" };
		expect((await change(integration, { scopes: ["events:read", "keys:write"] })).status).toBe(200);
		expect(inert(await postForm(action, answer, { cookie, ...ownPage }))).toMatch(/^403 /);
	});

	test("the sign-out token of the same page grants nothing", async () => {
		const page = await ask(path, { headers: { cookie: await signedIn(ada) } });
		const { csrf } = formOn(page, "continue").hidden;
		expect(csrf).toMatch(/^[\w-]{43}$/);
		expect(inert(await decide(path, { fields: { csrf } }))).toMatch(/^403 /);
	});

	const foreign = [
		{ "sec-fetch-site": "cross-site" },
		{ "sec-fetch-site": "same-site" },
		{ "sec-fetch-site": "cross-site", origin: issuer },
		{ "sec-fetch-site": "nonsense" },
	];
	test.each(foreign)("a form that another site posts grants nothing: %j", async (headers) => {
		expect(inert(await decide(path, { headers }))).toBe("403 Not from here");
	});

	test.each([
		"https://evil.example",
		"null",
		`${issuer}.evil.example`,
		"http://localhost:8788",
		"https://localhost:8787",
	])("nor from the origin %s, where the browser says no more", async (origin) => {
		const cookie = await signedIn(ada);
		const fields = { csrf: await csrfOf(path, cookie), account: acme, decision: "allow" };
		expect(inert(await postForm(path, fields, { cookie, origin }))).toBe("403 Not from here");
		expect(codeOf(await postForm(path, fields, { cookie, origin: issuer }))).toMatch(/^lkc_/);
	});

	test("a consent without a sign-in asks to sign in, and grants nothing", async () => {
		const csrf = await csrfOf(path, await signedIn(ada));
		const answer = await postForm(path, { csrf, account: acme, decision: "allow" }, ownPage);
		expect(answer.status).toBe(200);
		expect(answer.headers.has("location")).toBe(false);
		expect(answer.text).toContain('name="password"');
	});

	test.each([undefined, "", "yes", "ALLOW"])("the decision %j is none", async (decision) => {
		expect(inert(await decide(path, { fields: { decision } }))).toMatch(/^400 /);
	});

	test("a form that gives a field twice is refused", async () => {
		const cookie = await signedIn(ada);
		const csrf = await csrfOf(path, cookie);
		const body = `csrf=${csrf}&account=${acme}&decision=deny&decision=allow`;
		const type = { "content-type": "application/x-www-form-urlencoded" };
		const answer = await ask(path, { method: "POST", body, headers: { cookie, ...ownPage, ...type } });
		expect(inert(answer)).toBe("400 Malformed form");
	});

	test("JSON is no form", async () => {
		const cookie = await signedIn(ada);
		const body = JSON.stringify({ csrf: await csrfOf(path, cookie), account: acme, decision: "allow" });
		const headers = { cookie, ...ownPage, "content-type": "application/json" };
		expect(inert(await ask(path, { method: "POST", body, headers }))).toBe("415 Malformed form");
	});

	test("a page that is still open counts, and each consent is a grant of its own", async () => {
		const cookie = await signedIn(ada);
		const fields = { csrf: await csrfOf(path, cookie), account: acme, decision: "allow" };
		const first = codeOf(await postForm(path, fields, { cookie, ...ownPage }));
		const second = codeOf(await postForm(path, fields, { cookie, ...ownPage }));
		expect(second).not.toBe(first);
	});
});

describe("the account that is granted", () => {
	test("a person of one account need not choose", async () => {
		const { accessToken } = tokensOf(await exchange(await installed({ who: ada })));
		expect(claimsOf(accessToken)).toMatchObject({ account_id: acme, sub: demo.people[0]?.id });
	});

	test("a person of two accounts has to choose one", async () => {
		expect(inert(await decide(path, { who: grace }))).toMatch(/^400 /);
		expect(inert(await decide(path, { who: grace, account: "" }))).toMatch(/^400 /);
	});

	test.each([
		["acme", acme, 2],
		["globex", globex, 0],
	])("what she chose is what the token is for: %s", async (_, account, count) => {
		const { accessToken } = tokensOf(await exchange(await installed({ who: grace, account })));
		expect(claimsOf(accessToken).account_id).toBe(account);
		expect(JSON.parse((await environments(accessToken)).text)).toHaveLength(count);
	});

	test("an account that is not hers is refused", async () => {
		for (const account of [globex, "acme", "nothing", randomId(systemRandom)]) {
			expect(inert(await decide(path, { who: ada, account }))).toMatch(/^400 /);
		}
	});

	test("nobody can allow what their own role does not", async () => {
		const client = demo.webApp;
		const consent = { who: grace, account: acme };
		const answer = await exchange(await authorized(client, { scope: "events:read events:write" }, consent), { client });
		expect(answer.body.scope).toBe("events:read");
		const { accessToken, refreshToken } = tokensOf(answer);
		expect(claimsOf(accessToken).scope).toBe("events:read");
		const wider = await refresh(refreshToken ?? "", { client, fields: { scope: "events:read events:write" } });
		expect(refusal(wider)).toBe("400 invalid_scope");
		const admin = { who: grace, account: globex };
		const own = await exchange(await authorized(client, { scope: "events:read events:write" }, admin), { client });
		expect(own.body.scope).toBe("events:read events:write");
	});

	test("who belongs to no account can only go back", async () => {
		const who = await aPerson({});
		const page = await ask(path, { headers: { cookie: await signedIn(who) } });
		expect(page.text).not.toContain('value="allow"');
		expect(inert(await decide(path, { who, account: acme }))).toMatch(/^400 /);
		expect(locationOf(await decide(path, { who, decision: "deny" })).searchParams.get("error")).toBe("access_denied");
	});
});

test("the page says in its title and its heading what is asked: to install, or to allow access", async () => {
	const cookie = await signedIn(ada);
	const saidBy = async (address: string) => {
		const { text } = await ask(address, { headers: { cookie } });
		const inside = (tag: string) => new RegExp(`<${tag}[^>]*>(.*?)</${tag}>`, "s").exec(text)?.[1];
		return [inside("title"), inside("h1")?.replaceAll(/<[^>]*>/g, "")];
	};
	const { integration, webApp } = demo;
	const install = `Install ${integration.client.name}`;
	expect(await saidBy(installPath(integration))).toEqual([`${install} · latchkey`, install]);
	const { name } = webApp.client;
	const authorize = [`Allow access for ${name} · latchkey`, `${name} asks for access`];
	expect(await saidBy(authorizePath(webApp))).toEqual(authorize);
});
