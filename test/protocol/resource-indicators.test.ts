import { describe, expect, test } from "vitest";
import { codeOf, decide } from "../support/people.ts";
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
import {
	authorizePath,
	claimsOf,
	environments,
	exchange,
	granted,
	introspect,
	pkce,
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
		["the same in other capitals", [calendar], [calendar.toUpperCase()]],
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
		expect((await ask("/oauth/userinfo", { headers: bearer(accessToken) })).status).toBe(401);
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

	test("a slash at the end, which clients add to an origin, makes no difference to it", async () => {
		const server = await aClient(integration, { options: { resources: [calendar] } });
		expect(await introspect((await grantFor(`${calendar}/`)).accessToken, server)).toMatchObject({ active: true });
		expect(await introspect((await grantFor(`${calendar}/all`)).accessToken, server)).toEqual({ active: false });
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
