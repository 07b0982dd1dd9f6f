import { describe, expect, test } from "vitest";
import { staleness } from "../../src/operations/lookups.ts";
import { logIn, loggedIn, opens } from "../support/logins.ts";
import { decide, signedIn } from "../support/people.ts";
import { aClient, aKey, anAccount, aPerson } from "../support/registered.ts";
import { ask, postForm, refusal } from "../support/requests.ts";
import { advance, demo, now, setStanding } from "../support/target.ts";
import {
	authorized,
	authorizePath,
	basicOf,
	environments,
	exchange,
	granted,
	introspect,
	refresh,
	revoke,
} from "../support/tokens.ts";

/** DESIGN §4.9: the stated bound for what is ended in the register. */
const bound = staleness;
const ended = { state: "ended", notBefore: 0 } as const;

/** A person of a new account, with a grant that a new client of another account got, and what else there is. */
async function aWorld() {
	const account = await anAccount();
	const who = await aPerson({ [account]: "admin" });
	const client = await aClient(demo.webApp, { scope: ["environments:read"] });
	const grant = await granted(client, {}, { who });
	const code = await authorized(client, {}, { who });
	const login = await loggedIn({ username: who.username, password: who.password });
	expect((await environments(grant.accessToken)).status).toBe(200);
	expect(await opens(login)).toBe(200);
	return { ...grant, account, who, client, code, login };
}

type World = Awaited<ReturnType<typeof aWorld>>;

async function everythingIsRefused({ client, code, accessToken, refreshToken }: World): Promise<void> {
	expect(refusal(await environments(accessToken))).toBe("401 invalid_token");
	expect(refusal(await exchange(code, { client }))).toMatch(/^40[01] invalid_(grant|client)$/);
	expect(refusal(await refresh(refreshToken, { client }))).toMatch(/^40[01] invalid_(grant|client)$/);
}

describe(`what is ended in the register is refused within ${bound} seconds`, () => {
	test("an account: its grants, codes, refresh and login tokens", async () => {
		const world = await aWorld();
		await setStanding({ kind: "account", id: world.account }, ended);
		await advance(bound + 1);
		await everythingIsRefused(world);
		expect(await introspect(world.accessToken, world.client)).toEqual({ active: false });
		expect(await introspect(world.refreshToken, world.client)).toEqual({ active: false });
		expect(await opens(world.login)).toBe(401);
		const { username, password } = world.who;
		expect(refusal(await logIn({ username, password }))).toBe("403 Forbidden");
	});

	test("a client: it cannot authenticate, and its tokens open nothing", async () => {
		const world = await aWorld();
		const { client } = world;
		await setStanding({ kind: "client", id: client.client.id }, ended);
		await advance(bound + 1);
		await everythingIsRefused(world);
		expect(refusal(await postForm("/oauth/introspect", { token: "x" }, basicOf(client)))).toBe("401 invalid_client");
		expect(refusal(await revoke(world.accessToken, client))).toBe("401 invalid_client");
		const cookie = await signedIn(world.who);
		expect(refusal(await ask(authorizePath(client), { headers: { cookie } }))).toBe("400 Unknown application");
		// What has nothing to do with it lives on.
		expect(await opens(world.login)).toBe(200);
	});

	test("a membership: what the person held in that account", async () => {
		const world = await aWorld();
		await setStanding({ kind: "membership", personId: world.who.id, accountId: world.account }, ended);
		await advance(bound + 1);
		await everythingIsRefused(world);
		expect(await opens(world.login)).toBe(401);
		const answer = await decide(authorizePath(world.client), { who: world.who, account: world.account });
		expect(answer.headers.has("location")).toBe(false);
	});

	test("a person: what they held in every account", async () => {
		const world = await aWorld();
		await setStanding({ kind: "person", id: world.who.id }, ended);
		await advance(bound + 1);
		await everythingIsRefused(world);
		expect(await opens(world.login)).toBe(401);
		expect(refusal(await logIn({ username: world.who.username, password: world.who.password }))).toBe(
			"401 Unauthorized",
		);
	});

	test("an account that owns a key: its access codes and login tokens, and what was linked elsewhere", async () => {
		const account = await anAccount();
		const key = await aKey(account, []);
		await key.change({ kind: "set_policies", accountId: demo.accounts.acme, policies: [demo.policyId] });
		const verify = () => postForm("/v1/keys/verify", { key: key.secret }, basicOf(demo.webApp));
		expect((await verify()).body.valid).toBe(true);
		const linked = await loggedIn({ api_key: key.secret, account: "acme" });
		expect(await opens(linked)).toBe(200);
		expect((await logIn({ api_key: key.secret })).status).toBe(200);
		await setStanding({ kind: "account", id: account }, ended);
		await advance(bound + 1);
		expect((await verify()).body).toEqual({ valid: false, reason: "unknown" });
		expect(await opens(linked)).toBe(401);
		expect(refusal(await logIn({ api_key: key.secret }))).toBe("403 Forbidden");
		expect(refusal(await logIn({ api_key: key.secret, account: "acme" }))).toBe("403 Forbidden");
	});

	test("an account that owns a client: the client, and its grants in other accounts", async () => {
		const account = await anAccount();
		const client = await aClient(demo.webApp, { accountId: account });
		const { accessToken, refreshToken } = await granted(client);
		const own = await loggedIn({ client_id: client.client.id, client_secret: client.secret });
		expect((await environments(accessToken)).status).toBe(200);
		expect(await opens(own)).toBe(200);
		await setStanding({ kind: "account", id: account }, ended);
		await advance(bound + 1);
		expect(refusal(await environments(accessToken))).toBe("401 invalid_token");
		expect(await opens(own)).toBe(401);
		expect(refusal(await refresh(refreshToken, { client }))).toBe("401 invalid_client");
		expect(refusal(await ask(authorizePath(client)))).toBe("400 Unknown application");
	});

	test("a client that acts for itself", async () => {
		const client = await aClient(demo.webApp);
		const token = await loggedIn({ client_id: client.client.id, client_secret: client.secret });
		expect(await opens(token)).toBe(200);
		await setStanding({ kind: "client", id: client.client.id }, ended);
		await advance(bound + 1);
		expect(await opens(token)).toBe(401);
		expect(refusal(await logIn({}, basicOf(client)))).toBe("401 Unauthorized");
	});
});

describe("`not_before` ends what is older, and nothing else", () => {
	test.each(["account", "client", "membership"] as const)("of a %s", async (kind) => {
		const world = await aWorld();
		const { account, client, who } = world;
		await advance(1);
		const of = {
			account: { kind: "account", id: account },
			client: { kind: "client", id: client.client.id },
			membership: { kind: "membership", personId: who.id, accountId: account },
		} as const;
		await setStanding(of[kind], { state: "active", notBefore: now() });
		await advance(bound + 1);
		await everythingIsRefused(world);
		const { accessToken, refreshToken } = await granted(client, {}, { who });
		expect((await environments(accessToken)).status).toBe(200);
		expect((await refresh(refreshToken, { client })).status).toBe(200);
		// The login token is of the person and the account; the client has nothing to do with it.
		const { username, password } = who;
		const again = await loggedIn({ username, password });
		expect([await opens(world.login), await opens(again)]).toEqual([kind === "client" ? 200 : 401, 200]);
		expect(again === world.login).toBe(kind === "client");
	});
});
