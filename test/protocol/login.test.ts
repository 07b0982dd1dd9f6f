import { describe, expect, test } from "vitest";
import { roles } from "../../src/domain/permission.ts";
import { ada, grace } from "../support/people.ts";
import { aClient, aKey, aPolicy, aPerson, anAccessCode } from "../support/registered.ts";
import { logIn, loggedIn, opens } from "../support/logins.ts";
import { post, postForm, postJson, refusal, times, saidIn } from "../support/requests.ts";
import { advance, demo, now } from "../support/target.ts";
import { basicOf, claimsOf, granted } from "../support/tokens.ts";

const { webApp, integration, nativeApp } = demo;
const { accessCode } = demo.apiKey;

describe("contract 001: the same token while it is valid", () => {
	test("logging in again gives the same bytes, and `expires_in` counts down", async () => {
		const api_key = (await aKey()).secret;
		const first = await logIn({ api_key });
		expect(first.headers.get("cache-control")).toBe("no-store");
		expect(first.body).toEqual({ access_token: expect.any(String), expires_in: 7200, token_type: "Bearer" });
		await advance(100);
		const second = await logIn({ api_key });
		expect(second.body).toEqual({ ...first.body, expires_in: 7100 });
		await advance(7099);
		expect((await logIn({ api_key })).body).toEqual({ ...first.body, expires_in: 1 });
		await advance(1);
		const next = await logIn({ api_key });
		expect(next.body.expires_in).toBe(7200);
		expect(next.body.access_token).not.toBe(first.body.access_token);
	});

	test("50 parallel first logins get one token", async () => {
		const api_key = (await aKey()).secret;
		const answers = await Promise.all(times(50, () => logIn({ api_key })));
		expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
		expect(new Set(answers.map((answer) => answer.body.access_token)).size).toBe(1);
	});

	test("a new session_id forces another token; each keeps its own", async () => {
		const api_key = (await aKey()).secret;
		const none = await loggedIn({ api_key });
		const a = await loggedIn({ api_key, session_id: "a" });
		const b = await loggedIn({ api_key, session_id: "b" });
		expect(new Set([none, a, b]).size).toBe(3);
		expect(await loggedIn({ api_key, session_id: "a" })).toBe(a);
		expect(await loggedIn({ api_key, session_id: "b" })).toBe(b);
		expect(await loggedIn({ api_key })).toBe(none);
		expect(await loggedIn({ api_key, session_id: "" })).toBe(none);
	});

	test("two access codes of one key have sessions of their own", async () => {
		const key = await aKey();
		const second = await anAccessCode(key);
		expect(await loggedIn({ api_key: key.secret })).not.toBe(await loggedIn({ api_key: second.secret }));
	});

	test("`min_ttl` asks for a fresh token when less than that remains, and the old one lives to its end", async () => {
		const api_key = (await aKey()).secret;
		const first = await loggedIn({ api_key });
		expect(await loggedIn({ api_key, min_ttl: 3600 })).toBe(first);
		await advance(3601);
		expect(await loggedIn({ api_key })).toBe(first);
		const answer = await logIn({ api_key, min_ttl: "3600" });
		expect(answer.body.access_token).not.toBe(first);
		expect(answer.body.expires_in).toBe(7200);
		expect(await loggedIn({ api_key })).toBe(answer.body.access_token);
		expect(await opens(first)).toBe(200);
		await advance(3599);
		expect(await opens(first)).toBe(401);
		expect(await opens(String(answer.body.access_token))).toBe(200);
	});

	test("camelCase is taken, and answered in kind", async () => {
		const key = (await aKey()).secret;
		const answer = await logIn({ apiKey: key, sessionId: "x", minTtl: 60 });
		expect(answer.body).toEqual({ accessToken: expect.any(String), expiresIn: 7200, tokenType: "Bearer" });
		expect(await loggedIn({ api_key: key, session_id: "x" })).toBe(answer.body.accessToken);
	});

	test("a form is taken as well", async () => {
		const answer = await postForm("/auth/login", { api_key: accessCode, session_id: "form" });
		expect(answer.status).toBe(200);
		expect(await loggedIn({ api_key: accessCode, session_id: "form" })).toBe(answer.body.access_token);
	});

	test("the token says whom it is for, and what it opens", async () => {
		const key = await aKey();
		const claims = claimsOf(await loggedIn({ api_key: key.secret }));
		expect(claims).toMatchObject({
			sub: key.id,
			account_id: demo.accounts.acme,
			scope: "environments:read events:read",
			exp: now() + 7200,
			sid: expect.stringMatching(/^[\w-]{22}$/),
		});
	});

	test("a change of policies gives another token: narrower ends the old one, wider does not", async () => {
		const { acme } = demo.accounts;
		const narrow = await aPolicy(acme, ["environments:read"]);
		const wide = await aPolicy(acme, ["events:write"]);
		const key = await aKey(acme, [narrow]);
		const first = await loggedIn({ api_key: key.secret });
		await key.change({ kind: "set_policies", accountId: acme, policies: [narrow, wide] });
		const wider = await loggedIn({ api_key: key.secret });
		expect(claimsOf(wider).scope).toBe("environments:read events:write");
		expect([await opens(first), await opens(wider)]).toEqual([200, 200]);
		await key.change({ kind: "set_policies", accountId: acme, policies: [narrow] });
		const narrower = await loggedIn({ api_key: key.secret });
		expect(claimsOf(narrower).scope).toBe("environments:read");
		expect([await opens(first), await opens(wider), await opens(narrower)]).toEqual([401, 401, 200]);
	});
});

describe("with a user name and password", () => {
	test("the role says what the token opens", async () => {
		const answer = await logIn({ username: ada.username, password: ada.password });
		expect(answer.status).toBe(200);
		const claims = claimsOf(String(answer.body.access_token));
		expect(claims).toMatchObject({ sub: demo.people[0]?.id, account_id: demo.accounts.acme });
		expect(claims.scope).toBe(roles.admin.toSorted().join(" "));
		expect(await loggedIn({ username: "ADA", password: ada.password })).toBe(answer.body.access_token);
		expect(await loggedIn({ username: " ada\u00a0", password: ada.password })).toBe(answer.body.access_token);
		expect(refusal(await logIn({ username: "ada", password: ` ${ada.password}` }))).toBe("401 Unauthorized");
	});

	test("a person of two accounts has to name one", async () => {
		expect(refusal(await logIn({ ...grace, name: undefined, roles: undefined }))).toBe("400 Malformed request");
		const { username, password } = grace;
		expect(refusal(await logIn({ username, password }))).toBe("400 Malformed request");
		const acme = claimsOf(await loggedIn({ username, password, account: "acme" }));
		expect(acme).toMatchObject({ account_id: demo.accounts.acme, scope: [...roles.member].toSorted().join(" ") });
		const globex = claimsOf(await loggedIn({ username, password, account: "globex" }));
		expect(globex).toMatchObject({ account_id: demo.accounts.globex, scope: roles.admin.toSorted().join(" ") });
	});

	test("an account that is not hers, or is none, is refused", async () => {
		const { username, password } = ada;
		expect(refusal(await logIn({ username, password, account: "globex" }))).toBe("403 Forbidden");
		expect(refusal(await logIn({ username, password, account: "nothing" }))).toBe("403 Forbidden");
		const nowhere = await aPerson({});
		const { username: user, password: secret } = nowhere;
		expect(refusal(await logIn({ username: user, password: secret }))).toBe("403 Forbidden");
	});
});

describe("with client credentials", () => {
	test.each([
		["in the body", () => logIn({ client_id: webApp.client.id, client_secret: webApp.secret })],
		["by HTTP Basic", () => logIn({}, basicOf(webApp))],
	])("%s", async (_, request) => {
		const answer = await request();
		expect(answer.status).toBe(200);
		const claims = claimsOf(String(answer.body.access_token));
		expect(claims).toMatchObject({ client_id: webApp.client.id, account_id: demo.accounts.acme });
		// RFC 9068 §5: a client's subject can be mistaken for nobody else's.
		expect(claims.sub).toMatch(/^cli_any_/);
		expect(await loggedIn({ client_id: webApp.client.id, client_secret: webApp.secret })).toBe(
			answer.body.access_token,
		);
	});

	test("only a client that is registered for it", async () => {
		const { id } = integration.client;
		expect(refusal(await logIn({ client_id: id, client_secret: integration.secret }))).toBe("403 Forbidden");
		expect(refusal(await logIn({ client_id: webApp.client.id, client_secret: integration.secret }))).toBe(
			"401 Unauthorized",
		);
		expect(refusal(await logIn({ client_id: webApp.client.id }))).toBe("400 Malformed request");
		expect(refusal(await logIn({ client_id: nativeApp.client.id, client_secret: "x" }))).toBe("401 Unauthorized");
		const ended = await aClient(webApp, { state: "ended" });
		expect(refusal(await logIn({}, basicOf(ended)))).toBe("401 Unauthorized");
	});

	test("its own account is the only one", async () => {
		const { id } = webApp.client;
		expect((await logIn({ client_id: id, client_secret: webApp.secret, account: "acme" })).status).toBe(200);
		const elsewhere = await logIn({ client_id: id, client_secret: webApp.secret, account: "globex" });
		expect(refusal(elsewhere)).toBe("403 Forbidden");
	});
});

describe("what is refused", () => {
	test.each([
		["garbage", "x"],
		["the prefix alone", "lk_"],
		["a damaged code", `${accessCode.slice(0, -1)}~`],
		["a code with other letters", accessCode.toUpperCase()],
		["a code with a space", `${accessCode} `],
	])("401: %s as api_key", async (_, api_key) => {
		expect(refusal(await logIn({ api_key }))).toBe("401 Unauthorized");
	});

	test("401: a token, a refresh token or a client secret as api_key", async () => {
		const { accessToken, refreshToken } = await granted();
		for (const api_key of [accessToken, refreshToken, webApp.secret, integration.client.id]) {
			expect(refusal(await logIn({ api_key }))).toBe("401 Unauthorized");
		}
	});

	test("403: an account that the key was never given to, as one that does not exist", async () => {
		const api_key = (await aKey()).secret;
		const never = await logIn({ api_key, account: "globex" });
		const nothing = await logIn({ api_key, account: "nothing" });
		expect(refusal(never)).toBe("403 Forbidden");
		expect(saidIn(nothing)).toBe(saidIn(never));
		expect((await logIn({ api_key, account: "acme" })).status).toBe(200);
	});

	test("a linked account is opened by its own policies alone", async () => {
		const key = await aKey();
		const policy = await aPolicy(demo.accounts.globex, ["alerts:read"]);
		await key.change({ kind: "set_policies", accountId: demo.accounts.globex, policies: [policy] });
		const own = claimsOf(await loggedIn({ api_key: key.secret }));
		const linked = claimsOf(await loggedIn({ api_key: key.secret, account: "globex" }));
		expect([own.account_id, own.scope]).toEqual([demo.accounts.acme, "environments:read events:read"]);
		expect([linked.account_id, linked.scope]).toEqual([demo.accounts.globex, "alerts:read"]);
	});

	test.each([
		["nothing", {}],
		["a user name alone", { username: "ada" }],
		["a password alone", { password: "x" }],
		["a client id alone", { client_id: "x" }],
		["an empty api_key", { api_key: "" }],
		["a key and a password", { api_key: accessCode, username: "ada", password: "x" }],
		["a key and a user name", { api_key: accessCode, username: "ada" }],
		["a key and a client", { api_key: accessCode, client_id: webApp.client.id, client_secret: webApp.secret }],
		["a password and a client", { ...ada, client_id: webApp.client.id, client_secret: webApp.secret }],
		["both names of the key", { api_key: accessCode, apiKey: accessCode }],
		["both names of the session", { api_key: accessCode, session_id: "a", sessionId: "a" }],
		["a session_id of 257 characters", { api_key: accessCode, session_id: "x".repeat(257) }],
		["a session_id with a line break", { api_key: accessCode, session_id: "a\nb" }],
		["a session_id that is an object", { api_key: accessCode, session_id: {} }],
		["a negative min_ttl", { api_key: accessCode, min_ttl: -1 }],
		["a min_ttl beyond 3600", { api_key: accessCode, min_ttl: 3601 }],
		["a min_ttl with a fraction", { api_key: accessCode, min_ttl: 1.5 }],
		["a min_ttl in words", { api_key: accessCode, min_ttl: "soon" }],
		["a key that is a list", { api_key: [accessCode] }],
	])("400: %s", async (_, body) => {
		const answer = await logIn(body);
		expect(refusal(answer)).toBe("400 Malformed request");
		expect(answer.text).not.toContain(accessCode);
	});

	test("400: HTTP Basic beside a key, or malformed", async () => {
		expect(refusal(await logIn({ api_key: accessCode }, basicOf(webApp)))).toBe("400 Malformed request");
		expect(refusal(await logIn({}, { authorization: "Basic x" }))).toBe("400 Malformed request");
	});

	test("bodies: malformed 400, of another type 415, too large 413", async () => {
		const json = { "content-type": "application/json" };
		expect(refusal(await post("/auth/login", "{", json))).toBe("400 Malformed request");
		expect(refusal(await post("/auth/login", "[]", json))).toBe("400 Malformed request");
		expect(refusal(await post("/auth/login", `{"api_key":"a","api_key":"b"}`, json))).toBe("400 Malformed request");
		expect(refusal(await post("/auth/login", "{}", { "content-type": "text/plain" }))).toBe("415 Malformed request");
		expect(refusal(await postJson("/auth/login", { api_key: "x".repeat(17_000) }))).toBe("413 Malformed request");
	});

	test("a session_id of 256 characters of any script is taken", async () => {
		const session_id = "é".repeat(256);
		expect(await loggedIn({ api_key: accessCode, session_id })).toBe(
			await loggedIn({ api_key: accessCode, session_id }),
		);
	});
});
