import { describe, expect, test } from "vitest";
import { makePublicKey } from "../../src/crypto/public-key.ts";
import { randomId, systemRandom } from "../../src/crypto/random.ts";
import { anAccount, aKey, aPolicy } from "../support/registered.ts";
import { loggedIn } from "../support/logins.ts";
import { type Answer, ask, bearer, post, refusal } from "../support/requests.ts";
import { addRows, advance, demo, issuer, serverKeys, setStanding } from "../support/target.ts";
import { authorized, environments, exchange, granted, tokensOf } from "../support/tokens.ts";

const { webApp } = demo;
const limit = 256 * 1024;

async function publicKey(): Promise<string> {
	const { accessToken } = await granted();
	const [first]: { apiKey: string }[] = JSON.parse((await environments(accessToken)).text);
	return first?.apiKey ?? "";
}

function send(body: string, headers: Record<string, string> = {}, query = ""): Promise<Answer> {
	return post(`/v1/events${query}`, body, { "content-type": "application/json", ...headers });
}

async function statusWith(environmentId: string, keyVersion: number): Promise<number> {
	return (await send("{}", { "x-api-key": await makePublicKey(environmentId, keyVersion, serverKeys) })).status;
}

describe("GET /oauth/environments (contract 000)", () => {
	test("a bare array of the account's environments and their public keys", async () => {
		const { accessToken } = await granted();
		const answer = await environments(accessToken);
		expect(answer.status).toBe(200);
		expect(answer.headers.get("content-type")).toBe("application/json");
		expect(answer.headers.get("cache-control")).toBe("no-store");
		expect(JSON.parse(answer.text)).toEqual([
			{ workspaceId: "my-workspace", environmentId: "prod", apiKey: expect.stringMatching(/^lkp_[\w-]+$/) },
			{ workspaceId: "my-workspace", environmentId: "staging", apiKey: expect.stringMatching(/^lkp_[\w-]+$/) },
		]);
	});

	test("the public key is shown again and again, the same", async () => {
		expect(await publicKey()).toBe(await publicKey());
	});

	test("RFC 6750 §3.1: without a token it is 401, with a challenge", async () => {
		const answer = await ask("/oauth/environments");
		expect(refusal(answer)).toBe("401 invalid_request");
		expect(answer.headers.get("www-authenticate")).toBe(
			`Bearer realm="latchkey", scope="environments:read", resource_metadata="${issuer}/.well-known/oauth-protected-resource/oauth/environments"`,
		);
	});

	test("RFC 6750 §3.1: a token without the scope is 403, and the challenge names it", async () => {
		const code = await authorized(webApp, { scope: "events:read" });
		const { accessToken } = tokensOf(await exchange(code, { client: webApp }));
		const answer = await environments(accessToken);
		expect(refusal(answer)).toBe("403 insufficient_scope");
		expect(answer.headers.get("www-authenticate")).toContain('error="insufficient_scope", scope="environments:read"');
	});

	test("RFC 6750 §3.1: an expired token is 401", async () => {
		const { accessToken } = await granted(webApp);
		await advance(3600);
		const answer = await environments(accessToken);
		expect(refusal(answer)).toBe("401 invalid_token");
		expect(answer.headers.get("www-authenticate")).toContain('error="invalid_token"');
		expect(answer.body.error_description).toMatch(/expired/);
	});

	test.each([
		["in the query (RFC 6750 §2.3)", (token: string) => ask(`/oauth/environments?access_token=${token}`)],
		["as Basic", (token: string) => ask("/oauth/environments", { headers: { authorization: `Basic ${token}` } })],
		[
			"twice",
			(token: string) => ask("/oauth/environments", { headers: { authorization: `Bearer ${token}, Bearer ${token}` } }),
		],
		["as cookie", (token: string) => ask("/oauth/environments", { headers: { cookie: `__Host-latchkey=${token}` } })],
	])("a token %s does not count", async (_, present) => {
		const { accessToken } = await granted();
		expect((await present(accessToken)).status).toBe(401);
		expect((await environments(accessToken)).status).toBe(200);
	});

	test("a refresh token, a code and a public key open nothing", async () => {
		const { code, refreshToken } = await granted();
		for (const token of [code, refreshToken, await publicKey(), (await aKey()).secret]) {
			expect(refusal(await environments(token))).toBe("401 invalid_token");
		}
	});

	test("a login token opens it by its permissions", async () => {
		const key = await aKey();
		expect((await environments(await loggedIn({ api_key: key.secret }))).status).toBe(200);
		const policy = await aPolicy(demo.accounts.acme, ["events:read"]);
		const other = await aKey(demo.accounts.acme, [policy]);
		expect(refusal(await environments(await loggedIn({ api_key: other.secret })))).toBe("403 insufficient_scope");
		const none = await aKey(demo.accounts.acme, []);
		expect(refusal(await environments(await loggedIn({ api_key: none.secret })))).toBe("403 insufficient_scope");
	});
});

describe("POST /v1/events", () => {
	test.each([
		["one event", JSON.stringify({ hello: "world" }), 1],
		["an event with a time", JSON.stringify({ timestamp: "2026-01-15T17:57:22+05:30", a: 1 }), 1],
		["a time with Z and a fraction", JSON.stringify({ timestamp: "2026-01-15T17:57:22.123456Z" }), 1],
		["a batch", JSON.stringify([{ a: 1 }, { b: 2 }, {}]), 3],
		["100 events", JSON.stringify(Array.from({ length: 100 }, (_, n) => ({ n }))), 100],
	])("%s", async (_, body, accepted) => {
		const answer = await send(body, { "x-api-key": await publicKey() });
		expect([answer.status, answer.body]).toEqual([202, { accepted }]);
		expect(answer.headers.get("cache-control")).toBe("no-store");
		expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
	});

	test("under any content type, and with the key in the query", async () => {
		const key = await publicKey();
		expect((await send("{}", { "content-type": "text/plain" }, `?apiKey=${key}`)).status).toBe(202);
		const form = { "content-type": "application/x-www-form-urlencoded", "x-api-key": key };
		expect((await send("{}", form)).status).toBe(202);
	});

	test.each([
		["101 events", JSON.stringify(Array.from({ length: 101 }, () => ({})))],
		["no events", "[]"],
		["a string", '"event"'],
		["null", "null"],
		["a number among them", "[{}, 1]"],
		["an array among them", "[[]]"],
		["null among them", "[{}, null]"],
		["no JSON", "{"],
		["nothing", ""],
		["RFC 3339 §4.4: a time without an offset", JSON.stringify({ timestamp: "2026-01-15T17:57:22" })],
		["a day", JSON.stringify({ timestamp: "2026-01-15" })],
		["a day that does not exist", JSON.stringify({ timestamp: "2026-13-45T99:99:99Z" })],
		["a time in words", JSON.stringify({ timestamp: "yesterday" })],
		["a time as a number", JSON.stringify({ timestamp: 1_700_000_000 })],
		["no time", JSON.stringify({ timestamp: null })],
	])("%s is refused, and says so", async (_, body) => {
		const answer = await ask("/v1/events", { method: "POST", body, headers: { "x-api-key": await publicKey() } });
		expect([answer.status, answer.body.title]).toEqual([400, "Malformed request"]);
		expect(answer.headers.get("content-type")).toBe("application/problem+json");
	});

	test("a naive time is told what it lacks", async () => {
		const answer = await send(JSON.stringify([{}, { timestamp: "2026-01-15T17:57:22" }]), {
			"x-api-key": await publicKey(),
		});
		expect(answer.body.detail).toBe(
			"Event 1 has a timestamp that is not an ISO 8601 date and time with Z or an offset.",
		);
	});

	test("256 KiB are taken, and not a byte more", async () => {
		const key = { "x-api-key": await publicKey() };
		const body = JSON.stringify({ text: "x".repeat(limit - 11) });
		expect(body).toHaveLength(limit);
		expect((await send(body, key)).status).toBe(202);
		expect(refusal(await send(`${body} `, key))).toBe("413 Content Too Large");
	});

	test("a missing, wrong, damaged or foreign key is 401, whatever the body", async () => {
		const key = await publicKey();
		const wrong = ["x", "lkp_", "lk_", key.slice(0, -1), `${key}A`, key.replace("lkp_", "lk_")];
		for (const each of wrong) expect(refusal(await send("{}", { "x-api-key": each }))).toBe("401 Unauthorized");
		expect(refusal(await send("{}"))).toBe("401 Unauthorized");
		expect(refusal(await send("{}", { "x-api-key": "" }))).toBe("401 Unauthorized");
		expect(refusal(await send("not JSON", { "x-api-key": "x" }))).toBe("401 Unauthorized");
		const unknown = await makePublicKey(randomId(systemRandom), 1, serverKeys);
		expect(refusal(await send("{}", { "x-api-key": unknown }))).toBe("401 Unauthorized");
	});

	test("a credential that may put events says where; one that may not is 403", async () => {
		const where = "?environment=my-workspace/prod";
		const writer = await aKey(demo.accounts.acme, [await aPolicy(demo.accounts.acme, ["events:write"])]);
		const { accessToken } = await granted(webApp, { scope: "events:write" });
		for (const headers of [{ "x-api-key": writer.secret }, bearer(accessToken)]) {
			expect((await send("{}", headers, where)).body).toEqual({ accepted: 1 });
			expect(refusal(await send("{}", headers))).toBe("400 Malformed request");
			expect((await send("{}", headers, "?environment=my-workspace/nothing")).status).toBe(404);
		}
		const reader = await granted();
		for (const headers of [{ "x-api-key": (await aKey()).secret }, bearer(reader.accessToken)]) {
			expect(refusal(await send("{}", headers, where))).toBe("403 Forbidden");
		}
		expect(refusal(await send("{}", bearer(reader.refreshToken), where))).toBe("401 Unauthorized");
		const both = { "x-api-key": await publicKey(), ...bearer(accessToken) };
		expect(refusal(await send("{}", both, where))).toBe("400 Malformed request");
	});

	test("two different keys in one request are refused; the same twice is one", async () => {
		const key = await publicKey();
		expect(refusal(await send("{}", { "x-api-key": key }, "?apiKey=other"))).toBe("400 Malformed request");
		expect(refusal(await send("{}", {}, `?apiKey=${key}&apiKey=other`))).toBe("400 Malformed request");
		expect((await send("{}", { "x-api-key": key }, `?apiKey=${key}`)).status).toBe(202);
	});

	test("a public key of an earlier version, of a disabled environment or of an ended account is refused", async () => {
		const accountId = await anAccount();
		const [live, off, turned] = [randomId(systemRandom), randomId(systemRandom), randomId(systemRandom)];
		const environment = { accountId, workspace: "w", keyVersion: 1, enabled: true };
		await addRows({
			environments: [
				{ ...environment, id: live, name: "live" },
				{ ...environment, id: off, name: "off", enabled: false },
				{ ...environment, id: turned, name: "turned", keyVersion: 2 },
			],
		});
		expect([
			await statusWith(live, 1),
			await statusWith(off, 1),
			await statusWith(turned, 1),
			await statusWith(turned, 2),
		]).toEqual([202, 401, 401, 202]);
		await setStanding({ kind: "account", id: accountId }, { state: "ended", notBefore: 0 });
		await advance(31);
		expect(await statusWith(live, 1)).toBe(401);
	});
});
