import { afterAll, describe, expect, test } from "vitest";
import { aSigningKey } from "../support/assertions.ts";
import { signedInTo, verifiedBy } from "../support/openid.ts";
import { fromElsewhere, publish } from "../support/published.ts";
import { ask, refusal } from "../support/requests.ts";
import { manage, registerClient, selfRegistered } from "../support/self-registered.ts";
import { startStrangerServer } from "../peers/stranger-server.ts";
import { authorizePath } from "../support/tokens.ts";

// A client says the same of itself to every server, much of which is for others, and what has no value it says as "" (a struct
// of Go or C# is written out whole). RFC 7591 §3.2.1: what is not for here is replaced, and the answer shows what is registered.

const server = await startStrangerServer();
afterAll(() => server.close());

const site = "https://weather.example/callback";

/** Whether a document that says this is used. */
async function documentOf(metadata: object): Promise<string> {
	const client = publish(server, { token_endpoint_auth_method: "none", ...metadata });
	const page = await ask(authorizePath(client, { scope: "events:read" }), { headers: fromElsewhere() });
	return page.status === 200 ? "used" : refusal(page);
}

describe("what is empty is left out", () => {
	const empty = {
		client_name: "",
		client_uri: "",
		logo_uri: "",
		tos_uri: "",
		policy_uri: "",
		initiate_login_uri: "",
		jwks_uri: "",
		jwks: "",
		scope: "",
		software_id: "",
		software_version: "",
		software_statement: "",
		contacts: [""],
		post_logout_redirect_uris: ["", "https://weather.example/bye"],
		application_type: "",
		subject_type: "",
		default_max_age: "",
		id_token_signed_response_alg: "",
		token_endpoint_auth_signing_alg: "",
		token_endpoint_auth_methods_supported: "",
		grant_types: ["authorization_code", "", "refresh_token"],
		response_types: [""],
	};
	const left = [
		"client_uri",
		"logo_uri",
		"tos_uri",
		"policy_uri",
		"initiate_login_uri",
		"jwks_uri",
		"jwks",
		"software_id",
	];

	test("as if it had not been sent, in a registration", async () => {
		const { response_types: _, ...said } = empty;
		const { status, body } = await registerClient({ ...said, redirect_uris: ["", site] });
		expect([status, body.client_name, body.redirect_uris]).toEqual([201, "weather.example", [site]]);
		expect(body).toMatchObject({
			application_type: "web",
			subject_type: "public",
			id_token_signed_response_alg: "RS256",
			grant_types: ["authorization_code", "refresh_token"],
			post_logout_redirect_uris: ["https://weather.example/bye"],
		});
		for (const name of left) expect(body).not.toHaveProperty(name);
	});

	test("and in a document, and when a client says anew what it is (RFC 7592 §2.2)", async () => {
		const { response_types: _, ...said } = empty;
		expect(await documentOf(said)).toBe("used");
		const client = await selfRegistered({ client_uri: "https://weather.example" });
		const changed = await manage("PUT", client, {
			...said,
			client_id: client.id,
			redirect_uris: [site],
			token_endpoint_auth_method: "",
		});
		expect([changed.status, changed.body.token_endpoint_auth_method]).toEqual([200, "client_secret_basic"]);
		expect(changed.body).not.toHaveProperty("client_uri");
	});

	test("but nothing stays of what has to be there", async () => {
		expect(refusal(await registerClient({ redirect_uris: [""] }))).toBe("400 invalid_redirect_uri");
		expect(refusal(await registerClient({ redirect_uris: "" }))).toBe("400 invalid_redirect_uri");
		const byKeys = { token_endpoint_auth_method: "private_key_jwt", jwks_uri: "" };
		expect(refusal(await registerClient(byKeys))).toBe("400 invalid_client_metadata");
		expect(refusal(await registerClient({ response_types: [""] }))).toBe("400 invalid_client_metadata");
	});
});

describe("RFC 7591 §3.2.1: a choice that is not known here is replaced, and shown", () => {
	test.each<[string, object, object]>([
		["id_tokens by HMAC", { id_token_signed_response_alg: "HS256" }, { id_token_signed_response_alg: "RS256" }],
		[
			"id_tokens without a signature",
			{ id_token_signed_response_alg: "none" },
			{ id_token_signed_response_alg: "RS256" },
		],
		["id_tokens by RS512", { id_token_signed_response_alg: "RS512" }, { id_token_signed_response_alg: "RS256" }],
		["pairwise subjects", { subject_type: "pairwise" }, { subject_type: "public" }],
		["an application of another type", { application_type: "browser" }, { application_type: "web" }],
		[
			"the best of what the client can (RP Metadata Choices §2)",
			{ id_token_signed_response_alg: "RS512", id_token_signing_alg_values_supported: ["RS512", "ES256", "EdDSA"] },
			{ id_token_signed_response_alg: "ES256" },
		],
		[
			"what holds anyway, where the client can do that",
			{ id_token_signing_alg_values_supported: ["ES256", "RS256"] },
			{ id_token_signed_response_alg: "RS256" },
		],
		[
			"what it can, where it does not say what it likes",
			{ id_token_signing_alg_values_supported: ["ES384", "PS256"] },
			{ id_token_signed_response_alg: "PS256" },
		],
	])("%s", async (_, sent, shown) => {
		const { status, body } = await registerClient(sent);
		expect([status, body]).toEqual([201, expect.objectContaining(shown)]);
		expect(body).not.toHaveProperty("id_token_signing_alg_values_supported");
		expect(await documentOf(sent)).toBe("used");
	});

	test("an id_token is signed as the answer says, whatever was asked for", async () => {
		const client = await selfRegistered({ id_token_signed_response_alg: "none", scope: "openid" });
		const { idToken } = await signedInTo(client);
		expect((await verifiedBy(client, idToken, "RS256")).payload.sub).toMatch(/./);
	});

	test("an algorithm of assertions is left out, where the client sends none", async () => {
		for (const alg of ["none", "HS256", "ES512"]) {
			const { status, body } = await registerClient({ token_endpoint_auth_signing_alg: alg });
			expect([alg, status, body.token_endpoint_auth_signing_alg]).toEqual([alg, 201, undefined]);
		}
	});

	test.each([
		["userinfo_signed_response_alg", "RS256"],
		["userinfo_encrypted_response_alg", "RSA-OAEP"],
		["userinfo_encrypted_response_enc", "A256GCM"],
		["id_token_encrypted_response_alg", "RSA-OAEP-256"],
		["id_token_encrypted_response_enc", "A128CBC-HS256"],
		["request_object_signing_alg", "RS256"],
		["tls_client_certificate_bound_access_tokens", true],
		["require_signed_request_object", true],
		["frontchannel_logout_uri", "https://weather.example/out"],
	])("%s, which is not done here, is not shown as if it were", async (name, value) => {
		const client = await selfRegistered({ [name]: value, scope: "openid" });
		expect(client.body).not.toHaveProperty(name);
		expect((await manage("GET", client)).body).not.toHaveProperty(name);
		expect(await documentOf({ [name]: value })).toBe("used");
	});

	test("return URLs that are not good here are left out; one that a browser acts on refuses all", async () => {
		const good = "https://weather.example/bye";
		const { body } = await registerClient({ post_logout_redirect_uris: ["https://weather.example/bye#now", good] });
		expect(body.post_logout_redirect_uris).toEqual([good]);
		for (const dangerous of [
			"http://weather.example/bye",
			"javascript:alert(1)",
			" JavaScript:alert(1)",
			"data:text/html,x",
		]) {
			const refused = await registerClient({ post_logout_redirect_uris: [good, dangerous] });
			expect(refusal(refused)).toBe("400 invalid_client_metadata");
		}
	});

	test("nothing is made up where a client says all that it can, and none of it is known here", async () => {
		const list = { id_token_signing_alg_values_supported: ["HS256", "none"] };
		expect(refusal(await registerClient(list))).toBe("400 invalid_client_metadata");
		expect(refusal(await registerClient({ ...list, id_token_signed_response_alg: "HS256" }))).toBe(
			"400 invalid_client_metadata",
		);
		expect(await documentOf(list)).toBe("400 Unusable application");
	});
});

describe("a web application that is being developed", () => {
	test.each(["http://localhost:3000/api/auth/callback", "http://127.0.0.1:8080/cb", "http://[::1]/cb"])(
		"OIDC Registration §2: is answered at %s",
		async (uri) => {
			const said = { application_type: "web", token_endpoint_auth_method: "client_secret_basic", redirect_uris: [uri] };
			const { status, body } = await registerClient(said);
			expect([status, body.redirect_uris, body.application_type]).toEqual([201, [uri], "web"]);
		},
	);

	test.each([
		"http://localhost:3001/cb",
		"http://localhost/cb",
		"http://127.0.0.1:3000/cb",
		"http://elsewhere.example/cb",
	])("RFC 9700 §4.1.3: and, as it has a secret, at no other port or host: %s", async (redirect_uri) => {
		const client = await selfRegistered({
			application_type: "web",
			token_endpoint_auth_method: "client_secret_basic",
			redirect_uris: ["http://localhost:3000/cb"],
		});
		expect(refusal(await ask(authorizePath(client, { redirect_uri })))).toBe("400 Wrong redirect URL");
	});
});

// Whoever sends them would register, and find out at its first token that nothing verifies.
describe("keys that can never verify", () => {
	const byKeys = { token_endpoint_auth_method: "private_key_jwt" };
	const x = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4";
	test.each<[string, object]>([
		["no key at all", { jwks: { keys: [] } }],
		["a key of another curve", { jwks: { keys: [{ kty: "EC", crv: "P-384", x, y: x }] } }],
		["a key for encryption", { jwks: { keys: [{ kty: "EC", crv: "P-256", x, y: x, use: "enc" }] } }],
		["a key that only signs", { jwks: { keys: [{ kty: "EC", crv: "P-256", x, y: x, key_ops: ["sign"] }] } }],
		["a key of another algorithm", { jwks: { keys: [{ kty: "EC", crv: "P-256", x, y: x, alg: "ES512" }] } }],
		["half a point", { jwks: { keys: [{ kty: "EC", crv: "P-256", x }] } }],
		["a point that is too short", { jwks: { keys: [{ kty: "EC", crv: "P-256", x: "AA", y: "AA" }] } }],
		["an Edwards key that is none", { jwks: { keys: [{ kty: "OKP", crv: "Ed25519", x: "" }] } }],
		["RSA of 1024 bits (RFC 7518 §3.3)", { jwks: { keys: [{ kty: "RSA", n: "x".repeat(171), e: "AQAB" }] } }],
		["a key of a kind that nobody knows", { jwks: { keys: [{ kty: "AKP", pub: "AA" }] } }],
	])("refused, where the client authenticates by them: %s", async (_, keys) => {
		const refused = await registerClient({ ...byKeys, ...keys });
		expect(refusal(refused)).toBe("400 invalid_client_metadata");
		expect(refused.body.error_description).toBe("jwks has no key that an assertion can be verified by");
		expect(await documentOf({ ...byKeys, ...keys })).toBe("400 Unusable application");
		// Whoever has them for something else may have them.
		expect((await registerClient(keys)).status).toBe(201);
	});

	test("and so are keys of another kind than the algorithm that is stated", async () => {
		const key = await aSigningKey("ES256");
		const jwks = { keys: [key.publicJwk] };
		const said = { ...byKeys, jwks, token_endpoint_auth_signing_alg: "RS256" };
		expect(refusal(await registerClient(said))).toBe("400 invalid_client_metadata");
		expect((await registerClient({ ...said, token_endpoint_auth_signing_alg: "ES256" })).status).toBe(201);
	});

	test("and an algorithm that nobody here verifies, unless the client can do another", async () => {
		const jwks_uri = "https://weather.example/jwks.json";
		const said = { ...byKeys, jwks_uri, token_endpoint_auth_signing_alg: "ES384" };
		expect(refusal(await registerClient(said))).toBe("400 invalid_client_metadata");
		const more = { ...said, token_endpoint_auth_signing_alg_values_supported: ["ES384", "RS256"] };
		const { status, body } = await registerClient(more);
		expect([status, body.token_endpoint_auth_method]).toEqual([201, "private_key_jwt"]);
		const open = { ...said, token_endpoint_auth_methods_supported: ["private_key_jwt", "none"] };
		expect(refusal(await registerClient(open))).toBe("400 invalid_client_metadata");
		const prefersNone = { ...open, token_endpoint_auth_method: "none" };
		expect((await registerClient(prefersNone)).body.token_endpoint_auth_method).toBe("none");
	});

	test("one good key among others is enough", async () => {
		const key = await aSigningKey("EdDSA");
		const jwks = { keys: [{ kty: "EC", crv: "P-384", x: "AA", y: "AA" }, key.publicJwk] };
		expect((await registerClient({ ...byKeys, jwks })).status).toBe(201);
	});
});

describe("initiate_login_uri (OIDC Core §4)", () => {
	test("is kept and shown, for whoever begins a sign-in there", async () => {
		const initiate_login_uri = "https://weather.example/start?from=here";
		const client = await selfRegistered({ initiate_login_uri });
		expect([client.body, (await manage("GET", client)).body]).toEqual([
			expect.objectContaining({ initiate_login_uri }),
			expect.objectContaining({ initiate_login_uri }),
		]);
		expect(await documentOf({ initiate_login_uri })).toBe("used");
	});

	test.each([
		"http://weather.example/start",
		"http://localhost:3000/start",
		"javascript:alert(1)",
		"JavaScript://weather.example/%0aalert(1)",
		"data:text/html,x",
		"cursor://start",
		"//weather.example/start",
		"HTTPS://weather.example/start",
		"https://weather.example/\nstart",
	])("is a page by https, and not %j", async (initiate_login_uri) => {
		const refused = await registerClient({ initiate_login_uri });
		expect(refusal(refused)).toBe("400 invalid_client_metadata");
		expect(refused.body.error_description).toMatch(/^initiate_login_uri must be the URL of a web page/);
		expect(await documentOf({ initiate_login_uri })).toBe("400 Unusable application");
	});
});
