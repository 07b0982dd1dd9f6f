import { describe, expect, test } from "vitest";
import { writeInstant } from "../../src/domain/instant.ts";
import { anApiOfAcme } from "../support/api-grants.ts";
import { logIn } from "../support/logins.ts";
import { codeOf, decide } from "../support/people.ts";
import { aClient, aKey, aPolicy, anApi } from "../support/registered.ts";
import { type Answer, post, postForm, postJson, refusal, times } from "../support/requests.ts";
import { advance, demo, now } from "../support/target.ts";
import {
	authorizePath,
	basicOf,
	environments,
	exchange,
	granted,
	installed,
	refresh,
	type Registered,
	revoke,
	tokensOf,
} from "../support/tokens.ts";

const { webApp, integration } = demo;
const { acme, globex } = demo.accounts;
const inactive = { active: false };

async function inspect(token: string, maxStaleness?: number, client: Registered = webApp): Promise<Answer["body"]> {
	const answer = await postForm("/oauth/introspect", { token, max_staleness: maxStaleness }, basicOf(client));
	expect(answer.status).toBe(200);
	return answer.body;
}

async function verify(
	key: string,
	maxStaleness?: number,
	{ caller = webApp, account }: { caller?: Registered; account?: string } = {},
): Promise<Answer["body"]> {
	const body = { key, ...(maxStaleness !== undefined && { max_staleness: maxStaleness }), ...(account && { account }) };
	const answer = await postJson("/v1/keys/verify", body, basicOf(caller));
	expect(answer.status).toBe(200);
	return answer.body;
}

describe("an introspection that may be as old as its caller says", () => {
	test("is the answer of less than that ago, and says when it was so; then the ledger is asked", async () => {
		const { accessToken, refreshToken } = await granted(webApp);
		const first = now();
		const found = await inspect(accessToken, 10);
		expect(found).toEqual({ ...(await inspect(accessToken)), checked_at: first });
		await revoke(refreshToken, webApp);
		await advance(9);
		expect(await inspect(accessToken, 10)).toEqual(found);
		// Who takes less is told of now, and so is everybody once it is too old.
		expect(await inspect(accessToken, 9)).toEqual(inactive);
		expect(await inspect(accessToken, 10)).toEqual(inactive);
	});

	test("DESIGN §4.9: without it, or with 0, what was revoked is refused at the next request, whatever is remembered", async () => {
		const { accessToken, refreshToken } = await granted(webApp);
		expect(await inspect(accessToken, 60)).toMatchObject({ active: true });
		await revoke(refreshToken, webApp);
		expect(await inspect(accessToken, 60)).toMatchObject({ active: true });
		expect(await inspect(accessToken)).toEqual(inactive);
		expect(await inspect(accessToken, 0)).toEqual(inactive);
		// latchkey itself takes nobody's word for it.
		expect((await environments(accessToken)).status).toBe(401);
	});

	test("0 is answered as it is now, and says so", async () => {
		const { accessToken } = await granted(webApp);
		await inspect(accessToken, 60);
		await advance(5);
		expect(await inspect(accessToken, 0)).toMatchObject({ active: true, checked_at: now() });
	});

	test("RFC 7662 §2.2: is never active once it has expired, to the second", async () => {
		const { accessToken } = await granted(webApp);
		const { exp } = await inspect(accessToken);
		await advance(Number(exp) - now() - 1);
		expect(await inspect(accessToken, 60)).toMatchObject({ active: true, exp });
		await advance(1);
		expect(await inspect(accessToken, 60)).toEqual(inactive);
	});

	test("a refresh token too", async () => {
		const { refreshToken } = await granted(webApp);
		const found = await inspect(refreshToken, 60);
		expect(found).toMatchObject({ active: true, token_type: "refresh_token", checked_at: now() });
		await revoke(refreshToken, webApp);
		expect([await inspect(refreshToken, 60), await inspect(refreshToken)]).toEqual([found, inactive]);
	});

	test("DESIGN §3.7: what one caller was told is nobody else's, and nothing to whoever does not authenticate", async () => {
		const { accessToken } = await granted(webApp);
		expect(await inspect(accessToken, 60)).toMatchObject({ active: true });
		const stranger = await aClient(webApp);
		expect(await inspect(accessToken, 60, stranger)).toEqual(inactive);
		const wrong = { client: webApp.client, secret: "lkcs_wrong" };
		const fields = { token: accessToken, max_staleness: 60 };
		expect(refusal(await postForm("/oauth/introspect", fields, basicOf(wrong)))).toBe("401 invalid_client");
	});

	test("DESIGN §3.7: a server is told of its own API alone, whatever the client that has the token was told before", async () => {
		const server = await aClient(webApp);
		const [one, other] = [await anApiOfAcme({ servers: [server.client.id] }), await anApiOfAcme()];
		const client = await aClient(webApp, { scope: [one.read, other.read].toSorted() });
		const both = `&resource=${encodeURIComponent(other.resource)}`;
		const path = authorizePath(client, { scope: `${one.read} ${other.read}`, resource: one.resource }) + both;
		const { accessToken } = tokensOf(await exchange(codeOf(await decide(path)), { client }));
		const scope = [one.read, other.read].toSorted().join(" ");
		for (const maxStaleness of [60, 60]) {
			expect(await inspect(accessToken, maxStaleness, client)).toMatchObject({ scope });
			expect(await inspect(accessToken, maxStaleness, server)).toMatchObject({ scope: one.read });
		}
	});

	test("what was not active is not remembered", async () => {
		const server = await aClient(webApp);
		const { accessToken } = await granted(webApp);
		const changed = `${accessToken.slice(0, -6)}AAAAAA`;
		expect([await inspect(changed, 60), await inspect(accessToken, 60, server)]).toEqual([inactive, inactive]);
		expect(await inspect(accessToken, 60)).toMatchObject({ active: true });
	});

	test("a flood of garbage puts nothing that is good out of mind", async () => {
		const { accessToken, refreshToken } = await granted(webApp);
		const found = await inspect(accessToken, 60);
		await revoke(refreshToken, webApp);
		await Promise.all(times(500, (index) => inspect(`${accessToken.slice(0, -8)}${index}`, 60)));
		expect(await inspect(accessToken, 60)).toEqual(found);
	});
});

describe("a verification of a key that may be as old as its caller says", () => {
	test("is the answer of less than that ago, and says when it was so; then the ledger is asked", async () => {
		const key = await aKey();
		const found = await verify(key.secret, 10);
		expect(found).toEqual({ ...(await verify(key.secret)), checked_at: writeInstant(now()) });
		await key.change({ kind: "set_code_enabled", id: key.codeId, enabled: false });
		await advance(9);
		const disabled = { valid: false, reason: "code_disabled" };
		expect([await verify(key.secret, 10), await verify(key.secret), await verify(key.secret, 0)]).toEqual([
			found,
			disabled,
			disabled,
		]);
		await advance(1);
		expect(await verify(key.secret, 10)).toEqual(disabled);
		// A refusal is not remembered: enabled again, it is good at once.
		await key.change({ kind: "set_code_enabled", id: key.codeId, enabled: true });
		expect(await verify(key.secret, 60)).toMatchObject({ valid: true, checked_at: writeInstant(now()) });
	});

	test("ends with the code, to the second", async () => {
		const key = await aKey();
		const { expires_at: end } = await verify(key.secret);
		await advance(Date.parse(String(end)) / 1000 - now() - 1);
		expect(await verify(key.secret, 60)).toMatchObject({ valid: true });
		await advance(1);
		expect(await verify(key.secret, 60)).toEqual({ valid: false, reason: "code_expired" });
	});

	test("DESIGN §3.7: is of the caller that asked, and of the account that it asked about", async () => {
		const server = await aClient(webApp);
		const api = await anApi({ accountId: null, servers: [server.client.id] });
		const [read = "", write = ""] = api.permissions.map(({ name }) => name);
		const key = await aKey(acme, [await aPolicy(acme, ["events:read", read])]);
		await key.change({ kind: "set_policies", accountId: globex, policies: [await aPolicy(globex, [write])] });
		const there = { resource: [api.identifier] };
		for (const maxStaleness of [60, 60]) {
			const told = (caller: Registered, account?: string) =>
				verify(key.secret, maxStaleness, { caller, ...(account !== undefined && { account }) });
			expect(await told(webApp)).toMatchObject({ account_id: acme, permissions: ["events:read"] });
			expect(await told(integration)).toMatchObject({ account_id: globex, permissions: [] });
			expect(await told(server)).toMatchObject({ ...there, account: "acme", permissions: [read] });
			expect(await told(server, "globex")).toMatchObject({ ...there, account: "globex", permissions: [write] });
			expect(await told(webApp, "globex")).toEqual({ valid: false, reason: "unknown" });
		}
	});

	test("a form may ask for it as well", async () => {
		const { secret } = await aKey();
		const answer = await postForm("/v1/keys/verify", { key: secret, max_staleness: 5 }, basicOf(webApp));
		expect(answer.body).toMatchObject({ valid: true, checked_at: writeInstant(now()) });
	});
});

const rule = "max_staleness must be whole seconds from 0 to 60";

describe("a max_staleness that is none", () => {
	test.each(["-1", "61", "1.5", "ten", "1e1", "0x5", " 5", "+5", "100", "NaN", "Infinity", "5s"])(
		"%j is refused, with the bound",
		async (given) => {
			const { accessToken } = await granted(webApp);
			const inspected = await postForm(
				"/oauth/introspect",
				{ token: accessToken, max_staleness: given },
				basicOf(webApp),
			);
			expect([inspected.status, inspected.body]).toEqual([400, { error: "invalid_request", error_description: rule }]);
			const { secret } = await aKey();
			for (const send of [postForm, postJson]) {
				const verified = await send("/v1/keys/verify", { key: secret, max_staleness: given }, basicOf(webApp));
				expect([verified.status, verified.body.detail]).toEqual([400, rule]);
			}
		},
	);

	test.each([-1, 61, 1.5, 1e9])("and %j, as a number of JSON", async (given) => {
		const { secret } = await aKey();
		const answer = await postJson("/v1/keys/verify", { key: secret, max_staleness: given }, basicOf(webApp));
		expect([answer.status, answer.body.detail]).toEqual([400, rule]);
	});

	test("RFC 6749 §3.2: given twice it is refused, be it the same", async () => {
		const { accessToken } = await granted(webApp);
		const form = { "content-type": "application/x-www-form-urlencoded", ...basicOf(webApp) };
		const twice = "max_staleness=0&max_staleness=0";
		expect(refusal(await post("/oauth/introspect", `token=${accessToken}&${twice}`, form))).toBe("400 invalid_request");
		const { secret } = await aKey();
		expect((await post("/v1/keys/verify", `key=${secret}&${twice}`, form)).status).toBe(400);
		const json = { ...form, "content-type": "application/json" };
		const body = `{"key":"${secret}","max_staleness":0,"max_staleness":0}`;
		expect((await post("/v1/keys/verify", body, json)).status).toBe(400);
	});
});

describe("max_staleness where a token is given out", () => {
	const reason = "is not taken here: tokens are given out by what holds now";

	test.each(["max_staleness", "maxStaleness"])("POST /oauth/token refuses %s, and nothing is used up", async (name) => {
		const code = await installed();
		const { body, status } = await exchange(code, { dialect: "snake", fields: { [name]: 10 } });
		expect([status, body]).toEqual([400, { error: "invalid_request", error_description: `${name} ${reason}` }]);
		const { refreshToken } = await granted(webApp);
		expect(refusal(await refresh(refreshToken, { client: webApp, fields: { [name]: 0 } }))).toBe("400 invalid_request");
		expect((await exchange(code)).status).toBe(200);
		expect((await refresh(refreshToken, { client: webApp })).status).toBe(200);
	});

	test.each(["max_staleness", "maxStaleness"])("POST /auth/login refuses %s", async (name) => {
		const { secret } = await aKey();
		const answer = await logIn({ api_key: secret, [name]: 10 });
		expect([answer.status, answer.body.detail]).toEqual([400, `${name} ${reason}`]);
		expect((await logIn({ api_key: secret })).status).toBe(200);
	});
});
