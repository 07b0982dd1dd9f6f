import { describe, expect, test } from "vitest";
import { staleness } from "../../src/operations/lookups.ts";
import { ada, codeOf, decide, signedIn } from "../support/people.ts";
import { aClient } from "../support/registered.ts";
import {
	type Answer,
	ask,
	bearer,
	type Fields,
	given,
	locationOf,
	post,
	postJson,
	refusal,
	times,
} from "../support/requests.ts";
import { addRows, advance, demo, issuer } from "../support/target.ts";
import { pkce } from "../support/pkce.ts";
import {
	authorizePath,
	claimsOf,
	environments,
	exchange,
	granted,
	introspect,
	type Registered,
	revoke,
	tokensOf,
} from "../support/tokens.ts";

const { webApp, integration } = demo;
const calendar = "https://cal.example";
const contacts = "https://contacts.example/v2?tenant=7";

/** A code that is good for these resources. */
async function codeFor(resources: readonly string[], query: Fields = {}): Promise<string> {
	const named = resources.map((each) => `&resource=${encodeURIComponent(each)}`).join("");
	return codeOf(await decide(authorizePath(webApp, query) + named));
}

async function grantFor(...resources: readonly string[]) {
	return tokensOf(await exchange(await codeFor(resources), { client: webApp }));
}

/** A token request by the web application, in a form in which `resource` may be repeated. */
function asking(fields: Fields, resources: readonly string[]): Promise<Answer> {
	const { client, secret } = webApp;
	const own = { client_id: client.id, client_secret: secret ?? "", ...fields };
	const body = new URLSearchParams(given(own));
	for (const each of resources) body.append("resource", each);
	return post("/oauth/token", body.toString(), { "content-type": "application/x-www-form-urlencoded" });
}

function redeeming(code: string, ...resources: readonly string[]): Promise<Answer> {
	const redirect_uri = webApp.client.redirectUris[0];
	const code_verifier = pkce.verifier;
	return asking({ grant_type: "authorization_code", code, redirect_uri, code_verifier }, resources);
}

function refreshing(token: string | null, ...resources: readonly string[]): Promise<Answer> {
	return asking({ grant_type: "refresh_token", refresh_token: token ?? "" }, resources);
}

function audienceOf(answer: Answer): unknown {
	return claimsOf(tokensOf(answer).accessToken).aud;
}

/** The scope that the access token has; empty where it has none. */
function scopeIn(answer: Answer): unknown {
	return claimsOf(tokensOf(answer).accessToken).scope ?? "";
}

function forItself(resources: readonly string[], scope?: string): Promise<Answer> {
	return asking({ grant_type: "client_credentials", ...(scope !== undefined && { scope }) }, resources);
}

/** What introspection says of a token that is for these. */
function audiences(...aud: readonly string[]) {
	return { active: true, aud, client_id: webApp.client.id };
}

const malformed = [
	"cal",
	"/v2",
	"https://cal.example/#part",
	"https://cal.example/a b",
	`https://a.example/${"a".repeat(512)}`,
	// RFC 3986 §5.2.4: whoever fetches it is elsewhere.
	`${issuer}/t/../other`,
	`${issuer}/t/%2e%2E/other`,
	`${calendar}/.`,
];

describe("RFC 8707 §2.2: whom a code's access token is for", () => {
	test("everything that was granted, where nothing is named", async () => {
		expect(audienceOf(await redeeming(await codeFor([])))).toBe(issuer);
		expect(audienceOf(await redeeming(await codeFor([calendar])))).toBe(calendar);
		expect(audienceOf(await redeeming(await codeFor([calendar, contacts])))).toEqual([calendar, contacts]);
	});

	test("what is named of it", async () => {
		expect(audienceOf(await redeeming(await codeFor([calendar, contacts]), contacts))).toBe(contacts);
		expect(audienceOf(await redeeming(await codeFor([calendar, contacts]), contacts, calendar))).toEqual([
			contacts,
			calendar,
		]);
		expect(audienceOf(await redeeming(await codeFor([calendar]), calendar, calendar))).toBe(calendar);
	});

	test("latchkey itself, with a slash or without", async () => {
		for (const resource of [issuer, `${issuer}/`]) {
			expect(audienceOf(await redeeming(await codeFor([]), resource))).toBe(issuer);
			const token = tokensOf(await redeeming(await codeFor([calendar, resource]), `${issuer}/`)).accessToken;
			expect(claimsOf(token).aud).toBe(issuer);
			expect((await environments(token)).status).toBe(200);
		}
	});

	test.each([
		["another", [calendar], [contacts]],
		["one more", [calendar], [calendar, contacts]],
		["latchkey, where a resource was granted instead", [calendar], [issuer]],
		["another, where none was granted", [], [calendar]],
		["one that looks alike", [calendar], [`${calendar}.evil.example`]],
		["one beneath it", [calendar], [`${calendar}/all`]],
		["one at another port", [calendar], [`${calendar}:8443`]],
		["one with somebody's name", [calendar], ["https://user@cal.example"]],
		["one with a dot after its host", [calendar], [`${calendar}.`]],
		["one whose path is in other letters", [`${calendar}/v1`], [`${calendar}/V1`]],
		["one whose path ends in a slash", [`${calendar}/v1`], [`${calendar}/v1/`]],
		["one whose path is encoded", [`${calendar}/v1`], [`${calendar}/%761`]],
	])("§2: %s is invalid_target, and the code is still good", async (_, granted_, asked) => {
		const code = await codeFor(granted_);
		const refused = await redeeming(code, ...asked);
		expect(refusal(refused)).toBe("400 invalid_target");
		expect((await redeeming(code)).status).toBe(200);
	});

	test("§2: what is no resource is invalid_target, and the code is still good", async () => {
		const code = await codeFor([calendar]);
		for (const each of malformed) expect(refusal(await redeeming(code, each))).toBe("400 invalid_target");
		expect(refusal(await redeeming(code, calendar, "cal"))).toBe("400 invalid_target");
		const many = times(9, (index) => `https://cal-${index}.example`);
		expect(refusal(await redeeming(code, ...many))).toBe("400 invalid_target");
		expect((await redeeming(code, calendar)).status).toBe(200);
	});

	test("§2: nor can what is no resource be agreed to, or be asked for by a client for itself", async () => {
		for (const each of malformed) {
			const refused = await ask(`${authorizePath(webApp)}&resource=${encodeURIComponent(each)}`);
			expect([each, locationOf(refused).searchParams.get("error")]).toEqual([each, "invalid_target"]);
			expect([each, refusal(await forItself([each]))]).toEqual([each, "400 invalid_target"]);
		}
	});

	test("RFC 6749 §5.2: a stranger with the code is told nothing of its resources", async () => {
		const code = await codeFor([calendar]);
		const stranger = await aClient(webApp);
		for (const resource of [calendar, contacts]) {
			expect(refusal(await exchange(code, { client: stranger, fields: { resource } }))).toBe("400 invalid_grant");
		}
		expect((await redeeming(code)).status).toBe(200);
	});

	test("in JSON it is a string or an array, in either dialect", async () => {
		const { client, secret } = webApp;
		const send = async (resource: unknown, isCamel: boolean) => {
			const code = await codeFor([calendar, contacts]);
			const redirect = client.redirectUris[0];
			const code_verifier = pkce.verifier;
			const camel = { grantType: "authorization_code", clientId: client.id, clientSecret: secret, redirect };
			const snake = {
				grant_type: "authorization_code",
				client_id: client.id,
				client_secret: secret,
				redirect_uri: redirect,
			};
			return postJson("/oauth/token", { ...(isCamel ? camel : snake), code, code_verifier, resource });
		};
		for (const isCamel of [true, false]) {
			expect(audienceOf(await send(calendar, isCamel))).toBe(calendar);
			expect(audienceOf(await send([contacts], isCamel))).toBe(contacts);
			expect(audienceOf(await send([calendar, contacts], isCamel))).toEqual([calendar, contacts]);
			expect(refusal(await send([calendar, 7], isCamel))).toBe("400 invalid_request");
			expect(refusal(await send({ 0: calendar }, isCamel))).toBe("400 invalid_request");
		}
	});
});

describe("RFC 3986 §6.2: a resource is the same however a client spells it", () => {
	// @modelcontextprotocol/sdk 1.32.2 sends what `URL` makes of it, with a slash, and so does claude.ai (sigbit/mcp-auth-proxy issue 123
	// of March 2026); those for Python (`mcp` 2.3.0) and Go (1.8.0) send what was configured.
	const spellings = [calendar, `${calendar}/`, "HTTPS://CAL.example", `${calendar}:443/`];

	test.each(spellings)(
		"authorized as %s, it is redeemed and refreshed by each of them, and aud stays as it was",
		async (first) => {
			for (const next of spellings) {
				const answer = await redeeming(await codeFor([first]), next);
				expect([next, audienceOf(answer)]).toEqual([next, first]);
				const refreshed = await refreshing(tokensOf(answer).refreshToken, next);
				expect([next, audienceOf(refreshed)]).toEqual([next, first]);
			}
		},
	);

	test("named twice, it is one", async () => {
		expect(audienceOf(await redeeming(await codeFor(spellings)))).toBe(calendar);
	});

	test("latchkey's own are spelled as their metadata has them", async () => {
		const { origin, host } = new URL(issuer);
		const capitals = origin.replace(host, host.toUpperCase()).replace("http", "HTTP");
		expect(audienceOf(await redeeming(await codeFor([capitals])))).toBe(issuer);
		expect(audienceOf(await redeeming(await codeFor([`${capitals}/v1/keys/`])))).toBe(`${issuer}/v1/keys`);
	});

	test("an API is named as it was registered in the account, and another account has no say", async () => {
		const api = "https://spelled.example/";
		const asked = ["https://spelled.example", "HTTPS://Spelled.example:443"];
		const { accounts } = demo;
		await aClient(integration, { accountId: accounts.globex, options: { resources: ["https://SPELLED.example"] } });
		for (const each of asked) expect(audienceOf(await redeeming(await codeFor([each])))).toBe(each);
		await aClient(integration, { accountId: accounts.acme, options: { resources: [api] } });
		await advance(staleness + 1);
		for (const each of asked) {
			const answer = await redeeming(await codeFor([each]), each);
			expect(audienceOf(answer)).toBe(api);
			expect(audienceOf(await refreshing(tokensOf(answer).refreshToken, each))).toBe(api);
			expect(audienceOf(await asking({ grant_type: "client_credentials" }, [each]))).toBe(api);
		}
	});
});

describe("RFC 9700 §2.3: what opens latchkey is for latchkey alone", () => {
	const all = "email environments:read events:read openid";

	// Claude, Cursor and the MCP SDKs (@modelcontextprotocol/sdk 1.32.2, go-sdk 1.8.0) name their server as `resource`, and no scope where
	// its metadata lists none.
	test("a resource of somebody else, without a scope: the token has no permission of ours, and the page speaks of none", async () => {
		const question = await ask(`${authorizePath(webApp)}&resource=${calendar}`, {
			headers: { cookie: await signedIn(ada) },
		});
		expect(question.text).toContain("cal.example");
		expect(question.text).not.toMatch(/Search the account|environments/i);
		const answer = await redeeming(await codeFor([calendar]));
		expect(scopeIn(answer)).toBe("");
		expect(scopeIn(await refreshing(tokensOf(answer).refreshToken))).toBe("");
	});

	test("nor where the scope names them: what is left is who somebody is", async () => {
		const answer = await redeeming(await codeFor([calendar], { scope: all }));
		expect(scopeIn(answer)).toBe("email openid");
		expect(answer.body.scope).toBe("email openid");
		expect(scopeIn(await refreshing(tokensOf(answer).refreshToken))).toBe("email openid");
	});

	test("and where nothing is left of what was asked for, the client is told", async () => {
		const refused = await ask(`${authorizePath(webApp, { scope: "events:read" })}&resource=${calendar}`);
		expect(locationOf(refused).searchParams.get("error")).toBe("invalid_scope");
	});

	test("granted with a resource of ours beside it, they are in the token for ours alone, and in none for both", async () => {
		const code = () => codeFor([calendar, issuer], { scope: all });
		const both = await redeeming(await code());
		expect([audienceOf(both), scopeIn(both)]).toEqual([[calendar, issuer], "email openid"]);
		expect(refusal(await environments(tokensOf(both).accessToken))).toBe("403 insufficient_scope");
		const theirs = await redeeming(await code(), calendar);
		expect([audienceOf(theirs), scopeIn(theirs)]).toEqual([calendar, "email openid"]);
		const ours = await redeeming(await code(), issuer);
		expect([audienceOf(ours), scopeIn(ours)]).toEqual([issuer, all]);
		expect((await environments(tokensOf(ours).accessToken)).status).toBe(200);
		// At a refresh as well, whatever the token before it was for.
		const later = await refreshing(tokensOf(ours).refreshToken, calendar);
		expect([audienceOf(later), scopeIn(later)]).toEqual([calendar, "email openid"]);
		expect(scopeIn(await refreshing(tokensOf(later).refreshToken, issuer))).toBe(all);
	});

	test("RFC 6749 §6: a refresh that asks for them for somebody else is refused, and burns nothing", async () => {
		const { refreshToken } = tokensOf(await redeeming(await codeFor([calendar, issuer], { scope: all })));
		const fields = { grant_type: "refresh_token", refresh_token: refreshToken ?? "", scope: "events:read" };
		for (const resources of [[calendar], [], [calendar, issuer]]) {
			expect(refusal(await asking(fields, resources))).toBe("400 invalid_scope");
		}
		await advance(30);
		expect(scopeIn(await asking(fields, [issuer]))).toBe("events:read");
	});

	test("RFC 6749 §4.4: a client that acts for itself has none for somebody else either", async () => {
		for (const resources of [[calendar], [calendar, issuer], ["http://localhost:8443"]]) {
			expect([resources, scopeIn(await forItself(resources))]).toEqual([resources, ""]);
			expect([resources, refusal(await forItself(resources, "events:read"))]).toEqual([resources, "400 invalid_scope"]);
		}
		expect(scopeIn(await forItself([issuer], "events:read"))).toBe("events:read");
	});
});

describe("RFC 8707 §2.2: whom a refreshed access token is for", () => {
	test("some of what was granted, then all of it again, and never more", async () => {
		const { refreshToken } = await grantFor(calendar, contacts);
		const narrow = await refreshing(refreshToken, contacts);
		expect(audienceOf(narrow)).toBe(contacts);
		const whole = await refreshing(tokensOf(narrow).refreshToken);
		expect(audienceOf(whole)).toEqual([calendar, contacts]);
		expect(refusal(await refreshing(tokensOf(whole).refreshToken, calendar, issuer))).toBe("400 invalid_target");
	});

	test("a code that was narrowed leaves the grant as wide as it was", async () => {
		const { refreshToken } = tokensOf(await redeeming(await codeFor([calendar, contacts]), calendar));
		expect(audienceOf(await refreshing(refreshToken, contacts))).toBe(contacts);
	});

	test("latchkey itself, with a slash or without, where nothing was named at first", async () => {
		const { refreshToken } = await granted(webApp);
		const answer = await refreshing(refreshToken, `${issuer}/`);
		expect(audienceOf(answer)).toBe(issuer);
		expect((await environments(tokensOf(answer).accessToken)).status).toBe(200);
	});

	test.each([
		["another", [contacts]],
		["one more", [calendar, contacts]],
		["latchkey", [issuer]],
		["what is no resource", ["cal"]],
	])("§2: %s is invalid_target, and burns nothing", async (_, asked) => {
		const { refreshToken, accessToken } = await grantFor(calendar);
		const answers = await Promise.all(times(3, () => refreshing(refreshToken, ...asked)));
		expect(answers.map(refusal)).toEqual(times(3, () => "400 invalid_target"));
		// Had it rotated, this would come after the window, and be reuse.
		await advance(30);
		expect((await refreshing(refreshToken)).status).toBe(200);
		expect(await introspect(accessToken, webApp)).toMatchObject({ active: true });
	});

	test("DESIGN §4.3: parallel refreshes get one successor, each with its own audience", async () => {
		const { refreshToken } = await grantFor(calendar, contacts);
		const answers = await Promise.all([calendar, contacts, calendar].map((each) => refreshing(refreshToken, each)));
		expect(answers.map(audienceOf)).toEqual([calendar, contacts, calendar]);
		expect(new Set(answers.map((answer) => tokensOf(answer).refreshToken)).size).toBe(1);
	});
});

describe("RFC 9068 §4: a token opens what it is for", () => {
	test("one for another resource opens nothing of ours", async () => {
		const { accessToken } = await grantFor(calendar);
		expect(refusal(await environments(accessToken))).toBe("401 invalid_token");
		expect((await ask("/v1/keys", { headers: bearer(accessToken) })).status).toBe(401);
		expect((await ask("/auth/sessions", { headers: bearer(accessToken) })).status).toBe(401);
	});

	test("OIDC Core §5.3: with openid it tells at UserInfo who somebody is, and opens nothing else", async () => {
		const { accessToken } = tokensOf(await redeeming(await codeFor([calendar], { scope: "email openid" })));
		const told = await ask("/oauth/userinfo", { headers: bearer(accessToken) });
		expect(told.body).toMatchObject({ sub: demo.people[0]?.id, email: "ada@acme.example" });
		const { body } = await ask("/openapi.json");
		const neighbours = Object.entries(body.paths as Record<string, Record<string, { security?: object[] }>>)
			.filter(([path]) => path !== "/oauth/userinfo")
			.flatMap(([path, operations]) =>
				Object.entries(operations)
					.filter(([, { security }]) => security?.some((each) => Object.hasOwn(each, "bearer")))
					.map(([method]) => ({ method: method.toUpperCase(), path: path.replaceAll(/\{[^}]*\}/g, "acme") })),
			);
		expect(neighbours.length).toBeGreaterThan(40);
		for (const { method, path } of neighbours) {
			const { status } = await ask(path, { method, headers: bearer(accessToken) });
			expect([method, path, status]).toEqual([method, path, 401]);
		}
	});

	test("one for a resource of ours opens it and what lies beneath it, and nothing beside it", async () => {
		const { accessToken } = await grantFor(`${issuer}/v1/keys`);
		expect((await ask("/v1/keys", { headers: bearer(accessToken) })).status).toBe(200);
		expect((await ask("/v1/keys/nothing", { headers: bearer(accessToken) })).status).toBe(404);
		for (const path of ["/v1/policies", "/oauth/environments", "/v1/integrations"]) {
			expect([path, (await ask(path, { headers: bearer(accessToken) })).status]).toEqual([path, 401]);
		}
	});
});

describe("RFC 7662 §2.2: who is told of a token", () => {
	test("its own client, whomever it is for", async () => {
		const { accessToken, refreshToken } = await grantFor(calendar, contacts);
		expect(await introspect(accessToken, webApp)).toMatchObject(audiences(calendar, contacts));
		expect(await introspect(refreshToken ?? "", webApp)).toMatchObject(audiences(calendar, contacts));
	});

	test("the resource server that serves what it names, and no other", async () => {
		const server = await aClient(integration, { options: { resources: [calendar] } });
		const { accessToken, refreshToken } = await grantFor(calendar, contacts);
		const told = await introspect(accessToken, server);
		expect(told).toMatchObject({ ...audiences(calendar, contacts), account_id: demo.accounts.acme });
		expect(await introspect(accessToken, integration)).toEqual({ active: false });
		// A refresh token is between its client and latchkey.
		expect(await introspect(refreshToken ?? "", server)).toEqual({ active: false });
		for (const others of [[contacts], [issuer], []]) {
			expect(await introspect((await grantFor(...others)).accessToken, server)).toEqual({ active: false });
		}
	});

	test("however both are spelled, and not of one beside it", async () => {
		const server = await aClient(integration, { options: { resources: [calendar, contacts] } });
		for (const each of [`${calendar}/`, "HTTPS://CAL.example:443"]) {
			expect(await introspect((await grantFor(each)).accessToken, server)).toMatchObject({ active: true });
		}
		for (const each of [`${calendar}/all`, `${calendar}:8443`, `${calendar}.`, "https://user@cal.example"]) {
			expect([each, await introspect((await grantFor(each)).accessToken, server)]).toEqual([each, { active: false }]);
		}
	});

	test("the server of a resource is told of the token's end as its client is", async () => {
		const server = await aClient(integration, { options: { resources: [calendar] } });
		const { accessToken, refreshToken } = await grantFor(calendar);
		await revoke(refreshToken ?? "", webApp);
		expect(await introspect(accessToken, server)).toEqual({ active: false });
	});

	test("and cannot revoke it", async () => {
		const server = await aClient(integration, { options: { resources: [calendar] } });
		const { accessToken } = await grantFor(calendar);
		await revoke(accessToken, server);
		expect(await introspect(accessToken, webApp)).toMatchObject({ active: true });
	});

	// Debian's Dovecot 2.3.19 takes whom a mailbox belongs to from `username` (`username_attribute`), django-oauth-toolkit 3.4.1 its user,
	// Spring Security 7.1.2 has `sub`.
	test("§2.2: username, for an API of the account that the token acts in, and for whom profile was granted to", async () => {
		const { accounts } = demo;
		const api = "https://mail.example";
		const ours = await aClient(integration, { accountId: accounts.acme, options: { resources: [api] } });
		const theirs = await aClient(integration, { accountId: accounts.globex, options: { resources: [api] } });
		const told = async (scope: string, caller: Registered) => {
			const { accessToken } = tokensOf(await redeeming(await codeFor([api], { scope }), api));
			return introspect(accessToken, caller);
		};
		expect(await told("openid", ours)).toMatchObject({ sub: demo.people[0]?.id, username: "ada", aud: [api] });
		expect(await told("openid", theirs)).not.toHaveProperty("username");
		expect(await told("openid", webApp)).not.toHaveProperty("username");
		for (const caller of [ours, theirs, webApp]) {
			expect(await told("openid profile", caller)).toMatchObject({ active: true, username: "ada" });
		}
		const other = await aClient(integration, {
			accountId: accounts.acme,
			options: { resources: [`${api}.evil.example`] },
		});
		expect(await told("openid profile", other)).toEqual({ active: false });
		// What is nobody's has no user name.
		const own = tokensOf(await forItself([api])).accessToken;
		expect(await introspect(own, ours)).toMatchObject({ active: true });
		expect(await introspect(own, ours)).not.toHaveProperty("username");
	});

	test("§2.2: nor does a client learn it by its refresh token", async () => {
		const [without, profiled] = [
			await codeFor([], { scope: "openid" }),
			await codeFor([], { scope: "openid profile" }),
		];
		const [first, second] = [await redeeming(without), await redeeming(profiled)].map(tokensOf);
		expect(await introspect(first?.refreshToken ?? "", webApp)).not.toHaveProperty("username");
		expect(await introspect(second?.refreshToken ?? "", webApp)).toMatchObject({ active: true, username: "ada" });
	});

	test("nobody becomes latchkey by registering its name", async () => {
		const resources = [issuer, `${issuer}/`, `${issuer}/v1/keys`];
		const pretender = await aClient(integration, { options: { resources } });
		for (const named of [[], [issuer], [`${issuer}/v1/keys`]]) {
			const { accessToken } = await grantFor(...named);
			expect(await introspect(accessToken, pretender)).toEqual({ active: false });
		}
	});

	test("nor does a client that registered itself become a resource server", async () => {
		const pretender = await aClient(integration, { accountId: null, options: { resources: [calendar] } });
		expect(await introspect((await grantFor(calendar)).accessToken, pretender)).toEqual({ active: false });
	});
});

test("RFC 9068 §5: an access token for a client whose id is a URL could pass for its id_token, so there is none", async () => {
	const id = "https://client.example/oauth.json";
	await addRows({ clients: [{ ...demo.nativeApp.client, id, accountId: null, options: { isDocument: true } }] });
	const refused = await ask(`${authorizePath(webApp)}&resource=${encodeURIComponent(id)}`);
	expect(locationOf(refused).searchParams.get("error")).toBe("invalid_target");
	expect(await codeFor([`${id}/api`])).toMatch(/^lkc_/);
});
