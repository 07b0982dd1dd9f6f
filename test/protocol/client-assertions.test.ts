import { CompactSign } from "jose";
import { afterAll, describe, expect, test } from "vitest";
import {
	aKeyClient,
	aSigningKey,
	assertionOf,
	claimsFor,
	type KeyClient,
	present,
	withAssertion,
} from "../support/assertions.ts";
import { aClient } from "../support/registered.ts";
import { type Answer, ask, basic, postForm, refusal, times } from "../support/requests.ts";
import { respelled } from "../support/respelled.ts";
import { startStrangerServer } from "../peers/stranger-server.ts";
import { advance, demo, issuer, now } from "../support/target.ts";
import { authorized, basicOf, exchange, refresh, tokensOf } from "../support/tokens.ts";

const { webApp, nativeApp } = demo;
const server = await startStrangerServer();
afterAll(() => server.close());
const client = await aKeyClient();

/** `200`, or the refusal. */
function outcome(answer: Answer): string {
	return answer.status === 200 ? "200" : refusal(answer);
}

async function verdict(of: KeyClient, changes: Parameters<typeof assertionOf>[1] = {}): Promise<string> {
	return outcome(await present(await assertionOf(of, changes)));
}

/** What it is told that it is refused for, in the characters that RFC 6749 has for it. */
async function said(...args: Parameters<typeof assertionOf>): Promise<unknown> {
	const answer = await present(await assertionOf(...args));
	expect(refusal(answer)).toBe("401 invalid_client");
	expect(answer.body.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
	return answer.body.error_description;
}

function segment(value: unknown): string {
	return new TextEncoder().encode(JSON.stringify(value)).toBase64({ alphabet: "base64url", omitPadding: true });
}

/** Whatever these two parts are, signed with the client's key. */
async function signedText(header: string, payload: string): Promise<string> {
	const signed = `${header}.${payload}`;
	const bytes = new TextEncoder().encode(signed);
	const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, client.key.privateKey, bytes);
	return `${signed}.${new Uint8Array(signature).toBase64({ alphabet: "base64url", omitPadding: true })}`;
}

/** A client that has its keys there. */
async function withUri(jwksUri: string, key = client.key): Promise<KeyClient> {
	const { client: made } = await aClient(webApp, {
		authMethods: ["private_key_jwt"],
		secrets: [],
		options: { jwksUri },
	});
	return { client: made, secret: null, key };
}

describe("private_key_jwt (RFC 7523 §2.2)", () => {
	test.each(["header", "payload"])("one whose %s has more than 100 levels is none", async (part) => {
		const verdictOf = async (most: number) => {
			const claims = JSON.stringify(claimsFor(client.client));
			const header = '{"alg":"ES256"}';
			const deep = (text: string) => text.replace(/\}$/, `,"x":${"[".repeat(most - 1)}${"]".repeat(most - 1)}}`);
			const [first, second] = part === "header" ? [deep(header), claims] : [header, deep(claims)];
			const [head, body] = [first, second].map((text) =>
				new TextEncoder().encode(text).toBase64({ alphabet: "base64url", omitPadding: true }),
			);
			return outcome(await present(await signedText(head ?? "", body ?? "")));
		};
		expect(await verdictOf(100)).toBe("200");
		expect(await verdictOf(101)).toBe("401 invalid_client");
	});

	test("a client gets its tokens, refreshes and revokes by its key", async () => {
		const code = await authorized(client);
		const fields = withAssertion(await assertionOf(client));
		const { accessToken, refreshToken } = tokensOf(await exchange(code, { client, fields }));
		if (refreshToken === null) throw new Error("No refresh token");
		// The assertion alone says who it is: `client_id` is optional (RFC 7521 §4.2).
		const again = { ...withAssertion(await assertionOf(client)), client_id: undefined };
		const refreshed = tokensOf(await refresh(refreshToken, { client, fields: again }));
		expect(refreshed.accessToken).not.toBe(accessToken);
		const ended = await postForm("/oauth/revoke", {
			token: refreshed.refreshToken ?? "",
			...withAssertion(await assertionOf(client)),
		});
		expect(ended.status).toBe(200);
		const last = { client, fields: withAssertion(await assertionOf(client)) };
		expect(refusal(await refresh(refreshed.refreshToken ?? "", last))).toBe("400 invalid_grant");
	});

	test.each(["RS256", "PS256", "ES256", "EdDSA", "Ed25519"] as const)("RFC 7518 §3.1: signed with %s", async (alg) => {
		expect(await verdict(await aKeyClient({}, await aSigningKey(alg)))).toBe("200");
	});

	test.each([
		["a fraction of a second", { exp: now() + 30.5, iat: now() - 0.5 }],
		["no iat", { iat: undefined }],
		["an nbf", { nbf: now() }],
		["clocks a minute apart", { iat: now() + 60, nbf: now() + 60, exp: now() + 120 }],
		["an issuer as the only member of aud", { aud: [issuer] }],
		// OIDC Core §9; Spring Security 7.1.2, requests_oauth2client 1.8.0 and Authlib 1.9.10 by default, as driven in test/interop,
		// Quarkus and Keycloak by default, and ChatGPT's connectors (PrefectHQ/fastmcp issue 4789 of August 2026).
		["the token endpoint for audience", { aud: `${issuer}/oauth/token` }],
		["the token endpoint as the only member of aud", { aud: [`${issuer}/oauth/token`] }],
		// Authlib 1.9.10 signs for 3600 seconds.
		["an hour", { exp: now() + 3600 }],
		["a jti of 256 characters", { jti: "x".repeat(256) }],
	])("good with %s", async (_, claims) => {
		expect(await verdict(client, { claims })).toBe("200");
	});

	test("without a kid every key that fits is tried", async () => {
		const [first, second] = [await aSigningKey(), await aSigningKey()];
		const keys = [first, second].map(({ publicJwk }) => ({ ...publicJwk, kid: undefined }));
		const two = await aKeyClient({ options: { jwks: { keys } } }, second);
		expect(await verdict(two, { header: { kid: undefined } })).toBe("200");
	});
});

describe("what an assertion has to claim (RFC 7523 §3)", () => {
	const { id } = client.client;
	const endpoint = `${issuer}/oauth/token`;
	test.each([
		["no issuer", { iss: undefined }],
		["another issuer", { iss: webApp.client.id }],
		["no subject", { sub: undefined }],
		["another subject", { sub: webApp.client.id }],
		["another client, wholly", { iss: webApp.client.id, sub: webApp.client.id }],
		["a subject that is a list", { sub: [id] }],
		["no audience", { aud: undefined }],
		["another server", { aud: "https://other.example" }],
		["another server's token endpoint", { aud: "https://other.example/oauth/token" }],
		["the endpoint that it is sent to", { aud: `${issuer}/oauth/introspect` }],
		["the issuer with a slash", { aud: `${issuer}/` }],
		["the token endpoint with a slash", { aud: `${endpoint}/` }],
		["the token endpoint with a query", { aud: `${endpoint}?` }],
		["what begins as the token endpoint does", { aud: `${endpoint}s` }],
		["what the token endpoint begins with", { aud: `${issuer}/oauth` }],
		["the token endpoint in another case", { aud: endpoint.toUpperCase() }],
		["the token endpoint behind a space", { aud: ` ${endpoint}` }],
		["the token endpoint beside another server's", { aud: [endpoint, "https://other.example/oauth/token"] }],
		["the token endpoint twice", { aud: [endpoint, endpoint] }],
		["the issuer beside another", { aud: [issuer, "https://other.example"] }],
		["the issuer beside its token endpoint", { aud: [issuer, endpoint] }],
		["the issuer twice", { aud: [issuer, issuer] }],
		["an empty list", { aud: [] }],
		["a list in a list", { aud: [[issuer]] }],
		["an object for audience", { aud: { 0: issuer } }],
		["no expiry", { exp: undefined }],
		["an expiry that is text", { exp: String(now() + 60) }],
		["an expiry of null", { exp: null }],
		["one that is over, clocks a minute apart", { exp: now() - 60 }],
		["a negative one", { exp: -1 }],
		["one in more than an hour, clocks a minute apart", { exp: now() + 3661 }],
		["one far in the future", { exp: 9_999_999_999 }],
		["one beyond all numbers", { exp: 1e300 }],
		["nbf in the future", { nbf: now() + 61 }],
		["nbf that is text", { nbf: "now" }],
		["iat in the future", { iat: now() + 61 }],
		["no jti", { jti: undefined }],
		["an empty jti", { jti: "" }],
		["a jti that is a number", { jti: 5 }],
		["a jti that is too long", { jti: "x".repeat(257) }],
	])("refused: %s", async (_, claims) => {
		expect(await verdict(client, { claims })).toBe("401 invalid_client");
	});

	test("a whole lifetime later it is refused", async () => {
		const assertion = await assertionOf(client, { claims: { exp: now() + 60 } });
		await advance(119);
		expect(outcome(await present(assertion))).toBe("200");
		const late = await assertionOf(client, { claims: { exp: now() + 60 } });
		await advance(120);
		expect(outcome(await present(late))).toBe("401 invalid_client");
	});
});

describe("jti: an assertion is good once (RFC 7523 §3 (7))", () => {
	test("of a hundred at once one is taken", async () => {
		const assertion = await assertionOf(client);
		const answers = await Promise.all(times(100, () => present(assertion)));
		expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
		expect(answers.filter(({ status }) => status === 401)).toHaveLength(99);
	});

	test("nor is the same jti in another assertion, or at another endpoint", async () => {
		const claims = { jti: "the very same" };
		expect(await verdict(client, { claims })).toBe("200");
		expect(await verdict(client, { claims: { ...claims, exp: now() + 300 } })).toBe("401 invalid_client");
		const fields = withAssertion(await assertionOf(client, { claims }));
		expect(refusal(await postForm("/oauth/revoke", { token: "x", ...fields }))).toBe("401 invalid_client");
		expect(refusal(await postForm("/oauth/token", { grant_type: "refresh_token", ...fields }))).toBe(
			"401 invalid_client",
		);
	});

	test("is taken until its assertion is over, however long that is", async () => {
		const long = await assertionOf(client, { claims: { exp: now() + 3600 } });
		expect(outcome(await present(long))).toBe("200");
		for (const more of [600, 120, 2880, 59]) {
			await advance(more);
			const answer = await present(long);
			expect([outcome(answer), answer.body.error_description]).toEqual(["401 invalid_client", "jti was used before"]);
		}
	});

	test("is each client's own", async () => {
		const other = await aKeyClient();
		const claims = { jti: "of both" };
		expect(await verdict(client, { claims })).toBe("200");
		expect(await verdict(other, { claims })).toBe("200");
	});

	test("is not used up by an assertion that is wrong otherwise", async () => {
		const claims = { jti: "guessed by another" };
		const forger = await aSigningKey();
		expect(await verdict(client, { claims, signedBy: forger, header: { kid: client.key.kid } })).toBe(
			"401 invalid_client",
		);
		expect(await verdict(client, { claims: { ...claims, aud: "https://other.example" } })).toBe("401 invalid_client");
		const other = await present(await assertionOf(client, { claims }), { client_id: webApp.client.id });
		expect(refusal(other)).toBe("401 invalid_client");
		expect(await verdict(client, { claims })).toBe("200");
	});

	test("a replay burns no code", async () => {
		const code = await authorized(client);
		const assertion = await assertionOf(client);
		expect(outcome(await present(assertion))).toBe("200");
		expect(refusal(await exchange(code, { client, fields: withAssertion(assertion) }))).toBe("401 invalid_client");
		const fields = withAssertion(await assertionOf(client));
		expect((await exchange(code, { client, fields })).status).toBe(200);
	});
});

describe("whose signature it is (RFC 8725)", () => {
	test("§3.1: alg none, in every spelling", async () => {
		for (const alg of ["none", "None", "NONE", "nOnE", "", undefined, null, 5]) {
			const unsigned = `${segment({ alg, kid: client.key.kid })}.${segment(claimsFor(client.client))}`;
			for (const signature of ["", "AAAA"]) {
				expect(outcome(await present(`${unsigned}.${signature}`))).toBe("401 invalid_client");
			}
		}
	});

	test("§2.1: HS256, with the public key as the secret", async () => {
		const rsa = await aKeyClient({}, await aSigningKey("RS256"));
		for (const of of [client, rsa]) {
			const secret = new TextEncoder().encode(JSON.stringify(of.key.publicJwk));
			const forged = await new CompactSign(new TextEncoder().encode(JSON.stringify(claimsFor(of.client))))
				.setProtectedHeader({ alg: "HS256", kid: of.key.kid })
				.sign(secret);
			expect(outcome(await present(forged))).toBe("401 invalid_client");
		}
	});

	test("a symmetric key that the client registered signs nothing", async () => {
		const k = new Uint8Array(32).fill(7).toBase64({ alphabet: "base64url", omitPadding: true });
		const symmetric = await aKeyClient({ options: { jwks: { keys: [{ kty: "oct", k, kid: "s", alg: "HS256" }] } } });
		const forged = await new CompactSign(new TextEncoder().encode(JSON.stringify(claimsFor(symmetric.client))))
			.setProtectedHeader({ alg: "HS256", kid: "s" })
			.sign(new Uint8Array(32).fill(7));
		expect(outcome(await present(forged))).toBe("401 invalid_client");
	});

	test("nor does a private key that it published", async () => {
		const key = await aSigningKey();
		const leaked = await aKeyClient({ options: { jwks: { keys: [{ ...key.privateJwk }] } } }, key);
		expect(await verdict(leaked)).toBe("401 invalid_client");
	});

	test.each(["RS384", "ES384", "ES512", "PS512", "HS512", "EdDSA", "RS256"])(
		"an algorithm that is not the key's: %s",
		async (alg) => {
			const [, payload, signature] = (await assertionOf(client)).split(".");
			const renamed = `${segment({ alg, kid: client.key.kid })}.${payload}.${signature}`;
			expect(outcome(await present(renamed))).toBe("401 invalid_client");
		},
	);

	test("token_endpoint_auth_signing_alg is held to; EdDSA and Ed25519 are one", async () => {
		const key = await aSigningKey("RS256");
		expect(await verdict(await aKeyClient({ options: { assertionAlg: "RS256" } }, key))).toBe("200");
		expect(await verdict(await aKeyClient({ options: { assertionAlg: "PS256" } }, key))).toBe("401 invalid_client");
		const edwards = await aSigningKey("Ed25519");
		expect(await verdict(await aKeyClient({ options: { assertionAlg: "EdDSA" } }, edwards))).toBe("200");
	});

	test("a key for encryption, or for another algorithm, is none for signatures", async () => {
		const key = await aSigningKey("RS256");
		for (const more of [{ use: "enc" }, { key_ops: ["encrypt"] }, { alg: "PS256" }, { alg: "RSA-OAEP" }]) {
			const keys = [{ ...key.publicJwk, ...more }];
			expect(await verdict(await aKeyClient({ options: { jwks: { keys } } }, key))).toBe("401 invalid_client");
		}
		for (const more of [{ use: "sig" }, { key_ops: ["verify"] }, { alg: "RS256" }]) {
			const keys = [{ ...key.publicJwk, ...more }];
			expect(await verdict(await aKeyClient({ options: { jwks: { keys } } }, key))).toBe("200");
		}
	});

	test("RFC 7518 §3.3: an RSA key of fewer than 2048 bits is no key", async () => {
		const { publicKey, privateKey } = await crypto.subtle.generateKey(
			{ name: "RSASSA-PKCS1-v1_5", modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" },
			true,
			["sign", "verify"],
		);
		const jwk = { ...(await crypto.subtle.exportKey("jwk", publicKey)), kid: "short" };
		const { key_ops: _, ext: __, ...publicJwk } = jwk;
		const short = await aKeyClient({ options: { jwks: { keys: [publicJwk] } } });
		const head = segment({ alg: "RS256", kid: "short" });
		const signed = `${head}.${segment(claimsFor(short.client))}`;
		const signature = await crypto.subtle.sign("RSASSA-PKCS1-v1_5", privateKey, new TextEncoder().encode(signed));
		const encoded = new Uint8Array(signature).toBase64({ alphabet: "base64url", omitPadding: true });
		expect(outcome(await present(`${signed}.${encoded}`))).toBe("401 invalid_client");
	});

	test("kid tricks: another's, a path, a URL, an own key in the header", async () => {
		const forger = await aSigningKey();
		const other = await aKeyClient();
		const headers: object[] = [
			{ kid: client.key.kid },
			{ kid: "../../../../dev/null" },
			{ kid: "' OR 1=1 --" },
			{ kid: `${server.origin}/key` },
			{ kid: undefined },
			{ jwk: forger.publicJwk },
			{ kid: undefined, jwk: forger.publicJwk },
			{ kid: forger.kid, jku: server.serveJson({ keys: [forger.publicJwk] }) },
			{ kid: forger.kid, x5u: `${server.origin}/x5u` },
		];
		for (const header of headers) {
			expect(await verdict(client, { header, signedBy: forger })).toBe("401 invalid_client");
		}
		expect(await verdict(client, { signedBy: other.key })).toBe("401 invalid_client");
		expect(await verdict(client, { signedBy: other.key, header: { kid: client.key.kid } })).toBe("401 invalid_client");
	});

	test("RFC 7515 §4.1.11: an extension that is critical and not known", async () => {
		const [, payload = ""] = (await assertionOf(client)).split(".");
		const head = segment({ alg: "ES256", kid: client.key.kid, crit: ["exp"], exp: 1 });
		expect(outcome(await present(await signedText(head, payload)))).toBe("401 invalid_client");
	});

	test.each([
		["RFC 7797 §7: a payload that is not encoded", { b64: false, crit: ["b64"] }],
		["RFC 7797 §6: the same without saying so", { b64: false }],
		["RFC 7515 §4.1.11: an extension that others know", { b64: true, crit: ["b64"] }],
		["RFC 7515 §4.1.11: an empty list", { crit: [] }],
	])("%s", async (_, header) => {
		const [, payload = ""] = (await assertionOf(client)).split(".");
		const head = segment({ alg: "ES256", kid: client.key.kid, ...header });
		expect(outcome(await present(await signedText(head, payload)))).toBe("401 invalid_client");
	});

	test("RFC 4648 §3.5: a part in another spelling: stray bits, padding, white space", async () => {
		// Each length leaves another number of stray bits.
		for (const more of ["", "x", "xx"]) {
			const header = segment({ alg: "ES256", kid: client.key.kid, more });
			const payload = segment({ ...claimsFor(client.client), more });
			const good = await signedText(header, payload);
			const start = good.lastIndexOf(".") + 1;
			const others = await Promise.all([
				...respelled(header).map((other) => signedText(other, payload)),
				...respelled(payload).map((other) => signedText(header, other)),
				...respelled(good.slice(start)).map(async (other) => good.slice(0, start) + other),
			]);
			for (const other of others) expect([other, outcome(await present(other))]).toEqual([other, "401 invalid_client"]);
			// None of them used it up.
			expect(outcome(await present(good))).toBe("200");
		}
	});

	test.each([
		["nothing", "x"],
		["two parts", "e30.e30"],
		["five parts, as encryption has", "e30.e30.e30.e30.e30"],
		["no JSON", "####.####.####"],
		["a list of claims", `${segment({ alg: "ES256" })}.${segment([])}.AAAA`],
		["two assertions (RFC 7523 §2.2)", "e30.e30.e30 e30.e30.e30"],
		["something enormous", "x".repeat(9000)],
	])("what is no JWT: %s", async (_, assertion) => {
		expect(outcome(await present(assertion))).toBe("401 invalid_client");
	});

	test("an access token of ours is no assertion", async () => {
		const { body } = await ask("/auth/login", {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: JSON.stringify({ api_key: demo.apiKey.accessCode }),
		});
		expect(outcome(await present(String(body.access_token)))).toBe("401 invalid_client");
	});
});

describe("one method, and the one that was registered (RFC 6749 §2.3)", () => {
	test("an assertion beside a secret or HTTP Basic is two methods, however good both are", async () => {
		const fields = withAssertion(await assertionOf(client));
		const inBody = { token: "x", ...fields, client_id: client.client.id, client_secret: webApp.secret ?? "" };
		expect(refusal(await postForm("/oauth/introspect", inBody))).toBe("400 invalid_request");
		const both = await postForm("/oauth/introspect", { token: "x", ...fields }, basicOf(webApp));
		expect(refusal(both)).toBe("400 invalid_request");
		const type = { client_assertion_type: fields.client_assertion_type ?? "" };
		expect(refusal(await postForm("/oauth/introspect", { token: "x", ...type }, basicOf(webApp)))).toBe(
			"400 invalid_request",
		);
		// Nothing of that used the assertion up.
		expect((await postForm("/oauth/introspect", { token: "x", ...fields })).status).toBe(200);
	});

	test("an assertion without its type, or a type without an assertion", async () => {
		const { client_assertion, client_assertion_type } = withAssertion(await assertionOf(client));
		expect(refusal(await postForm("/oauth/introspect", { token: "x", client_assertion }))).toBe("400 invalid_request");
		expect(refusal(await postForm("/oauth/introspect", { token: "x", client_assertion_type }))).toBe(
			"400 invalid_request",
		);
	});

	test.each([
		"urn:ietf:params:oauth:client-assertion-type:saml2-bearer",
		"urn:ietf:params:oauth:grant-type:jwt-bearer",
		"URN:IETF:PARAMS:OAUTH:CLIENT-ASSERTION-TYPE:JWT-BEARER",
	])("RFC 7521 §4.2: another type, %s", async (client_assertion_type) => {
		const answer = await present(await assertionOf(client), { client_assertion_type });
		expect(refusal(answer)).toBe("401 invalid_client");
	});

	test("RFC 7521 §4.2: a client_id has to name the same client", async () => {
		const wrong = await present(await assertionOf(client), { client_id: webApp.client.id });
		expect(refusal(wrong)).toBe("401 invalid_client");
		const right = await present(await assertionOf(client), { client_id: client.client.id });
		expect(right.status).toBe(200);
	});

	test("a client with a key cannot leave it out, nor use a secret", async () => {
		const { id } = client.client;
		const tries = [
			await postForm("/oauth/introspect", { token: "x", client_id: id }),
			await postForm("/oauth/introspect", { token: "x", client_id: id, client_secret: webApp.secret ?? "" }),
			await postForm("/oauth/introspect", { token: "x" }, basic(id, webApp.secret ?? "")),
			await postForm("/oauth/token", { grant_type: "refresh_token", refresh_token: "x", client_id: id }),
		];
		expect(tries.map(refusal)).toEqual(times(4, () => "401 invalid_client"));
	});

	test("a client that registered another method cannot use a key", async () => {
		const { publicJwk } = client.key;
		for (const like of [webApp, nativeApp]) {
			const { client: other } = await aClient(like, { options: { jwks: { keys: [{ ...publicJwk }] } } });
			const fields = withAssertion(await assertionOf({ client: other, secret: null, key: client.key }));
			const answer = await postForm("/oauth/revoke", { token: "x", ...fields });
			expect(refusal(answer)).toBe("401 invalid_client");
		}
	});

	test("one that has ended is nobody's", async () => {
		expect(await verdict(await aKeyClient({ state: "ended" }))).toBe("401 invalid_client");
	});

	test("contract 001 has methods of its own", async () => {
		const login = await postForm("/auth/login", withAssertion(await assertionOf(client)));
		expect(refusal(login)).toBe("400 Malformed request");
	});
});

describe("an assertion that is typed (draft-ietf-oauth-rfc7523bis §4)", () => {
	const header = { typ: "client-authentication+jwt" };
	const endpoint = `${issuer}/oauth/token`;

	test.each(["client-authentication+jwt", "application/client-authentication+jwt", "Client-Authentication+JWT"])(
		"typ %s: the issuer, as a string alone",
		async (typ) => {
			expect(await verdict(client, { header: { typ } })).toBe("200");
			for (const aud of [endpoint, [issuer], [endpoint]]) {
				expect(await verdict(client, { header: { typ }, claims: { aud } })).toBe("401 invalid_client");
			}
		},
	);

	test("typ JWT asks for no more than none", async () => {
		expect(await verdict(client, { header: { typ: "JWT" }, claims: { aud: endpoint } })).toBe("200");
		const answer = await present(await assertionOf(client, { header, claims: { aud: endpoint } }));
		expect(answer.body.error_description).toBe(`aud has to be ${issuer}, as a string alone`);
	});
});

describe("what the sender of an assertion is told (RFC 6749 §5.2)", () => {
	test("which claim was wrong: it wrote it itself", async () => {
		const told = [
			await said(client, { claims: { aud: "https://other.example" } }),
			await said(client, { claims: { exp: now() - 61 } }),
			await said(client, { claims: { exp: now() + 7200 } }),
			await said(client, { claims: { exp: undefined } }),
			await said(client, { claims: { nbf: now() + 100 } }),
			await said(client, { claims: { iat: now() + 100 } }),
			await said(client, { claims: { jti: undefined } }),
			await said(client, { claims: { iss: webApp.client.id } }),
		];
		expect(told).toEqual([
			`aud has to be ${issuer} or ${issuer}/oauth/token, and nothing beside it`,
			"exp is over",
			"exp is more than 3600 seconds ahead",
			"exp is missing, or no number",
			"nbf is in the future",
			"iat is in the future",
			"jti has to be a text of 1 to 256 characters",
			"iss and sub have to be the client_id, both",
		]);
		const replayed = await assertionOf(client);
		expect(outcome(await present(replayed))).toBe("200");
		expect((await present(replayed)).body.error_description).toBe("jti was used before");
	});

	test("the same of a client that is there and of one that is not: what is told first is in the text alone", async () => {
		const nobody = { ...client, client: { ...client.client, id: "lkid_nobody" } };
		const ended = await aKeyClient({ state: "ended" });
		const bySecret = { ...client, client: webApp.client };
		const claims = { aud: "https://other.example" };
		const told = new Set<unknown>();
		for (const of of [client, nobody, ended, bySecret]) told.add(await said(of, { claims }));
		expect(told.size).toBe(1);
	});

	test("and not which client there is, by which method or key it authenticates, or whether a jti was used", async () => {
		const forger = await aSigningKey();
		const jti = "used, by who has the key";
		expect(await verdict(client, { claims: { jti } })).toBe("200");
		const told = [
			await said({ ...client, client: { ...client.client, id: "lkid_nobody" } }),
			await said(await aKeyClient({ state: "ended" })),
			await said({ ...client, client: webApp.client }),
			await said({ ...client, client: nativeApp.client }),
			await said(client, { signedBy: forger }),
			await said(client, { signedBy: forger, header: { kid: client.key.kid } }),
			await said(client, { signedBy: forger, header: { kid: client.key.kid }, claims: { jti } }),
		];
		expect(new Set(told)).toEqual(
			new Set(["No client is known here by this sub, with a key that verifies client_assertion"]),
		);
	});
});

describe("jwks_uri (OIDC Core §10.1.1)", () => {
	test("keys are fetched, and kept as long as their headers say", async () => {
		const url = server.serveJson({ keys: [client.key.publicJwk] }, { "cache-control": "max-age=600" });
		const remote = await withUri(url);
		expect(await verdict(remote)).toBe("200");
		expect(await verdict(remote)).toBe("200");
		await advance(599);
		expect(await verdict(remote)).toBe("200");
		expect(server.askedFor(url)).toHaveLength(1);
		await advance(1);
		expect(await verdict(remote)).toBe("200");
		expect(server.askedFor(url)).toHaveLength(2);
		const [request] = server.askedFor(url);
		expect(request?.headers).not.toHaveProperty("cookie");
		expect(request?.headers).not.toHaveProperty("authorization");
	});

	test("nothing is fetched for an assertion that could not be good whatever its key", async () => {
		const url = server.serveJson({ keys: [client.key.publicJwk] });
		const remote = await withUri(url);
		for (const claims of [{ aud: "x" }, { exp: now() - 61 }, { jti: undefined }, { iss: "x" }]) {
			expect(await verdict(remote, { claims })).toBe("401 invalid_client");
		}
		expect(server.askedFor(url)).toHaveLength(0);
	});

	test("a kid that is not there yet is looked for once more, at most every 30 seconds", async () => {
		const next = await aSigningKey();
		const path = "/rotating.json";
		const long = { "cache-control": "max-age=3600" };
		const url = server.serveJson({ keys: [client.key.publicJwk] }, long, path);
		const remote = await withUri(url);
		expect(await verdict(remote)).toBe("200");
		await advance(30);
		server.serveJson({ keys: [client.key.publicJwk, next.publicJwk] }, long, path);
		expect(await verdict({ ...remote, key: next })).toBe("200");
		expect(server.askedFor(url)).toHaveLength(2);
		// A stranger who makes kids up has us call nobody.
		const forger = await aSigningKey();
		for (const _ of times(10, () => 0)) {
			expect(await verdict(remote, { signedBy: forger })).toBe("401 invalid_client");
		}
		expect(server.askedFor(url)).toHaveLength(2);
		await advance(30);
		expect(await verdict(remote, { signedBy: forger })).toBe("401 invalid_client");
		expect(server.askedFor(url)).toHaveLength(3);
	});

	test("a key that was taken away is good no more", async () => {
		const path = "/revoked.json";
		const url = server.serveJson({ keys: [client.key.publicJwk] }, { "cache-control": "max-age=60" }, path);
		const remote = await withUri(url);
		expect(await verdict(remote)).toBe("200");
		server.serveJson({ keys: [] }, {}, path);
		await advance(60);
		expect(await verdict(remote)).toBe("401 invalid_client");
	});

	test.each([
		["that is not there", () => `${server.origin}/nowhere.json`],
		[
			"that is no JSON",
			() => server.serve((_, response) => void response.setHeader("content-type", "application/json").end("<")),
		],
		["of another type", () => server.serveJson({ keys: [client.key.publicJwk] }, { "content-type": "text/html" })],
		["that is no set", () => server.serveJson([client.key.publicJwk])],
		["whose keys are no list", () => server.serveJson({ keys: { 0: client.key.publicJwk } })],
		["of null keys", () => server.serveJson({ keys: [null] })],
		[
			"of keys that are none",
			() => server.serveJson({ keys: [{ kid: client.key.kid, kty: "EC", crv: "P-256", x: "!", y: 5 }] }),
		],
		[
			"of points that are on no curve",
			() => server.serveJson({ keys: [{ ...client.key.publicJwk, x: "AA", y: "AA" }] }),
		],
		["of private keys", () => server.serveJson({ keys: [client.key.privateJwk] })],
		["that is larger than 64 KiB", () => server.serveJson({ keys: [client.key.publicJwk], more: "x".repeat(65_536) })],
		[
			"that redirects",
			() => {
				const to = server.serveJson({ keys: [client.key.publicJwk] });
				return server.serve((_, response) => void response.writeHead(302, { location: to }).end());
			},
		],
		["on another machine by http", () => "http://client.example/jwks.json"],
		["on this very server", () => `${issuer}/.well-known/jwks.json`],
		["in a private network", () => "https://10.0.0.1/jwks.json"],
	])("a set %s opens nothing, and fails nothing", async (_, serve) => {
		expect(await verdict(await withUri(serve()))).toBe("401 invalid_client");
	});

	test("of several keys one that is broken is not in the way", async () => {
		const broken = { kid: client.key.kid, kty: "EC", crv: "P-256", x: "AA", y: "AA" };
		const url = server.serveJson({ keys: [broken, client.key.publicJwk] });
		expect(await verdict(await withUri(url))).toBe("200");
	});
});
