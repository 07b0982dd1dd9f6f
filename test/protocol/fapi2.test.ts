import { describe, expect, test } from "vitest";
import { decodeProtectedHeader } from "jose";
import { deviceCodeGrant } from "../../src/domain/client.ts";
import { staleness } from "../../src/operations/lookups.ts";
import { assertionOf, aSigningKey, withAssertion } from "../support/assertions.ts";
import { aSenderKey, askWith, type ProofChanges, proofOf, tokenRequest } from "../support/dpop.ts";
import {
	actAlone,
	aFapiClient,
	answerOf,
	askFor,
	codeFor,
	fapiBody,
	pushBy,
	redeem,
	redirectUrls,
	signIn,
} from "../support/fapi.ts";
import { anIntegration, change, create, read, tokenOf } from "../support/integrations.ts";
import { idTokenOf, verifiedBy } from "../support/openid.ts";
import { anApi } from "../support/registered.ts";
import { ada, codeOf, decide, signedIn } from "../support/people.ts";
import { pkce } from "../support/pkce.ts";
import { pushedPath, requestUriOf } from "../support/pushed.ts";
import { type Answer, ask, bearer, type Fields, locationOf, postForm, postJson, refusal } from "../support/requests.ts";
import { advance, demo, issuer, now } from "../support/target.ts";
import { authorizePath, claimsOf, tokensOf } from "../support/tokens.ts";

// FAPI 2.0 Security Profile Final, for clients that have it. The names are those of the modules of the OpenID Foundation's
// conformance suite, for the plan fapi2-security-profile-final-test-plan with private_key_jwt, DPoP and OpenID Connect.

const plan = "fapi2-security-profile-final";
const client = await aFapiClient();
const second = await aFapiClient("ES256");

async function open(path: string): Promise<Answer> {
	return ask(path, { headers: { cookie: await signedIn(ada) } });
}

async function pushedPathFor(query: Fields = {}): Promise<string> {
	return pushedPath(client, requestUriOf(await pushBy(client, { prompt: "consent", ...query })));
}

/** What comes of it, at the endpoint of pushed requests and at the token endpoint. */
async function verdicts(assertion: Parameters<typeof assertionOf>[1]): Promise<readonly string[]> {
	const pushed = await pushBy(client, {}, { assertion });
	const alone = await askFor(client, { grant_type: "client_credentials" }, { assertion });
	return [pushed, alone].map((answer) => (answer.status < 300 ? "good" : refusal(answer)));
}

describe("FAPI 2.0 §5.3.2: one switch", () => {
	test("§5.3.2.1: it brings all that the profile has, and it is shown so", async () => {
		const { body } = await read(client);
		expect(body).toMatchObject({
			profile: "fapi2",
			authentication: "private_key_jwt",
			require_pushed_authorization_requests: true,
			require_pkce: true,
			dpop_bound_access_tokens: true,
			id_token_signed_response_alg: "ES256",
			access_token_signed_response_alg: "ES256",
			rotation: "keep",
		});
	});

	test("§5.3.2.1: nothing of it can be taken away while it is on", async () => {
		const made = await aFapiClient();
		const weaker = {
			require_pushed_authorization_requests: false,
			require_pkce: false,
			dpop_bound_access_tokens: false,
			id_token_signed_response_alg: "RS256",
			rotation: "rotate",
		};
		const { status, body } = await change(made, weaker);
		expect([status, body.rotation]).toEqual([200, "keep"]);
		expect(body).toMatchObject({
			require_pushed_authorization_requests: true,
			require_pkce: true,
			dpop_bound_access_tokens: true,
			id_token_signed_response_alg: "ES256",
		});
		expect((await change(made, { id_token_signed_response_alg: "PS256" })).body).toMatchObject({
			id_token_signed_response_alg: "PS256",
		});
	});

	test.each<[string, object]>([
		["profile", { authentication: "client_secret", jwks: undefined }],
		["profile", { profile: "fapi1" }],
		["access_token_signed_response_alg", { access_token_signed_response_alg: "RS256" }],
		["device_authorization", { device_authorization: true }],
	])("what it rules out is told by its name: %s", async (field, changes) => {
		const { body } = await fapiBody();
		const answer = await create({ ...body, ...changes });
		expect(refusal(answer)).toBe("400 Malformed request");
		expect((answer.body.errors as { field: string }[]).map((each) => each.field)).toEqual([field]);
	});

	test("RFC 7592 §2.2: software that registered itself does not fall behind what was chosen for it", async () => {
		const { key, body } = await fapiBody();
		const metadata = {
			redirect_uris: redirectUrls,
			token_endpoint_auth_method: "private_key_jwt",
			jwks: body.jwks,
			scope: "openid events:read",
			client_name: `Registered ${key.kid}`,
		};
		const registered = await postJson("/oauth/register", metadata, bearer(await tokenOf()));
		const { client_id, registration_client_uri, registration_access_token } = registered.body;
		const made = { ...demo.webApp, client: { ...demo.webApp.client, id: String(client_id) } };
		expect((await change(made, { profile: "fapi2" })).body).toMatchObject({ profile: "fapi2", rotation: "keep" });
		const put = (changes: object) =>
			ask(new URL(String(registration_client_uri)).pathname, {
				method: "PUT",
				headers: { ...bearer(String(registration_access_token)), "content-type": "application/json" },
				body: JSON.stringify({ ...metadata, client_id, ...changes }),
			});
		const weaker = await put({ dpop_bound_access_tokens: false, id_token_signed_response_alg: "RS256" });
		expect([weaker.status, weaker.body]).toEqual([
			200,
			expect.objectContaining({
				require_pushed_authorization_requests: true,
				dpop_bound_access_tokens: true,
				id_token_signed_response_alg: "ES256",
			}),
		]);
		expect((await put({ token_endpoint_auth_method: "client_secret_basic" })).status).toBeGreaterThan(399);
		expect((await put({ access_token_signed_response_alg: "RS256" })).status).toBeGreaterThan(399);
		const grant_types = ["authorization_code", deviceCodeGrant];
		expect((await put({ grant_types })).status).toBeGreaterThan(399);
		expect((await read(made)).body).toMatchObject({ profile: "fapi2", authentication: "private_key_jwt" });
	});

	test("§5.4.1: by RS256 no access token of it is signed, whatever its API has chosen", async () => {
		const { identifier, permissions } = await anApi({ algorithm: "RS256" });
		const { body } = await fapiBody();
		const made = await aFapiClient("PS256", { scopes: [...body.scopes, ...permissions.map(({ name }) => name)] });
		const issued = await askFor(made, { grant_type: "client_credentials", resource: identifier });
		expect(decodeProtectedHeader(tokensOf(issued).accessToken).alg).toBe("ES256");
	});

	test("other clients are as they were", async () => {
		const { key, body } = await fapiBody("RS256");
		const made = { ...(await anIntegration({ ...body, profile: "oauth" })), key, sender: client.sender };
		const asserted = withAssertion(await assertionOf(made, { claims: { aud: [`${issuer}/oauth/token`] } }));
		const fields = { grant_type: "client_credentials", scope: "environments:read", ...asserted };
		expect((await postForm("/oauth/token", fields)).status).toBe(200);
		expect((await open(authorizePath(made, { scope: "events:read" }))).text).toContain('value="allow"');
	});
});

test(`${plan}-discovery-end-point-verification`, async () => {
	const { body } = await ask("/.well-known/openid-configuration");
	expect(body).toMatchObject({
		issuer,
		response_types_supported: expect.arrayContaining(["code"]),
		authorization_response_iss_parameter_supported: true,
		pushed_authorization_request_endpoint: `${issuer}/oauth/par`,
		require_pushed_authorization_requests: expect.any(Boolean),
		dpop_signing_alg_values_supported: expect.arrayContaining(["PS256", "ES256", "EdDSA"]),
		token_endpoint_auth_methods_supported: expect.arrayContaining(["private_key_jwt"]),
		token_endpoint_auth_signing_alg_values_supported: expect.arrayContaining(["PS256", "ES256", "EdDSA"]),
		id_token_signing_alg_values_supported: expect.arrayContaining(["PS256", "ES256", "EdDSA"]),
		code_challenge_methods_supported: ["S256"],
		scopes_supported: expect.arrayContaining(["openid"]),
	});
});

describe("FAPI 2.0 §5.3.2: a client that does as it should", () => {
	test(`${plan}-happy-flow`, async () => {
		for (const each of [client, second]) {
			for (const redirect_uri of redirectUrls) {
				const { answer, accessToken } = await signIn(each, { redirect_uri });
				expect(answer.body).toMatchObject({ token_type: "DPoP", expires_in: expect.any(Number) });
				const { payload } = await verifiedBy(each, idTokenOf(answer), "ES256");
				expect(payload).toMatchObject({ nonce: "nonce", aud: each.client.id });
				expect(refusal(await ask(`/oauth/environments?access_token=${accessToken}`))).toMatch(/^40[01] /);
			}
		}
		expect((await actAlone(client)).status).toBe(200);
	});

	test(`${plan}-user-rejects-authentication`, async () => {
		const { searchParams } = await answerOf(client, {}, { decision: "deny" });
		expect([searchParams.get("error"), searchParams.get("iss")]).toEqual(["access_denied", issuer]);
	});

	test(`${plan}-ensure-authorization-request-without-state-success`, async () => {
		const { searchParams } = await answerOf(client, { state: undefined });
		expect([...searchParams.keys()].toSorted()).toEqual(["code", "iss"]);
	});

	test.each<[string, string | undefined]>([
		["ensure-authorization-request-without-nonce-success", undefined],
		["ensure-authorization-request-with-64-char-nonce-success", "n".repeat(64)],
		["ensure-authorization-request-with-long-nonce", "n".repeat(384)],
	])(`${plan}-%s`, async (_, nonce) => {
		const { answer } = await signIn(client, { nonce });
		expect(claimsOf(idTokenOf(answer)).nonce).toBe(nonce);
	});

	test(`${plan}-ensure-authorization-request-with-long-state`, async () => {
		const state = "s".repeat(128);
		expect((await answerOf(client, { state })).searchParams.get("state")).toBe(state);
	});

	test(`${plan}-ensure-other-scope-order-succeeds`, async () => {
		const { answer } = await signIn(client, { scope: "environments:read email openid" });
		expect(String(answer.body.scope).split(" ").toSorted()).toEqual(["email", "environments:read", "openid"]);
	});

	test(`${plan}-test-claims-parameter-identity-claims`, async () => {
		const claims = JSON.stringify({ id_token: { name: { essential: true } }, userinfo: { name: { essential: true } } });
		const { answer, accessToken } = await signIn(client, { claims });
		expect(claimsOf(idTokenOf(answer)).name).toEqual(expect.any(String));
		expect((await askWith(client.sender, accessToken, "/oauth/userinfo")).body.name).toEqual(expect.any(String));
	});

	test(`${plan}-access-token-type-header-case-sensitivity`, async () => {
		const { accessToken } = await signIn(client);
		for (const scheme of ["dPOP", "DPOP", "dpop"]) {
			expect((await askWith(client.sender, accessToken, "/oauth/environments", { scheme })).status).toBe(200);
		}
	});

	test(`${plan}-refresh-token`, async () => {
		const { answer, refreshToken } = await signIn(client, { scope: "openid offline_access environments:read" });
		expect(answer.body.refresh_token).toMatch(/^[\x20-\x7e]+$/);
		const fields = { grant_type: "refresh_token", refresh_token: refreshToken };
		// It stays: what was used once is used again, half a minute later and long after.
		for (const later of [0, 31, 86_400]) {
			await advance(later);
			const again = await askFor(client, fields);
			expect([again.status, again.body.refresh_token ?? refreshToken]).toEqual([200, refreshToken]);
			expect((await askWith(client.sender, tokensOf(again).accessToken)).status).toBe(200);
		}
		expect(refusal(await askFor(client, fields, { isUnproven: true }))).toBe("400 invalid_dpop_proof");
		const alone = { ...fields, client_id: client.client.id };
		const headers = { dpop: await proofOf(client.sender, tokenRequest) };
		expect(refusal(await postForm("/oauth/token", alone, headers))).toBe("401 invalid_client");
		expect(refusal(await askFor(second, fields))).toBe("400 invalid_grant");
	});
});

describe("FAPI 2.0 §5.3.2.1 (4): tokens are bound to a key", () => {
	test.each<[string, () => object]>([
		["check-dpop-proof-nbf-exp", () => ({ nbf: now(), exp: now() + 300 })],
		["ensure-dpopproof-with-iat-10seconds-before-succeeds", () => ({ iat: now() - 10 })],
		["ensure-dpopproof-with-iat-10seconds-after-succeeds", () => ({ iat: now() + 10 })],
	])(`${plan}-%s`, async (_, claimsNow) => {
		const proof = { claims: claimsNow() };
		expect((await signIn(client, {}, proof)).answer.status).toBe(200);
		expect((await actAlone(client, { proof })).status).toBe(200);
	});

	const atPar = { method: "POST", path: "/oauth/par" };

	test(`${plan}-ensure-mismatched-dpop-jkt-fails`, async () => {
		const headers = { dpop: await proofOf(client.sender, atPar) };
		const dpop_jkt = (await aSenderKey()).thumbprint;
		expect(refusal(await pushBy(client, { dpop_jkt }, { headers }))).toBe("400 invalid_dpop_proof");
		const same = { dpop: await proofOf(client.sender, atPar) };
		expect((await pushBy(client, { dpop_jkt: client.sender.thumbprint }, { headers: same })).status).toBe(201);
	});

	test(`${plan}-ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt`, async () => {
		const code = await codeFor(client, {}, { headers: { dpop: await proofOf(client.sender, atPar) } });
		expect(refusal(await redeem(client, code, {}, { by: await aSenderKey() }))).toMatch(
			/^400 invalid_(?:grant|dpop_proof)$/,
		);
	});

	test(`${plan}-ensure-token-endpoint-fails-with-mismatched-dpop-jkt`, async () => {
		const code = await codeFor(client, { dpop_jkt: client.sender.thumbprint });
		expect(refusal(await redeem(client, code, {}, { by: await aSenderKey() }))).toMatch(
			/^400 invalid_(?:grant|dpop_proof)$/,
		);
	});

	test(`${plan}-ensure-dpopproof-at-par-endpoint-binding-success`, async () => {
		const code = await codeFor(client, {}, { headers: { dpop: await proofOf(client.sender, atPar) } });
		expect((await redeem(client, code)).status).toBe(200);
	});

	test(`${plan}-ensure-dpop-auth-code-binding-success`, async () => {
		const code = await codeFor(client, { dpop_jkt: client.sender.thumbprint });
		expect((await redeem(client, code)).status).toBe(200);
	});

	test("RFC 9449 §10.1: a bad proof at the endpoint of pushed requests is refused, and so is one again", async () => {
		const wrong = { dpop: await proofOf(client.sender, tokenRequest) };
		expect(refusal(await pushBy(client, {}, { headers: wrong }))).toBe("400 invalid_dpop_proof");
		const headers = { dpop: await proofOf(client.sender, atPar) };
		expect((await pushBy(client, {}, { headers })).status).toBe(201);
		expect(refusal(await pushBy(client, {}, { headers }))).toBe("400 invalid_dpop_proof");
	});

	test(`${plan}-ensure-holder-of-key-required`, async () => {
		const code = await codeFor(client);
		expect(refusal(await redeem(client, code, {}, { isUnproven: true }))).toBe("400 invalid_dpop_proof");
		const alone = { grant_type: "client_credentials", scope: "environments:read" };
		expect(refusal(await askFor(client, alone, { isUnproven: true }))).toBe("400 invalid_dpop_proof");
		expect((await redeem(client, code)).status).toBe(200);
	});

	test(`${plan}-dpop-negative-tests`, async () => {
		const { accessToken } = await signIn(client);
		const at = (changes: ProofChanges) => askWith(client.sender, accessToken, "/oauth/environments", changes);
		const { sender } = client;
		const other = await aSenderKey();
		const upper = issuer.replace("http://localhost", "HTTP://LOCALHOST");
		for (const good of [
			{ claims: { htu: `${issuer}/oauth/environments?a=b#c` } },
			{ claims: { htu: `${upper}/oauth/environments` } },
			{ header: { extra: 1 }, claims: { extra: 1 } },
		]) {
			expect([good, (await at(good)).status]).toEqual([good, 200]);
		}
		for (const bad of [
			{ header: { typ: undefined } },
			{ header: { alg: undefined } },
			{ header: { jwk: undefined } },
			...["jti", "htm", "htu", "iat", "ath"].map((name) => ({ claims: { [name]: undefined } })),
			{ header: { typ: "JWT" } },
			{ header: { alg: "RS256" } },
			{ header: { alg: "none" } },
			{ signedBy: other },
			{ header: { jwk: sender.privateJwk } },
			{ claims: { htm: "PUT" } },
			{ claims: { htu: `${issuer}/oauth/userinfo` } },
			{ claims: { iat: now() + 3600 } },
			{ claims: { iat: now() - 3600 } },
			{ claims: { ath: "wrong" } },
		]) {
			expect([bad, (await at(bad)).status]).toEqual([bad, 401]);
		}
		const fixed = { claims: { jti: "fixed" } };
		expect([(await at(fixed)).status, (await at(fixed)).status]).toEqual([200, 401]);
		expect((await askWith(other, accessToken)).status).toBe(401);
		const authorization = `DPoP ${accessToken}`;
		const dpop = await proofOf(sender, { method: "GET", path: "/oauth/environments", token: accessToken });
		for (const headers of [
			{ authorization },
			bearer(accessToken),
			{ authorization, dpop: "no.j.wt" },
			{ authorization, dpop: `${dpop}, ${dpop}` },
		]) {
			expect([400, 401]).toContain((await ask("/oauth/environments", { headers })).status);
		}
		expect((await ask("/oauth/environments", { headers: { authorization, DPOP: dpop } })).status).toBe(200);
	});
});

describe("FAPI 2.0 §5.3.2.2 (2), (5), (6): requests are pushed, with PKCE and a redirect URI", () => {
	test.each([
		["ensure-different-nonce-inside-and-outside-request-object", "nonce"],
		["ensure-different-state-inside-and-outside-request-object", "state"],
	])(`${plan}-%s`, async (_, name) => {
		const uri = requestUriOf(await pushBy(client, { prompt: "consent", [name]: "inside" }));
		const location = locationOf(await decide(pushedPath(client, uri, { [name]: "outside" })));
		const answer = await redeem(client, location.searchParams.get("code") ?? "");
		const told = { state: location.searchParams.get("state"), nonce: claimsOf(idTokenOf(answer)).nonce };
		expect(told).toMatchObject({ [name]: "inside" });
	});

	test(`${plan}-state-only-outside-request-object-not-used`, async () => {
		const uri = requestUriOf(await pushBy(client, { prompt: "consent", state: undefined }));
		const { searchParams } = locationOf(await decide(pushedPath(client, uri, { state: "outside" })));
		expect(searchParams.has("state")).toBe(false);
	});

	test.each<[string, Fields, string]>([
		["ensure-request-object-without-redirect-uri-fails", { redirect_uri: undefined }, "invalid_request"],
		["ensure-redirect-uri-in-authorization-request", { redirect_uri: undefined }, "invalid_request"],
		["plain-fapi-tolerate-unregistered-redirect-uri", { redirect_uri: "https://other.example/" }, "invalid_request"],
		["ensure-response-type-code-idtoken-fails", { response_type: "code id_token" }, "unsupported_response_type"],
		["ensure-response-type-token-fails", { response_type: "token" }, "unsupported_response_type"],
		["par-authorization-request-containing-request_uri-form-param", { request_uri: "urn:x:y" }, "invalid_request"],
		["par-ensure-pkce-required", { code_challenge: undefined, code_challenge_method: undefined }, "invalid_request"],
		["par-plain-pkce-rejected", { code_challenge: pkce.verifier, code_challenge_method: "plain" }, "invalid_request"],
	])(`${plan}-%s`, async (_, query, error) => {
		expect(refusal(await pushBy(client, query))).toBe(`400 ${error}`);
	});

	test("a redirect URI has to be named even where the client has one", async () => {
		const { key, body } = await fapiBody();
		const made = await anIntegration({ ...body, redirect_urls: redirectUrls.slice(0, 1) });
		const answer = await pushBy({ ...made, key, sender: client.sender }, { redirect_uri: undefined });
		expect(refusal(answer)).toBe("400 invalid_request");
	});

	test(`${plan}-ensure-unsigned-authorization-request-without-using-par-fails`, async () => {
		const { searchParams } = locationOf(await open(authorizePath(client, { scope: "openid" })));
		expect(searchParams.get("error")).toBe("invalid_request");
	});

	test(`${plan}-par-ensure-reused-request-uri-prior-to-auth-completion-succeeds`, async () => {
		const path = await pushedPathFor();
		expect((await ask(path)).text).toContain('name="password"');
		expect(codeOf(await decide(path))).toMatch(/^lkc_/);
	});

	test(`${plan}-par-attempt-reuse-request_uri`, async () => {
		const path = await pushedPathFor();
		codeOf(await decide(path));
		expect(locationOf(await decide(path)).searchParams.get("error")).toBe("invalid_request_uri");
	});

	test(`${plan}-par-attempt-to-use-expired-request_uri`, async () => {
		const path = await pushedPathFor();
		await advance(60);
		expect(locationOf(await open(path)).searchParams.get("error")).toBe("invalid_request_uri");
	});

	test(`${plan}-par-attempt-to-use-request_uri-for-different-client`, async () => {
		const uri = requestUriOf(await pushBy(client));
		expect(refusal(await open(pushedPath(second, uri)))).toBe("400 Unknown request");
	});

	test(`${plan}-par-attempt-invalid-http-method`, async () => {
		for (const method of ["GET", "PUT"]) expect((await ask("/oauth/par", { method })).status).toBe(405);
	});

	test(`${plan}-par-without-duplicate-parameters`, async () => {
		const path = await pushedPathFor();
		expect([...new URL(path, issuer).searchParams.keys()]).toEqual(["client_id", "request_uri"]);
		expect(codeOf(await decide(path))).toMatch(/^lkc_/);
	});
});

describe("FAPI 2.0 §5.3.2.1 (11): a code is good for a minute, once, for its client", () => {
	test(`${plan}-ensure-client-id-in-token-endpoint`, async () => {
		const code = await codeFor(client);
		expect(refusal(await redeem(client, code, { client_id: second.client.id }))).toBe("401 invalid_client");
		const alone = { grant_type: "client_credentials", client_id: second.client.id };
		expect(refusal(await askFor(client, alone))).toBe("401 invalid_client");
	});

	test(`${plan}-ensure-authorization-code-is-bound-to-client`, async () => {
		expect(refusal(await redeem(second, await codeFor(client)))).toBe("400 invalid_grant");
	});

	test(`${plan}-attempt-reuse-authorization-code-after-one-second`, async () => {
		const code = await codeFor(client);
		const { accessToken } = tokensOf(await redeem(client, code));
		await advance(1);
		expect(refusal(await redeem(client, code))).toBe("400 invalid_grant");
		await advance(staleness);
		expect((await askWith(client.sender, accessToken)).status).toBe(401);
	});

	test(`${plan}-ensure-token-endpoint-fails-with-expired-auth-code`, async () => {
		const [inTime, late] = [await codeFor(client), await codeFor(client)];
		await advance(59);
		expect((await redeem(client, inTime)).status).toBe(200);
		await advance(1);
		expect(refusal(await redeem(client, late))).toBe("400 invalid_grant");
	});

	test.each<[string, string | undefined]>([
		["ensure-pkce-code-verifier-required", undefined],
		["incorrect-pkce-code-verifier-rejected", "x".repeat(43)],
	])(`${plan}-%s`, async (_, code_verifier) => {
		expect(refusal(await redeem(client, await codeFor(client), { code_verifier }))).toBe("400 invalid_grant");
	});
});

describe("FAPI 2.0 §5.3.2.1 (8), (13), §5.4: the client's assertion, at each endpoint", () => {
	const refused = ["401 invalid_client", "401 invalid_client"];

	test(`${plan}-ensure-signed-client-assertion-with-RS256-fails`, async () => {
		const rsa = await aFapiClient("RS256");
		expect(refusal(await actAlone(rsa))).toBe("401 invalid_client");
		expect(refusal(await pushBy(rsa))).toBe("401 invalid_client");
	});

	test(`${plan}-ensure-client-assertion-in-token-endpoint`, async () => {
		const fields = { grant_type: "authorization_code", code: await codeFor(client), client_id: client.client.id };
		const headers = { dpop: await proofOf(client.sender, tokenRequest) };
		expect(refusal(await postForm("/oauth/token", fields, headers))).toBe("401 invalid_client");
	});

	test.each<[string, () => object]>([
		["ensure-client-assertion-with-exp-is-5-minutes-in-past-fails", () => ({ exp: now() - 300 })],
		["ensure-client-assertion-with-wrong-aud-fails", () => ({ aud: "https://other.example/" })],
		["ensure-client-assertion-with-no-sub-fails", () => ({ sub: undefined })],
		["par-test-array-as-audience-fails", () => ({ aud: [issuer, `${issuer}/oauth/par`, `${issuer}/oauth/token`] })],
		["par-test-array-as-audience-fails, the issuer alone in it", () => ({ aud: [issuer] })],
		["par-test-par-endpoint-url-as-audience-fails", () => ({ aud: `${issuer}/oauth/par` })],
		["par-test-token-endpoint-url-as-audience-fails", () => ({ aud: `${issuer}/oauth/token` })],
		[
			"par-ensure-jwt-client-assertions-nbf-over-60-seconds-in-the-future-fails",
			() => ({ iat: now() + 60, nbf: now() + 60, exp: now() + 120 }),
		],
	])(`${plan}-%s`, async (_, claims) => {
		expect(await verdicts({ claims: claims() })).toEqual(refused);
	});

	test(`${plan}-par-ensure-jwt-client-assertions-nbf-8-seconds-in-the-future-is-accepted`, async () => {
		const claims = { iat: now() + 8, nbf: now() + 8 };
		expect(await verdicts({ claims })).toEqual(["good", "good"]);
	});

	test("another's key signs nothing of it", async () => {
		expect(await verdicts({ signedBy: await aSigningKey("PS256") })).toEqual(refused);
	});
});
