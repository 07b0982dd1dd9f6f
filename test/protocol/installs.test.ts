import { describe, expect, test } from "vitest";
import { staleness } from "../../src/operations/lookups.ts";
import { atConsole, wordsOf } from "../support/console.ts";
import { anIntegration, call, change, installBy, installsOf, read, tokenOf } from "../support/integrations.ts";
import { loggedIn } from "../support/logins.ts";
import { ada, codeOf, decide } from "../support/people.ts";
import { aClient, anAccount, aPerson, slugOf } from "../support/registered.ts";
import { type Answer, refusal, times, saidIn } from "../support/requests.ts";
import { selfRegistered } from "../support/self-registered.ts";
import { advance, demo, runCron, setStanding } from "../support/target.ts";
import {
	authorized,
	authorizePath,
	environments,
	exchange,
	granted,
	installPath,
	introspect,
	refresh,
	revoke,
	tokensOf,
} from "../support/tokens.ts";

const { globex } = demo.accounts;

/** An account of its own with its administrator, so that nothing else is installed in it. */
async function ownAccount() {
	const account = await anAccount();
	const admin = await aPerson({ [account]: "admin" });
	return { account, admin, token: await tokenOf(admin) };
}

function remove(grantId: string, token: string): Promise<Answer> {
	return call("DELETE", `/v1/installs/${grantId}`, token);
}

/** Somebody says yes, and the code goes nowhere. */
async function abandoned(scopes: readonly string[] = ["events:read"]) {
	const mine = await ownAccount();
	const integration = await anIntegration({ scopes });
	const code = codeOf(await decide(installPath(integration), { who: mine.admin }));
	return { ...mine, integration, code };
}

async function states(token: string): Promise<readonly string[]> {
	return (await installsOf(token)).map(({ state }) => state);
}

describe("what is installed in an account", () => {
	test("says what, by whom, and what it may do", async () => {
		const { admin, token } = await ownAccount();
		expect(await installsOf(token)).toEqual([]);
		const integration = await anIntegration({ scopes: ["environments:read", "keys:write"] });
		await installBy(integration, admin);
		expect(await installsOf(token)).toEqual([
			{
				grant_id: expect.stringMatching(/^[\w-]{22}$/),
				client_id: integration.client.id,
				name: integration.name,
				state: "installed",
				registered_by: "Acme",
				installed_by: { id: admin.id, name: "New Person", username: admin.username },
				installed_at: expect.stringMatching(/Z$/),
				expires_at: expect.stringMatching(/Z$/),
				scopes: ["environments:read", "keys:write"],
			},
		]);
		await change(integration, { scopes: ["environments:read"] });
		expect((await installsOf(token))[0]?.scopes).toEqual(["environments:read"]);
	});

	test("a member installs no more than a member may, and the list says so", async () => {
		const { account, token } = await ownAccount();
		const member = await aPerson({ [account]: "member" });
		const integration = await anIntegration({ scopes: ["events:read", "keys:write"] });
		await installBy(integration, member);
		expect((await installsOf(token))[0]?.scopes).toEqual(["events:read"]);
	});

	test("is of that account alone", async () => {
		const here = await ownAccount();
		const there = await ownAccount();
		await installBy(demo.integration, here.admin);
		expect(await installsOf(here.token)).toHaveLength(1);
		expect(await installsOf(there.token)).toEqual([]);
		// Whoever registered it does not see where it is installed, only how often.
		const owner = await tokenOf(await aPerson({ [globex]: "admin" }));
		expect((await installsOf(owner)).filter((each) => each.client_id === demo.integration.client.id)).toEqual([]);
	});

	test("goes on where it stopped, newest first", async () => {
		const { admin, token } = await ownAccount();
		const names: string[] = [];
		for (let count = 0; count < 5; count++) {
			const integration = await anIntegration();
			await installBy(integration, admin);
			names.unshift(integration.name);
			await advance(1);
		}
		const seen: string[] = [];
		let cursor: string | null = "";
		while (cursor !== null) {
			const { body }: Answer = await call("GET", `/v1/installs?limit=2${cursor && `&cursor=${cursor}`}`, token);
			seen.push(...(body.installs as { name: string }[]).map(({ name }) => name));
			cursor = body.next as string | null;
		}
		expect(seen).toEqual(names);
	});
});

describe("a code that nobody redeems", () => {
	test("is pending for its three minutes, and then nothing was ever installed", async () => {
		const { account, admin, token, integration } = await abandoned();
		expect(await states(token)).toEqual(["pending"]);
		const visitor = await atConsole(admin);
		const page = `/console/${slugOf(account)}/installed`;
		expect(wordsOf(await visitor.open(page))).toContain("Not yet: its code waits to be used");
		expect((await read(integration)).body.installs).toEqual({ grants: 0, accounts: 0 });
		await advance(179);
		expect(await states(token)).toEqual(["pending"]);
		await advance(1);
		expect(await states(token)).toEqual([]);
		expect(wordsOf(await visitor.open(page))).toContain("Nothing is installed");
		await advance(3600);
		expect(await states(token)).toEqual([]);
		expect((await read(integration)).body.installs).toEqual({ grants: 0, accounts: 0 });
	});

	test("is installed from its redemption on, however late anybody looks", async () => {
		const { token, integration, code } = await abandoned();
		expect(await states(token)).toEqual(["pending"]);
		await advance(170);
		const { accessToken } = tokensOf(await exchange(code, { client: integration }));
		expect(await states(token)).toEqual(["installed"]);
		await advance(3600);
		await runCron();
		expect(await states(token)).toEqual(["installed"]);
		expect((await read(integration)).body.installs).toEqual({ grants: 1, accounts: 1 });
		expect((await environments(accessToken)).status).not.toBe(401);
	});

	test("of a client that registered itself keeps it in nobody's way: nothing of it is left", async () => {
		const { admin, token } = await ownAccount();
		const client = await selfRegistered({ scope: "events:read" });
		codeOf(await decide(authorizePath(client), { who: admin }));
		expect(await states(token)).toEqual(["pending"]);
		await advance(3600);
		await runCron();
		expect(await states(token)).toEqual([]);
	});
});

describe("installing again", () => {
	test("is one row, which says when it was last, and all that it may do", async () => {
		const { admin, token } = await ownAccount();
		const integration = await anIntegration({ scopes: ["environments:read", "events:read"] });
		const first = await installBy(integration, admin);
		await change(integration, { scopes: ["events:read", "keys:read"] });
		await advance(staleness + 1);
		const again = codeOf(await decide(installPath(integration), { who: admin }));
		const [before] = await installsOf(token);
		expect(before).toMatchObject({ state: "installed", scopes: ["events:read"] });
		await advance(100);
		await exchange(again, { client: integration });
		const after = await installsOf(token);
		expect(after).toMatchObject([{ state: "installed", scopes: ["events:read", "keys:read"] }]);
		expect(Date.parse(after[0]?.installed_at ?? "")).toBeGreaterThan(Date.parse(before?.installed_at ?? ""));
		expect((await read(integration)).body.installs).toEqual({ grants: 2, accounts: 1 });
		const page = await (await atConsole(ada)).open(`/console/acme/integrations/${integration.client.id}`);
		expect(wordsOf(page)).toContain("installed once, in one account");
		// What was there before goes on until the row is ended, and then all of it is over.
		expect((await refresh(first.refreshToken, { client: integration })).status).toBe(200);
	});

	test("and revoking it once ends every one of its grants, and the codes that wait", async () => {
		const { admin, token } = await ownAccount();
		const integration = await anIntegration();
		const grants = [await installBy(integration, admin), await installBy(integration, admin)];
		const code = codeOf(await decide(installPath(integration), { who: admin }));
		const [install, ...more] = await installsOf(token);
		expect(more).toEqual([]);
		expect((await remove(install?.grant_id ?? "", token)).status).toBe(204);
		for (const { accessToken, refreshToken } of grants) {
			expect((await environments(accessToken)).status).toBe(401);
			expect((await refresh(refreshToken, { client: integration })).body.error).toBe("invalid_grant");
		}
		expect((await exchange(code, { client: integration })).body.error).toBe("invalid_grant");
		expect(await installsOf(token)).toEqual([]);
		expect(refusal(await remove(install?.grant_id ?? "", token))).toBe("404 Not Found");
	});
});

describe("revoking", () => {
	test("DESIGN §4.9: the next request of the grant is refused, and others go on", async () => {
		const { account, admin, token } = await ownAccount();
		const member = await aPerson({ [account]: "member" });
		const [integration, another] = [await anIntegration(), await anIntegration()];
		const ended = await installBy(integration, admin);
		const others = [await installBy(integration, member), await installBy(another, admin)];
		const before = await installsOf(token);
		expect(before).toHaveLength(3);
		const install = before.find((each) => each.name === integration.name && each.installed_by.id === admin.id);
		expect((await remove(install?.grant_id ?? "", token)).status).toBe(204);
		expect((await environments(ended.accessToken)).status).toBe(401);
		expect((await refresh(ended.refreshToken, { client: integration })).body.error).toBe("invalid_grant");
		expect(await introspect(ended.refreshToken, integration)).toEqual({ active: false });
		for (const { accessToken } of others) expect((await environments(accessToken)).status).toBe(200);
		expect(await installsOf(token)).toHaveLength(2);
	});

	test("a code that was not used yet is good no more", async () => {
		const { admin, token } = await ownAccount();
		const integration = await anIntegration();
		const code = codeOf(await decide(installPath(integration), { who: admin }));
		const [install] = await installsOf(token);
		expect((await remove(install?.grant_id ?? "", token)).status).toBe(204);
		expect((await exchange(code, { client: integration })).body.error).toBe("invalid_grant");
	});

	test("a second time, or by another account, or under an id that is none: not there", async () => {
		const { admin, token } = await ownAccount();
		const foreign = await ownAccount();
		const integration = await anIntegration();
		const { accessToken } = await installBy(integration, admin);
		const [install] = await installsOf(token);
		const id = install?.grant_id ?? "";
		const refused = [await remove(id, foreign.token), await remove("A".repeat(22), token), await remove("x", token)];
		expect(refused.map(refusal)).toEqual(times(3, () => "404 Not Found"));
		expect(new Set(refused.map(saidIn)).size).toBe(1);
		expect((await introspect(accessToken, integration)).active).toBe(true);
		expect((await remove(id, token)).status).toBe(204);
		expect(refusal(await remove(id, token))).toBe("404 Not Found");
	});

	test("a person ends what they installed themselves, and nobody else's", async () => {
		const { account, admin, token } = await ownAccount();
		const member = await aPerson({ [account]: "member" });
		const integration = await anIntegration();
		const [ofAdmin, ofMember] = [await installBy(integration, admin), await installBy(integration, member)];
		const installs = await installsOf(token);
		const idOf = (person: string) => installs.find((each) => each.installed_by.id === person)?.grant_id ?? "";
		const memberToken = await tokenOf(member);
		const refused = await remove(idOf(admin.id), memberToken);
		expect([refusal(refused), refused.body.permission]).toEqual(["403 Forbidden", "integrations:delete"]);
		expect((await introspect(ofAdmin.accessToken, integration)).active).toBe(true);
		expect((await remove(idOf(member.id), memberToken)).status).toBe(204);
		expect((await introspect(ofMember.accessToken, integration)).active).toBe(false);
	});

	test("an integration that may only read ends nothing, though it stands for the person who installed it", async () => {
		const { admin, token } = await ownAccount();
		const reader = await anIntegration({ scopes: ["integrations:read"] });
		const { accessToken } = await installBy(reader, admin);
		const [install] = await installsOf(token);
		expect(await installsOf(accessToken)).toHaveLength(1);
		expect(refusal(await remove(install?.grant_id ?? "", accessToken))).toBe("403 Forbidden");
		expect((await introspect(accessToken, reader)).active).toBe(true);
	});

	test("of ten at once one finds it", async () => {
		const { admin, token } = await ownAccount();
		const integration = await anIntegration();
		const { accessToken } = await installBy(integration, admin);
		const [install] = await installsOf(token);
		const answers = await Promise.all(times(10, () => remove(install?.grant_id ?? "", token)));
		for (const { status } of answers) expect([204, 404]).toContain(status);
		expect((await introspect(accessToken, integration)).active).toBe(false);
		expect(await installsOf(token)).toEqual([]);
	});
});

describe("what ended otherwise is not listed", () => {
	test("RFC 7009: a refresh token that its client revoked", async () => {
		const { admin, token } = await ownAccount();
		const integration = await anIntegration();
		const { refreshToken } = await installBy(integration, admin);
		await revoke(refreshToken, integration);
		expect(await installsOf(token)).toEqual([]);
	});

	test("RFC 6749 §4.1.2: a code that was used twice", async () => {
		const { admin, token } = await ownAccount();
		const integration = await anIntegration();
		const code = codeOf(await decide(installPath(integration), { who: admin }));
		for (let count = 0; count < 2; count++) await exchange(code, { client: integration });
		expect(await installsOf(token)).toEqual([]);
	});

	test("RFC 9700 §4.14.2: a refresh token that was used again", async () => {
		const { account, admin, token } = await ownAccount();
		const first = await granted(demo.nativeApp, {}, { who: admin, account });
		await refresh(tokensOf(await refresh(first.refreshToken, { client: demo.nativeApp })).refreshToken ?? "", {
			client: demo.nativeApp,
		});
		expect(await installsOf(token)).toHaveLength(1);
		await refresh(first.refreshToken, { client: demo.nativeApp });
		expect(await installsOf(token)).toEqual([]);
	});

	test("a client, the account that registered it, or a membership that ended", async () => {
		const { account, admin, token } = await ownAccount();
		const owner = await anAccount();
		const clients = [await aClient(demo.webApp, { accountId: owner }), await aClient(demo.webApp)];
		for (const client of clients) await exchange(await authorized(client, {}, { who: admin, account }), { client });
		const member = await aPerson({ [account]: "member" });
		const integration = await anIntegration();
		await installBy(integration, member);
		expect(await installsOf(token)).toHaveLength(3);
		const ended = { state: "ended", notBefore: 0 } as const;
		await setStanding({ kind: "account", id: owner }, ended);
		expect(await installsOf(token)).toHaveLength(2);
		await setStanding({ kind: "client", id: clients[1]?.client.id ?? "" }, ended);
		expect((await installsOf(token)).map(({ name }) => name)).toEqual([integration.name]);
		await setStanding({ kind: "membership", personId: member.id, accountId: account }, ended);
		expect(await installsOf(token)).toEqual([]);
	});

	test("a grant whose time is over", async () => {
		const who = { username: ada.username, password: ada.password };
		const integration = await anIntegration();
		await installBy(integration);
		const listed = async () =>
			(await installsOf(await loggedIn(who))).filter((each) => each.client_id === integration.client.id);
		expect(await listed()).toHaveLength(1);
		await advance(180 * 86_400 + staleness);
		expect(await listed()).toEqual([]);
		await runCron();
		expect(await listed()).toEqual([]);
	});
});

test("what a person revokes among their own grants is installed no longer", async () => {
	const { account, admin, token } = await ownAccount();
	const integration = await anIntegration();
	await installBy(integration, admin, account);
	const [install] = await installsOf(token);
	const visitor = await atConsole(admin);
	const base = `/console/${slugOf(account)}/my-access`;
	await visitor.post(`${base}/grants/${install?.grant_id}/revoke`);
	expect(await installsOf(token)).toEqual([]);
});
