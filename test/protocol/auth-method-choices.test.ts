import { afterAll, describe, expect, test } from "vitest";
import { aSigningKey, assertionOf, type SigningKey, withAssertion } from "../support/assertions.ts";
import { codeOf, decide } from "../support/people.ts";
import { fromElsewhere, publish } from "../support/published.ts";
import { type Answer, ask, postForm, refusal } from "../support/requests.ts";
import { manage, registerClient, selfRegistered } from "../support/self-registered.ts";
import { startStrangerServer } from "../peers/stranger-server.ts";
import { authorizePath, environments, exchange, refresh, type Registered, tokensOf } from "../support/tokens.ts";

// OpenID Connect RP Metadata Choices 1.0: a document is written once for servers of all kinds, and says all that its client
// can. That of ChatGPT has `private_key_jwt` for its method, and `["none", "private_key_jwt"]` for what it can, since August 2026
// (Artexis10/exomem pull request 380).

const server = await startStrangerServer();
afterAll(() => server.close());

const both = {
	token_endpoint_auth_method: "private_key_jwt",
	token_endpoint_auth_methods_supported: ["none", "private_key_jwt"],
	token_endpoint_auth_signing_alg: "RS256",
};

interface KeyHolder extends Registered {
	readonly key: SigningKey;
}

async function aDocument(metadata: object = both): Promise<KeyHolder> {
	const key = await aSigningKey("RS256");
	const jwks_uri = server.serveJson({ keys: [key.publicJwk] });
	return { ...publish(server, { jwks_uri, ...metadata }), key };
}

async function aRegistration(metadata: object = both): Promise<KeyHolder> {
	const key = await aSigningKey("RS256");
	return { ...(await selfRegistered({ jwks: { keys: [key.publicJwk] }, ...metadata })), key };
}

async function codeFor(client: Registered): Promise<string> {
	return codeOf(await decide(authorizePath(client, { scope: "environments:read" })));
}

async function byKey(code: string, client: KeyHolder, changes: object = {}): Promise<Answer> {
	return exchange(code, { client, method: "none", fields: withAssertion(await assertionOf(client, changes)) });
}

async function open(client: Registered): Promise<Answer> {
	return ask(authorizePath(client, { scope: "events:read" }), { headers: fromElsewhere() });
}

describe.each([
	["a document", aDocument],
	["a registration", aRegistration],
])("%s that offers none and private_key_jwt (ChatGPT)", (_, make) => {
	test("is good by either: with the assertion, and with the client's id alone", async () => {
		const client = await make();
		for (const redeemed of [
			await byKey(await codeFor(client), client),
			await exchange(await codeFor(client), { client }),
		]) {
			expect((await environments(tokensOf(redeemed).accessToken)).status).toBe(200);
		}
	});

	test("an assertion that is not good is refused, never forgotten: the id beside it is no way in", async () => {
		const client = await make();
		const code = await codeFor(client);
		const stranger = await aSigningKey("RS256");
		const bad = [
			{ signedBy: stranger },
			{ signedBy: { ...stranger, kid: client.key.kid } },
			{ claims: { exp: 1 } },
			{ claims: { aud: "https://somebody.example" } },
			{ claims: { jti: undefined } },
		];
		for (const changes of bad) {
			expect(refusal(await byKey(code, client, changes))).toBe("401 invalid_client");
		}
		for (const fields of [
			withAssertion(""),
			withAssertion("x.y.z"),
			withAssertion((await assertionOf(client)).replace(/[^.]+$/, "")),
			{ client_assertion: "x" },
			{
				...withAssertion(await assertionOf(client)),
				client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:saml2-bearer",
			},
		]) {
			expect((await exchange(code, { client, method: "none", fields })).status).toBeGreaterThanOrEqual(400);
		}
		expect((await byKey(code, client)).status).toBe(200);
	});

	test("an assertion counts once, though the client needs none", async () => {
		const client = await make();
		const fields = withAssertion(await assertionOf(client));
		expect((await exchange(await codeFor(client), { client, fields })).status).toBe(200);
		expect(refusal(await exchange(await codeFor(client), { client, fields }))).toBe("401 invalid_client");
	});

	test("is held to what a public client is: PKCE, rotation, no introspection, however it shows itself", async () => {
		const client = await make();
		const without = { code_challenge: undefined, code_challenge_method: undefined, scope: "events:read" };
		const asked = await ask(authorizePath(client, without));
		expect(asked.text + (asked.headers.get("location") ?? "")).toMatch(/code_challenge|PKCE/);
		const first = tokensOf(await byKey(await codeFor(client), client));
		const assertion = async () => withAssertion(await assertionOf(client));
		const second = tokensOf(await refresh(first.refreshToken ?? "", { client, fields: await assertion() }));
		expect(second.refreshToken).not.toBe(first.refreshToken);
		const introspected = await postForm("/oauth/introspect", { token: second.accessToken, ...(await assertion()) });
		expect(refusal(introspected)).toBe("401 invalid_client");
	});

	test("the method that is stated alone is the only one: nobody comes by none", async () => {
		const client = await make({ token_endpoint_auth_method: "private_key_jwt" });
		const code = await codeFor(client);
		expect(refusal(await exchange(code, { client }))).toBe("401 invalid_client");
		expect((await byKey(code, client)).status).toBe(200);
	});

	test("what it can is what counts, where its preferred method is not among it (§2)", async () => {
		const changes = { token_endpoint_auth_method: "none", token_endpoint_auth_methods_supported: ["private_key_jwt"] };
		const client = await make(changes);
		const code = await codeFor(client);
		expect(refusal(await exchange(code, { client }))).toBe("401 invalid_client");
		expect((await byKey(code, client)).status).toBe(200);
	});

	test("private_key_jwt is left out where no key is there, and methods that nobody here has", async () => {
		const client = await make({
			...both,
			token_endpoint_auth_method: undefined,
			token_endpoint_auth_methods_supported: ["tls_client_auth", "none", "private_key_jwt", "attest_jwt_client_auth"],
			jwks: undefined,
			jwks_uri: undefined,
		});
		expect((await exchange(await codeFor(client), { client })).status).toBe(200);
		expect(refusal(await byKey(await codeFor(client), client))).toBe("401 invalid_client");
	});
});

describe("a proof that is preferred and cannot be kept makes room for no less", () => {
	const withoutKeys = { ...both, jwks: undefined, jwks_uri: undefined };
	const unknown = { ...both, token_endpoint_auth_method: "tls_client_auth" };
	const otherAlg = { ...both, token_endpoint_auth_signing_alg: "HS512" };
	const none = { token_endpoint_auth_methods_supported: ["none"] };
	test.each<[string, object]>([
		["private_key_jwt without keys", withoutKeys],
		["private_key_jwt by an algorithm that is not known here", otherAlg],
		["private_key_jwt beside none alone", { ...both, ...none }],
		["tls_client_auth beside none alone", { ...unknown, ...none }],
		["client_secret_basic beside none alone", { token_endpoint_auth_method: "client_secret_basic", ...none }],
	])("it is refused, and never taken for none: %s", async (_, metadata) => {
		const key = await aSigningKey("RS256");
		const jwks = { keys: [key.publicJwk] };
		const registration = await registerClient({ jwks, ...metadata });
		expect([refusal(registration), registration.body.error_description]).toEqual([
			"400 invalid_client_metadata",
			expect.stringContaining("token_endpoint_auth_method"),
		]);
		const { status, text } = await open(publish(server, { jwks, ...metadata }));
		expect([status, text]).toEqual([400, expect.stringContaining("token_endpoint_auth_method")]);
	});

	test("another proof takes its place, and none beside it is left out", async () => {
		for (const method of ["private_key_jwt", "client_secret_post"]) {
			const choices = ["none", "tls_client_auth", method];
			const client = await aRegistration({ ...unknown, token_endpoint_auth_methods_supported: choices });
			const shown = await manage("GET", client as unknown as Parameters<typeof manage>[1]);
			expect(shown.body.token_endpoint_auth_method).toBe(method);
			expect(refusal(await exchange(await codeFor(client), { client, method: "none" }))).toBe("401 invalid_client");
		}
	});
});

describe("a document without a method that is good here", () => {
	test.each<[string, object]>([
		["tls_client_auth alone", { token_endpoint_auth_methods_supported: ["tls_client_auth"] }],
		[
			"secrets alone (Client ID Metadata Document §4.1)",
			{ token_endpoint_auth_methods_supported: ["client_secret_basic"] },
		],
		["none at all", { token_endpoint_auth_methods_supported: [] }],
		["private_key_jwt without keys", { token_endpoint_auth_methods_supported: ["private_key_jwt"] }],
		["a list that is none", { token_endpoint_auth_methods_supported: "none" }],
		[
			"a proof that is not known here, which is never taken for none",
			{ token_endpoint_auth_method: "tls_client_auth" },
		],
	])("is not used: %s", async (_, metadata) => {
		const { status, text } = await open(publish(server, metadata));
		expect([status, text]).toEqual([400, expect.stringContaining("token_endpoint_auth_method")]);
	});
});

describe("a registration is told one method (RP Metadata Choices §2)", () => {
	test.each([
		["its own wish", both, "private_key_jwt"],
		[
			"the first of what it can, which is known here",
			{
				token_endpoint_auth_methods_supported: ["tls_client_auth", "client_secret_post", "client_secret_basic"],
				token_endpoint_auth_method: undefined,
			},
			"client_secret_post",
		],
		[
			"another than its wish, which is not known here",
			{
				token_endpoint_auth_methods_supported: ["client_secret_jwt", "client_secret_post"],
				token_endpoint_auth_method: "client_secret_jwt",
			},
			"client_secret_post",
		],
	])("%s", async (_, metadata, told) => {
		const client = await aRegistration(metadata);
		const shown = await manage("GET", client as unknown as Parameters<typeof manage>[1]);
		expect(shown.body.token_endpoint_auth_method).toBe(told);
		expect(shown.body).not.toHaveProperty("token_endpoint_auth_methods_supported");
	});

	test("is refused where nothing that it can is known here", async () => {
		const lists = [["tls_client_auth"], ["client_secret_jwt", "magic"], []];
		for (const token_endpoint_auth_methods_supported of lists) {
			const changes = { token_endpoint_auth_method: undefined, token_endpoint_auth_methods_supported };
			expect(refusal(await registerClient(changes))).toBe("400 invalid_client_metadata");
		}
	});

	test("RFC 6749 §6: whoever is told of a secret has to show it, though it offered none as well", async () => {
		const token_endpoint_auth_methods_supported = ["client_secret_basic", "client_secret_post", "none"];
		const client = await selfRegistered({
			token_endpoint_auth_method: undefined,
			token_endpoint_auth_methods_supported,
		});
		expect(client.body).toMatchObject({
			token_endpoint_auth_method: "client_secret_basic",
			client_secret: client.secret,
		});
		const code = await codeFor(client);
		expect(refusal(await exchange(code, { client, method: "none" }))).toBe("401 invalid_client");
		expect((await exchange(code, { client, method: "post" })).status).toBe(200);
		const noneFirst = ["none", "client_secret_basic"];
		const { body } = await registerClient({ token_endpoint_auth_methods_supported: noneFirst });
		expect(body).not.toHaveProperty("client_secret");
	});

	test("RFC 7592 §2.2: by the same rule when it says anew what it is", async () => {
		const client = await selfRegistered({ token_endpoint_auth_method: "none" });
		const key = await aSigningKey("RS256");
		const said = { client_id: client.id, redirect_uris: client.client.redirectUris, jwks: { keys: [key.publicJwk] } };
		const changed = await manage("PUT", client, { ...said, ...both });
		expect([changed.status, changed.body.token_endpoint_auth_method]).toEqual([200, "private_key_jwt"]);
		expect((await exchange(await codeFor(client), { client })).status).toBe(200);
		expect((await byKey(await codeFor(client), { ...client, key })).status).toBe(200);
	});
});

describe("a registration that says nothing of it, or what is not known here (RFC 7591 §3.2.1)", () => {
	test.each([
		["nothing", undefined],
		["client_secret_jwt", "client_secret_jwt"],
		["tls_client_auth", "tls_client_auth"],
	])("is told client_secret_basic, and may send its secret in either place: %s", async (_, method) => {
		const client = await selfRegistered({ token_endpoint_auth_method: method });
		expect(client.body.token_endpoint_auth_method).toBe("client_secret_basic");
		for (const way of ["basic", "post"] as const) {
			expect((await exchange(await codeFor(client), { client, method: way })).status).toBe(200);
		}
		expect(refusal(await exchange(await codeFor(client), { client, method: "none" }))).toBe("401 invalid_client");
	});
});
