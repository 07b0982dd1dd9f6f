import { describe, expect, test } from "vitest";
import { parseSubject } from "../../src/domain/subject.ts";
import { permissions } from "../../src/domain/permission.ts";
import { staleness } from "../../src/operations/lookups.ts";
import { loggedIn } from "../support/logins.ts";
import { userinfo } from "../support/openid.ts";
import { aClient, anAccount } from "../support/registered.ts";
import { type Answer, ask, bearer, type Fields, locationOf, post, refusal } from "../support/requests.ts";
import { addRows, advance, demo, issuer, now, setStanding } from "../support/target.ts";
import {
	askForToken,
	authorizePath,
	claimsOf,
	environments,
	exchange,
	granted,
	introspect,
	refresh,
	type Registered,
	revoke,
	type TokenRequest,
	tokensOf,
} from "../support/tokens.ts";

const { webApp, nativeApp, integration } = demo;
const all = Object.keys(permissions).toSorted().join(" ");

function forItself(client: Registered, fields: Fields = {}, request: TokenRequest = {}): Promise<Answer> {
	return askForToken({ ...request, client }, { grant_type: "client_credentials", ...fields });
}

async function tokenForItself(client: Registered, fields: Fields = {}): Promise<string> {
	return tokensOf(await forItself(client, fields)).accessToken;
}

describe("RFC 6749 §4.4: a client acts for itself", () => {
	test("§4.4.3: it gets an access token, and nothing beside it", async () => {
		const answer = await forItself(webApp);
		expect(answer.status).toBe(200);
		expect(answer.headers.get("cache-control")).toBe("no-store");
		expect(answer.body).toEqual({
			access_token: expect.any(String),
			token_type: "Bearer",
			expires_in: 3600,
			scope: all,
		});
	});

	test("RFC 9068 §2.2: the token is the client's own, and comes of no grant and no session", async () => {
		expect(claimsOf(await tokenForItself(webApp))).toEqual({
			iss: issuer,
			aud: issuer,
			sub: expect.stringMatching(/^cli_any_[\w-]{22}$/),
			client_id: webApp.client.id,
			account_id: demo.accounts.acme,
			scope: all,
			iat: now(),
			exp: now() + 3600,
			jti: expect.stringMatching(/^[\w-]{22}$/),
		});
	});

	test("it opens what the client is registered for, in the account that owns it, and no other", async () => {
		const token = await tokenForItself(webApp);
		expect((await environments(token)).status).toBe(200);
		expect((await ask("/v1/keys", { headers: bearer(token) })).status).toBe(200);
		for (const [org, status] of [
			["acme", 200],
			["globex", 403],
		] as const) {
			const answer = await ask(`/api/v4/organizations/${org}/change_events`, { headers: bearer(token) });
			expect([org, answer.status]).toEqual([org, status]);
		}
	});

	test.each(["basic", "post"] as const)("§2.3.1: by client_secret_%s", async (method) => {
		expect((await forItself(webApp, {}, { method })).status).toBe(200);
	});

	test("JSON is answered in its own dialect", async () => {
		expect((await forItself(webApp, {}, { dialect: "snake" })).body).toHaveProperty("access_token");
		const { body } = await forItself(webApp, {}, { dialect: "camel" });
		expect(Object.keys(body)).toEqual(["accessToken", "expiresIn", "tokenType"]);
	});

	test("each time another token, of the same subject, which no other client has", async () => {
		const [one, other] = [claimsOf(await tokenForItself(webApp)), claimsOf(await tokenForItself(webApp))];
		expect(one.sub).toBe(other.sub);
		expect(one.jti).not.toBe(other.jti);
		expect(claimsOf(await tokenForItself(await aClient(webApp))).sub).not.toBe(one.sub);
	});

	test("RFC 9068 §5: the subject is of a kind that no person is", async () => {
		const { sub } = claimsOf(await tokenForItself(webApp));
		expect(parseSubject(String(sub))?.kind).toBe("client");
		for (const { id } of demo.people) expect(parseSubject(id)?.kind).toBe("person");
	});
});

describe("who may not act for itself", () => {
	test("RFC 6749 §4.4: a public client, even where it is registered for it", async () => {
		const client = await aClient(nativeApp, { grantTypes: ["client_credentials"] });
		expect(refusal(await forItself(client))).toBe("400 unauthorized_client");
	});

	test("RFC 6749 §5.2: a client that is not registered for it", async () => {
		expect(refusal(await forItself(integration))).toBe("400 unauthorized_client");
	});

	test("one that registered itself: there is no account to act in", async () => {
		const client = await aClient(webApp, { accountId: null });
		expect(refusal(await forItself(client))).toBe("400 unauthorized_client");
	});

	test("whoever does not authenticate as it", async () => {
		for (const client_secret of [undefined, "wrong", integration.secret ?? ""]) {
			expect(refusal(await forItself(webApp, { client_secret }))).toBe("401 invalid_client");
		}
		expect(refusal(await forItself(webApp, {}, { method: "none" }))).toBe("401 invalid_client");
	});
});

describe("scope", () => {
	test("RFC 6749 §3.3: narrower where it is asked for", async () => {
		const answer = await forItself(webApp, { scope: "environments:read" });
		expect(answer.body.scope).toBe("environments:read");
		const token = tokensOf(answer).accessToken;
		expect((await environments(token)).status).toBe(200);
		expect((await ask("/v1/keys", { headers: bearer(token) })).status).toBe(403);
	});

	test("RFC 6749 §5.2: wholly beyond what is registered, unknown or malformed", async () => {
		const client = await aClient(webApp, { scope: ["environments:read", "openid"] });
		for (const scope of ["events:read", "events:read keys:read", "everything", "read", "a\tb", 'a"b']) {
			expect([scope, refusal(await forItself(client, { scope }))]).toEqual([scope, "400 invalid_scope"]);
		}
	});

	test("OIDC Core §3: a client is nobody who signed in, so there is no openid, nor what belongs to it", async () => {
		// What the MCP SDK for Python (2.3) asks for in the name of every machine: all that the issuer lists.
		const { scopes_supported: listed } = (await ask("/.well-known/oauth-authorization-server")).body;
		for (const scope of ["openid", "offline_access", "openid email", (listed as string[]).join(" ")]) {
			const answer = await forItself(webApp, { scope });
			expect([scope, answer.body]).toEqual([
				scope,
				{ access_token: expect.any(String), token_type: "Bearer", expires_in: 3600 },
			]);
			// Nothing by name is not everything by default: it opens no route, and tells of nobody.
			const { accessToken } = tokensOf(answer);
			expect(refusal(await environments(accessToken))).toBe("403 insufficient_scope");
			expect(refusal(await userinfo(accessToken))).toBe("403 insufficient_scope");
		}
		const narrow = await aClient(webApp, { scope: ["environments:read", "openid"] });
		expect(refusal(await forItself(narrow, { scope: "openid keys:write" }))).toBe("400 invalid_scope");
		expect((await forItself(webApp)).body).not.toHaveProperty("id_token");
		expect((await forItself(webApp, { scope: "environments:read openid" })).body).toEqual({
			access_token: expect.any(String),
			token_type: "Bearer",
			expires_in: 3600,
			scope: "environments:read",
		});
	});

	test("its token does not tell who anybody is", async () => {
		expect(refusal(await userinfo(await tokenForItself(webApp)))).toBe("403 insufficient_scope");
	});
});

describe("RFC 8707: resource", () => {
	test("the token is for what was named, and opens nothing here", async () => {
		const token = await tokenForItself(webApp, { resource: "https://api.acme.example/v2" });
		expect(claimsOf(token).aud).toBe("https://api.acme.example/v2");
		expect(refusal(await environments(token))).toBe("401 invalid_token");
		expect(await introspect(token, webApp)).toMatchObject({ active: true, aud: ["https://api.acme.example/v2"] });
	});

	test("several, latchkey among them: it opens nothing here, for the others would have it as well", async () => {
		const { client, secret } = webApp;
		const body = new URLSearchParams({ grant_type: "client_credentials", client_id: client.id });
		body.append("client_secret", secret ?? "");
		for (const each of ["https://api.acme.example", `${issuer}/`]) body.append("resource", each);
		const form = { "content-type": "application/x-www-form-urlencoded" };
		const { accessToken } = tokensOf(await post("/oauth/token", body.toString(), form));
		expect(claimsOf(accessToken).aud).toEqual(["https://api.acme.example", issuer]);
		expect(refusal(await environments(accessToken))).toBe("403 insufficient_scope");
	});

	test.each(["api", "/v1", "https://api.example/#part", `https://api.example/${"a".repeat(512)}`])(
		"§2: %s is no resource",
		async (resource) => {
			expect(refusal(await forItself(webApp, { resource }))).toBe("400 invalid_target");
		},
	);
});

describe("RFC 9068 §5: a token that could be taken for a client's id_token", () => {
	const url = "https://client.example/metadata.json";
	test("a client's id is no resource, for a client that acts for itself", async () => {
		expect((await forItself(webApp, { resource: url })).status).toBe(200);
		await addRows({ clients: [{ ...nativeApp.client, id: url, accountId: null, options: { isDocument: true } }] });
		await advance(staleness);
		expect(refusal(await forItself(webApp, { resource: url }))).toBe("400 invalid_target");
	});

	test("nor is it where a person is asked", async () => {
		const answer = await ask(authorizePath(webApp, { resource: url }));
		expect(locationOf(answer).searchParams.get("error")).toBe("invalid_target");
	});
});

describe("what becomes of the token", () => {
	test("RFC 7662: its own client may introspect it, and no other", async () => {
		const token = await tokenForItself(webApp, { scope: "events:read" });
		const told = await introspect(token, webApp);
		expect(told).toMatchObject({
			active: true,
			client_id: webApp.client.id,
			scope: "events:read",
			token_type: "Bearer",
		});
		expect(told.sub).toBe(claimsOf(token).sub);
		expect(await introspect(token, integration)).toEqual({ active: false });
	});

	test("RFC 7009 §2.1: revoked, it ends alone, and only by its own client", async () => {
		const [one, other] = [await tokenForItself(webApp), await tokenForItself(webApp)];
		await revoke(one, integration);
		expect((await environments(one)).status).toBe(200);
		await revoke(one, webApp);
		expect(refusal(await environments(one))).toBe("401 invalid_token");
		expect(await introspect(one, webApp)).toEqual({ active: false });
		expect((await environments(other)).status).toBe(200);
	});

	test("it expires, and cannot be refreshed", async () => {
		const token = await tokenForItself(webApp);
		expect(refusal(await refresh(token, { client: webApp }))).toBe("400 invalid_grant");
		expect(refusal(await exchange(token, { client: webApp }))).toBe("400 invalid_grant");
		await advance(3600);
		expect(refusal(await environments(token))).toBe("401 invalid_token");
		expect(await introspect(token, webApp)).toEqual({ active: false });
	});

	test(`DESIGN §4.9: it ends with its client, within ${staleness} seconds`, async () => {
		const client = await aClient(webApp);
		const token = await tokenForItself(client);
		expect((await environments(token)).status).toBe(200);
		await setStanding({ kind: "client", id: client.client.id }, { state: "ended", notBefore: 0 });
		await advance(staleness + 1);
		expect(refusal(await environments(token))).toBe("401 invalid_token");
		expect(refusal(await forItself(client))).toBe("401 invalid_client");
	});

	test("and with the account that owns the client", async () => {
		const accountId = await anAccount();
		const client = await aClient(webApp, { accountId });
		const token = await tokenForItself(client);
		expect((await environments(token)).status).toBe(200);
		await setStanding({ kind: "account", id: accountId }, { state: "ended", notBefore: 0 });
		await advance(staleness + 1);
		expect(refusal(await environments(token))).toBe("401 invalid_token");
		expect(refusal(await forItself(client))).toBe("401 invalid_client");
	});

	test("what was issued before a cut is over, and what comes after it is good", async () => {
		const client = await aClient(webApp);
		const token = await tokenForItself(client);
		await advance(1);
		await setStanding({ kind: "client", id: client.client.id }, { state: "active", notBefore: now() });
		await advance(staleness + 1);
		expect(refusal(await environments(token))).toBe("401 invalid_token");
		expect((await environments(await tokenForItself(client))).status).toBe(200);
	});

	test("it is no session, and ends none: the login of contract 001 stands beside it", async () => {
		const token = await tokenForItself(webApp);
		const login = await loggedIn({ client_id: webApp.client.id, client_secret: webApp.secret });
		expect(claimsOf(login).sub).toBe(claimsOf(token).sub);
		expect(claimsOf(login)).toHaveProperty("sid");
		expect(refusal(await ask("/auth/sessions", { headers: bearer(token) }))).toBe("401 Unauthorized");
		await revoke(token, webApp);
		expect((await environments(login)).status).toBe(200);
	});

	test("it ends no grant of the same client", async () => {
		const { accessToken, refreshToken } = await granted(webApp);
		await revoke(await tokenForItself(webApp), webApp);
		expect((await environments(accessToken)).status).toBe(200);
		expect((await refresh(refreshToken, { client: webApp })).status).toBe(200);
	});
});
