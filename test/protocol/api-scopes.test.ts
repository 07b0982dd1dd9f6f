import { decodeProtectedHeader } from "jose";
import { describe, expect, test } from "vitest";
import { staleness } from "../../src/operations/lookups.ts";
import { atConsole, wordsOf } from "../support/console.ts";
import { anApiOfAcme, grantTo, newWord } from "../support/api-grants.ts";
import { namesIn, newApi } from "../support/apis.ts";
import { awaitedKeys } from "../support/key-set.ts";
import { anIntegration, call, change, installBy, read as readClient } from "../support/integrations.ts";
import { ada, codeOf, decide, formOn, grace, type Login, signedIn } from "../support/people.ts";
import { aClient, anAccount, anApi, aPerson, permission } from "../support/registered.ts";
import { type Answer, ask, bearer, type Fields, ownPage, postForm, refusal, times } from "../support/requests.ts";
import { selfRegistered } from "../support/self-registered.ts";
import { advance, demo, issuer } from "../support/target.ts";
import {
	askForToken,
	authorized,
	authorizePath,
	claimsOf,
	environments,
	exchange,
	installPath,
	introspect,
	refresh,
	type Registered,
	tokensOf,
} from "../support/tokens.ts";

const { webApp } = demo;
const { acme, globex } = demo.accounts;
const elsewhere = "https://mcp.elsewhere.example/mcp";

async function open(path: string, who: Login = ada): Promise<Answer> {
	return ask(path, { headers: { cookie: await signedIn(who) } });
}

async function refusedAt(client: Registered, query: Fields, who: Login = ada): Promise<string | null> {
	const answer = await open(authorizePath(client, query), who);
	return /[?&]error=(\w+)/.exec(answer.headers.get("location") ?? answer.text)?.[1] ?? null;
}

function forItself(client: Registered, fields: Fields): Promise<Answer> {
	return askForToken({ client }, { grant_type: "client_credentials", ...fields });
}

function scopeOf(answer: Answer): unknown {
	return claimsOf(tokensOf(answer).accessToken).scope ?? "";
}

/** How long a token lives, by its answer and by itself. */
function lives(answer: Answer) {
	const { exp, iat } = claimsOf(tokensOf(answer).accessToken);
	return [answer.body.expires_in, Number(exp) - Number(iat)];
}

function algorithmOf(token: string) {
	return decodeProtectedHeader(token).alg;
}

describe("RFC 8707: a scope is of the API that the request names", () => {
	test("its permissions, as client and role have them; nothing of latchkey's, nor of another API's", async () => {
		const [one, other] = [await anApiOfAcme(), await anApiOfAcme()];
		const client = await aClient(webApp, {
			scope: [one.read, one.admin, other.read, "events:read", "openid"].toSorted(),
		});
		const scope = `${one.read} ${one.write} ${one.admin} ${other.read} events:read openid`;
		const { resource } = one;
		const asAdmin = await grantTo(client, { scope, resource }, { account: acme });
		expect(asAdmin.scope).toBe(["openid", one.admin, one.read].toSorted().join(" "));
		expect(claimsOf(asAdmin.accessToken)).toMatchObject({ aud: resource, scope: asAdmin.scope, account_id: acme });
		const member = await aPerson({ [acme]: "member" });
		expect((await grantTo(client, { scope, resource }, { who: member })).scope).toBe(
			["openid", one.read].toSorted().join(" "),
		);
		// A token for others opens nothing of ours, whoever's name stands in it.
		expect((await environments(asAdmin.accessToken)).status).toBe(401);
	});

	test("without a scope: what the client is registered for there, and no more", async () => {
		const { read, write, resource } = await anApiOfAcme();
		const client = await aClient(webApp, { scope: [read, write, "events:read", "openid"].toSorted() });
		expect((await grantTo(client, { resource })).scope).toBe([read, write].join(" "));
		expect((await grantTo(client, {})).scope).toBe("events:read");
	});

	test("`default_resource` of the client is what a request names that names none", async () => {
		const { read, resource } = await anApiOfAcme();
		const client = await anIntegration({
			kind: "application",
			scopes: [read, "events:read"],
			default_resource: resource,
		});
		const { accessToken, refreshToken } = await grantTo(client, { scope: `${read} events:read` });
		expect(claimsOf(accessToken)).toMatchObject({ aud: resource, scope: read });
		expect(claimsOf(tokensOf(await refresh(refreshToken ?? "", { client })).accessToken)).toMatchObject({
			aud: resource,
		});
		const machine = await aClient(webApp, {
			scope: ["events:read", read].toSorted(),
			options: { defaultResource: resource },
		});
		expect(claimsOf(tokensOf(await forItself(machine, {})).accessToken)).toMatchObject({ aud: resource, scope: read });
		const ours = await grantTo(client, { scope: `${read} events:read`, resource: issuer });
		expect(claimsOf(ours.accessToken)).toMatchObject({ aud: issuer, scope: "events:read" });
		for (const wrong of ["tasks", "https://tasks.example/#x", "/tasks"]) {
			expect((await change(client, { default_resource: wrong })).status).toBe(400);
		}
	});

	test("contract 000: an integration that has a `default_resource` is installed for that API, and for no more", async () => {
		const { read, resource } = await anApiOfAcme();
		const client = await anIntegration({ scopes: [read, "environments:read"], default_resource: resource });
		const page = wordsOf(await open(installPath(client)));
		expect(page).toContain("Read tasks");
		expect(page).not.toContain("See the environments of the account");
		const { accessToken, refreshToken } = await installBy(client, ada, acme);
		expect(claimsOf(accessToken)).toMatchObject({ aud: resource, scope: read });
		expect((await environments(accessToken)).status).toBe(401);
		const next = await refresh(refreshToken, { client });
		expect(claimsOf(tokensOf(next).accessToken)).toMatchObject({ aud: resource, scope: read });

		const misspelled = await anIntegration({ scopes: [read], default_resource: resource.toUpperCase() });
		const refused = await open(installPath(misspelled));
		expect([refused.status, wordsOf(refused)]).toEqual([400, expect.stringContaining("Cannot be installed")]);
	});

	test("an own and another in one token: nothing of ours; an API's and nobody's: nothing of the API's; each alone has its own", async () => {
		const { read, resource } = await anApiOfAcme();
		const client = await aClient(webApp, { scope: [read, "events:read"].toSorted() });
		const scope = `${read} events:read mcp:tools`;
		const code = async (...named: readonly string[]) =>
			codeOf(
				await decide(
					authorizePath(client, { scope }) + named.map((each) => `&resource=${encodeURIComponent(each)}`).join(""),
				),
			);
		const both = await exchange(await code(issuer, resource), { client });
		expect(scopeOf(both)).toBe(read);
		const [ours, theirs] = [
			await refresh(tokensOf(both).refreshToken ?? "", { client, fields: { resource: issuer } }),
			await exchange(await code(issuer, resource), { client, fields: { resource } }),
		];
		expect([scopeOf(ours), scopeOf(theirs)]).toEqual(["events:read", read]);
		expect(scopeOf(await exchange(await code(resource, elsewhere), { client }))).toBe("mcp:tools");
		expect(scopeOf(await exchange(await code(resource, elsewhere), { client, fields: { resource } }))).toBe(read);
	});

	test.each([
		["a slash at the end", (resource: string) => `${resource}/`],
		["case in the path", (resource: string) => resource.replace(/v1$/, "V1")],
	])("%s is no way to the API, nor around it", async (_, spell) => {
		const { read, resource } = await anApiOfAcme();
		const client = await aClient(webApp, { scope: [read] });
		expect(await refusedAt(client, { scope: `${read} x`, resource: spell(resource) })).toBe("invalid_target");
		expect(refusal(await forItself(client, { scope: read, resource: spell(resource) }))).toBe("400 invalid_target");
		// RFC 3986 §6.2: the case of the host says nothing, and `aud` is as the API is registered.
		const { accessToken } = await grantTo(client, {
			scope: read,
			resource: resource.toUpperCase().replace(/V1$/, "v1"),
		});
		expect(claimsOf(accessToken)).toMatchObject({ aud: resource, scope: read });
	});
});

describe("a role that is narrowed", () => {
	test("is narrowed at every API, from the next refresh and introspection on; and what comes back is permitted again", async () => {
		const { read, admin, resource } = await anApiOfAcme();
		const client = await aClient(webApp, { scope: [admin, read].toSorted() });
		const who = await aPerson({ [acme]: "admin" });
		const { accessToken, refreshToken } = await grantTo(client, { scope: `${read} ${admin}`, resource }, { who });
		const code = await authorized(client, { scope: admin, resource }, { who });
		const console = await atConsole(ada);
		const at = `/console/acme/settings/people/${who.id}`;
		expect((await console.send(at, at, { role: "member" })).status).toBe(303);
		await advance(staleness + 1);
		expect((await introspect(accessToken, client)).scope).toBe(read);
		const next = await refresh(refreshToken ?? "", { client });
		expect([next.body.scope, claimsOf(tokensOf(next).accessToken).scope]).toEqual([read, read]);
		expect(refusal(await exchange(code, { client }))).toBe("400 invalid_scope");
		expect((await console.send(at, at, { role: "admin" })).status).toBe(303);
		await advance(staleness + 1);
		expect((await exchange(code, { client })).body.scope).toBe(admin);
	});
});

describe("an API of one account", () => {
	test("is given by its people alone: no other account is offered, and whoever is in none of it is told", async () => {
		const { read, resource } = await anApiOfAcme();
		const client = await selfRegistered();
		const path = authorizePath(client, { scope: read, resource });
		// Grace is in both.
		expect(formOn(await open(path, grace), "decision").hidden.account).toBe(acme);
		expect((await decide(path, { who: grace, account: globex })).status).toBe(400);
		const stranger = await aPerson({ [globex]: "admin" });
		const page = await open(path, stranger);
		expect(wordsOf(page)).toContain("What it asks for belongs to an account that you are not in.");
		expect(page.text).not.toContain('value="allow"');
		expect((await decide(path, { who: stranger, account: globex })).status).toBe(400);
	});

	test("is closed to a machine of another account, and one of the deployment is not", async () => {
		const { read, resource } = await anApiOfAcme();
		const shared = await anApi();
		const [name = ""] = shared.permissions.map((each) => each.name);
		const theirs = await aClient(webApp, { accountId: globex, scope: [read, name].toSorted() });
		expect(refusal(await forItself(theirs, { resource }))).toBe("400 invalid_target");
		const { accessToken } = tokensOf(await forItself(theirs, { resource: shared.identifier }));
		expect(claimsOf(accessToken)).toMatchObject({ aud: shared.identifier, scope: name, account_id: globex });
		const own = await aClient(webApp, { scope: [read, "events:read"].toSorted() });
		expect((await forItself(own, { resource })).body.scope).toBe(read);
		expect(refusal(await forItself(own, { resource, scope: "events:read" }))).toBe("400 invalid_scope");
		expect((await forItself(own, { scope: `${read} events:read` })).body.scope).toBe("events:read");
	});

	test("registered where another account's person had consented to it as nobody's: its name is closed to them from then on", async () => {
		const account = await anAccount();
		const who = await aPerson({ [account]: "admin" });
		const identifier = `https://later-${account.toLowerCase().replaceAll(/\W|_/g, "")}.example`;
		const client = await selfRegistered();
		const { refreshToken } = await grantTo(client, { scope: "later:admin", resource: identifier }, { who });
		const code = await authorized(client, { scope: "later:admin", resource: identifier }, { who });
		await anApi({ accountId: acme, identifier, permissions: [permission("later:admin", { selfRegistered: true })] });
		expect(refusal(await exchange(code, { client }))).toBe("400 invalid_target");
		const named = await refresh(refreshToken ?? "", { client, fields: { resource: identifier } });
		expect(refusal(named)).toBe("400 invalid_target");
		const next = await refresh(refreshToken ?? "", { client });
		expect(next.body).not.toHaveProperty("scope");
		expect(await refusedAt(client, { scope: "later:admin", resource: identifier }, who)).toBeNull();
	});
});

describe("software that registered itself", () => {
	test("may ask for what the API opens to it, whatever it said of itself, and is told what is not", async () => {
		const { read, write, admin, resource } = await anApiOfAcme();
		// With the scope of its first challenge, and with a name that is closed to it.
		for (const scope of [read, admin]) {
			const client = await selfRegistered({ scope });
			expect(client.body.scope).toBe(scope);
			expect((await grantTo(client, { scope: `${read} ${write} ${admin}`, resource })).scope).toBe(`${read} ${write}`);
			expect(await refusedAt(client, { scope: admin, resource })).toBe("invalid_scope");
		}
		const client = await selfRegistered({ scope: read });
		expect((await grantTo(client, { resource })).scope).toBe(read);
		expect(wordsOf(await open(authorizePath(client, { scope: admin, resource })))).toContain(
			"Nothing of the scope is open to a client that registered itself",
		);
	});

	test("a name that it registered, and an API has later, opens what the API opens to strangers and no more", async () => {
		const word = newWord();
		const client = await selfRegistered({ scope: `${word}:admin ${word}:read` });
		const api = await anApi({
			accountId: acme,
			permissions: [permission(`${word}:admin`), permission(`${word}:read`, { selfRegistered: true })],
		});
		expect((await grantTo(client, { resource: api.identifier })).scope).toBe(`${word}:read`);
		expect(await refusedAt(client, { scope: `${word}:admin`, resource: api.identifier })).toBe("invalid_scope");
	});
});

describe("a resource that nobody registered", () => {
	test("has its words passed on to whom a person consents to, and the page says that nobody checked them", async () => {
		const client = await aClient(webApp);
		const query = { scope: "mcp:tools files.read openid events:read write", resource: elsewhere };
		const page = wordsOf(await open(authorizePath(client, query)));
		expect(page).toMatch(/Nobody here has checked what that means: files\.read mcp:tools/);
		const { accessToken, refreshToken, scope } = await grantTo(client, query);
		expect(scope).toBe("files.read mcp:tools openid");
		expect(claimsOf(accessToken)).toMatchObject({ aud: elsewhere, scope });
		expect((await introspect(accessToken, client)).scope).toBe(scope);
		expect((await refresh(refreshToken ?? "", { client })).body.scope).toBe(scope);
		// It is for others: what it names opens nothing here.
		expect((await environments(accessToken)).status).toBe(401);
	});

	test("not those of an API that the account sees, in whatever case; nor for a machine", async () => {
		const { read, admin } = await anApiOfAcme();
		const client = await aClient(webApp, { scope: [read, "events:read"].toSorted() });
		const query = { scope: `${admin} ${read.toUpperCase()} mcp:tools`, resource: elsewhere };
		expect((await grantTo(client, query, { account: acme })).scope).toBe("mcp:tools");
		expect(refusal(await forItself(client, { scope: "mcp:tools", resource: elsewhere }))).toBe("400 invalid_scope");
	});

	test("at most twenty, of a hundred characters", async () => {
		const client = await aClient(webApp);
		const words = times(20, (index) => `w${index}`);
		const asked = (scope: string) => refusedAt(client, { scope, resource: elsewhere });
		expect(await asked(words.join(" "))).toBeNull();
		expect(await asked([...words, "more"].join(" "))).toBe("invalid_scope");
		expect(await asked("w".repeat(101))).toBe("invalid_scope");
	});

	test("what was passed on opens nothing that an API of the account has later", async () => {
		const word = newWord();
		const resource = `https://${word}.example`;
		const client = await aClient(webApp, { scope: [`${word}:read`] });
		const query = { scope: `${word}:read`, resource };
		const { accessToken, refreshToken } = await grantTo(client, query);
		const code = await authorized(client, query);
		await anApi({
			accountId: acme,
			identifier: resource,
			permissions: [permission(`${word}:read`, { members: true })],
		});
		expect(await introspect(accessToken, client)).not.toHaveProperty("scope");
		expect((await refresh(refreshToken ?? "", { client })).body).not.toHaveProperty("scope");
		expect(refusal(await exchange(code, { client }))).toBe("400 invalid_scope");
		// Asked for again it is agreed to in the API's own words.
		const page = wordsOf(await open(authorizePath(client, query)));
		expect(page).toContain(`May ${word}:read`);
		expect((await grantTo(client, query)).scope).toBe(`${word}:read`);
	});
});

describe("the words of an API", () => {
	test("changed while somebody reads them: they read them again before they count", async () => {
		const made = await newApi();
		const [read = ""] = namesIn(made);
		const client = await aClient(webApp, { scope: [read] });
		const path = authorizePath(client, { scope: read, resource: made.identifier });
		const page = await open(path);
		expect(wordsOf(page)).toContain("See orders");
		const permissions = made.permissions.map((each) => ({ ...each, title: `Rule: ${each.title}` }));
		expect((await call("PATCH", `/v1/apis/${made.id}`, undefined, { permissions })).status).toBe(200);
		await advance(staleness + 1);
		const { action, hidden } = formOn(page, "decision");
		const cookie = await signedIn(ada);
		const again = await postForm(action, { ...hidden, account: acme, decision: "allow" }, { cookie, ...ownPage });
		expect([again.status, again.headers.has("location")]).toEqual([403, false]);
		expect(wordsOf(again)).toContain("Rule: See orders");
	});
});

describe("what an API has no more", () => {
	test("a permission that is taken away is gone from codes, refreshes and introspection", async () => {
		const made = await newApi();
		const [read = "", second = ""] = namesIn(made);
		const client = await aClient(webApp, { scope: [read, second].toSorted() });
		const query = { scope: `${read} ${second}`, resource: made.identifier };
		const { accessToken, refreshToken } = await grantTo(client, query, { account: acme });
		const [code, lost] = [
			await authorized(client, query, { account: acme }),
			await authorized(client, { ...query, scope: second }, { account: acme }),
		];
		const left = made.permissions.slice(0, 1);
		expect((await call("PATCH", `/v1/apis/${made.id}?force=true`, undefined, { permissions: left })).status).toBe(200);
		await advance(staleness + 1);
		expect((await introspect(accessToken, client)).scope).toBe(read);
		expect((await refresh(refreshToken ?? "", { client })).body.scope).toBe(read);
		expect((await exchange(code, { client })).body.scope).toBe(read);
		// Nothing is left of it: refused, and not burned.
		expect(refusal(await exchange(lost, { client }))).toBe("400 invalid_scope");
	});

	test("deleted between consent and exchange: nothing is passed on of what it knew", async () => {
		const made = await newApi();
		const [read = ""] = namesIn(made);
		const client = await aClient(webApp, { scope: [read, "openid"].toSorted() });
		const query = { scope: read, resource: made.identifier };
		const code = await authorized(client, query, { account: acme });
		const { accessToken, refreshToken } = await grantTo(client, query, { account: acme });
		const gone = await call("DELETE", `/v1/apis/${made.id}?force=true`);
		expect(gone.status).toBe(204);
		await advance(staleness + 1);
		expect(refusal(await exchange(code, { client }))).toBe("400 invalid_scope");
		expect((await refresh(refreshToken ?? "", { client })).body).not.toHaveProperty("scope");
		expect(await introspect(accessToken, client)).not.toHaveProperty("scope");
	});
});

describe("tokens of an API", () => {
	test("live as long as it says at most, and are signed as it says where the client did not choose", async () => {
		const made = await newApi({ access_token_ttl: 120, access_token_signed_response_alg: "PS256" });
		// Published when the API is, before any token asks for them.
		await awaitedKeys("PS256");
		const [scope = ""] = namesIn(made);
		const resource = made.identifier;
		const client = await aClient(webApp, { scope: [scope] });
		const query = { scope, resource };
		const first = await exchange(await authorized(client, query), { client });
		expect(lives(first)).toEqual([120, 120]);
		// Ten minutes later no cached key set is without its keys.
		await advance(601);
		const next = await refresh(tokensOf(first).refreshToken ?? "", { client });
		expect(lives(next)).toEqual([120, 120]);
		expect(algorithmOf(tokensOf(next).accessToken)).toBe("PS256");
		expect(algorithmOf(tokensOf(await forItself(client, { resource })).accessToken)).toBe("PS256");
		expect((await introspect(tokensOf(next).accessToken, client)).active).toBe(true);
		const chosen = await aClient(webApp, { scope: [scope], options: { accessTokenAlg: "ES256" } });
		expect(algorithmOf(tokensOf(await forItself(chosen, { resource })).accessToken)).toBe("ES256");
	});

	test("may be as long as an API's permissions make them: they are introspected, and sent in a header, none the less", async () => {
		const word = newWord();
		const names = times(100, (index) => `${word}:${"x".repeat(90 - word.length)}:${index}`);
		const api = await anApi({ accountId: acme, permissions: names.map((name) => permission(name)) });
		const client = await aClient(webApp, {
			scope: ["openid", ...names].toSorted(),
			options: { defaultResource: api.identifier },
		});
		const { accessToken } = await grantTo(client, {}, { account: acme });
		expect(accessToken.length).toBeGreaterThan(12_000);
		expect(String((await introspect(accessToken, client)).scope).split(" ")).toHaveLength(100);
		const userinfo = await ask("/oauth/userinfo", { headers: bearer(accessToken) });
		expect(refusal(userinfo)).toBe("403 insufficient_scope");
	});

	test("RFC 7662: a resource server is told what they open at its own API, and nothing of another", async () => {
		const server = await aClient(webApp);
		const [one, other] = [await anApiOfAcme({ servers: [server.client.id] }), await anApiOfAcme()];
		const client = await aClient(webApp, { scope: [one.read, other.read].toSorted() });
		const both = `&resource=${encodeURIComponent(other.resource)}`;
		const path = authorizePath(client, { scope: `${one.read} ${other.read}`, resource: one.resource }) + both;
		const { accessToken } = tokensOf(await exchange(codeOf(await decide(path)), { client }));
		expect(claimsOf(accessToken).scope).toBe([one.read, other.read].toSorted().join(" "));
		expect(await introspect(accessToken, server)).toMatchObject({ active: true, scope: one.read });
		// Whoever lists somebody else's API among what it serves is told nothing.
		const thief = await aClient(webApp, { accountId: globex, options: { resources: [one.resource] } });
		expect(await introspect(accessToken, thief)).toEqual({ active: false });
	});
});

describe("who registers a client", () => {
	test("may name permissions of the APIs that the account sees, and of no other", async () => {
		const { read } = await anApiOfAcme();
		const theirs = await anApi({ accountId: globex });
		const [name = ""] = theirs.permissions.map((each) => each.name);
		const made = await anIntegration({ kind: "application", scopes: [read, "events:read"] });
		expect((await readClient(made)).body.scopes).toEqual(["events:read", read].toSorted());
		const refused = await change(made, { scopes: [name] });
		expect([refused.status, JSON.stringify(refused.body)]).toEqual([
			400,
			expect.stringContaining("no permission here"),
		]);
		const console = await atConsole(ada);
		const page = await console.open("/console/acme/integrations/new");
		expect(page.text).toContain(`name="scopes:${read}"`);
		expect(page.text).not.toContain(`name="scopes:${name}"`);
	});

	test("gives it nothing to do by itself that they may not do themselves", async () => {
		const { read, admin } = await anApiOfAcme();
		const body = { kind: "application", acts_for_itself: true, redirect_urls: [], name: `Alone ${read}` };
		const machine = await aClient(webApp, { scope: [read, "integrations:read", "integrations:write"].toSorted() });
		const { accessToken } = tokensOf(await forItself(machine, {}));
		const by = (scopes: readonly string[], name: string) =>
			ask("/v1/integrations", {
				method: "POST",
				headers: { ...bearer(accessToken), "content-type": "application/json" },
				body: JSON.stringify({ ...body, name, scopes }),
			});
		expect((await by([admin], `Alone ${admin}`)).status).toBe(403);
		expect((await by([read], `Alone ${read}`)).status).toBe(201);
	});
});
