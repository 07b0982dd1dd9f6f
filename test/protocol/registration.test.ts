import { describe, expect, test } from "vitest";
import { permissions } from "../../src/domain/permission.ts";
import { aSigningKey, assertionOf, withAssertion } from "../support/assertions.ts";
import { tokenOf as loginOf } from "../support/keys-api.ts";
import { ada, codeOf, decide, grace } from "../support/people.ts";
import { aKey, aPolicy } from "../support/registered.ts";
import { ask, basic, bearer, post, postForm, postJson, refusal, times } from "../support/requests.ts";
import { manage, metadata, registerClient, selfRegistered } from "../support/self-registered.ts";
import { advance, demo, issuer, logged, now, runCron } from "../support/target.ts";
import { authorizePath, environments, exchange, introspect, refresh, revoke, tokensOf } from "../support/tokens.ts";
import { logIn } from "../support/logins.ts";

const openToStrangers =
	"address alerts:read change_events:delete change_events:read change_events:write email environments:read events:read " +
	"events:write groups offline_access openid phone profile";
const identity = "address email groups offline_access openid phone profile";

async function refused(changes: object): Promise<string> {
	return refusal(await registerClient(changes));
}

async function codeFor(client: Awaited<ReturnType<typeof selfRegistered>>, query: Record<string, string> = {}) {
	return codeOf(await decide(authorizePath(client, { scope: "environments:read", ...query })));
}

describe("registering (RFC 7591 §3)", () => {
	test("§3.2.1: the answer has the client's id, its token, and all that is registered", async () => {
		const { status, headers, body } = await registerClient({ scope: "openid events:read" });
		expect(status).toBe(201);
		expect(headers.get("cache-control")).toBe("no-store");
		expect(headers.get("content-type")).toBe("application/json");
		expect(body).toEqual({
			client_id: expect.stringMatching(/^lkid_/),
			client_id_issued_at: now(),
			registration_access_token: expect.stringMatching(/^lkrt_/),
			registration_client_uri: `${issuer}/oauth/register/${String(body.client_id)}`,
			client_name: "Weather station",
			redirect_uris: ["https://weather.example/callback"],
			token_endpoint_auth_method: "none",
			grant_types: ["authorization_code", "refresh_token"],
			response_types: ["code"],
			scope: "events:read openid",
			application_type: "web",
			subject_type: "public",
			id_token_signed_response_alg: "RS256",
			access_token_signed_response_alg: "ES256",
		});
	});

	test("what is left out is as RFC 7591 §2 says: a secret by HTTP Basic, the code flow alone", async () => {
		const { body } = await postJson("/oauth/register", { redirect_uris: ["https://weather.example/cb"] });
		expect(body).toMatchObject({
			client_name: "weather.example",
			token_endpoint_auth_method: "client_secret_basic",
			client_secret: expect.stringMatching(/^lkcs_/),
			client_secret_expires_at: 0,
			grant_types: ["authorization_code"],
			response_types: ["code"],
		});
		expect(body).not.toHaveProperty("scope");
	});

	test("everything that is registered is in the answer again", async () => {
		const key = await aSigningKey("EdDSA");
		const sent = {
			token_endpoint_auth_method: "private_key_jwt",
			token_endpoint_auth_signing_alg: "EdDSA",
			jwks: { keys: [key.publicJwk] },
			id_token_signed_response_alg: "ES256",
			application_type: "web",
			post_logout_redirect_uris: ["https://weather.example/bye"],
			default_max_age: 600,
			client_uri: "https://weather.example",
			logo_uri: "https://weather.example/logo.svg",
			tos_uri: "https://weather.example/tos",
			policy_uri: "https://weather.example/privacy",
			initiate_login_uri: "https://weather.example/start",
			contacts: ["ops@weather.example"],
			include_claims_in_id_token: false,
			require_pushed_authorization_requests: true,
			software_id: "4NRB1-0XZABZI9E6-5SM3R",
			software_version: "2.1",
			subject_type: "public",
		};
		expect((await registerClient(sent)).body).toMatchObject(sent);
	});

	test("a public client gets no secret; PKCE is asked of it", async () => {
		const client = await selfRegistered();
		expect(client.body).not.toHaveProperty("client_secret");
		const answer = await decide(authorizePath(client, { scope: "events:read" }));
		expect(codeOf(answer)).toMatch(/./);
		const without = { code_challenge: undefined, code_challenge_method: undefined, scope: "events:read" };
		const asked = await ask(authorizePath(client, without));
		expect(asked.text + (asked.headers.get("location") ?? "")).toMatch(/code_challenge|PKCE/);
		expect(asked.headers.get("location") ?? "").not.toContain("code=");
	});

	test("a native application has a scheme of its own, loopback URLs, and https (RFC 8252 §7)", async () => {
		const redirect_uris = ["com.weather.app:/callback", "http://127.0.0.1/callback", "https://weather.example/app"];
		const { body } = await registerClient({ application_type: "native", redirect_uris });
		expect(body).toMatchObject({ application_type: "native", redirect_uris });
	});

	test("what others understand is left out, and what nobody knows is ignored (§2)", async () => {
		const { status, body } = await registerClient({
			grant_types: ["authorization_code", "implicit", "urn:openid:params:grant-type:ciba"],
			response_types: ["code", "token"],
			scope: "events:read mcp:tools",
			"client_name#ja": "天気",
			frobnicate: [{ deep: true }],
			client_id: "lkid_of-my-own-choice",
			client_secret: "chosen by me",
			registration_access_token: "as well",
			tos_uri: null,
		});
		expect(status).toBe(201);
		expect(body).toMatchObject({
			grant_types: ["authorization_code"],
			response_types: ["code"],
			scope: "events:read mcp:tools",
		});
		expect(body.client_id).not.toBe("lkid_of-my-own-choice");
		for (const name of ["client_secret", "client_name#ja", "frobnicate", "tos_uri"]) {
			expect(body).not.toHaveProperty(name);
		}
	});

	test("scopes that strangers may not ask for are left out", async () => {
		const scope = "openid events:read keys:write integrations:write audit:read environments:write";
		expect((await registerClient({ scope })).body.scope).toBe("events:read openid");
		const everything = Object.keys(permissions).join(" ");
		expect((await registerClient({ scope: `${everything} ${identity}` })).body.scope).toBe(openToStrangers);
		// Another API may know it: what strangers may ask of that, that API says.
		expect((await registerClient({ scope: "mcp:tools keys:write" })).body.scope).toBe("mcp:tools");
		expect((await registerClient({ scope: "read" })).body.scope).toBe(identity);
	});

	test("two with the same name are two clients", async () => {
		const [one, two] = [await selfRegistered(), await selfRegistered()];
		expect(one.id).not.toBe(two.id);
	});

	test("a form of another site cannot register", async () => {
		const body = JSON.stringify(metadata());
		for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]) {
			const answer = await post("/oauth/register", body, { "content-type": type });
			expect(refusal(answer)).toBe("415 invalid_client_metadata");
		}
	});
});

describe("how the client authenticates is enforced as registered", () => {
	test.each([
		["client_secret_basic", "basic"],
		["client_secret_post", "post"],
	] as const)("%s, and no other way", async (method, works) => {
		const client = await selfRegistered({ token_endpoint_auth_method: method });
		for (const way of ["basic", "post", "none"] as const) {
			const answer = await exchange(await codeFor(client), { client, method: way });
			expect(answer.status === 200 ? "200" : refusal(answer)).toBe(way === works ? "200" : "401 invalid_client");
		}
	});

	test("private_key_jwt, by the key that it registered", async () => {
		const key = await aSigningKey();
		const jwks = { keys: [key.publicJwk] };
		const client = await selfRegistered({ token_endpoint_auth_method: "private_key_jwt", jwks });
		const fields = withAssertion(await assertionOf({ ...client, key }));
		expect((await exchange(await codeFor(client), { client, fields })).status).toBe(200);
	});

	test("none: a public client, whose refresh tokens rotate", async () => {
		const client = await selfRegistered();
		const first = tokensOf(await exchange(await codeFor(client), { client }));
		const second = tokensOf(await refresh(first.refreshToken ?? "", { client }));
		expect(second.refreshToken).not.toBe(first.refreshToken);
		expect((await environments(second.accessToken)).status).toBe(200);
	});
});

describe("what is refused (RFC 7591 §3.2.2)", () => {
	test.each([
		["no redirect URL", { redirect_uris: undefined }],
		["an empty list", { redirect_uris: [] }],
		["too many", { redirect_uris: times(11, (index) => `https://weather.example/${index}`) }],
		["one that is no list", { redirect_uris: "https://weather.example/callback" }],
		["a script", { redirect_uris: ["javascript:alert(document.cookie)"] }],
		["a script, in capitals", { redirect_uris: ["JavaScript://weather.example/%0aalert(1)"] }],
		["data", { redirect_uris: ["data:text/html,<script>alert(1)</script>"] }],
		["a file", { redirect_uris: ["file:///etc/passwd"] }],
		["http", { redirect_uris: ["http://weather.example/callback"] }],
		["http of a private network", { redirect_uris: ["http://192.168.0.1/callback"] }],
		["a fragment", { redirect_uris: ["https://weather.example/#token"] }],
		["a user name", { redirect_uris: ["https://bank.example@weather.example/"] }],
		["a wildcard", { redirect_uris: ["https://*.weather.example/"] }],
		["a control character", { redirect_uris: ["https://weather.example/\u0000"] }],
		["a host and a port, without a scheme", { redirect_uris: ["localhost:3000/callback"] }],
		["a good one beside a bad one", { redirect_uris: ["https://weather.example/", "javascript:alert(1)"] }],
		["code in its query", { redirect_uris: ["https://weather.example/?code=x"] }],
		["a scheme of its own for a web site", { application_type: "web", redirect_uris: ["com.weather:/callback"] }],
	])("invalid_redirect_uri: %s", async (_, changes) => {
		expect(await refused(changes)).toBe("400 invalid_redirect_uri");
	});

	test.each<[string, object]>([
		["a method that is a list", { token_endpoint_auth_method: ["none"] }],
		["grant types without one that is supported", { grant_types: ["implicit"] }],
		["tokens without a person", { grant_types: ["client_credentials"] }],
		["a refresh token of nothing", { grant_types: ["refresh_token"] }],
		["grant types that are no list", { grant_types: "authorization_code" }],
		["the implicit flow (RFC 9700 §2.1.2)", { response_types: ["token"] }],
		["scopes that are all closed to strangers", { scope: "keys:write" }],
		["a scope that is a list", { scope: ["events:read"] }],
		["a malformed scope", { scope: 'events:read "x"' }],
		["jwks beside jwks_uri (§2)", { jwks: { keys: [] }, jwks_uri: "https://weather.example/jwks.json" }],
		["private_key_jwt without keys", { token_endpoint_auth_method: "private_key_jwt" }],
		["keys that are no set", { jwks: [] }],
		["a private key", { jwks: { keys: [{ kty: "EC", crv: "P-256", x: "AA", y: "AA", d: "AA" }] } }],
		["a symmetric key", { jwks: { keys: [{ kty: "oct", k: "AA" }] } }],
		["a choice that is no text", { id_token_signed_response_alg: ["RS256"] }],
		["a subject type that is no text", { subject_type: ["public"] }],
		["a max_age that is text", { default_max_age: "600" }],
		["a negative one", { default_max_age: -1 }],
		["a return URL that is a script", { post_logout_redirect_uris: ["javascript:alert(1)"] }],
		["a home page that is a script", { client_uri: "javascript:alert(1)" }],
		["terms that are a script", { tos_uri: "javascript:alert(1)" }],
		["a policy that is data", { policy_uri: "data:text/html,x" }],
		["a logo that is a file", { logo_uri: "file:///etc/passwd" }],
		["contacts that are no list", { contacts: "ops@weather.example" }],
		["contacts with a line break", { contacts: ["ops@weather.example\nBcc: all@bank.example"] }],
		...[
			" ",
			"x".repeat(101),
			"\u202Eknab ruoY",
			"Your\u0000Bank",
			"Your\u200BBank",
			"Your\nBank",
			"\uD800",
			5,
			["x"],
		].map((client_name): [string, object] => [`the name ${JSON.stringify(client_name)}`, { client_name }]),
	])("invalid_client_metadata: %s", async (_, changes) => {
		expect(await refused(changes)).toBe("400 invalid_client_metadata");
	});

	test("what is wrong with a member is said once, though much is wrong in it", async () => {
		const wrong = { grant_types: [1, 2], contacts: "ops", jwks: { keys: [1] }, jwks_uri: ["x"] };
		const { body } = await registerClient(wrong);
		expect(body.error_description).toBe(
			"grant_types must be strings; jwks must be a JWK set; jwks_uri must be a string; contacts must be a list of strings",
		);
	});

	test.each([
		"http://weather.example/jwks.json",
		"https://127.0.0.2/jwks.json",
		"https://2130706433/jwks.json",
		"https://[::ffff:10.0.0.1]/jwks.json",
		"https://169.254.169.254/latest/meta-data",
		"https://localhost./jwks.json",
		"https://metadata.google.internal/x",
		"https://printer.local/x",
		"https://intranet/x",
		"https://user:password@weather.example/x",
		"https://weather.example/x#y",
		"file:///etc/passwd",
		"http://localhost:8787/.well-known/jwks.json",
	])("SSRF: a jwks_uri of %s", async (jwks_uri) => {
		const changes = { token_endpoint_auth_method: "private_key_jwt", jwks_uri };
		expect(await refused(changes)).toBe("400 invalid_client_metadata");
	});

	test("a bad redirect URL is refused though the code flow is not asked for", async () => {
		const token = await registrar();
		const changes = {
			grant_types: ["client_credentials"],
			redirect_uris: ["javascript:alert(1)"],
			scope: "events:read",
		};
		const answer = await registerClient({ ...changes, token_endpoint_auth_method: "client_secret_basic" }, token);
		expect(refusal(answer)).toBe("400 invalid_redirect_uri");
	});

	test("§2.3: a software statement is nobody's that is trusted here", async () => {
		expect(await refused({ software_statement: "e30.e30.e30" })).toBe("400 unapproved_software_statement");
	});

	test.each([
		["a list", "[]"],
		["null", "null"],
		["text", '"x"'],
		["nothing", ""],
		["no JSON", "{"],
		["a member twice", '{"redirect_uris":["https://a.example/"],"redirect_uris":["https://b.example/"]}'],
	])("a body that is %s", async (_, body) => {
		const answer = await post("/oauth/register", body, { "content-type": "application/json" });
		expect(refusal(answer)).toBe("400 invalid_client_metadata");
	});

	test("keys that are nested as deeply as the body is long", async () => {
		for (const deep of [`${"[".repeat(7000)}${"]".repeat(7000)}`, `${'{"a":'.repeat(2000)}1${"}".repeat(2000)}`]) {
			const body = `{"redirect_uris":["https://a.example/"],"jwks":{"keys":[{"kty":"RSA","x":${deep}}]}}`;
			const answer = await post("/oauth/register", body, { "content-type": "application/json" });
			expect(refusal(answer)).toBe("400 invalid_client_metadata");
		}
	});

	test("a body of more than 16 KiB", async () => {
		const answer = await registerClient({ padding: "x".repeat(16_384) });
		expect(refusal(answer)).toBe("413 invalid_client_metadata");
	});

	test("a name in it, `__proto__` or `constructor`, is a name", async () => {
		const body = `{"__proto__":{"scope":"keys:write"},"constructor":{"prototype":{}},"redirect_uris":["https://a.example/"]}`;
		const answer = await post("/oauth/register", body, { "content-type": "application/json" });
		expect([answer.status, answer.body.scope]).toEqual([201, undefined]);
	});
});

describe("what a client that nobody vouches for cannot do", () => {
	test("it has no account: it acts for nobody, and sees no keys", async () => {
		const client = await selfRegistered({ token_endpoint_auth_method: "client_secret_basic" });
		const { id, secret } = client;
		const authorization = basic(id, secret ?? "");
		const asked = await postForm(
			"/oauth/token",
			{ grant_type: "client_credentials", scope: "events:read" },
			authorization,
		);
		expect(refusal(asked)).toBe("400 unauthorized_client");
		expect(refusal(await postForm("/auth/login", { client_id: id, client_secret: secret ?? "" }))).toMatch(/^40[13] /);
		expect(refusal(await postForm("/auth/login", {}, authorization))).toMatch(/^40[13] /);
		// It could try every key that it comes across.
		const { secret: key } = await aKey();
		expect(refusal(await postForm("/v1/keys/verify", { key }, authorization))).toBe("401 Unauthorized");
	});

	test("it learns nothing of tokens that are not its own", async () => {
		const [mine, others] = [
			await selfRegistered({ token_endpoint_auth_method: "client_secret_basic" }),
			await selfRegistered(),
		];
		const { accessToken } = tokensOf(await exchange(await codeFor(others), { client: others }));
		expect(await introspect(accessToken, mine)).toEqual({ active: false });
		await revoke(accessToken, mine);
		expect((await environments(accessToken)).status).toBe(200);
	});

	test("what a person allows is no more than it registered", async () => {
		const client = await selfRegistered({ scope: "events:read" });
		const answer = await ask(authorizePath(client, { scope: "keys:write" }));
		const said = `${answer.headers.get("location") ?? ""}${answer.text}`;
		expect(said).toContain("invalid_scope");
	});
});

/** A token that may register clients in Acme. */
async function registrar(): Promise<{ authorization: string }> {
	return loginOf(ada, "acme") as Promise<{ authorization: string }>;
}

describe("an initial access token (RFC 7591 §3)", () => {
	test("makes it a client of the token's account", async () => {
		const client = await selfRegistered({ client_name: "Of Acme" }, await registrar());
		const headers = await registrar();
		const { body } = await ask(`/v1/integrations/${client.id}`, { headers });
		expect(body).toMatchObject({ client_id: client.id, name: "Of Acme", kind: "application" });
	});

	test("is noted in the account's audit log, with who did it; so is what the client then does to itself", async () => {
		const headers = await registrar();
		const client = await selfRegistered({ client_name: "Noted" }, headers);
		expect((await manage("DELETE", client)).status).toBe(204);
		const { body } = await ask(`/v1/audit?target=${client.id}`, { headers });
		const entries = body.entries as { action: string; actor: string; target: string }[];
		expect(entries.map(({ action }) => action)).toEqual(["client.delete", "client.register"]);
		expect(entries.map(({ actor }) => actor)).toEqual([client.id, expect.stringMatching(/^usr_/)]);
		expect(JSON.stringify(entries)).not.toContain(client.token);
	});

	test("the second of a name gets one of its own", async () => {
		const changes = { client_name: "One of many" };
		const [one, two] = [
			await selfRegistered(changes, await registrar()),
			await selfRegistered(changes, await registrar()),
		];
		expect(one.body.client_name).toBe("One of many");
		expect(two.body.client_name).toMatch(/^One of many .{8}$/);
	});

	test("it may act for itself, as far as whoever registers it may", async () => {
		const alone = { grant_types: ["client_credentials"], token_endpoint_auth_method: "client_secret_post" };
		const named = { ...alone, redirect_uris: undefined, client_name: "Acts alone" };
		const client = await selfRegistered({ ...named, scope: "events:read" }, await registrar());
		const asked = { grant_type: "client_credentials", client_id: client.id, client_secret: client.secret ?? "" };
		expect((await postForm("/oauth/token", asked)).status).toBe(200);
		const policy = await aPolicy(demo.accounts.acme, ["integrations:write", "events:read"]);
		const { secret } = await aKey(demo.accounts.acme, [policy]);
		const { body } = await logIn({ api_key: secret });
		const few = bearer(String(body.access_token));
		expect(refusal(await registerClient({ ...named, scope: "events:read keys:write" }, few))).toBe(
			"400 invalid_client_metadata",
		);
		expect((await registerClient({ ...named, scope: "events:read" }, few)).status).toBe(201);
	});

	test.each([
		["that is none", "Bearer nonsense"],
		["of another scheme", `Basic ${btoa("a:b")}`],
		["that is empty", "Bearer "],
	])("one %s is not overlooked", async (_, authorization) => {
		const answer = await registerClient({}, { authorization });
		expect(refusal(answer)).toBe("401 invalid_token");
		expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer /);
	});

	test("one without integrations:write is refused: a member's, and that of an access code that may less", async () => {
		const answer = await registerClient({}, await loginOf(grace, "acme"));
		expect(refusal(answer)).toBe("403 insufficient_scope");
		expect(answer.headers.get("www-authenticate")).toContain('error="insufficient_scope", scope="integrations:write"');
		const { secret } = await aKey(demo.accounts.acme, [await aPolicy(demo.accounts.acme, ["events:read"])]);
		const { body } = await logIn({ api_key: secret });
		expect(refusal(await registerClient({}, bearer(String(body.access_token))))).toBe("403 insufficient_scope");
	});

	test("a token of a self-registered client is none, whatever its person may", async () => {
		const client = await selfRegistered();
		const { accessToken } = tokensOf(await exchange(await codeFor(client), { client }));
		expect(refusal(await registerClient({}, bearer(accessToken)))).toBe("403 insufficient_scope");
	});
});

describe("a flood", () => {
	test("of 110 from one network address 100 are registered; the others may try again in an hour", async () => {
		const headers = { "cf-connecting-ip": "192.0.2.200" };
		const answers = await Promise.all(times(110, () => registerClient({}, headers)));
		expect(answers.filter(({ status }) => status === 201)).toHaveLength(100);
		const late = answers.filter(({ status }) => status === 429);
		expect(late.map(refusal)).toEqual(times(10, () => "429 temporarily_unavailable"));
		expect(Number(late[0]?.headers.get("retry-after"))).toBeGreaterThan(3500);
		// Somebody else is not in the way of it, and what is refused anyway is not counted.
		const other = { "cf-connecting-ip": "192.0.2.201" };
		for (const _ of times(105, () => 0)) await registerClient({ redirect_uris: [] }, other);
		expect((await registerClient({}, other)).status).toBe(201);
		await advance(3600);
		expect((await registerClient({}, headers)).status).toBe(201);
	});

	// Claude Code 2.1 keeps its id, and shows it also when a server has forgotten it (anthropics/claude-code issue 84614, August 2026).
	test("one that nobody consents to is forgotten 90 days after its last use; one that somebody did stays", async () => {
		const [unwanted, wanted, owned] = [
			await selfRegistered(),
			await selfRegistered(),
			await selfRegistered({ client_name: "Stays" }, await registrar()),
		];
		const { refreshToken } = tokensOf(await exchange(await codeFor(wanted), { client: wanted }));
		const [asking, reading] = [await selfRegistered(), await selfRegistered()];
		await advance(89 * 86_400);
		await runCron();
		expect((await decide(authorizePath(asking, { scope: "events:read" }), { decision: "deny" })).status).toBe(303);
		expect((await manage("GET", reading)).status).toBe(200);
		// What anybody can send, who knows its id, is no use.
		expect((await ask(authorizePath(unwanted, { scope: "events:read" }))).status).toBe(200);
		expect((await ask(authorizePath(unwanted, { redirect_uri: "https://evil.example/" }))).status).toBe(400);
		expect(refusal(await manage("GET", { ...unwanted, token: reading.token }))).toBe("401 invalid_token");
		await advance(86_401);
		await runCron();
		await advance(31);
		expect(refusal(await manage("GET", unwanted))).toBe("401 invalid_token");
		expect((await ask(authorizePath(asking, { scope: "events:read" }))).status).toBe(200);
		expect((await manage("GET", reading)).status).toBe(200);
		expect((await manage("GET", wanted)).status).toBe(200);
		expect((await manage("GET", owned)).status).toBe(200);
		// Though the person takes it back: its software may ask again.
		await revoke(refreshToken ?? "", wanted);
		await runCron();
		expect((await manage("GET", wanted)).status).toBe(200);
		expect((await manage("GET", owned)).status).toBe(200);
		await advance(91 * 86_400);
		await runCron();
		await advance(31);
		for (const gone of [asking, reading]) expect(refusal(await manage("GET", gone))).toBe("401 invalid_token");
		await advance(90 * 86_400);
		await runCron();
		await advance(31);
		expect(refusal(await manage("GET", wanted))).toBe("401 invalid_token");
		expect((await manage("GET", owned)).status).toBe(200);
	});
});

test("none of this failed on our side, and no secret is in the log", async () => {
	const lines = await logged();
	expect(lines.filter((line) => line.includes("request.failed"))).toEqual([]);
	expect(lines.filter((line) => /lkcs_|lkrt_/.test(line))).toEqual([]);
});
