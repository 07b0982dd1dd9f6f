import { describe, expect, test } from "vitest";
import { aSigningKey, assertionOf, withAssertion } from "../support/assertions.ts";
import { atConsole, hiddenOf, wordsOf } from "../support/console.ts";
import { tokenOf as loginOf } from "../support/keys-api.ts";
import { ada, codeOf, decide, grace, signedIn } from "../support/people.ts";
import { ask, basic, bearer, locationOf, refusal, times } from "../support/requests.ts";
import { manage, metadata, type SelfRegistered, selfRegistered } from "../support/self-registered.ts";
import { advance, demo, issuer, logged, setStanding } from "../support/target.ts";
import { authorizePath, environments, exchange, introspect, refresh, tokensOf } from "../support/tokens.ts";

let made = 0;

/** The whole of a registration, as §2.2 wants it. */
function whole({ id }: SelfRegistered, changes: object = {}): object {
	return { ...metadata(changes), client_id: id };
}

/** A client of Acme that manages its registration by a token. */
async function managedByToken() {
	const actor = await loginOf(ada, "acme");
	const client = await selfRegistered({ client_name: `Withdrawn ${++made}` }, actor);
	const path = `/v1/integrations/${client.id}`;
	return { actor, client, path, token: `${path}/registration_token` };
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
		expect(body).not.toHaveProperty("scope");
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

	describe("what an administrator took away stays so, whatever the client says of itself", () => {
		const both = ["https://weather.example/a", "https://weather.example/b"];
		const returns = ["https://weather.example/bye", "https://weather.example/off"];

		/** A client of Acme, and what it puts when it would like to be as it was. */
		async function ofAcme(changes: object = {}) {
			const actor = await loginOf(ada, "acme");
			const first = {
				client_name: `Narrowed ${++made}`,
				redirect_uris: both,
				post_logout_redirect_uris: returns,
				scope: "events:read keys:read openid",
				...changes,
			};
			const client = await selfRegistered(first, actor);
			const edit = async (body: object) => {
				const path = `/v1/integrations/${client.id}`;
				const answer = await ask(path, { method: "PATCH", headers: actor, body: JSON.stringify(body) });
				expect(answer.status).toBe(200);
			};
			const back = (more: object = {}) => manage("PUT", client, whole(client, { ...first, ...more }));
			return { client, edit, back };
		}

		test("a permission, asked for by name or by leaving scope out", async () => {
			const { client, edit, back } = await ofAcme();
			await edit({ scopes: ["events:read", "openid"] });
			expect((await back()).body.scope).toBe("events:read openid");
			expect((await back({ scope: undefined })).body).not.toHaveProperty("scope");
			expect((await back({ scope: "events:read keys:read openid" })).body.scope).toBe("events:read openid");
			expect(refusal(await back({ scope: "keys:read" }))).toBe("400 invalid_client_metadata");
			// It narrows itself as it likes, and goes back up to there.
			expect((await back({ scope: "events:read" })).body.scope).toBe("events:read");
			expect((await back({ scope: "events:read openid" })).body.scope).toBe("events:read openid");
			expect((await manage("GET", client)).body.scope).toBe("events:read openid");
		});

		test.each([
			["a redirect URL", { redirect_urls: both.slice(0, 1) }, { redirect_uris: both.slice(0, 1) }],
			["a return URL", { post_logout_redirect_urls: [] }, { post_logout_redirect_uris: [] }],
		])("%s, or any other in its place", async (_, narrower, rest) => {
			const { client, edit, back } = await ofAcme();
			await edit(narrower);
			const before = (await manage("GET", client)).body;
			for (const more of [
				{},
				Object.fromEntries(Object.keys(rest).map((name) => [name, ["https://other.example/"]])),
			]) {
				expect(refusal(await back(more))).toBe("400 invalid_client_metadata");
			}
			expect((await manage("GET", client)).body).toEqual(before);
			expect((await back({ ...rest, contacts: ["ops@weather.example"] })).status).toBe(200);
		});

		test("a key that was replaced", async () => {
			const [lost, next] = [await aSigningKey(), await aSigningKey()];
			const byKey = { token_endpoint_auth_method: "private_key_jwt", jwks: { keys: [lost.publicJwk] } };
			const { edit, back } = await ofAcme(byKey);
			await edit({ jwks: { keys: [next.publicJwk] } });
			expect(refusal(await back())).toBe("400 invalid_client_metadata");
			expect((await back({ jwks: { keys: [next.publicJwk] } })).status).toBe(200);
		});

		test.each([["dpop_bound_access_tokens"], ["require_pushed_authorization_requests"]])(
			"that it did without %s",
			async (name) => {
				const { edit, back } = await ofAcme();
				expect((await back({ [name]: true })).body).toMatchObject({ [name]: true });
				expect((await back()).body[name]).toBeUndefined();
				await edit({ [name]: true });
				await edit({ description: "Of the weather" });
				for (const more of [{}, { [name]: false }]) {
					const { status, body } = await back(more);
					expect([status, body[name]]).toEqual([200, true]);
				}
				await edit({ [name]: false });
				expect((await back()).body[name]).toBeUndefined();
			},
		);

		test("codes that it shows (RFC 8628)", async () => {
			const device = "urn:ietf:params:oauth:grant-type:device_code";
			const first = { grant_types: ["authorization_code", device] };
			const { client, edit, back } = await ofAcme(first);
			expect((await manage("GET", client)).body.grant_types).toContain(device);
			await edit({ device_authorization: false });
			expect(refusal(await back())).toBe("400 invalid_client_metadata");
			expect((await back({ grant_types: ["authorization_code"] })).status).toBe(200);
			await edit({ device_authorization: true });
			expect((await back()).body.grant_types).toContain(device);
			await edit({ device_authorization: false });
			expect(refusal(await back())).toBe("400 invalid_client_metadata");
		});

		test("what an administrator did not narrow is the client's to change, and what they give back is in reach again", async () => {
			const { edit, back } = await ofAcme();
			await edit({ description: "Of the weather" });
			expect((await back({ redirect_uris: [...both, "https://weather.example/c"] })).status).toBe(200);
			await edit({ redirect_urls: both.slice(0, 1) });
			await edit({ redirect_urls: both });
			expect((await back({ redirect_uris: both.slice(1) })).status).toBe(200);
			expect((await back()).status).toBe(200);
			expect(refusal(await back({ redirect_uris: [...both, "https://weather.example/c"] }))).toMatch(/^400/);
		});
	});

	describe("an administrator withdraws the registration access token", () => {
		test("from the next request on it opens nothing; the client goes on", async () => {
			const { actor, client, path, token } = await managedByToken();
			const { refreshToken } = await granted(client);
			expect((await ask(path, { headers: actor })).body.manages_itself).toBe(true);
			expect((await manage("GET", client)).status).toBe(200);
			expect((await ask(token, { method: "DELETE", headers: actor })).status).toBe(204);
			for (const method of ["GET", "DELETE"] as const) {
				expect(refusal(await manage(method, client))).toBe("401 invalid_token");
			}
			expect(refusal(await manage("PUT", client, whole(client)))).toBe("401 invalid_token");
			expect((await ask(path, { headers: actor })).body.manages_itself).toBe(false);
			expect((await refresh(refreshToken, { client })).status).toBe(200);
			expect(refusal(await ask(token, { method: "DELETE", headers: actor }))).toBe("404 Not Found");
			const noted = await ask(`/v1/audit?action=client.end_registration&target=${client.id}`, { headers: actor });
			expect(noted.body.entries).toMatchObject([{ target: client.id }]);
		});

		test("nobody else does", async () => {
			const { client, token } = await managedByToken();
			const others = [{}, await loginOf(grace, "acme"), await loginOf(grace, "globex")];
			const statuses = await Promise.all(
				others.map(async (headers) => (await ask(token, { method: "DELETE", headers })).status),
			);
			expect(statuses).toEqual([401, 403, 404]);
			expect((await manage("GET", client)).status).toBe(200);
		});

		test("at the console too, which says so", async () => {
			const { client } = await managedByToken();
			const visitor = await atConsole(ada);
			const page = `/console/acme/integrations/${client.id}`;
			const end = `${page}/registration/end`;
			expect((await visitor.open(page)).text).toContain(end);
			const question = await visitor.open(end);
			expect(wordsOf(question)).toContain("cannot read, change or delete its registration");
			const done = await visitor.post(end, hiddenOf(question, end));
			expect(locationOf(done).search).toBe("?done=registration_ended");
			expect(refusal(await manage("GET", client))).toBe("401 invalid_token");
			const after = await visitor.open(page);
			expect(after.text).not.toContain("/registration/end");
			expect(wordsOf(await visitor.open("/console/acme/audit"))).toContain("revoked the registration token of client");
		});
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

	test("a page of any origin may call it with its token; no cookie is asked for, and none opens it", async () => {
		const { id } = await selfRegistered();
		const headers = { origin: "https://app.example", cookie: await signedIn(ada) };
		const { headers: allowed } = await ask(`/oauth/register/${id}`, { method: "OPTIONS", headers });
		expect(allowed.get("access-control-allow-origin")).toBe("*");
		expect(allowed.get("access-control-allow-credentials")).toBeNull();
		expect((await ask(`/oauth/register/${id}`, { headers })).status).toBe(401);
	});
});

test("none of this failed on our side", async () => {
	expect((await logged()).filter((line) => line.includes("request.failed"))).toEqual([]);
});
