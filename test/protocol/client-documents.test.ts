import { decodeProtectedHeader } from "jose";
import { afterAll, describe, expect, test } from "vitest";
import { aKeyClient, aSigningKey, assertionOf, withAssertion } from "../support/assertions.ts";
import { ada, codeOf, decide, signedIn } from "../support/people.ts";
import { type Answer, ask, postForm, refusal, times } from "../support/requests.ts";
import { startStrangerServer } from "../peers/stranger-server.ts";
import { addRows, advance, demo, issuer, logged, now, runCron, setStanding } from "../support/target.ts";
import { authorizePath, environments, exchange, refresh, type Registered, tokensOf } from "../support/tokens.ts";

const server = await startStrangerServer();
afterAll(() => server.close());

let made = 0;

/** Where a document will be: it has to say so itself. */
function newPath(): string {
	return `/clients/${++made}.json`;
}

/** A good document, but for what is said; undefined leaves a member out. */
function documentAt(path: string, changes: object = {}): object {
	return {
		client_id: server.origin + path,
		client_name: "Weather station",
		redirect_uris: ["https://weather.example/callback"],
		grant_types: ["authorization_code", "refresh_token"],
		token_endpoint_auth_method: "none",
		...changes,
	};
}

interface Published extends Registered {
	readonly url: string;
	readonly path: string;
}

function publish(changes: object = {}, headers: Record<string, string> = {}, path = newPath()): Published {
	const url = server.serveJson(documentAt(path, changes), headers, path);
	return { url, path, ...asClient(url) };
}

function asClient(url: string): Registered {
	const redirectUris = ["https://weather.example/callback"];
	return { client: { ...demo.nativeApp.client, id: url, accountId: null, redirectUris }, secret: null };
}

let asked = 0;

/** What Ada's browser sees when it is sent to the authorization endpoint. Each time from another address: they are counted. */
async function open(of: Registered, query: Record<string, string> = {}, from?: string): Promise<Answer> {
	asked += 1;
	const address = from ?? `203.0.${Math.floor(asked / 250)}.${asked % 250}`;
	const headers = { cookie: await signedIn(ada), "cf-connecting-ip": address };
	return ask(authorizePath(of, { scope: "events:read", ...query }), { headers });
}

async function code(of: Registered, query: Record<string, string> = {}): Promise<string> {
	asked += 1;
	const headers = { "cf-connecting-ip": `203.1.${Math.floor(asked / 250)}.${asked % 250}` };
	return codeOf(await decide(authorizePath(of, { scope: "environments:read", ...query }), { headers }));
}

function inOneNetwork(index: number): string {
	return `2001:db8:0:1::${index.toString(16)}`;
}

const unusable = "400 Unusable application";

describe("a client whose id is the URL of its document", () => {
	test("is asked for, gets a code, redeems it and refreshes", async () => {
		const client = publish();
		expect((await open(client)).text).toContain("Weather station");
		const tokens = tokensOf(await exchange(await code(client), { client }));
		expect((await environments(tokens.accessToken)).status).toBe(200);
		const refreshed = tokensOf(await refresh(tokens.refreshToken ?? "", { client }));
		expect((await environments(refreshed.accessToken)).status).toBe(200);
	});

	test.each([
		["RS256", "RS256"],
		["HS256", "ES256"],
		["none", "ES256"],
	])("access_token_signed_response_alg: %s signs its access tokens with %s", async (chosen, signed) => {
		const client = publish({ access_token_signed_response_alg: chosen });
		const { accessToken } = tokensOf(await exchange(await code(client), { client }));
		expect(decodeProtectedHeader(accessToken).alg).toBe(signed);
		expect((await environments(accessToken)).status).toBe(200);
	});

	test("authenticates by its key, where its document says so (§8.2)", async () => {
		const key = await aSigningKey();
		const keys = server.serveJson({ keys: [key.publicJwk] });
		const client = publish({ token_endpoint_auth_method: "private_key_jwt", jwks_uri: keys });
		const issued = await code(client);
		expect(refusal(await exchange(issued, { client }))).toBe("401 invalid_client");
		const fields = withAssertion(await assertionOf({ ...client, key }));
		expect((await exchange(issued, { client, fields })).status).toBe(200);
	});

	test("is called by its host where it gives no name", async () => {
		expect((await open(publish({ client_name: undefined }))).text).toContain("127.0.0.1");
	});

	test("need not say how it authenticates, nor its response types", async () => {
		const changes = { token_endpoint_auth_method: undefined, response_types: undefined };
		expect((await open(publish(changes))).status).toBe(200);
	});

	test("may say what other servers understand, and what nobody does", async () => {
		const changes = {
			grant_types: ["authorization_code", "urn:openid:params:grant-type:ciba"],
			response_types: ["code", "token"],
			scope: "events:read mcp:tools",
			software_statement: "e30.e30.e30",
			"client_name#de": "Wetterstation",
			something_else: { deep: [1] },
		};
		expect((await open(publish(changes))).status).toBe(200);
	});

	test("may have 100 levels of objects and arrays, and is refused with more", async () => {
		const lists = (most: number): unknown => (most === 0 ? 1 : [lists(most - 1)]);
		expect((await open(publish({ something_else: lists(99) }))).status).toBe(200);
		const refused = await open(publish({ something_else: lists(100) }));
		expect(refusal(refused)).toBe(unusable);
		expect(refused.text).toContain("more than 100 levels");
	});

	test("before a person consented it is nobody at the token endpoint, and nothing is fetched there", async () => {
		const client = publish();
		for (const path of ["/oauth/token", "/oauth/revoke"]) {
			const fields = { grant_type: "refresh_token", refresh_token: "x", token: "x", client_id: client.url };
			expect(refusal(await postForm(path, fields))).toBe("401 invalid_client");
		}
		expect(server.askedFor(client.url)).toHaveLength(0);
	});

	test("after that what it was then is what counts there", async () => {
		const client = publish();
		const { refreshToken } = tokensOf(await exchange(await code(client), { client }));
		const fetches = server.askedFor(client.url).length;
		server.serve((_, response) => void response.writeHead(500).end(), client.path);
		await advance(86_400);
		expect((await refresh(refreshToken ?? "", { client })).status).toBe(200);
		expect(server.askedFor(client.url)).toHaveLength(fetches);
	});

	test("one that an operator ended stays so, whatever its document says", async () => {
		const client = publish();
		const { refreshToken } = tokensOf(await exchange(await code(client), { client }));
		await setStanding({ kind: "client", id: client.url }, { state: "ended", notBefore: now() });
		await advance(31);
		expect(refusal(await refresh(refreshToken ?? "", { client }))).toBe("401 invalid_client");
		expect(refusal(await open(client))).toBe("400 Unknown application");
	});

	test("is forgotten when nothing is left that it was allowed, and comes back with the next consent", async () => {
		const client = publish();
		expect((await exchange(await code(client), { client })).status).toBe(200);
		await advance(181 * 86_400);
		await runCron();
		await runCron();
		await advance(31);
		const fields = { grant_type: "refresh_token", refresh_token: "x", client_id: client.url };
		expect(refusal(await postForm("/oauth/token", fields))).toBe("401 invalid_client");
		expect((await exchange(await code(client), { client })).status).toBe(200);
	});
});

describe("its id (Client ID Metadata Document §3)", () => {
	test.each([
		"https://client.example",
		"https://client.example/",
		"https://client.example?x=y",
		"https://client.example/a/../b.json",
		"https://client.example/./b.json",
		"https://client.example/a/%2e%2E/b.json",
		"https://client.example/a/.",
		"https://client.example/b.json#me",
		"https://user@client.example/b.json",
		"http://client.example/b.json",
		"HTTPS://client.example/b.json",
		"https://10.0.0.1/b.json",
		"https://169.254.169.254/latest/meta-data/iam.json",
		"https://[::1]/b.json",
		"https://metadata.google.internal/computeMetadata/v1/",
		"https://intranet/b.json",
		"http://0x7f000001:9000/b.json",
		"http://127.1:9000/b.json",
		"http://localhost.:9000/b.json",
		`https://client.example/${"x".repeat(512)}`,
		`${issuer}/.well-known/oauth-authorization-server`,
		"http://127.0.0.1:8787/.well-known/jwks.json",
	])("%s is none", async (url) => {
		expect(refusal(await open(asClient(url)))).toBe(unusable);
	});

	test.each(["ftp://client.example/b.json", "file:///etc/passwd", "data:application/json,{}", "//client.example/x"])(
		"%s is no id at all",
		async (url) => {
			expect(refusal(await open(asClient(url)))).toBe("400 Unknown application");
		},
	);

	test("is compared as a string: another way to write it is another client", async () => {
		const client = publish();
		await code(client);
		const other = client.url.replace("127.0.0.1", "localhost");
		expect(refusal(await open(asClient(other)))).toBe(unusable);
		const fields = { grant_type: "refresh_token", refresh_token: "x", client_id: `${client.url}?` };
		expect(refusal(await postForm("/oauth/token", fields))).toBe("401 invalid_client");
	});
});

describe("its document (§4)", () => {
	const evilNames = [" ", "\u202Eknab", "Your\u0000Bank", "Your\u200BBank", "Your\nBank", "x".repeat(101), 5, ["Bank"]];
	test.each<[string, object]>([
		["no client_id", { client_id: undefined }],
		["another client_id", { client_id: "https://client.example/b.json" }],
		["a client_id that is a list", { client_id: [`${server.origin}/clients/x.json`] }],
		["a client_secret (§4.1)", { client_secret: "s3cret" }],
		["an expiry of a secret (§4.1)", { client_secret_expires_at: 0 }],
		["client_secret_basic (§4.1)", { token_endpoint_auth_method: "client_secret_basic" }],
		["client_secret_post (§4.1)", { token_endpoint_auth_method: "client_secret_post" }],
		["client_secret_jwt (§4.1)", { token_endpoint_auth_method: "client_secret_jwt" }],
		["a method that nobody knows", { token_endpoint_auth_method: "magic" }],
		["private_key_jwt without keys", { token_endpoint_auth_method: "private_key_jwt" }],
		["a private key (§4.1)", { jwks: { keys: [{ kty: "OKP", crv: "Ed25519", x: "AA", d: "AA" }] } }],
		["a symmetric key (§4.1)", { jwks: { keys: [{ kty: "oct", k: "AA" }] } }],
		["keys in a private network", { jwks_uri: "https://192.168.0.1/jwks.json" }],
		["keys at this server", { jwks_uri: `${issuer}/.well-known/jwks.json` }],
		["no redirect URL", { redirect_uris: undefined }],
		["an empty list of them", { redirect_uris: [] }],
		["a redirect to a script", { redirect_uris: ["javascript:alert(1)"] }],
		["a redirect by http", { redirect_uris: ["http://weather.example/callback"] }],
		["a redirect with a fragment", { redirect_uris: ["https://weather.example/#x"] }],
		["a redirect with a user name", { redirect_uris: ["https://bank.example@weather.example/"] }],
		["no code flow", { grant_types: ["client_credentials"] }],
		["no code as response", { response_types: ["token"] }],
		["scopes that are closed to it", { scope: "keys:write integrations:write" }],
		[
			"an alg of none",
			{
				token_endpoint_auth_method: "private_key_jwt",
				jwks_uri: `${server.origin}/jwks.json`,
				token_endpoint_auth_signing_alg: "none",
			},
		],
		...evilNames.map((name): [string, object] => [`the name ${JSON.stringify(name)}`, { client_name: name }]),
	])("refused: %s", async (_, changes) => {
		const page = await open(publish(changes));
		expect(refusal(page)).toBe(unusable);
		expect(page.headers.get("location")).toBeNull();
	});

	test.each([
		["a list", "[]"],
		["null", "null"],
		["text", '"x"'],
		["nothing", ""],
		["HTML", "<!doctype html>"],
		["JSON with more after it", "{} {}"],
	])("refused: %s", async (_, body) => {
		const url = server.serve((_request, response) => {
			response.writeHead(200, { "content-type": "application/json" }).end(body);
		});
		expect(refusal(await open(asClient(url)))).toBe(unusable);
	});

	test("what it says is not repeated where it is refused", async () => {
		const page = await open(publish({ client_name: undefined, client_id: "<script>alert(1)</script>" }));
		expect(page.text).not.toContain("alert(1)");
	});

	test("scopes beyond what strangers may ask for are not asked of a person", async () => {
		const client = publish({ scope: "events:read keys:write audit:read" });
		expect((await open(client)).status).toBe(200);
		const beyond = await open(client, { scope: "events:read keys:write" });
		expect(beyond.text).toContain("Search the account's events");
		expect(beyond.text).not.toMatch(/API keys and policies|audit/);
		for (const of of [client, publish()]) {
			const page = await open(of, { scope: "integrations:write" });
			expect(refusal(page)).toBe("400 This cannot be asked");
			expect(page.text).toContain("?error=invalid_scope");
		}
	});

	test("without a scope it may ask for what strangers may, by name, and gets nothing that it does not ask for", async () => {
		const client = publish();
		const named = await exchange(await code(client, { scope: "  alerts:read events:read " }), { client });
		expect(named.body.scope).toBe("alerts:read events:read");
		const silent = await exchange(await code(client, { scope: "" }), { client });
		expect([silent.status, "scope" in silent.body]).toEqual([200, false]);
		// What it says is what it asks for where a request does not say; what it may ask for, strangers may.
		const others = publish({ scope: " mcp:tools  x" });
		const more = await exchange(await code(others, { scope: "openid events:read keys:write x" }), { client: others });
		expect(more.body.scope).toBe("events:read openid");
		expect((await exchange(await code(others, { scope: "" }), { client: others })).body).not.toHaveProperty("scope");
	});

	test("RFC 9068 §5: its own URL is no resource, before anybody consented to it too", async () => {
		const client = publish();
		const refused = await open(client, { resource: client.url });
		expect(refusal(refused)).toBe("400 This cannot be asked");
		expect(refused.text).toContain("?error=invalid_target");
	});

	test("a redirect URL that it does not list gets nothing (§4.2)", async () => {
		const page = await open(publish(), { redirect_uri: "https://evil.example/callback" });
		expect(refusal(page)).toBe("400 Wrong redirect URL");
	});
});

describe("fetching it (§5, §8.6, §8.7)", () => {
	test.each([201, 204, 206, 304, 400, 401, 404, 500, 503])("a status of %i is an error", async (status) => {
		const path = newPath();
		const url = server.serve((_, response) => {
			response.writeHead(status, { "content-type": "application/json" });
			response.end(status === 204 || status === 304 ? undefined : JSON.stringify(documentAt(path)));
		}, path);
		expect(refusal(await open(asClient(url)))).toBe(unusable);
	});

	test.each([301, 302, 303, 307, 308])("a redirect is not followed, by %i", async (status) => {
		const secret = server.serveJson({ secret: "of the inside" });
		const url = server.serve((_, response) => void response.writeHead(status, { location: secret }).end());
		expect(refusal(await open(asClient(url)))).toBe(unusable);
		expect(server.askedFor(secret)).toHaveLength(0);
	});

	test.each([
		"text/html",
		"text/plain",
		"application/javascript",
		"application/jsonx",
		"text/json",
		"image/svg+xml",
		"",
	])("a type of %j is no document's", async (type) => {
		const url = publish({}, { "content-type": type }).url;
		expect(refusal(await open(asClient(url)))).toBe(unusable);
	});

	test.each(["application/json; charset=utf-8", "APPLICATION/JSON", "application/oauth-client+json"])(
		"a type of %s is",
		async (type) => {
			expect((await open(publish({}, { "content-type": type }))).status).toBe(200);
		},
	);

	test("one that is larger than 16 KiB is not read on", async () => {
		expect((await open(publish({ padding: "x".repeat(15_000) }))).status).toBe(200);
		expect(refusal(await open(publish({ padding: "x".repeat(16_384) })))).toBe(unusable);
	});

	test("nor one that does not say how large it is, and never ends", async () => {
		let sent = 0;
		const url = server.serve((request, response) => {
			response.writeHead(200, { "content-type": "application/json" });
			response.write("[");
			const more = () => {
				while (!response.destroyed && sent < 64 * 1024 * 1024) {
					sent += 65_536;
					if (!response.write(" ".repeat(65_536))) return void response.once("drain", more);
				}
			};
			request.socket.once("close", () => response.destroy());
			more();
		});
		expect(refusal(await open(asClient(url)))).toBe(unusable);
		// What lies in the buffers of two sockets, and not what the server had in mind.
		expect(sent).toBeLessThan(64 * 1024 * 1024);
	});

	test("one that takes longer than five seconds is given up, in its headers or in its body", async () => {
		const silent = server.serve(() => {});
		const dripping = server.serve((_, response) => {
			response.writeHead(200, { "content-type": "application/json" });
			const drip = setInterval(() => response.write(" "), 200);
			response.once("close", () => clearInterval(drip));
		});
		const pages = await Promise.all([open(asClient(silent)), open(asClient(dripping))]);
		expect(pages.map(refusal)).toEqual([unusable, unusable]);
	});

	test("one that breaks off is none", async () => {
		const url = server.serve((_, response) => {
			response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
			response.write("{");
			setTimeout(() => response.destroy(), 20);
		});
		expect(refusal(await open(asClient(url)))).toBe(unusable);
	});

	test("one that nobody serves is none", async () => {
		expect(refusal(await open(asClient("http://127.0.0.1:1/b.json")))).toBe(unusable);
	});

	test("what is asked carries nothing of the person, nor of us", async () => {
		const client = publish();
		await open(client);
		const [request] = server.askedFor(client.url);
		expect(request?.method).toBe("GET");
		expect(request?.headers.accept).toBe("application/json");
		for (const name of ["cookie", "authorization", "referer", "origin"]) {
			expect(request?.headers).not.toHaveProperty(name);
		}
		expect(JSON.stringify(request?.rawHeaders)).not.toContain("203.0.");
	});
});

describe("keeping it (§5.2)", () => {
	test.each([
		["as its headers say", { "cache-control": "max-age=600" }, 600],
		["for a minute at least", { "cache-control": "no-store" }, 60],
		["for a minute where they say nothing", {}, 60],
		["for a day at most", { "cache-control": "max-age=31536000" }, 86_400],
	])("%s", async (_, headers, kept) => {
		const client = publish({}, headers);
		await open(client);
		await advance(kept - 1);
		await open(client);
		expect(server.askedFor(client.url)).toHaveLength(1);
		await advance(1);
		await open(client);
		expect(server.askedFor(client.url)).toHaveLength(2);
	});

	test("what it says now is what a person is shown", async () => {
		const client = publish();
		expect((await open(client)).text).toContain("Weather station");
		publish({ client_name: "Storm station" }, {}, client.path);
		await advance(60);
		expect((await open(client)).text).toContain("Storm station");
	});

	test("errors and bad documents are not kept", async () => {
		const client = publish({ client_id: "https://other.example/x" });
		expect(refusal(await open(client))).toBe(unusable);
		publish({}, {}, client.path);
		expect((await open(client)).status).toBe(200);
	});

	test("those who ask at once wait for one fetch", async () => {
		const client = publish();
		await Promise.all(times(20, () => open(client)));
		expect(server.askedFor(client.url).length).toBeLessThanOrEqual(1);
	});
});

describe("a flood", () => {
	test("from one network address not more than 30 documents a minute are fetched; what is kept is free", async () => {
		const from = "192.0.2.77";
		const client = publish({}, { "cache-control": "max-age=3600" });
		expect((await open(client, {}, from)).status).toBe(200);
		for (const _ of times(29, () => 0)) expect((await open(publish(), {}, from)).status).toBe(200);
		const beyond = publish();
		expect(refusal(await open(beyond, {}, from))).toBe(unusable);
		expect(server.askedFor(beyond.url)).toHaveLength(0);
		expect((await open(client, {}, from)).status).toBe(200);
		// Somebody else is not in the way of it.
		expect((await open(beyond, {}, "192.0.2.78")).status).toBe(200);
		await advance(60);
		expect((await open(publish(), {}, from)).status).toBe(200);
	});

	test("whoever has one IPv6 address has the whole /64", async () => {
		for (const index of times(30, (each) => each)) await open(publish(), {}, inOneNetwork(index));
		expect(refusal(await open(publish(), {}, inOneNetwork(99)))).toBe(unusable);
		expect((await open(publish(), {}, "2001:db8:0:2::1")).status).toBe(200);
	});
});

describe("a flood of requests in the name of clients that nobody knows", () => {
	const stranger = { "cf-connecting-ip": "198.18.4.1" };
	let invented = 0;
	function inVain(headers: Record<string, string>, fields: Record<string, string> = {}): Promise<Answer> {
		const client_id = `https://stranger.example/${++invented}.json`;
		return postForm("/oauth/token", { grant_type: "refresh_token", refresh_token: "x", client_id, ...fields }, headers);
	}

	/** Nobody remembers any client, and this network has spent all that it may. */
	async function flooded() {
		await advance(31);
		const answers = await Promise.all(times(150, () => inVain(stranger)));
		const counted = answers.map(({ status }) => status);
		expect(new Set(counted)).toEqual(new Set([401, 429]));
		expect(counted.filter((status) => status === 401)).toHaveLength(20);
		const limited = answers.find(({ status }) => status === 429);
		expect(limited && refusal(limited)).toBe("429 temporarily_unavailable");
		expect(Number(limited?.headers.get("retry-after"))).toBeGreaterThan(0);
	}

	test("is in nobody's way: tokens are good, refreshed, redeemed, told of and revoked, from that network too", async () => {
		const key = await aSigningKey();
		const jwks = { keys: [key.publicJwk] };
		const client = publish();
		const other = publish({ token_endpoint_auth_method: "private_key_jwt", jwks });
		const { accessToken, refreshToken } = tokensOf(await exchange(await code(client), { client }));
		const waiting = await code(client);
		const byKey = async () => withAssertion(await assertionOf({ ...other, key }));
		const issued = tokensOf(await exchange(await code(other), { client: other, fields: await byKey() }));

		await flooded();
		expect((await environments(accessToken)).status).toBe(200);
		await flooded();
		expect((await exchange(waiting, { client, headers: stranger })).status).toBe(200);
		await flooded();
		const next = tokensOf(await refresh(refreshToken ?? "", { client, headers: stranger }));
		await flooded();
		const told = await postForm("/oauth/introspect", { token: issued.accessToken, ...(await byKey()) }, stranger);
		expect(told.body.active).toBe(true);
		await flooded();
		const ended = { token: next.refreshToken ?? "", client_id: client.url };
		expect((await postForm("/oauth/revoke", ended, stranger)).status).toBe(200);
		expect((await environments(next.accessToken)).status).toBe(401);
	});

	test("does not keep a client out that shows nothing of ours, from another network", async () => {
		const client = publish();
		await exchange(await code(client), { client });
		await flooded();
		const fields = { grant_type: "refresh_token", refresh_token: "damaged", client_id: client.url };
		expect(refusal(await postForm("/oauth/token", fields, { "cf-connecting-ip": "198.18.4.2" }))).toBe(
			"400 invalid_grant",
		);
	});

	test("comes no further with a code of its own, or with one that it found", async () => {
		const spent = await code(publish());
		await advance(86_400);
		const fields = { grant_type: "authorization_code", code: spent };
		const answers = await Promise.all(
			times(150, (index) => inVain({ "cf-connecting-ip": `198.18.5.${index}` }, fields)),
		);
		expect(answers.filter(({ status }) => status === 401)).toHaveLength(20);
		expect(answers.filter(({ status }) => status === 429)).toHaveLength(130);
	});

	test("is told of at logout too", async () => {
		const links = times(40, () =>
			ask(`/oauth/logout?client_id=https://stranger.example/${++invented}`, {
				headers: { "cf-connecting-ip": "198.18.6.1" },
			}),
		);
		const said = (await Promise.all(links)).map(refusal);
		expect(said.filter((each) => each === "400 Unknown application")).toHaveLength(20);
		expect(said.filter((each) => each === "400 Too many requests")).toHaveLength(20);
	});
});

test("a URL in the register that is no document's is no client", async () => {
	const { client } = await aKeyClient();
	await addRows({ clients: [{ ...client, id: "https://client.example" }] });
	const fields = { grant_type: "refresh_token", refresh_token: "x", client_id: "https://client.example" };
	expect(refusal(await postForm("/oauth/token", fields))).toBe("401 invalid_client");
});

test("none of this failed on our side, and the log names hosts and reasons alone", async () => {
	const lines = await logged();
	expect(lines.filter((line) => line.includes("request.failed"))).toEqual([]);
	const refused = lines.filter((line) => line.includes("client.document_refused"));
	expect(refused.length).toBeGreaterThan(0);
	for (const line of refused) {
		expect(Object.keys(JSON.parse(line)).toSorted()).toEqual(["at", "event", "host", "reason", "request"]);
		expect(line).not.toContain(".json");
	}
});
