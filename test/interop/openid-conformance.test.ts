import { createHash, randomBytes } from "node:crypto";
import { importJWK } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	answerAt,
	answerOf,
	aPerson,
	authorize,
	authorizeUrl,
	callback,
	codeGrant,
	type Fields,
	json,
	plan,
	type Presented,
	refused,
	signIn,
	startSuite,
	type Suite,
	tokenRequest,
	tokensOf,
	told,
	unsigned,
	userinfo,
} from "../peers/conformance-suite.ts";

// The modules of the OpenID Foundation's conformance suite, by their names, for the plans Config OP, Basic OP and Form Post
// OP with static clients, against the built Worker behind https. What the suite has a person look at is looked at here.

/** OIDC Core §5.1: the claims that the person of the example file has, by scope, and the type of each. */
const profileClaims = [
	"name",
	"family_name",
	"given_name",
	"middle_name",
	"nickname",
	"preferred_username",
	"profile",
	"picture",
	"website",
	"gender",
	"birthdate",
	"zoneinfo",
	"locale",
	"updated_at",
];
const emailClaims = ["email", "email_verified"];
const phoneClaims = ["phone_number", "phone_number_verified"];
const allClaims = [...profileClaims, ...emailClaims, "address", ...phoneClaims];
const types = Object.fromEntries([
	...allClaims.map((name) => [name, expect.any(String)]),
	["updated_at", expect.any(Number)],
	["email_verified", expect.any(Boolean)],
	["phone_number_verified", expect.any(Boolean)],
	["address", expect.objectContaining({ street_address: expect.any(String), country: expect.any(String) })],
]);

let suite: Suite;

beforeAll(async () => {
	suite = await startSuite();
});
afterAll(() => suite?.stop());

test("oidcc-discovery-endpoint-verification", async () => {
	const { metadata, issuer } = suite;
	expect(metadata.issuer).toBe(issuer);
	const urls = Object.entries(metadata).filter(([name]) => /_(?:endpoint|uri)$/.test(name));
	expect(urls.filter(([, value]) => !String(value).startsWith("https://"))).toEqual([]);
	expect(metadata).toMatchObject({
		response_types_supported: ["code"],
		response_modes_supported: expect.arrayContaining(["query", "form_post"]),
		grant_types_supported: expect.arrayContaining(["authorization_code", "refresh_token"]),
		subject_types_supported: ["public"],
		id_token_signing_alg_values_supported: expect.arrayContaining(["RS256"]),
		scopes_supported: expect.arrayContaining(plan.clients[0].scopes),
		token_endpoint_auth_methods_supported: expect.arrayContaining(["client_secret_basic", "client_secret_post"]),
		claims_supported: expect.arrayContaining([
			"sub",
			"email",
			"email_verified",
			"address",
			"phone_number",
			"updated_at",
		]),
		claims_parameter_supported: true,
		request_parameter_supported: false,
		request_uri_parameter_supported: false,
	});
	const { keys } = (await (await fetch(String(metadata.jwks_uri))).json()) as { keys: Record<string, string>[] };
	expect(keys).toContainEqual(expect.objectContaining({ kty: "RSA", alg: "RS256", use: "sig" }));
	const ids = keys.map(({ kid }) => kid);
	expect(new Set(ids).size).toBe(ids.length);
	for (const key of keys) {
		expect(key).not.toHaveProperty("d");
		await importJWK(key);
	}
});

// Config OP is the test above. Basic OP takes answers from the query, Form Post OP is the same by `response_mode=form_post`.
describe.each<[string, Fields]>([
	["Basic OP", {}],
	["Form Post OP", { response_mode: "form_post" }],
])("%s", (_, mode) => {
	test("oidcc-server, oidcc-idtoken-signature", async () => {
		const tokens = await signIn(suite, mode);
		// Who somebody is stands in UserInfo, and the id_token of a code flow does not repeat it (OIDC Core §5.4).
		expect(Object.keys(tokens.claims).filter((name) => name in plan.person.profile || name === "name")).toEqual([]);
		expect(await told(suite, tokens)).toHaveProperty("sub");
	});

	test("oidcc-response-type-missing", async () => {
		const answer = await refused(suite, { ...mode, response_type: undefined });
		expect(answer.get("error")).toMatch(/^(?:invalid_request|unsupported_response_type)$/);
	});

	test.each<[string, Presented]>([
		["oidcc-userinfo-get", "GET"],
		["oidcc-userinfo-post-header", "POST with a header"],
		["oidcc-userinfo-post-body", "POST with a body"],
	])("%s", async (_module, how) => {
		expect(await told(suite, await signIn(suite, mode), how)).toHaveProperty("sub");
	});

	test("oidcc-ensure-request-without-nonce-succeeds-for-code-flow", async () => {
		expect(await told(suite, await signIn(suite, { ...mode, nonce: undefined }))).toHaveProperty("sub");
	});

	test.each<[string, string, string[]]>([
		["oidcc-scope-profile", "openid profile", profileClaims],
		["oidcc-scope-email", "openid email", emailClaims],
		["oidcc-scope-address", "openid address", ["address"]],
		["oidcc-scope-phone", "openid phone", phoneClaims],
		["oidcc-scope-all", "openid profile email address phone", allClaims],
		["oidcc-scope-all, in another order", "phone address email profile openid", allClaims],
	])("%s", async (_module, scope, names) => {
		const body = await told(suite, await signIn(suite, { ...mode, scope }));
		expect(Object.keys(body).toSorted()).toEqual(["sub", ...names].toSorted());
		expect(body).toEqual({ sub: expect.any(String), ...pick(types, names) });
		const { email, address, birthdate } = plan.person.profile;
		expect(body).toMatchObject(pick({ email, address, birthdate }, names));
	});

	test("oidcc-alternate-happy-flow: nothing but what has to be there, and a redirect URI of the second kind", async () => {
		const [, another = ""] = plan.clients[0].redirect_urls;
		expect(
			await told(suite, await signIn(suite, { ...mode, redirect_uri: another, login_hint: "buffy@example.com" })),
		).toHaveProperty("sub");
	});

	test.each<[string, Fields]>([
		["oidcc-display-page", { display: "page" }],
		["oidcc-display-popup", { display: "popup" }],
		["oidcc-ensure-request-with-unknown-parameter-succeeds", { extra: "foobar" }],
		["oidcc-login-hint", { login_hint: plan.person.username }],
		["oidcc-ui-locales", { ui_locales: "se" }],
		["oidcc-claims-locales", { claims_locales: "se" }],
		["oidcc-ensure-request-with-acr-values-succeeds", { acr_values: "1 2" }],
	])("%s", async (_module, query) => {
		expect(await told(suite, await signIn(suite, { ...mode, ...query }))).toHaveProperty("sub");
	});

	test("oidcc-claims-essential", async () => {
		const claims = JSON.stringify({ userinfo: { name: { essential: true } } });
		const body = await told(suite, await signIn(suite, { ...mode, claims }));
		expect(body).toEqual({ sub: expect.any(String), name: plan.person.name });
	});

	test.each<[string, Fields]>([
		["oidcc-prompt-login", { prompt: "login" }],
		["oidcc-max-age-1", { max_age: "1" }],
	])("%s", async (_module, query) => {
		const person = aPerson(suite);
		const first = await signIn(suite, { ...mode, max_age: "15000" }, { person });
		await new Promise((resolve) => setTimeout(resolve, 2100));
		expect((await person.open(authorizeUrl(suite, { ...mode, ...query }))).html).toContain('name="password"');
		const second = await signIn(suite, { ...mode, ...query }, { person });
		expect(second.claims.sub).toBe(first.claims.sub);
		expect(second.claims.auth_time).toBeGreaterThan(Number(first.claims.auth_time));
	});

	test("oidcc-max-age-10000", async () => {
		const person = aPerson(suite);
		const first = await signIn(suite, mode, { person });
		const second = await signIn(suite, { ...mode, max_age: "10000" }, { person });
		expect(second.claims).toMatchObject({ sub: first.claims.sub, auth_time: first.claims.auth_time });
	});

	test("oidcc-prompt-none-not-logged-in", async () => {
		const answer = await refused(suite, { ...mode, prompt: "none" });
		expect(answer.get("error")).toBe("login_required");
	});

	test("oidcc-prompt-none-logged-in, oidcc-id-token-hint", async () => {
		const person = aPerson(suite);
		const { claims, idToken } = await signIn(suite, mode, { person });
		for (const query of [{ prompt: "none" }, { prompt: "none", id_token_hint: idToken }]) {
			const silent = await answerOf(suite, { ...mode, ...query, nonce: "silent" }, person);
			const response = await tokenRequest(suite, codeGrant(silent.get("code") ?? ""), suite.clients[0]);
			const again = await tokensOf(suite, response, suite.clients[0]);
			expect(again.claims).toMatchObject({ sub: claims.sub, auth_time: claims.auth_time, nonce: "silent" });
		}
	});

	test("oidcc-codereuse, oidcc-codereuse-30seconds: the second use is refused and ends what the first one got", async () => {
		const [client] = suite.clients;
		const grant = codeGrant((await authorize(suite, { ...mode, nonce: "once" })).get("code") ?? "");
		const { accessToken } = await tokensOf(suite, await tokenRequest(suite, grant, client), client);
		const again = await tokenRequest(suite, grant, client);
		expect(again.status).toBe(400);
		const { error, error_description, ...others } = await json(again);
		expect([error, others]).toEqual(["invalid_grant", {}]);
		expect(error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
		const shown = await userinfo(suite, accessToken);
		expect([shown.status, shown.headers.get("www-authenticate")]).toEqual([
			401,
			expect.stringContaining("invalid_token"),
		]);
	});

	test("oidcc-ensure-registered-redirect-uri", async () => {
		const page = await aPerson(suite).open(authorizeUrl(suite, { ...mode, redirect_uri: `${callback}/unregistered` }));
		expect([page.status, page.left]).toEqual([400, null]);
		expect(page.html.toLowerCase()).toContain("redirect");
	});

	test("oidcc-ensure-post-request-succeeds", async () => {
		const [client] = suite.clients;
		const [endpoint = "", query] = authorizeUrl(suite, { ...mode, nonce: "posted" }).split("?");
		const body = new URLSearchParams(query);
		const posted = await fetch(endpoint, { method: "POST", body, redirect: "manual" });
		expect(posted.status).toBe(303);
		const answer = await answerAt(suite, new URL(posted.headers.get("location") ?? "", endpoint).href, mode);
		await tokensOf(suite, await tokenRequest(suite, codeGrant(answer.get("code") ?? ""), client), client);
	});

	test("oidcc-server-client-secret-post", async () => {
		expect(await told(suite, await signIn(suite, mode, { method: "post" }))).toHaveProperty("sub");
	});

	// The suite puts `state`, `nonce` and `response_mode` into the object alone, and wants the answer as they ask for it.
	test("oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported", async () => {
		const request = unsigned({ ...mode, client_id: suite.clients[0].id, redirect_uri: callback, state: "inside" });
		const answer = await answerOf(suite, { request, state: undefined }, aPerson(suite), mode);
		expect(answer.get("error")).toBe("request_not_supported");
	});

	test("oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported", async () => {
		const answer = await refused(suite, { ...mode, request_uri: "https://example.com/request.jwt" });
		expect(answer.get("error")).toBe("request_uri_not_supported");
	});

	test("oidcc-ensure-request-object-with-redirect-uri: what is inside of it is no redirect URI", async () => {
		const request = unsigned({ client_id: suite.clients[0].id, redirect_uri: callback });
		const page = await aPerson(suite).open(authorizeUrl(suite, { request, redirect_uri: `${callback}/invalid` }));
		expect([page.status, page.left]).toEqual([400, null]);
	});

	test("oidcc-refresh-token", async () => {
		const scope = "openid offline_access";
		for (const client of suite.clients) {
			const first = await signIn(suite, { ...mode, scope, prompt: "consent" }, { client });
			const refresh = { grant_type: "refresh_token", refresh_token: first.refreshToken };
			const [other] = suite.clients.filter((each) => each !== client);
			if (!other) throw new Error("There are two clients");
			const stolen = await tokenRequest(suite, refresh, other);
			expect([stolen.status, (await json(stolen)).error]).toEqual([400, "invalid_grant"]);
			const second = await tokensOf(suite, await tokenRequest(suite, refresh, client), client);
			expect(second.accessToken).not.toBe(first.accessToken);
			// OIDC Core §12.2
			const { iss, sub, aud, auth_time, azp } = first.claims;
			expect(second.claims).toMatchObject(pick({ iss, sub, aud, auth_time }, ["iss", "sub", "aud", "auth_time"]));
			expect(second.claims.azp).toBe(azp);
			expect(second.claims.iat).toBeGreaterThanOrEqual(Number(first.claims.iat));
			expect(await told(suite, second)).toHaveProperty("sub");
		}
	});

	test("oidcc-ensure-request-with-valid-pkce-succeeds", async () => {
		const [client] = suite.clients;
		const code_verifier = randomBytes(32).toString("base64url");
		const code_challenge = createHash("sha256").update(code_verifier).digest("base64url");
		const query = { ...mode, nonce: "pkce", code_challenge, code_challenge_method: "S256" };
		const grant = { ...codeGrant((await authorize(suite, query)).get("code") ?? ""), code_verifier };
		expect(await told(suite, await tokensOf(suite, await tokenRequest(suite, grant, client), client))).toHaveProperty(
			"sub",
		);
	});
});

function pick(from: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
	return Object.fromEntries(names.filter((name) => name in from).map((name) => [name, from[name]]));
}
