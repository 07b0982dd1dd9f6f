import { describe, expect, test } from "vitest";
import { staleness } from "../../src/operations/lookups.ts";
import { atConsole, wordsOf } from "../support/console.ts";
import { described } from "../support/documented.ts";
import { anIntegration, call, change, pathOf } from "../support/integrations.ts";
import { tokenOf as loginOf } from "../support/keys-api.ts";
import { ada, codeOf, decide, formOn, grace, type Login, signedIn } from "../support/people.ts";
import { aClient, aPerson } from "../support/registered.ts";
import { type Answer, ask, bearer, type Fields, locationOf, ownPage, postForm, refusal } from "../support/requests.ts";
import { manage, metadata, registerClient, selfRegistered } from "../support/self-registered.ts";
import { advance, demo, issuer } from "../support/target.ts";
import {
	askForToken,
	authorized,
	authorizePath,
	claimsOf,
	environments,
	exchange,
	granted,
	installPath,
	introspect,
	refresh,
	type Registered,
	tokensOf,
} from "../support/tokens.ts";

const { webApp, nativeApp } = demo;
const { acme, globex } = demo.accounts;

/** All that an API lists of itself (RFC 9728 §2): of the whole of latchkey, or of one resource. */
async function listedBy(path = ""): Promise<string> {
	const { body } = await ask(`/.well-known/oauth-protected-resource${path}`);
	return (body.scopes_supported as string[]).join(" ");
}

function forItself(client: Registered, fields: Fields = {}): Promise<Answer> {
	return askForToken({ client }, { grant_type: "client_credentials", ...fields });
}

async function open(path: string, who: Login = ada): Promise<Answer> {
	return ask(path, { headers: { cookie: await signedIn(who) } });
}

/** What the token endpoint says in the end to a client that asks people for this. */
async function scopeFor(client: Registered, query: Fields, consent = {}): Promise<unknown> {
	return (await exchange(await authorized(client, query, consent), { client })).body.scope;
}

/** How an authorization request is refused, wherever that is told. */
async function refusedAt(client: Registered, query: Fields): Promise<string | null> {
	const answer = await open(authorizePath(client, query));
	const told = answer.headers.get("location") ?? answer.text;
	return /[?&]error=(\w+)/.exec(told)?.[1] ?? null;
}

describe("RFC 6749 §3.3: whoever asks for more than can be had gets what can be had, and the answer says what", () => {
	// `mcp` 2.3.0 (PyPI), @modelcontextprotocol/sdk 1.32.2: by default, whoever the person is.
	test("authorize: the MCP SDKs for Python and TypeScript ask for all of an API's scopes_supported", async () => {
		const everything = await listedBy();
		const answer = await exchange(await authorized(nativeApp, { scope: everything }), { client: nativeApp });
		expect(answer.body.scope).toBe("environments:read events:read openid");
		expect(claimsOf(tokensOf(answer).accessToken).scope).toBe("environments:read events:read openid");
	});

	test("authorize: what others know (`mcp:tools`, `roles`, a URL) is dropped, without `openid` too", async () => {
		for (const scope of ["events:read mcp:tools roles", "https://elsewhere.example/x events:read"]) {
			expect(await scopeFor(nativeApp, { scope })).toBe("events:read");
		}
	});

	test("the consent page lists what is left, and nothing that was dropped", async () => {
		const page = wordsOf(await open(authorizePath(nativeApp, { scope: `${await listedBy()} mcp:tools` })));
		expect(page).toContain("Search the account's events");
		expect(page).not.toMatch(/Put events|See the account's API keys|mcp:tools/);
	});

	// ClientCredentialsOAuthProvider of `mcp` 2.3.0 asks for all that a server's metadata lists, whatever scope it was made with.
	test("client_credentials: as OAuth libraries send a list of scopes that was set for many servers", async () => {
		const client = await aClient(webApp, { scope: ["environments:read", "events:read", "openid"] });
		const answer = await forItself(client, { scope: `${await listedBy()} .default` });
		expect(answer.body.scope).toBe("environments:read events:read");
		expect(claimsOf(tokensOf(answer).accessToken).scope).toBe("environments:read events:read");
	});

	test("install: what an integration asks for, as far as the person's role goes", async () => {
		const integration = await anIntegration({ scopes: ["environments:read", "keys:write"] });
		const link = installPath(integration);
		const code = codeOf(await decide(link, { who: grace, account: acme }));
		expect((await exchange(code, { client: integration })).body.scope).toBe("environments:read");
	});

	test("a value that was stored by a version of latchkey that knew it is unknown now, and dropped", async () => {
		const client = await aClient(webApp, { scope: ["events:read", "radar:read"] });
		expect((await forItself(client)).body.scope).toBe("events:read");
		expect((await forItself(client, { scope: "events:read radar:read" })).body.scope).toBe("events:read");
		expect(await refusedAt(client, { scope: "radar:read" })).toBe("invalid_scope");
	});
});

describe("RFC 6749 §4.1.2.1, §5.2: invalid_scope where something was asked for and nothing is left", () => {
	test("whoever reads it learns whether the registration or the resource is in the way", async () => {
		const registration = "The client is registered for nothing of the scope";
		const resource = "Nothing of the scope that the client is registered for is open at what it names as resource";
		const client = await aClient(webApp, { scope: ["environments:read"] });
		const elsewhere = "https://mcp.example/";
		for (const [fields, said] of [
			[{ scope: "events:read" }, registration],
			[{ scope: "nonsense" }, registration],
			[{ scope: "events:read openid", resource: elsewhere }, registration],
			[{ scope: "environments:read", resource: elsewhere }, resource],
		] as const) {
			const alone = (await forItself(client, fields)).body.error_description;
			const asked = locationOf(await open(authorizePath(client, fields))).searchParams.get("error_description");
			expect({ ...fields, alone, asked }).toEqual({ ...fields, alone: said, asked: said });
		}
	});

	test.each([
		["what is closed to the client", "keys:write audit:read"],
		["what nobody knows", "mcp:tools"],
		["a token pair's own, which is no permission", "read"],
		["a member of every object", "constructor toString"],
		["OIDC Core §11: only that it should last, of more", "keys:write offline_access"],
	])("%s", async (_, scope) => {
		expect(await refusedAt(nativeApp, { scope })).toBe("invalid_scope");
		const client = await aClient(webApp, { scope: ["environments:read", "offline_access"] });
		expect(refusal(await forItself(client, { scope }))).toBe("400 invalid_scope");
	});

	test("OIDC Core §11: offline_access alone was all that was asked for, and is what is granted", async () => {
		expect(await scopeFor(nativeApp, { scope: "offline_access" })).toBe("offline_access");
		const page = wordsOf(await open(authorizePath(nativeApp, { scope: "offline_access" })));
		expect(page).toContain("What it will be able to do Keep this access while you are away In which account");
	});

	test("openid alone, where the client may ask for it and where it may not", async () => {
		expect(await scopeFor(nativeApp, { scope: "openid" })).toBe("openid");
		const client = await aClient(webApp, { scope: ["events:read", "profile"] });
		expect(await refusedAt(client, { scope: "openid" })).toBe("invalid_scope");
		// What is left is then no request of OpenID Connect any more.
		const answer = await exchange(await authorized(client, { scope: "openid profile" }), { client });
		expect(answer.body.scope).toBe("profile");
		expect(answer.body).not.toHaveProperty("id_token");
	});
});

describe("a role permits nothing of it", () => {
	test("the person is told, can only go back, and no form of theirs gets further", async () => {
		const who = await aPerson({ [acme]: "member" });
		for (const path of [
			authorizePath(webApp, { scope: "keys:write offline_access" }),
			installPath(await anIntegration({ scopes: ["keys:write"] })),
		]) {
			const page = await open(path, who);
			expect(wordsOf(page)).toContain("Your role permits nothing of what it asks for.");
			expect(page.text).not.toContain('value="allow"');
			const tried = await decide(path, { who, account: acme });
			expect(tried.status).toBe(400);
			expect(tried.headers.has("location")).toBe(false);
			const back = locationOf(await decide(path, { who, decision: "deny" }));
			expect(back.searchParams.get("error")).toBe("access_denied");
		}
	});

	test("OIDC Core §3.1.2.6: silently, a client does not learn whose role permits what", async () => {
		const query = { scope: "keys:write", prompt: "none" };
		const member = await aPerson({ [acme]: "member" });
		for (const who of [member, ada]) {
			const { searchParams } = locationOf(await open(authorizePath(await aClient(webApp), query), who));
			expect(searchParams.get("error")).toBe("consent_required");
		}
	});

	test("of two accounts, the one where something is left is offered, and the other is not to be chosen", async () => {
		const path = authorizePath(webApp, { scope: "keys:write" });
		expect(formOn(await open(path, grace), "decision").hidden.account).toBe(globex);
		expect((await decide(path, { who: grace, account: acme })).status).toBe(400);
		const { accessToken } = tokensOf(await exchange(codeOf(await decide(path, { who: grace })), { client: webApp }));
		expect(claimsOf(accessToken)).toMatchObject({ account_id: globex, scope: "keys:write" });
	});

	test("of two accounts that differ, the page says of each what is not given there", async () => {
		const page = wordsOf(await open(authorizePath(webApp, { scope: "events:read events:write" }), grace));
		expect(page).toMatch(/Acme Member Not given there: Put events into the account Globex Administrator /);
		const alike = wordsOf(await open(authorizePath(webApp, { scope: "events:read" }), grace));
		expect(alike).not.toContain("Not given there");
	});
});

/** A person of Acme whose role an administrator changes in the console. */
async function aColleague() {
	const who = await aPerson({ [acme]: "member" });
	const console = await atConsole(ada);
	return {
		who,
		become: async (role: "admin" | "member") => {
			const at = `/console/acme/settings/people/${who.id}`;
			expect((await console.send(at, at, { role })).status).toBe(303);
			await advance(staleness + 1);
		},
	};
}

describe("a scope does not grow", () => {
	test("RFC 6749 §6: a refresh for more than was granted is refused, whole, and burns nothing", async () => {
		const { refreshToken } = await granted(nativeApp, { scope: "events:read" });
		for (const scope of ["events:read environments:read", "events:read mcp:tools", "events:read openid"]) {
			const answer = await refresh(refreshToken, { client: nativeApp, fields: { scope } });
			expect([scope, refusal(answer)]).toEqual([scope, "400 invalid_scope"]);
		}
		expect((await refresh(refreshToken, { client: nativeApp })).body.scope).toBe("events:read");
	});

	test("client_credentials: never beyond what the client may do, whatever is asked for", async () => {
		const client = await aClient(webApp, { scope: ["environments:read"] });
		const everything = tokensOf(await forItself(client, { scope: await listedBy() })).accessToken;
		expect(claimsOf(everything).scope).toBe("environments:read");
		expect((await ask("/v1/keys", { headers: bearer(everything) })).status).toBe(403);
		expect(refusal(await forItself(client, { scope: "keys:read" }))).toBe("400 invalid_scope");
	});

	test("authorize: never beyond what a client was registered for, nor beyond what strangers may ask for", async () => {
		const narrow = await aClient(nativeApp, { scope: ["events:read"] });
		expect(await scopeFor(narrow, { scope: await listedBy() })).toBe("events:read");
		expect(await refusedAt(narrow, { scope: "events:write openid" })).toBe("invalid_scope");
		// What software says of itself is what it asks for where it does not say: it registers with the scope of its first challenge.
		const stranger = await selfRegistered({ scope: "events:read" });
		expect(await scopeFor(stranger, {})).toBe("events:read");
		expect(await scopeFor(stranger, { scope: "events:write openid" })).toBe("events:read events:write openid");
		expect(await refusedAt(stranger, { scope: "keys:write audit:read" })).toBe("invalid_scope");
		const wide = await selfRegistered({ scope: await listedBy() });
		const { scope } = wide.body;
		expect(await scopeFor(wide, { scope: await listedBy() })).toBe(scope);
		expect(String(scope)).not.toMatch(/keys|integrations|audit|environments:write/);
	});

	test("while somebody reads, an administrator widens their role: they see it before they give it", async () => {
		const { who, become } = await aColleague();
		const path = authorizePath(webApp, { scope: "events:read events:write" });
		const cookie = await signedIn(who);
		const page = await ask(path, { headers: { cookie } });
		expect(wordsOf(page)).not.toContain("Put events");
		await become("admin");
		const { action, hidden } = formOn(page, "decision");
		const again = await postForm(action, { ...hidden, decision: "allow" }, { cookie, ...ownPage });
		expect([again.status, again.headers.has("location")]).toEqual([403, false]);
		expect(wordsOf(again)).toContain("Put events");
		const seen = { ...formOn(again, "decision").hidden, decision: "allow" };
		const code = codeOf(await postForm(action, seen, { cookie, ...ownPage }));
		expect((await exchange(code, { client: webApp })).body.scope).toBe("events:read events:write");
	});

	test("a consent that is remembered does not cover what the role or the client may have more since", async () => {
		const { who, become } = await aColleague();
		const client = await anIntegration({ kind: "application", scopes: ["events:read"] });
		const query = { scope: "events:read alerts:read events:write", prompt: undefined };
		const asked = async () => (await open(authorizePath(client, query), who)).text.includes('value="allow"');
		expect(await scopeFor(client, query, { who })).toBe("events:read");
		expect(await asked()).toBe(false);
		await change(client, { scopes: ["events:read", "alerts:read", "events:write"] });
		await advance(staleness + 1);
		expect(await asked()).toBe(true);
		expect(await scopeFor(client, query, { who })).toBe("alerts:read events:read");
		expect(await asked()).toBe(false);
		await become("admin");
		expect(await asked()).toBe(true);
	});

	test("a remembered consent does not stand for a request that a role leaves nothing of", async () => {
		const { who } = await aColleague();
		const client = await aClient(webApp);
		await decide(authorizePath(client, { scope: "events:read" }), { who });
		const page = await open(authorizePath(client, { scope: "keys:write", prompt: undefined }), who);
		expect(wordsOf(page)).toContain("Your role permits nothing of what it asks for.");
	});

	test("what an administrator took from a client is in no later step: code, refresh, introspection, a new request", async () => {
		const scopes = ["events:read", "alerts:read", "offline_access"];
		const client = await anIntegration({ kind: "application", scopes });
		const query = { scope: scopes.join(" ") };
		const code = await authorized(client, query);
		const { accessToken, refreshToken } = await granted(client, query);
		expect((await change(client, { scopes: ["events:read"] })).status).toBe(200);
		await advance(staleness + 1);
		expect((await exchange(code, { client })).body.scope).toBe("events:read");
		expect((await introspect(accessToken, client)).scope).toBe("events:read");
		const next = await refresh(refreshToken, { client });
		expect(next.body.scope).toBe("events:read");
		expect(claimsOf(tokensOf(next).accessToken).scope).toBe("events:read");
		expect(await scopeFor(client, query)).toBe("events:read");
		expect(await refusedAt(client, { scope: "alerts:read" })).toBe("invalid_scope");
	});

	test("RFC 6749 §5.2: a code of which nothing is permitted any more gives nothing, and is not burned", async () => {
		const client = await anIntegration({ kind: "application", scopes: ["events:read", "alerts:read"] });
		const code = await authorized(client, { scope: "events:read" });
		await change(client, { scopes: ["alerts:read"] });
		await advance(staleness + 1);
		expect(refusal(await exchange(code, { client }))).toBe("400 invalid_scope");
		await change(client, { scopes: ["events:read"] });
		await advance(staleness + 1);
		expect((await exchange(code, { client })).body.scope).toBe("events:read");
	});
});

// fastmcp 4.2.3 registers with `"scope": ""` where a server names none; others leave it out.
describe("a client that registers (RFC 7591 §2)", () => {
	const identity = "address email groups offline_access openid phone profile";

	test("with values alone that only others know: it is given nothing of ours by default, and no more by name than strangers", async () => {
		for (const scope of ["mcp:tools", "claudeai", "mcp:tools offline_access"]) {
			const client = await selfRegistered({ scope });
			expect(client.body.scope).toBe(scope);
			expect(await scopeFor(client, {})).toBeUndefined();
			const asked = { scope: `events:read email ${scope} keys:write` };
			const offline = scope.includes("offline_access") ? " offline_access" : "";
			expect(await scopeFor(client, asked)).toBe(`email events:read${offline}`);
			expect(await refusedAt(client, { scope: "keys:write mcp:tools" })).toBe("invalid_scope");
		}
		const ofAcme = await registerClient({ scope: "mcp:tools", client_name: "Tools" }, await loginOf(ada, "acme"));
		expect(ofAcme.body.scope).toBe(identity);
	});

	test("without a scope: none is in the answer, and none is given that is not asked for by name", async () => {
		for (const scope of [undefined, "", " ", null]) {
			const client = await selfRegistered({ scope });
			expect(client.body).not.toHaveProperty("scope");
			expect((await manage("GET", client)).body).not.toHaveProperty("scope");
			const page = wordsOf(await open(authorizePath(client)));
			expect(page).toContain("Nothing in your account: it learns only that you agreed.");
			const answer = await exchange(await authorized(client), { client });
			expect(answer.body).not.toHaveProperty("scope");
			const token = tokensOf(answer).accessToken;
			expect(refusal(await environments(token))).toBe("403 insufficient_scope");
		}
	});

	test("the MCP SDKs for Python and TypeScript register without a scope and ask for what a resource lists", async () => {
		const client = await selfRegistered();
		const refused = await ask("/v1/environments?account=acme");
		const [, challenged = ""] = /scope="([^"]*)"/.exec(refused.headers.get("www-authenticate") ?? "") ?? [];
		expect(challenged).toBe("environments:read");
		const resource = `${issuer}/v1/environments`;
		const code = await authorized(client, { scope: `${challenged} offline_access`, resource });
		const { accessToken } = tokensOf(await exchange(code, { client, fields: { resource } }));
		expect((await ask("/v1/environments?account=acme", { headers: bearer(accessToken) })).status).toBe(200);
		// And no more than strangers may, whatever a resource lists.
		expect(await refusedAt(client, { scope: await listedBy("/v1/keys") })).toBe("invalid_scope");
	});

	test("or, as they do too, with all that a resource lists, and then ask for the same", async () => {
		const listed = `${await listedBy()} offline_access`;
		const client = await selfRegistered({ scope: listed });
		expect(await scopeFor(client, { scope: listed })).toBe(client.body.scope);
	});

	test("without a scope, for an account: people can be asked for no more than by strangers", async () => {
		const client = await selfRegistered({ client_name: "Silent" }, await loginOf(ada, "acme"));
		expect(await scopeFor(client, { scope: "events:read" })).toBe("events:read");
		expect(await refusedAt(client, { scope: "keys:write" })).toBe("invalid_scope");
	});

	test("without a scope, to act alone: it may do nothing, and says so", async () => {
		const alone = { grant_types: ["client_credentials"], token_endpoint_auth_method: "client_secret_post" };
		const client = await selfRegistered({ ...alone, client_name: "Alone" }, await loginOf(ada, "acme"));
		expect(client.body.scope).toBe(identity);
		const answer = await forItself(client);
		expect([answer.status, "scope" in answer.body]).toEqual([200, false]);
		for (const scope of ["events:read", await listedBy()]) {
			expect(refusal(await forItself(client, { scope }))).toBe("400 invalid_scope");
		}
	});

	test("RFC 7592 §2.2: it says another scope, or none, and gets no further than it could have registered", async () => {
		const client = await selfRegistered();
		const put = (scope?: string) => manage("PUT", client, { ...metadata({ scope }), client_id: client.id });
		expect((await put("events:read")).body.scope).toBe("events:read");
		expect(await scopeFor(client, {})).toBe("events:read");
		expect(await scopeFor(client, { scope: "alerts:read" })).toBe("alerts:read events:read");
		expect((await put()).body).not.toHaveProperty("scope");
		expect(await scopeFor(client, { scope: "alerts:read" })).toBe("alerts:read");
		expect(await scopeFor(client, {})).toBeUndefined();
		expect(refusal(await put("keys:write audit:read"))).toBe("400 invalid_client_metadata");
		expect(await refusedAt(client, { scope: "keys:write" })).toBe("invalid_scope");
	});

	test("what an administrator took away is not had by saying nothing; what they give is given by default", async () => {
		const actor = await loginOf(ada, "acme");
		const named = { client_name: "Held down" };
		const client = await selfRegistered(named, actor);
		expect((await call("PATCH", pathOf(client), undefined, { scopes: ["events:read", "alerts:read"] })).status).toBe(
			200,
		);
		await advance(staleness + 1);
		expect((await manage("GET", client)).body.scope).toBe("alerts:read events:read");
		expect(await scopeFor(client, {})).toBe("alerts:read events:read");
		expect((await manage("PUT", client, { ...metadata(named), client_id: client.id })).status).toBe(200);
		await advance(staleness + 1);
		expect(await scopeFor(client, { scope: "events:read events:write openid" })).toBe("events:read");
		expect(await refusedAt(client, { scope: "events:write" })).toBe("invalid_scope");
	});

	test("a client that was registered before without a scope goes on as it was", async () => {
		const { scope } = (await selfRegistered({ scope: await listedBy() })).body;
		const before = String(scope).split(" ");
		const client = await aClient(nativeApp, { accountId: null, scope: before, options: {} });
		expect(await scopeFor(client, { scope: "events:read" })).toBe("events:read");
		const access = before.filter((value) => value.includes(":")).join(" ");
		expect(await scopeFor(client, {})).toBe(access);
	});
});

describe("RFC 8414 §2: the authorization server lists what a stranger should ask for", () => {
	test("the MCP SDK for Python asks for all of it where no resource lists any: a stranger gets all of it", async () => {
		const { body } = await ask("/.well-known/oauth-authorization-server");
		const listed = body.scopes_supported as string[];
		expect(listed).toEqual(["openid", "profile", "email", "address", "phone", "groups", "offline_access"]);
		const client = await selfRegistered({ scope: listed.join(" ") });
		expect(await scopeFor(client, { scope: listed.join(" ") })).toBe(listed.toSorted().join(" "));
	});
});

describe("RFC 6749 §3.3: spaces", () => {
	// Claude's connectors ask with `scope=+offline_access` (anthropics/claude-ai-mcp issue 453 of June 2026, modelcontextprotocol/mcpb 188).
	const spaced = [" events:read", "events:read ", "  offline_access   events:read  ", "events:read  openid"];

	test.each(spaced)("authorize: connectors send %j, from templates with an empty part", async (scope) => {
		const asked = scope.split(" ").filter(Boolean).toSorted().join(" ");
		expect(await scopeFor(nativeApp, { scope })).toBe(asked);
	});

	test("authorize: ` offline_access` alone, and nothing but spaces, which is as if it were left out", async () => {
		expect(await scopeFor(nativeApp, { scope: " offline_access" })).toBe("offline_access");
		expect(await scopeFor(nativeApp, { scope: "  " })).toBe("environments:read events:read");
	});

	test.each(["form", "snake"] as const)("token: client_credentials and refresh, in %s", async (dialect) => {
		const client = await aClient(webApp, { scope: ["environments:read", "events:read"] });
		const own = (scope: string) => askForToken({ client, dialect }, { grant_type: "client_credentials", scope });
		expect((await own("  events:read ")).body.scope).toBe("events:read");
		expect((await own(" ")).body.scope).toBe("environments:read events:read");
		const { refreshToken } = await granted(client, { scope: "environments:read events:read" });
		const narrowed = await refresh(refreshToken, { client, dialect, fields: { scope: " events:read  " } });
		expect(narrowed.body.scope).toBe("events:read");
		const again = await refresh(tokensOf(narrowed).refreshToken ?? "", { client, dialect, fields: { scope: " " } });
		expect(again.body.scope).toBe("environments:read events:read");
	});

	test("registration, and its change", async () => {
		const client = await selfRegistered({ scope: " openid  events:read " });
		expect(client.body.scope).toBe("events:read openid");
		const changed = { ...metadata({ scope: "alerts:read  " }), client_id: client.id };
		expect((await manage("PUT", client, changed)).body.scope).toBe("alerts:read");
	});

	test("other white space is no separator: it is malformed", async () => {
		const client = await aClient(webApp, { scope: ["events:read", "openid"] });
		const { refreshToken } = await granted(client, { scope: "events:read openid" });
		for (const between of ["\t", "\n", "\r\n", "\u00a0", "\u2003", "\v"]) {
			const scope = `events:read${between}openid`;
			expect(await refusedAt(client, { scope })).toBe("invalid_scope");
			expect(refusal(await forItself(client, { scope }))).toBe("400 invalid_scope");
			expect(refusal(await refresh(refreshToken, { client, fields: { scope } }))).toBe("400 invalid_scope");
			expect(refusal(await registerClient({ scope }))).toBe("400 invalid_client_metadata");
		}
	});
});

// sttp-oauth2 fails to read a token answer with `"scope": ""` (polyvariant/sttp-oauth2 pull request 488).
describe("RFC 6749 App. A.4: an empty scope is left out", () => {
	test("of a token answer, of the token, of introspection, of a refresh", async () => {
		const client = await aClient(webApp, { scope: ["openid", "profile"] });
		const answer = await exchange(await authorized(client), { client });
		const { accessToken, refreshToken } = tokensOf(answer);
		expect(answer.body).not.toHaveProperty("scope");
		expect(claimsOf(accessToken)).not.toHaveProperty("scope");
		const told = await introspect(accessToken, client);
		expect([told.active, "scope" in told]).toEqual([true, false]);
		const next = await refresh(refreshToken ?? "", { client });
		expect(next.body).not.toHaveProperty("scope");
		const ofRefresh = await introspect(tokensOf(next).refreshToken ?? "", client);
		expect([ofRefresh.active, "scope" in ofRefresh]).toEqual([true, false]);
	});

	test("of a client's own token, where it may do nothing and asks for nothing by name", async () => {
		const client = await aClient(webApp, { scope: ["openid"] });
		const answer = await forItself(client);
		expect(answer.status).toBe(200);
		expect(answer.body).not.toHaveProperty("scope");
		const { accessToken } = tokensOf(answer);
		expect(claimsOf(accessToken)).not.toHaveProperty("scope");
		expect(refusal(await environments(accessToken))).toBe("403 insufficient_scope");
	});

	test("a token without one is not unlimited: no route that needs a permission takes it", async () => {
		const { accessToken } = tokensOf(await forItself(await aClient(webApp, { scope: ["openid"] })));
		expect(claimsOf(accessToken)).not.toHaveProperty("scope");
		const guarded = described.filter(({ operation }) => operation["x-permission"]);
		expect(guarded.length).toBeGreaterThan(20);
		for (const { name, path } of guarded) {
			const [method = ""] = name.split(" ");
			const answer = await ask(path.replaceAll(/\{[^}]*\}/g, "acme"), { method, headers: bearer(accessToken) });
			expect([name, answer.status]).toEqual([name, 403]);
		}
	});

	test("contract 000: its dialect has none anyway", async () => {
		const integration = await aClient(demo.integration, { scope: [] });
		const answer = await exchange(codeOf(await decide(installPath(integration))), {
			client: integration,
			dialect: "camel",
		});
		expect(Object.keys(answer.body)).toEqual(["accessToken", "refreshToken", "expiresIn", "tokenType"]);
	});
});
