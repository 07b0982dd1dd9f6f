import { describe, expect, test } from "vitest";
import { randomId, systemRandom } from "../../src/crypto/random.ts";
import { staleness } from "../../src/operations/lookups.ts";
import { reinstate, suspend } from "../support/accounts.ts";
import { atConsole, wordsOf } from "../support/console.ts";
import { call, good, inGlobex, tokenOf } from "../support/keys-api.ts";
import { logIn, loggedIn, opens } from "../support/logins.ts";
import { generated, listEvents, nextPair, refreshPair } from "../support/pairs.ts";
import { decide, signedIn } from "../support/people.ts";
import { aClient, aKey, anAccount, aPerson, slugOf } from "../support/registered.ts";
import { type Answer, ask, bearer, postForm, refusal } from "../support/requests.ts";
import { addRows, advance, demo } from "../support/target.ts";
import {
	authorized,
	authorizePath,
	basicOf,
	environments,
	exchange,
	granted,
	refresh,
	tokensOf,
} from "../support/tokens.ts";

/** What a credential of the account is answered, and what it is answered while the account is suspended. */
interface Use {
	readonly use: () => Promise<Answer>;
	readonly good: number;
	readonly refused: string;
	/** What a refusal says, where it is no error. */
	readonly said?: (answer: Answer) => string;
}

const textOf = (answer: Answer) => answer.text;
const statusOf = (answer: Answer) => String(answer.status);

/** A new account with one of everything that opens it. */
async function aWorld() {
	const account = await anAccount();
	const slug = slugOf(account);
	const who = await aPerson({ [account]: "admin" });
	const { username, password } = who;
	const own = await aClient(demo.webApp, { accountId: account, scope: ["environments:read"] });
	const foreign = await aClient(demo.webApp, { scope: ["environments:read"] });
	const key = await aKey(account, []);
	await key.change({ kind: "set_policies", accountId: demo.accounts.acme, policies: [demo.policyId] });
	const environment = { id: randomId(systemRandom), accountId: account, workspace: "w", name: "e" };
	await addRows({ environments: [{ ...environment, keyVersion: 1, enabled: true }] });
	return { account, slug, who, username, password, own, foreign, key };
}

type World = Awaited<ReturnType<typeof aWorld>>;

/** Each of them made in the world, then used. */
const uses: Readonly<Record<string, (world: World) => Promise<Use>>> = {
	async "a login by password"({ username, password }) {
		return { use: () => logIn({ username, password }), good: 200, refused: "403 Forbidden" };
	},
	async "a login token"({ username, password }) {
		const token = await loggedIn({ username, password });
		return { use: () => environments(token), good: 200, refused: "401 invalid_token" };
	},
	async "a login token that writes"({ username, password }) {
		const token = bearer(await loggedIn({ username, password }));
		return {
			use: () => call("POST", "/v1/keys", { name: `Key ${Math.random()}`, policies: [] }, token),
			good: 201,
			refused: "401 Unauthorized",
		};
	},
	async "a login token's list of sessions"({ username, password }) {
		const token = await loggedIn({ username, password });
		return { use: () => ask("/auth/sessions", { headers: bearer(token) }), good: 200, refused: "401 Unauthorized" };
	},
	async "an access token of another account's client"({ foreign, who }) {
		const { accessToken } = await granted(foreign, {}, { who });
		return { use: () => environments(accessToken), good: 200, refused: "401 invalid_token" };
	},
	async "its introspection"({ foreign, who }) {
		const { accessToken } = await granted(foreign, {}, { who });
		return { use: () => introspection(accessToken, foreign), good: 200, refused: '{"active":false}', said: textOf };
	},
	async "its refresh token"({ foreign, who }) {
		let { refreshToken } = await granted(foreign, {}, { who });
		const use = async () => {
			const answer = await refresh(refreshToken, { client: foreign });
			if (answer.status === 200) refreshToken = tokensOf(answer).refreshToken ?? refreshToken;
			return answer;
		};
		return { use, good: 200, refused: "400 invalid_grant" };
	},
	async "the account's client, in another account"({ own }) {
		const { accessToken } = await granted(own);
		return { use: () => environments(accessToken), good: 200, refused: "401 invalid_token" };
	},
	async "the account's client, by its secret"({ own }) {
		return {
			use: () => postForm("/oauth/introspect", { token: "x" }, basicOf(own)),
			good: 200,
			refused: "401 invalid_client",
		};
	},
	async "the account's client, at the authorization endpoint"({ own }) {
		return { use: () => ask(authorizePath(own)), good: 200, refused: "400 Unknown application" };
	},
	async "the account's client, logged in for itself"({ own }) {
		const client = { client_id: own.client.id, client_secret: own.secret };
		return { use: () => logIn(client), good: 200, refused: "401 Unauthorized" };
	},
	async "an access code of its key"({ key }) {
		return { use: () => ask("/auth/login", withKey(key.secret)), good: 200, refused: "403 Forbidden" };
	},
	async "the same where another account has linked it"({ key }) {
		return {
			use: () => ask("/v1/environments?account=acme", { headers: { "x-api-key": key.secret } }),
			good: 200,
			refused: "403 Forbidden",
		};
	},
	async "the verification of that key, asked by the linking account"({ key }) {
		return {
			use: () => postForm("/v1/keys/verify", { key: key.secret }, basicOf(demo.webApp)),
			good: 200,
			refused: '{"valid":false,"reason":"unknown"}',
			said: textOf,
		};
	},
	async "a token pair"({ who, slug }) {
		const { read } = await generated(who, slug);
		return { use: () => listEvents(read.access, "", slug), good: 200, refused: "401", said: statusOf };
	},
	async "the refresh token of a pair"({ who, slug }) {
		let pair = (await generated(who, slug)).read;
		const use = async () => {
			const answer = await refreshPair(pair.refresh);
			if (answer.status === 200) pair = nextPair(answer);
			return answer;
		};
		return { use, good: 200, refused: "401", said: statusOf };
	},
	async "the console"({ who, slug }) {
		const { open } = await atConsole(who);
		return { use: () => open(`/console/${slug}/keys`), good: 200, refused: "403 Suspended" };
	},
	async "consent in it"({ who, account, foreign }) {
		const use = () => decide(authorizePath(foreign), { who, account }).catch(() => pageOf(foreign, who));
		return { use, good: 303, refused: "no answer", said: ({ headers }) => headers.get("location") ?? "no answer" };
	},
};

function withKey(secret: string): RequestInit {
	return { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ api_key: secret }) };
}

async function pageOf(client: World["foreign"], who: World["who"]): Promise<Answer> {
	return ask(authorizePath(client), { headers: { cookie: await signedIn(who) } });
}

function introspection(token: string, client: World["foreign"]): Promise<Answer> {
	return postForm("/oauth/introspect", { token }, basicOf(client));
}

describe(`what a suspended account has opens nothing within ${staleness} seconds, and all of it again afterwards`, () => {
	test.each(Object.entries(uses))("%s", async (_, make) => {
		const world = await aWorld();
		const { use, good: isGood, refused, said = refusal } = await make(world);
		expect((await use()).status).toBe(isGood);
		expect(good(await suspend(world.account))).toMatchObject({ state: "suspended" });
		await advance(staleness + 1);
		expect(said(await use())).toBe(refused);
		expect(good(await reinstate(world.account))).toMatchObject({ state: "active", suspended_at: null });
		await advance(staleness + 1);
		const again = await use();
		expect([again.status, again.text]).toEqual([isGood, again.text]);
	});

	test("in the isolate where it was done, at the next request", async () => {
		const { account, username, password } = await aWorld();
		const token = await loggedIn({ username, password });
		await suspend(account);
		expect(await opens(token)).toBe(401);
		expect(refusal(await logIn({ username, password }))).toBe("403 Forbidden");
		await reinstate(account);
		expect(await opens(token)).toBe(200);
	});

	test("a code that was being exchanged in that instant: what came of it opens nothing, until the account is back", async () => {
		const { account, foreign, who } = await aWorld();
		const code = await authorized(foreign, {}, { who });
		const [answer] = await Promise.all([exchange(code, { client: foreign }), suspend(account)]);
		await advance(staleness + 1);
		// Refused, a code is not burnt: the same one is good once the account is back, where it was not redeemed.
		const got = answer.status === 200 ? tokensOf(answer) : null;
		const asked = got
			? [await environments(got.accessToken), await refresh(got.refreshToken ?? "", { client: foreign })]
			: [await exchange(code, { client: foreign })];
		expect(asked.map(refusal)).toEqual(got ? ["401 invalid_token", "400 invalid_grant"] : ["400 invalid_grant"]);
		await reinstate(account);
		await advance(staleness + 1);
		const { accessToken } = got ?? tokensOf(await exchange(code, { client: foreign }));
		expect((await environments(accessToken)).status).toBe(200);
	});

	test("a person's other accounts go on", async () => {
		const [account, other] = [await anAccount(), await anAccount()];
		const who = await aPerson({ [account]: "admin", [other]: "admin" });
		const elsewhere = await tokenOf(who, slugOf(other));
		await suspend(account);
		await advance(staleness + 1);
		expect((await call("GET", "/v1/keys", undefined, elsewhere)).status).toBe(200);
		const { open } = await atConsole(who);
		expect((await open(`/console/${slugOf(other)}/keys`)).status).toBe(200);
	});
});

/** What a page says, but for which request it was. */
function withoutId(answer: Answer): string {
	return wordsOf(answer).replaceAll(/[\da-f-]{36}/g, "");
}

describe("who sees that an account is suspended", () => {
	test("whoever belongs to it: in the switcher, at the start and in its console", async () => {
		const [account, other] = [await anAccount(), await anAccount()];
		const who = await aPerson({ [account]: "admin", [other]: "admin" });
		await suspend(account);
		const { open } = await atConsole(who);
		expect((await open("/console")).headers.get("location")).toBe(`/console/${slugOf(other)}`);
		expect(wordsOf(await open(`/console/${slugOf(other)}/keys`))).toContain("New (suspended)");
		expect(wordsOf(await open("/"))).toContain("New Suspended");
		for (const path of ["", "/keys", "/settings/people", "/nothing"]) {
			expect(refusal(await open(`/console/${slugOf(account)}${path}`))).toBe("403 Suspended");
		}
	});

	test("nobody else: it looks as one that does not exist, by pages, logins and parameters", async () => {
		const account = await anAccount();
		await suspend(account);
		const slug = slugOf(account);
		const who = await aPerson({ [demo.accounts.acme]: "admin" });
		const { open } = await atConsole(who);
		const [there, nowhere] = [await open(`/console/${slug}/keys`), await open("/console/no-such-account/keys")];
		expect([there.status, withoutId(there)]).toEqual([nowhere.status, withoutId(nowhere)]);
		const { username, password } = who;
		const logins = await Promise.all(
			[slug, "no-such-account"].map((name) => logIn({ username, password, account: name })),
		);
		expect(new Set(logins.map(refusal))).toEqual(new Set(["403 Forbidden"]));
		expect(new Set(logins.map(({ body }) => body.detail)).size).toBe(1);
		const token = await inGlobex();
		const asked = await Promise.all(
			[slug, "no-such-account"].map((name) => call("GET", `/v1/keys?account=${name}`, undefined, token)),
		);
		expect(new Set(asked.map(({ status, body }) => `${status} ${String(body.detail)}`)).size).toBe(1);
	});

	test("whoever belongs to no other account is told so in its place", async () => {
		const account = await anAccount();
		const who = await aPerson({ [account]: "member" });
		await suspend(account);
		expect(refusal(await (await atConsole(who)).open("/console"))).toBe("403 Suspended");
	});

	test("whoever belongs to it leaves it, and is not back when it is reinstated; the last administrator stays", async () => {
		const account = await anAccount();
		const [admin, member] = [await aPerson({ [account]: "admin" }), await aPerson({ [account]: "member" })];
		const token = await loggedIn({ username: member.username, password: member.password });
		await suspend(account);
		const question = `/console/${slugOf(account)}/settings/leave`;
		const { open, send } = await atConsole(member);
		expect((await open(`/console/${slugOf(account)}/settings`)).text).toContain(`href="${question}"`);
		expect((await send(question, question)).headers.get("location")).toBe("/console");
		expect(refusal(await open(question))).toBe("404 No such account");
		const last = await atConsole(admin);
		expect(refusal(await last.send(question, question))).toBe("409 You cannot leave");
		await reinstate(account);
		await advance(staleness + 1);
		expect(refusal(await open(question))).toBe("404 No such account");
		expect(await opens(token)).toBe(401);
		expect((await last.open(`/console/${slugOf(account)}/keys`)).status).toBe(200);
	});
});
