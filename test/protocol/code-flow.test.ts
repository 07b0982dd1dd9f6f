import { describe, expect, test } from "vitest";
import { aClient } from "../support/registered.ts";
import { codeOf, decide } from "../support/people.ts";
import { locationOf } from "../support/requests.ts";
import { demo, issuer } from "../support/target.ts";
import {
	authorized,
	authorizePath,
	claimsOf,
	environments,
	exchange,
	installed,
	installPath,
	introspect,
	refresh,
	tokensOf,
} from "../support/tokens.ts";

describe("the authorization code flow, in each dialect", () => {
	test("contract 000: camelCase JSON is answered in camelCase", async () => {
		const answer = await exchange(await installed(), { dialect: "camel" });
		expect(answer.status).toBe(200);
		expect(answer.headers.get("content-type")).toBe("application/json");
		expect(answer.headers.get("cache-control")).toBe("no-store");
		expect(answer.body).toEqual({
			accessToken: expect.any(String),
			refreshToken: expect.any(String),
			expiresIn: 86_400,
			tokenType: "Bearer",
		});
	});

	test.each(["form", "snake"] as const)("RFC 6749 §5.1: a %s request is answered in snake_case", async (dialect) => {
		const answer = await exchange(await installed(), { dialect });
		expect(answer.status).toBe(200);
		expect(answer.headers.get("content-type")).toBe("application/json");
		expect(answer.headers.get("cache-control")).toBe("no-store");
		expect(answer.body).toEqual({
			access_token: expect.any(String),
			token_type: "Bearer",
			expires_in: 86_400,
			refresh_token: expect.any(String),
			scope: "environments:read events:read",
		});
	});

	test("contract 000: JSON is taken under `applications/json` as well", async () => {
		const headers = { "content-type": "applications/json" };
		const answer = await exchange(await installed(), { dialect: "camel", headers });
		expect(answer.status).toBe(200);
		expect(Object.keys(answer.body)).toContain("accessToken");
	});

	test("what the access token opens opens", async () => {
		const { accessToken } = tokensOf(await exchange(await installed()));
		expect((await environments(accessToken)).status).toBe(200);
		expect(await introspect(accessToken)).toMatchObject({ active: true, client_id: demo.integration.client.id });
	});

	test("RFC 7636 §4.6: a public client redeems with its verifier alone", async () => {
		const client = demo.nativeApp;
		const answer = await exchange(await authorized(client), { client });
		expect(answer.status).toBe(200);
		expect(answer.body).toMatchObject({ expires_in: 3600, scope: "environments:read events:read" });
	});

	test("RFC 6749 §2.3.1: a confidential client redeems with HTTP Basic", async () => {
		const client = demo.webApp;
		expect((await exchange(await authorized(client), { client, method: "basic" })).status).toBe(200);
	});

	test("RFC 6749 §3.3: the token has the scope that was asked for", async () => {
		const client = demo.webApp;
		const code = await authorized(client, { scope: "events:write environments:read" });
		const answer = await exchange(code, { client });
		expect(answer.body.scope).toBe("environments:read events:write");
		expect(claimsOf(tokensOf(answer).accessToken).scope).toBe("environments:read events:write");
	});

	test("a client that does not use refresh tokens gets none", async () => {
		const client = await aClient(demo.webApp, { grantTypes: ["authorization_code"] });
		const answer = await exchange(await authorized(client), { client });
		expect(Object.keys(answer.body)).toEqual(["access_token", "token_type", "expires_in", "scope"]);
		expect(answer.body.expires_in).toBe(3600);
	});
});

describe("the answer to the client", () => {
	test("contract 000: the code is appended to the redirect URL", async () => {
		const location = locationOf(await decide(installPath()));
		expect(location.origin + location.pathname).toBe(demo.integration.client.redirectUris[0]);
		expect([...location.searchParams.keys()]).toEqual(["code", "iss"]);
	});

	test("RFC 6749 §4.1.2: `state` comes back as it was; RFC 9207 §2: with `iss`", async () => {
		const state = "a b&c=d%20é/?#'\"<>";
		const location = locationOf(await decide(authorizePath(demo.webApp, { state })));
		expect(location.searchParams.get("state")).toBe(state);
		expect(location.searchParams.get("iss")).toBe(issuer);
		expect([...location.searchParams.keys()].toSorted()).toEqual(["code", "iss", "state"]);
	});

	test("an install link may carry a `state` too", async () => {
		const location = locationOf(await decide(installPath(demo.integration, { state: "s1" })));
		expect(location.searchParams.get("state")).toBe("s1");
	});

	test("RFC 6749 §4.1.2.1: who says no sends `access_denied`, `state` and `iss`, and no code", async () => {
		const location = locationOf(await decide(authorizePath(demo.webApp, { state: "s2" }), { decision: "deny" }));
		expect(location.searchParams.get("error")).toBe("access_denied");
		expect(location.searchParams.get("state")).toBe("s2");
		expect(location.searchParams.get("iss")).toBe(issuer);
		expect(location.searchParams.has("code")).toBe(false);
	});

	test("who says no to an integration sends `access_denied` as well", async () => {
		const location = locationOf(await decide(installPath(), { decision: "deny" }));
		expect(Object.fromEntries(location.searchParams)).toMatchObject({ error: "access_denied", iss: issuer });
		expect(location.searchParams.has("code")).toBe(false);
	});

	test("RFC 6749 §3.1.2: the query of a registered redirect URL is kept, and the code appended to it", async () => {
		const redirect = "https://app.example/callback?tenant=7&empty=";
		const client = await aClient(demo.integration, { redirectUris: [redirect] });
		const answer = await decide(installPath(client));
		expect(answer.headers.get("location")).toMatch(/^https:\/\/app\.example\/callback\?tenant=7&empty=&code=lkc_/);
		const camel = await exchange(codeOf(answer), { client, dialect: "camel" });
		expect(camel.status).toBe(200);
	});

	test("RFC 8252 §7.1: a private-use scheme is answered too", async () => {
		const redirect = "com.example.app:/callback";
		const client = await aClient(demo.nativeApp, { redirectUris: [redirect] });
		const code = await authorized(client);
		expect((await exchange(code, { client })).status).toBe(200);
	});

	test("RFC 6749 §3.1.2.3: with one redirect URI registered, the request need not name it", async () => {
		const client = demo.webApp;
		const code = await authorized(client, { redirect_uri: undefined });
		const answer = await exchange(code, { client, fields: { redirect_uri: undefined } });
		expect(answer.status).toBe(200);
	});
});

test("two grants to the same client by the same person stand side by side", async () => {
	const client = demo.webApp;
	const first = tokensOf(await exchange(await authorized(client), { client }));
	const second = tokensOf(await exchange(await authorized(client), { client }));
	expect(claimsOf(first.accessToken).grant_id).not.toBe(claimsOf(second.accessToken).grant_id);
	expect((await refresh(first.refreshToken ?? "", { client })).status).toBe(200);
	expect((await refresh(second.refreshToken ?? "", { client })).status).toBe(200);
});
