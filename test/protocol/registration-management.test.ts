import { describe, expect, test } from "vitest";
import { aSigningKey, assertionOf, withAssertion } from "../support/assertions.ts";
import { tokenOf as loginOf } from "../support/keys-api.ts";
import { ada, codeOf, decide } from "../support/people.ts";
import { ask, basic, bearer, refusal, times } from "../support/requests.ts";
import { manage, metadata, type SelfRegistered, selfRegistered } from "../support/self-registered.ts";
import { advance, demo, issuer, logged, setStanding } from "../support/target.ts";
import { authorizePath, environments, exchange, introspect, refresh, tokensOf } from "../support/tokens.ts";

/** The whole of a registration, as §2.2 wants it. */
function whole({ id }: SelfRegistered, changes: object = {}): object {
	return { ...metadata(changes), client_id: id };
}

async function granted(client: SelfRegistered) {
	const code = codeOf(await decide(authorizePath(client, { scope: "environments:read" })));
	const { accessToken, refreshToken } = tokensOf(await exchange(code, { client }));
	return { accessToken, refreshToken: refreshToken ?? "" };
}

describe("reading (RFC 7592 §2.1)", () => {
	test("what is registered, without what was shown once", async () => {
		const client = await selfRegistered({ token_endpoint_auth_method: "client_secret_post" });
		const { status, headers, body } = await manage("GET", client);
		expect([status, headers.get("cache-control")]).toEqual([200, "no-store"]);
		const { client_secret: _, client_secret_expires_at: __, registration_access_token: ___, ...rest } = client.body;
		expect(body).toEqual(rest);
		expect(body.registration_client_uri).toBe(`${issuer}/oauth/register/${client.id}`);
	});
});

describe("replacing (RFC 7592 §2.2)", () => {
	test("what is sent is all that there is from now on", async () => {
		const client = await selfRegistered({ contacts: ["ops@weather.example"], scope: "events:read" });
		const changes = { client_name: "Storm station", redirect_uris: ["https://storm.example/cb"], contacts: undefined };
		const { status, body } = await manage("PUT", client, whole(client, changes));
		expect(status).toBe(200);
		expect(body).toMatchObject({ client_name: "Storm station", redirect_uris: ["https://storm.example/cb"] });
		expect(body).not.toHaveProperty("contacts");
		expect(body.scope).toContain("environments:read");
		expect((await manage("GET", client)).body).toEqual(body);
		const old = await ask(authorizePath(client));
		expect(refusal(old)).toBe("400 Wrong redirect URL");
	});

	test("a client that needs a secret from now on gets one; one that has one keeps it", async () => {
		const client = await selfRegistered();
		const first = await manage("PUT", client, whole(client, { token_endpoint_auth_method: "client_secret_basic" }));
		const secret = String(first.body.client_secret);
		expect(first.body).toMatchObject({ client_secret: expect.stringMatching(/^lkcs_/), client_secret_expires_at: 0 });
		expect(await introspect("x", { ...client, secret })).toEqual({ active: false });
		const changes = { token_endpoint_auth_method: "client_secret_basic", client_name: "Storm station" };
		const second = await manage("PUT", client, whole(client, { ...changes, client_secret: secret }));
		expect(second.status).toBe(200);
		expect(second.body).not.toHaveProperty("client_secret");
		expect(await introspect("x", { ...client, secret })).toEqual({ active: false });
	});

	test("to be public, or to have a key, ends the secret", async () => {
		const key = await aSigningKey();
		const byKey = { token_endpoint_auth_method: "private_key_jwt", jwks: { keys: [key.publicJwk] } };
		for (const changes of [{}, byKey]) {
			const client = await selfRegistered({ token_endpoint_auth_method: "client_secret_post" });
			const { refreshToken } = await granted(client);
			expect((await manage("PUT", client, whole(client, changes))).status).toBe(200);
			await advance(31);
			const old = await refresh(refreshToken, { client });
			expect(refusal(old)).toBe("401 invalid_client");
			const fields = "jwks" in changes ? withAssertion(await assertionOf({ ...client, key })) : {};
			const now = await refresh(refreshToken, { client: { ...client, secret: null }, fields });
			expect(now.status).toBe(200);
		}
	});

	test.each([
		["no client_id", { client_id: undefined }],
		["another client_id", { client_id: demo.nativeApp.client.id }],
		["a wrong client_secret", { client_secret: "lkcs_wrong" }],
		["a client_secret that is no text", { client_secret: 5 }],
		["its registration_access_token", { registration_access_token: "lkrt_x" }],
		["its registration_client_uri", { registration_client_uri: `${issuer}/oauth/register/x` }],
		["client_secret_expires_at", { client_secret_expires_at: 0 }],
		["client_id_issued_at", { client_id_issued_at: 0 }],
		["bad metadata", { client_name: "\u202Eknab" }],
		["keys in a private network", { jwks_uri: "https://10.0.0.1/jwks.json" }],
		["tokens without a person", { grant_types: ["client_credentials"] }],
		["only scopes that are closed to it", { scope: "keys:write" }],
	])("refused, and nothing changes: %s", async (_, changes) => {
		const client = await selfRegistered();
		const before = await manage("GET", client);
		const answer = await manage("PUT", client, { ...whole(client), ...changes });
		expect(refusal(answer)).toBe("400 invalid_client_metadata");
		expect((await manage("GET", client)).body).toEqual(before.body);
	});

	test("refused: a redirect to a script", async () => {
		const client = await selfRegistered();
		const answer = await manage("PUT", client, whole(client, { redirect_uris: ["javascript:alert(1)"] }));
		expect(refusal(answer)).toBe("400 invalid_redirect_uri");
	});

	test("scopes that strangers may not ask for do not come in by this door", async () => {
		const client = await selfRegistered({ scope: "events:read" });
		const { body } = await manage("PUT", client, whole(client, { scope: "events:read keys:write audit:read" }));
		expect(body.scope).toBe("events:read");
	});

	test("a client of an account does not begin to act without a person, nor may more without one than before", async () => {
		const actor = await loginOf(ada, "acme");
		const withPerson = await selfRegistered({ client_name: "With a person" }, actor);
		const both = ["authorization_code", "client_credentials"];
		const begun = await manage("PUT", withPerson, whole(withPerson, { grant_types: both, client_name: "Begins" }));
		expect(begun.body.grant_types).toEqual(["authorization_code"]);
		const method = { token_endpoint_auth_method: "client_secret_basic", client_name: "Alone" };
		const alone = await selfRegistered({ ...method, grant_types: both, scope: "events:read" }, actor);
		const wider = { ...method, grant_types: both, scope: "events:read keys:write" };
		expect(refusal(await manage("PUT", alone, whole(alone, wider)))).toBe("400 invalid_client_metadata");
	});

	test("the name of another client of its account is taken", async () => {
		const actor = await loginOf(ada, "acme");
		await selfRegistered({ client_name: "First come" }, actor);
		const second = await selfRegistered({ client_name: "Second come" }, actor);
		const answer = await manage("PUT", second, whole(second, { client_name: "first come" }));
		expect(refusal(answer)).toBe("400 invalid_client_metadata");
	});

	test("ten at once are all answered, and one of them is what is registered", async () => {
		const client = await selfRegistered();
		const names = times(10, (index) => `Station ${index}`);
		const answers = await Promise.all(
			names.map((client_name) => manage("PUT", client, whole(client, { client_name }))),
		);
		expect(answers.map(({ status }) => status)).toEqual(times(10, () => 200));
		expect(names).toContain((await manage("GET", client)).body.client_name);
	});

	test("a flood: 20 changes an hour, by each client for itself", async () => {
		const [client, other] = [await selfRegistered(), await selfRegistered()];
		const put = (name: string) => manage("PUT", client, whole(client, { client_name: name }));
		// What is refused anyway changes nothing, and is not counted.
		for (const _ of times(5, () => 0)) await manage("PUT", client, whole(client, { redirect_uris: [] }));
		const answers = await Promise.all(times(25, (index) => put(`Station ${index}`)));
		expect(answers.filter(({ status }) => status === 200)).toHaveLength(20);
		const late = answers.filter(({ status }) => status !== 200);
		expect(late.map(refusal)).toEqual(times(5, () => "429 temporarily_unavailable"));
		expect(Number(late[0]?.headers.get("retry-after"))).toBeGreaterThan(3500);
		expect((await manage("GET", client)).status).toBe(200);
		expect((await manage("PUT", other, whole(other))).status).toBe(200);
		await advance(3600);
		expect((await put("Station 26")).status).toBe(200);
	});
});

describe("deleting (RFC 7592 §2.3)", () => {
	test("ends it, and within 30 seconds all that it was granted", async () => {
		const client = await selfRegistered();
		const { accessToken, refreshToken } = await granted(client);
		expect((await environments(accessToken)).status).toBe(200);
		const answer = await manage("DELETE", client);
		expect([answer.status, answer.text]).toEqual([204, ""]);
		await advance(30);
		expect((await environments(accessToken)).status).toBe(401);
		expect(refusal(await refresh(refreshToken, { client }))).toBe("401 invalid_client");
		expect(refusal(await ask(authorizePath(client)))).toBe("400 Unknown application");
		for (const method of ["GET", "DELETE"] as const) {
			expect(refusal(await manage(method, client))).toBe("401 invalid_token");
		}
		expect(refusal(await manage("PUT", client, whole(client)))).toBe("401 invalid_token");
	});
});

describe("whose token it is", () => {
	test("one answer for a wrong token, another client's, and a client that never was", async () => {
		const [client, other] = [await selfRegistered(), await selfRegistered()];
		const answers = [];
		for (const method of ["GET", "PUT", "DELETE"] as const) {
			const body = method === "PUT" ? whole(client) : undefined;
			for (const [id, token] of [
				[client.id, other.token],
				[client.id, client.token.replace(/.$/, (last) => (last === "x" ? "y" : "x"))],
				[client.id, "nonsense"],
				[client.id, client.token.toUpperCase()],
				[`${client.id}x`, client.token],
				["lkid_unknown", client.token],
				["__proto__", client.token],
				[demo.nativeApp.client.id, client.token],
			] as const) {
				answers.push(await manage(method, { id, token }, body));
			}
		}
		expect(new Set(answers.map(refusal))).toEqual(new Set(["401 invalid_token"]));
		expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
		for (const answer of answers) expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer .*invalid_token/);
		expect((await manage("GET", client)).status).toBe(200);
	});

	test("no other credential opens it: none, its secret, its access token, an administrator's", async () => {
		const client = await selfRegistered({ token_endpoint_auth_method: "client_secret_basic" });
		const { accessToken } = tokensOf(
			await exchange(codeOf(await decide(authorizePath(client, { scope: "events:read" }))), {
				client,
				method: "basic",
			}),
		);
		for (const headers of [
			{},
			basic(client.id, client.secret ?? ""),
			bearer(client.secret ?? ""),
			bearer(accessToken),
			await loginOf(ada, "acme"),
			{ "x-api-key": demo.apiKey.accessCode },
		] as Record<string, string>[]) {
			for (const method of ["GET", "DELETE"]) {
				expect(refusal(await ask(`/oauth/register/${client.id}`, { method, headers }))).toBe("401 invalid_token");
			}
		}
		const inQuery = await ask(`/oauth/register/${client.id}?access_token=${client.token}`);
		expect(refusal(inQuery)).toBe("401 invalid_token");
	});

	test("its token opens nothing else", async () => {
		const { token } = await selfRegistered();
		expect((await environments(token)).status).toBe(401);
		expect((await ask("/v1/integrations", { headers: bearer(token) })).status).toBe(401);
	});

	test("a client that a person registered has no such token", async () => {
		const { token } = await selfRegistered();
		expect(refusal(await manage("GET", { id: demo.webApp.client.id, token }))).toBe("401 invalid_token");
	});

	test("a client does not outlive the account that it belongs to", async () => {
		const client = await selfRegistered({ client_name: "Of Globex" }, await loginOf(ada, "acme"));
		expect((await manage("GET", client)).status).toBe(200);
		await setStanding({ kind: "account", id: demo.accounts.acme }, { state: "ended", notBefore: 0 });
		await advance(31);
		expect(refusal(await manage("GET", client))).toBe("401 invalid_token");
		await setStanding({ kind: "account", id: demo.accounts.acme }, { state: "active", notBefore: 0 });
		await advance(31);
	});

	test("no page of another origin may call it", async () => {
		const { id } = await selfRegistered();
		const options = await ask(`/oauth/register/${id}`, {
			method: "OPTIONS",
			headers: { origin: "https://evil.example" },
		});
		expect(options.headers.get("access-control-allow-origin")).toBeNull();
	});
});

test("none of this failed on our side", async () => {
	expect((await logged()).filter((line) => line.includes("request.failed"))).toEqual([]);
});
