import { describe, expect, test } from "vitest";
import { ada } from "../support/people.ts";
import { aKey, aPolicy } from "../support/registered.ts";
import { ask, post, refusal } from "../support/requests.ts";
import { advance, demo } from "../support/target.ts";

// Contract 001, "Authenticate with API": its request as it stands there, and its answer member for member.

/** POST /auth/login, Content-Type: application/json, laid out as in the document. */
function login(members: Record<string, string>) {
	const lines = Object.entries(members).map(([name, value]) => `"${name}": ${JSON.stringify(value)}`);
	return post("/auth/login", `{\n${lines.join(",\n")}\n}`, { "content-type": "application/json" });
}

async function key() {
	return (await aKey()).secret;
}

async function session() {
	const digest = await crypto.subtle.digest("SHA-256", crypto.getRandomValues(new Uint8Array(32)));
	return new Uint8Array(digest).toHex();
}

describe("Fetch Bearer Token", () => {
	test("with an API key and a session ID: three members, 7200 seconds", async () => {
		const answer = await login({ api_key: await key(), session_id: "optional_custom_session_id" });
		expect(answer.status).toBe(200);
		expect(Object.keys(answer.body)).toEqual(["access_token", "expires_in", "token_type"]);
		expect(answer.body).toEqual({
			access_token: expect.stringMatching(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/),
			expires_in: 7200,
			token_type: "Bearer",
		});
	});

	test.each([
		["an API key alone", async () => ({ api_key: await key() })],
		["username and password", async () => ({ username: ada.username, password: ada.password })],
		[
			"OAuth2 client credentials",
			async () => ({ client_id: demo.webApp.client.id, client_secret: demo.webApp.secret ?? "" }),
		],
	])("with %s", async (_, credential) => {
		const answer = await login(await credential());
		expect(answer.status).toBe(200);
		expect(answer.body).toEqual({
			access_token: expect.stringMatching(/^eyJ/),
			expires_in: expect.any(Number),
			token_type: "Bearer",
		});
		const authorization = `Bearer ${String(answer.body.access_token)}`;
		expect((await ask("/auth/sessions", { headers: { authorization } })).status).toBe(200);
	});

	test("invalid credentials get no token", async () => {
		for (const wrong of [{ api_key: "your_api_key_here" }, { username: "ada", password: "no" }]) {
			expect(refusal(await login(wrong))).toBe("401 Unauthorized");
		}
	});
});

describe("Refresh Token", () => {
	test("while the token is valid the endpoint returns the same token; after 2 hours another", async () => {
		const api_key = await key();
		const first = await login({ api_key });
		await advance(7199);
		const again = await login({ api_key });
		expect(again.body).toEqual({ ...first.body, expires_in: 1 });
		await advance(1);
		const next = await login({ api_key });
		expect(next.body.access_token).not.toBe(first.body.access_token);
		expect(next.body.expires_in).toBe(7200);
	});

	test("a unique session ID, such as sha256(timestamp + random_salt), forces a new token", async () => {
		const api_key = await key();
		const tokens = [await login({ api_key }), await login({ api_key, session_id: await session() })];
		tokens.push(await login({ api_key, session_id: await session() }));
		expect(new Set(tokens.map((answer) => answer.body.access_token)).size).toBe(3);
	});

	test('"Automatically refresh the token before expiration": min_ttl says how long before', async () => {
		const api_key = await key();
		const first = await login({ api_key });
		await advance(7200 - 299);
		expect((await login({ api_key })).body.access_token).toBe(first.body.access_token);
		const fresh = await login({ api_key, min_ttl: "300" });
		expect([fresh.body.expires_in, fresh.body.access_token === first.body.access_token]).toEqual([7200, false]);
	});
});

describe("Sessions and keys", () => {
	test("revocation of specific sessions if compromised", async () => {
		const api_key = await key();
		const [bad, good] = [await login({ api_key, session_id: "bad" }), await login({ api_key, session_id: "good" })];
		const authorization = `Bearer ${String(good.body.access_token)}`;
		const listed = await ask("/auth/sessions", { headers: { authorization } });
		const { sessions }: { sessions: { id: string; session_id: string }[] } = JSON.parse(listed.text);
		const id = sessions.find((each) => each.session_id === "bad")?.id ?? "";
		expect((await ask(`/auth/sessions/${id}`, { method: "DELETE", headers: { authorization } })).status).toBe(204);
		const dead = { authorization: `Bearer ${String(bad.body.access_token)}` };
		expect((await ask("/auth/sessions", { headers: dead })).status).toBe(401);
		expect((await ask("/auth/sessions", { headers: { authorization } })).status).toBe(200);
	});

	test("scoped API keys: restricted to specific permissions", async () => {
		const { acme } = demo.accounts;
		const scoped = await aKey(acme, [await aPolicy(acme, ["events:read"])]);
		const { body } = await login({ api_key: scoped.secret });
		const authorization = `Bearer ${String(body.access_token)}`;
		expect((await ask("/oauth/environments", { headers: { authorization } })).status).toBe(403);
	});

	test("revokable API keys: a revoked key gets no token, and the tokens that it got open nothing", async () => {
		const revokable = await aKey();
		const { body } = await login({ api_key: revokable.secret });
		const authorization = `Bearer ${String(body.access_token)}`;
		expect((await ask("/oauth/environments", { headers: { authorization } })).status).toBe(200);
		await revokable.change({ kind: "delete" });
		expect(refusal(await login({ api_key: revokable.secret }))).toBe("401 Unauthorized");
		expect((await ask("/oauth/environments", { headers: { authorization } })).status).toBe(401);
	});
});
