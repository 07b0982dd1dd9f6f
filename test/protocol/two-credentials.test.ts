import { describe, expect, test } from "vitest";
import { aKeyClient, assertionOf, withAssertion } from "../support/assertions.ts";
import { loggedIn } from "../support/logins.ts";
import { signedInTo } from "../support/openid.ts";
import { ada } from "../support/people.ts";
import { type Answer, ask, basic, bearer, postForm, postJson, refusal } from "../support/requests.ts";
import { metadata, selfRegistered } from "../support/self-registered.ts";
import { demo } from "../support/target.ts";
import { granted } from "../support/tokens.ts";

// DESIGN §1: two different credentials in one request are refused, wherever they stand. Choosing one of them would be a guess.

const { webApp } = demo;
const { accessCode } = demo.apiKey;
const { accessToken } = await granted(demo.integration);
const identity = await signedInTo();
const login = await loggedIn({ username: ada.username, password: ada.password });
const registered = await selfRegistered();
const keyClient = await aKeyClient();
const own = { client_id: webApp.client.id, client_secret: webApp.secret ?? "" };
const byBasic = basic(own.client_id, own.client_secret);
const alone = { grant_type: "client_credentials" };

type Ask = (headers: Record<string, string>, query: string) => Promise<Answer> | Answer;

/** Each with its one good credential. */
const requests: readonly (readonly [string, Ask])[] = [
	[
		"GET /oauth/environments",
		(more, query) => ask(`/oauth/environments${query}`, { headers: { ...bearer(accessToken), ...more } }),
	],
	[
		"GET /oauth/userinfo",
		(more, query) => ask(`/oauth/userinfo${query}`, { headers: { ...bearer(identity.accessToken), ...more } }),
	],
	[
		"POST /oauth/userinfo",
		(more, query) => postForm(`/oauth/userinfo${query}`, { access_token: identity.accessToken }, more),
	],
	["GET /auth/sessions", (more, query) => ask(`/auth/sessions${query}`, { headers: { ...bearer(login), ...more } })],
	[
		"GET /oauth/register/{id}",
		(more, query) =>
			ask(`/oauth/register/${registered.id}${query}`, { headers: { ...bearer(registered.token), ...more } }),
	],
	[
		"POST /oauth/register",
		(more, query) => postJson(`/oauth/register${query}`, metadata(), { ...bearer(login), ...more }),
	],
	["GET /v1/keys", (more, query) => ask(`/v1/keys${query}`, { headers: { ...bearer(login), ...more } })],
	[
		"POST /v1/keys/verify",
		(more, query) => postJson(`/v1/keys/verify${query}`, { key: accessCode }, { ...byBasic, ...more }),
	],
	["POST /auth/login by api_key", (more, query) => postJson(`/auth/login${query}`, { api_key: accessCode }, more)],
	[
		"POST /auth/login by a password",
		(more, query) => postJson(`/auth/login${query}`, { username: ada.username, password: ada.password }, more),
	],
	["POST /auth/login by a client", (more, query) => postJson(`/auth/login${query}`, own, more)],
	["POST /oauth/token by a secret", (more, query) => postForm(`/oauth/token${query}`, { ...alone, ...own }, more)],
	[
		"POST /oauth/token by HTTP Basic",
		(more, query) => postForm(`/oauth/token${query}`, alone, { ...byBasic, ...more }),
	],
	[
		"POST /oauth/token by a key",
		async (more, query) =>
			postForm(`/oauth/introspect${query}`, { token: "x", ...withAssertion(await assertionOf(keyClient)) }, more),
	],
	["POST /oauth/introspect", (more, query) => postForm(`/oauth/introspect${query}`, { token: "x", ...own }, more)],
	["POST /oauth/revoke", (more, query) => postForm(`/oauth/revoke${query}`, { token: "x", ...own }, more)],
];

describe.each(requests)("%s", (_, request) => {
	test("is answered with its one credential", async () => {
		expect((await request({}, "")).status).toBeLessThan(300);
	});

	test("refuses a second one, wherever it stands", async () => {
		const beside = [
			await request({ "x-api-key": "another" }, ""),
			await request({ "x-last9-api-token": "Bearer another" }, ""),
			await request({}, "?apiKey=another"),
		];
		for (const answer of beside) expect(refusal(answer)).toMatch(/^400 (invalid_request|Malformed request)$/);
	});
});
