import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { identityScopes } from "../../src/domain/identity.ts";
import { accessTokenType } from "../../src/domain/token-exchange.ts";
import { anApiOfAcme } from "../support/api-grants.ts";
import { apiOperations } from "../support/route-table.ts";
import { type ClientOptions, deviceCodeGrant } from "../../src/domain/client.ts";
import { aDevice, answerDevice, poll } from "../support/devices.ts";
import { idTokenOf, userinfo, verifiedBy } from "../support/openid.ts";
import { decide, signedIn, ada } from "../support/people.ts";
import { aClient } from "../support/registered.ts";
import { type Answer, ask, type Fields, locationOf, post, postForm, refusal } from "../support/requests.ts";
import { demo, issuer, logged, now } from "../support/target.ts";
import { pkce } from "../support/pkce.ts";
import { aTrustedIssuer, showAlone, signedBy } from "../support/trusted-issuers.ts";
import {
	askForToken,
	authorized,
	authorizePath,
	basicOf,
	exchange,
	granted,
	refresh,
	type Registered,
	tokensOf,
} from "../support/tokens.ts";

const { webApp, nativeApp } = demo;
const answer = await ask("/.well-known/oauth-authorization-server");
const told = answer.body;

/** The values of a member that is a list. */
function listed(name: string): string[] {
	const value = told[name];
	if (!Array.isArray(value)) throw new Error(`${name} is no list`);
	return value.map(String);
}

function oauthError(redirect: Answer): string | null {
	return locationOf(redirect).searchParams.get("error");
}

describe("the documents", () => {
	test("RFC 8414 §3.2: JSON, which may be kept for five minutes", () => {
		expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/json"]);
		expect(answer.headers.get("cache-control")).toBe("public, max-age=300");
	});

	test("OIDC Discovery §4, RFC 8414 §5: both addresses say the same", async () => {
		const other = await ask("/.well-known/openid-configuration");
		expect([other.status, other.text]).toEqual([200, answer.text]);
		expect(other.headers.get("content-type")).toBe("application/json");
	});

	test("RFC 8414 §3.3: the issuer is ours, and every URL is of it", () => {
		expect(told.issuer).toBe(issuer);
		const urls = Object.entries(told).filter(([name]) => /_endpoint$|_uri$|documentation$/.test(name));
		for (const [name, url] of urls) expect([name, String(url).startsWith(`${issuer}/`)]).toEqual([name, true]);
	});

	test("RFC 8414 §2: the issuer is never taken from the request", async () => {
		const headers = {
			"x-forwarded-host": "evil.example",
			"x-forwarded-proto": "https",
			forwarded: "host=evil.example;proto=https",
			"x-forwarded-prefix": "/evil",
			"x-original-url": "/evil",
		};
		for (const name of ["oauth-authorization-server", "openid-configuration", "oauth-protected-resource"]) {
			expect((await ask(`/.well-known/${name}`, { headers })).text).not.toContain("evil");
		}
	});

	test("RFC 8414 §3.2: no member is null, and no list is empty or has a value twice", () => {
		for (const [name, value] of Object.entries(told)) {
			expect([name, value]).not.toEqual([name, null]);
			if (!Array.isArray(value)) continue;
			expect([name, value.length > 0, new Set(value).size]).toEqual([name, true, value.length]);
		}
	});
});

describe("endpoints", () => {
	const endpoints = Object.entries(told).filter(([name]) => /_endpoint$|_uri$/.test(name));

	test.each(endpoints)("%s answers, and its methods are documented", async (_, url) => {
		const path = new URL(String(url)).pathname;
		expect((await ask(path, { method: "OPTIONS" })).status).toBe(204);
		expect(apiOperations().some((operation) => operation.path === path)).toBe(true);
	});

	test("no endpoint of OAuth or OpenID Connect is there that is not in it", () => {
		const advertised = endpoints.map(([, url]) => new URL(String(url)).pathname);
		const others = [
			"/oauth/consent", // where the form of our own page goes
			"/oauth/environments", // contract 000's resource
			"/oauth/register/:client_id", // RFC 7592 §3: told to whom it belongs, as registration_client_uri
		];
		const paths = apiOperations().map(({ path }) => path);
		const expected = paths.filter((path) => path.startsWith("/oauth/") && !others.includes(path));
		expect(advertised.filter((path) => path.startsWith("/oauth/")).toSorted()).toEqual(
			[...new Set(expected)].toSorted(),
		);
	});

	test("OIDC Discovery §3: the members that a provider must have are there", () => {
		for (const name of [
			"issuer",
			"authorization_endpoint",
			"token_endpoint",
			"userinfo_endpoint",
			"jwks_uri",
			"response_types_supported",
			"subject_types_supported",
			"id_token_signing_alg_values_supported",
			"end_session_endpoint",
		]) {
			expect(told).toHaveProperty(name);
		}
		expect(listed("id_token_signing_alg_values_supported")).toContain("RS256");
		expect(listed("scopes_supported")).toContain("openid");
	});

	test("the documentation is a page for people", async () => {
		const page = await ask(new URL(String(told.service_documentation)).pathname);
		expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
	});

	test("RFC 9728 §4: every resource that is named says that we open it", async () => {
		for (const resource of listed("protected_resources")) {
			const { pathname } = new URL(resource);
			const { body } = await ask(`/.well-known/oauth-protected-resource${pathname === "/" ? "" : pathname}`);
			expect(body).toMatchObject({ resource, authorization_servers: [issuer] });
		}
	});
});

describe("grants and responses", () => {
	const ways: Readonly<Record<string, () => Promise<Answer>>> = {
		authorization_code: async () => exchange(await authorized(webApp), { client: webApp }),
		refresh_token: async () => refresh((await granted(webApp)).refreshToken, { client: webApp }),
		client_credentials: () => askForToken({ client: webApp }, { grant_type: "client_credentials" }),
		"urn:ietf:params:oauth:grant-type:token-exchange": async () => {
			const { read, resource } = await anApiOfAcme();
			const client = await aClient(webApp, { scope: [read], options: { tokenExchangeApis: [resource] } });
			const own = await askForToken({ client }, { grant_type: "client_credentials", resource });
			return askForToken(
				{ client },
				{
					grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
					subject_token: tokensOf(own).accessToken,
					subject_token_type: accessTokenType,
				},
			);
		},
		"urn:ietf:params:oauth:grant-type:jwt-bearer": async () => {
			const rules = [{ client_id: webApp.client.id, claims: { sub: "job" } }];
			const ci = await aTrustedIssuer({ kind: "workload", rules });
			return showAlone(webApp.client.id, await signedBy(ci, { sub: "job" }));
		},
		[deviceCodeGrant]: async () => {
			const codes = await aDevice();
			await answerDevice(codes);
			return poll(codes);
		},
	};

	test("every grant type in it works", async () => {
		expect(listed("grant_types_supported").toSorted()).toEqual(Object.keys(ways).toSorted());
		for (const [name, ask_] of Object.entries(ways)) expect([name, (await ask_()).status]).toEqual([name, 200]);
	});

	test.each([
		"password",
		"implicit",
		"urn:ietf:params:oauth:grant-type:saml2-bearer",
		"urn:openid:params:grant-type:ciba",
		"constructor",
	])("RFC 6749 §5.2: %s is not in it, and does not work", async (grant_type) => {
		expect(refusal(await askForToken({ client: webApp }, { grant_type }))).toBe("400 unsupported_grant_type");
	});

	test.each(["token", "id_token", "code id_token", "code token", "id_token token", "none"])(
		"OIDC Core §3: the response type %s is not in it, and does not work",
		async (response_type) => {
			expect(told.response_types_supported).toEqual(["code"]);
			const refused = await ask(authorizePath(webApp, { response_type }));
			expect(oauthError(refused)).toBe("unsupported_response_type");
		},
	);

	test("every response mode in it works", async () => {
		expect(listed("response_modes_supported")).toEqual(["query", "form_post"]);
		const queried = await decide(authorizePath(webApp, { response_mode: "query" }));
		expect(locationOf(queried).searchParams.get("code")).toMatch(/^lkc_/);
		const posted = await decide(authorizePath(webApp, { response_mode: "form_post" }));
		expect([posted.status, posted.text.includes(`action="${webApp.client.redirectUris[0]}"`)]).toEqual([200, true]);
		expect(posted.text).toMatch(/<input[^>]* name="code"[^>]* value="lkc_/);
	});

	test.each(["fragment", "query.jwt", "web_message", "okp"])("the response mode %s is not", async (response_mode) => {
		expect(oauthError(await ask(authorizePath(webApp, { response_mode })))).toBe("invalid_request");
	});

	test("RFC 7636 §4.2: the one challenge method in it works, and no other does", async () => {
		expect(told.code_challenge_methods_supported).toEqual(["S256"]);
		const code = await authorized(webApp, { code_challenge: pkce.challenge, code_challenge_method: "S256" });
		expect((await exchange(code, { client: webApp })).status).toBe(200);
		for (const code_challenge_method of ["plain", "S512", "", undefined]) {
			const refused = await ask(authorizePath(webApp, { code_challenge_method }));
			expect([code_challenge_method, oauthError(refused)]).toEqual([code_challenge_method, "invalid_request"]);
		}
	});

	test("RFC 9207 §3: iss is in an answer and in a refusal", async () => {
		expect(told.authorization_response_iss_parameter_supported).toBe(true);
		for (const decision of ["allow", "deny"] as const) {
			const back = locationOf(await decide(authorizePath(webApp), { decision }));
			expect(back.searchParams.get("iss")).toBe(issuer);
		}
	});
});

describe("client authentication", () => {
	const endpoints: readonly [
		name: string,
		send: (fields: Fields, headers?: Record<string, string>) => Promise<Answer>,
	][] = [
		["token", (fields, headers) => postForm("/oauth/token", { grant_type: "client_credentials", ...fields }, headers)],
		["revocation", (fields, headers) => postForm("/oauth/revoke", { token: "x", ...fields }, headers)],
		["introspection", (fields, headers) => postForm("/oauth/introspect", { token: "x", ...fields }, headers)],
	];

	test.each(endpoints)("every method in it works at the %s endpoint, and no other is in it", async (name, send) => {
		const { client, secret } = webApp;
		const { of, assert } = await keyHolder("ES256");
		const ways: Readonly<Record<string, () => Promise<Answer>>> = {
			client_secret_basic: () => send({}, basicOf(webApp)),
			client_secret_post: () => send({ client_id: client.id, client_secret: secret ?? "" }),
			private_key_jwt: async () => send({ client_id: of.client.id, ...(await assert()) }),
			// RFC 7662 §2.1: whoever asks of a token has to say who they are; RFC 6749 §4.4: and who acts for itself too.
			...(name === "revocation" && { none: () => send({ client_id: nativeApp.client.id }) }),
			...(name === "token" && { none: async () => exchange(await authorized(nativeApp), { client: nativeApp }) }),
		};
		expect(listed(`${name}_endpoint_auth_methods_supported`).toSorted()).toEqual(Object.keys(ways).toSorted());
		for (const [method, way] of Object.entries(ways)) expect([method, (await way()).status]).toEqual([method, 200]);
	});

	test("RFC 7662 §2.1: a public client is not told of tokens", async () => {
		const refused = await postForm("/oauth/introspect", { token: "x", client_id: nativeApp.client.id });
		expect(refusal(refused)).toBe("401 invalid_client");
	});

	test.each(endpoints)("RFC 7523 §3: every algorithm in it signs assertions at the %s endpoint", async (name, send) => {
		const algorithms = listed(`${name}_endpoint_auth_signing_alg_values_supported`);
		// RFC 8414 §2: it must be there where private_key_jwt is.
		expect(algorithms).toEqual(expect.arrayContaining(["RS256", "PS256", "ES256", "EdDSA"]));
		for (const algorithm of algorithms) {
			const { of, assert } = await keyHolder(algorithm);
			const answered = await send({ client_id: of.client.id, ...(await assert()) });
			expect([algorithm, answered.status]).toEqual([algorithm, 200]);
		}
	});

	test.each(["RS384", "ES384", "PS512"])("RFC 8725 §3.1: %s is not in it, and signs nothing", async (algorithm) => {
		const { of, assert } = await keyHolder(algorithm);
		for (const [name, send] of endpoints) {
			expect(listed(`${name}_endpoint_auth_signing_alg_values_supported`)).not.toContain(algorithm);
			expect(refusal(await send({ client_id: of.client.id, ...(await assert()) }))).toBe("401 invalid_client");
		}
	});
});

describe("OpenID Connect", () => {
	test("RFC 8414 §2, RFC 9728 §2: it lists who somebody is; what an API opens, that API's metadata lists", () => {
		expect(listed("scopes_supported").toSorted()).toEqual(Object.keys(identityScopes).toSorted());
	});

	test("every scope in it can be granted", async () => {
		const scope = listed("scopes_supported").join(" ");
		const granting = await exchange(await authorized(webApp, { scope }), { client: webApp });
		expect(String(granting.body.scope).split(" ")).toEqual(scope.split(" ").toSorted());
	});

	test("RFC 6749 §3.3: a scope that nobody knows is refused, and ignored where something is left", async () => {
		for (const scope of ["admin", "read", "admin roles"]) {
			expect([scope, oauthError(await ask(authorizePath(webApp, { scope })))]).toEqual([scope, "invalid_scope"]);
		}
		const code = await authorized(webApp, { scope: "openid admin read" });
		expect((await exchange(code, { client: webApp })).body.scope).toBe("openid");
	});

	test.each(listed("id_token_signing_alg_values_supported"))(
		"id_tokens are signed with %s by registration",
		async (algorithm) => {
			const options: ClientOptions = { idTokenAlg: algorithm as "RS256" };
			const client = await aClient(webApp, { options });
			const code = await authorized(client, { scope: "openid" });
			const idToken = idTokenOf(await exchange(code, { client }));
			expect((await verifiedBy(client, idToken, algorithm)).protectedHeader.alg).toBe(algorithm);
		},
	);

	test("every claim in it is told to a client that may know all, and no other is", async () => {
		const scope = "openid profile email address phone groups";
		const code = await authorized(webApp, { scope, nonce: "n" });
		const answered = await exchange(code, { client: webApp });
		const { payload } = await verifiedBy(webApp, idTokenOf(answered));
		const { body } = await userinfo(tokensOf(answered).accessToken);
		const claims = new Set([...Object.keys(payload), ...Object.keys(body)]);
		expect([...claims].toSorted()).toEqual(listed("claims_supported").toSorted());
		// OIDC Core §5.6: as they are, neither aggregated nor distributed.
		expect(told.claim_types_supported).toEqual(["normal"]);
		// By a password; the others are had in authentication-contexts.test.ts, each by what it takes.
		expect(payload.acr).toBe("pwd");
	});

	test("OIDC Core §8.1: a person's subject is the same for every client", async () => {
		expect(told.subject_types_supported).toEqual(["public"]);
		const subjects = [webApp, nativeApp].map(async (client) => {
			const code = await authorized(client, { scope: "openid" });
			return (await verifiedBy(client, idTokenOf(await exchange(code, { client })))).payload.sub;
		});
		expect(new Set(await Promise.all(subjects)).size).toBe(1);
	});

	test("OIDC Core §5.5: a claim that the claims parameter names is told", async () => {
		expect(told.claims_parameter_supported).toBe(true);
		const claims = JSON.stringify({ userinfo: { email: null } });
		const code = await authorized(webApp, { scope: "openid", claims });
		const { accessToken } = tokensOf(await exchange(code, { client: webApp }));
		expect(Object.keys((await userinfo(accessToken)).body).toSorted()).toEqual(["email", "sub"]);
	});

	test("OIDC Core §6: request objects are not supported, by value or by reference", async () => {
		expect(told).toMatchObject({
			request_parameter_supported: false,
			request_uri_parameter_supported: false,
			require_request_uri_registration: false,
		});
		expect(oauthError(await ask(authorizePath(webApp, { request: "e30.e30." })))).toBe("request_not_supported");
		const byReference = await ask(authorizePath(webApp, { request_uri: "https://acme.example/request" }));
		expect(oauthError(byReference)).toBe("request_uri_not_supported");
	});

	test("every prompt in it is understood, and no other is", async () => {
		const cookie = await signedIn(ada);
		expect(listed("prompt_values_supported").toSorted()).toEqual(["consent", "login", "none", "select_account"]);
		for (const prompt of listed("prompt_values_supported")) {
			const asked = await ask(authorizePath(webApp, { prompt, scope: "openid audit:read" }), { headers: { cookie } });
			const outcome = asked.status === 303 ? (oauthError(asked) ?? locationOf(asked).pathname) : asked.status;
			expect([prompt, outcome]).not.toEqual([prompt, "invalid_request"]);
		}
		expect(oauthError(await ask(authorizePath(webApp, { prompt: "create" })))).toBe("invalid_request");
	});

	test("the pages are in a language that it names", async () => {
		const page = await ask(authorizePath(webApp, { ui_locales: "tlh de en", display: "page" }), {
			headers: { cookie: await signedIn(ada) },
		});
		expect(told).toMatchObject({
			ui_locales_supported: ["en", "de", "es", "fr", "pt", "ja"],
			display_values_supported: ["page"],
		});
		expect([page.status, page.text.includes('<html lang="de" dir="ltr">')]).toEqual([200, true]);
	});
});

test("RFC 7591 §3: where registration is in it, it works", async () => {
	const path = new URL(String(told.registration_endpoint)).pathname;
	const metadata = { redirect_uris: ["https://new.example/callback"], token_endpoint_auth_method: "none" };
	const registered = await post(path, JSON.stringify(metadata), { "content-type": "application/json" });
	expect([registered.status, registered.body.redirect_uris]).toEqual([201, metadata.redirect_uris]);
});

test("none of this failed on our side", async () => {
	expect((await logged()).filter((line) => line.includes("request.failed"))).toEqual([]);
});

/** A client like the demonstration's web application, which proves itself by a key of its own (RFC 7523 §2.2). */
async function keyHolder(algorithm: string): Promise<{ of: Registered; assert: () => Promise<Fields> }> {
	const isEdwards = algorithm.startsWith("Ed");
	const pair = await generateKeyPair(algorithm, { extractable: true, ...(isEdwards && { crv: "Ed25519" }) });
	const options: ClientOptions = { jwks: { keys: [{ ...(await exportJWK(pair.publicKey)), kid: "k", use: "sig" }] } };
	const of = await aClient(webApp, { authMethods: ["private_key_jwt"], options });
	const assert = async () => {
		const jwt = new SignJWT({ jti: crypto.randomUUID() })
			.setProtectedHeader({ alg: algorithm, kid: "k" })
			.setIssuer(of.client.id)
			.setSubject(of.client.id)
			.setAudience(issuer)
			.setIssuedAt(now())
			.setExpirationTime(now() + 60);
		return {
			client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
			client_assertion: await jwt.sign(pair.privateKey),
		};
	};
	return { of, assert };
}
