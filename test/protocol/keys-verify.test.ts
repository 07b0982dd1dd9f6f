import { describe, expect, test } from "vitest";
import { writeInstant } from "../../src/domain/instant.ts";
import { reinstate, suspend } from "../support/accounts.ts";
import { aClient, aKey, anAccessCode, anAccount, anApi, aPolicy, slugOf } from "../support/registered.ts";
import { type Answer, ask, postForm, postJson, refusal } from "../support/requests.ts";
import { advance, demo, now } from "../support/target.ts";
import { basicOf, granted, type Registered } from "../support/tokens.ts";

const { webApp, integration, nativeApp } = demo;
const { acme, globex } = demo.accounts;

/** As a resource server of an account would ask: the web application is Acme's, the integration Globex's. */
function verify(key: string, caller: Registered = webApp, account?: string): Promise<Answer> {
	return postJson("/v1/keys/verify", { key, ...(account !== undefined && { account }) }, basicOf(caller));
}

/** A client, the API that it serves, and the names of its permissions. */
async function served(accountId: string | null, like = webApp) {
	const server = await aClient(like);
	const api = await anApi({ accountId, servers: [server.client.id] });
	const [read = "", write = ""] = api.permissions.map(({ name }) => name);
	return { server, api, read, write };
}

describe("POST /v1/keys/verify", () => {
	test("a good access code, and what it permits in the caller's account", async () => {
		const key = await aKey();
		const answer = await verify(key.secret);
		expect(answer.headers.get("cache-control")).toBe("no-store");
		expect([answer.status, answer.body]).toEqual([
			200,
			{
				valid: true,
				key_id: key.id,
				code: `${key.secret.slice(0, 11)}\u2026${key.secret.slice(-4)}`,
				account_id: acme,
				permissions: ["environments:read", "events:read"],
				expires_at: writeInstant(now() + 365 * 86_400),
			},
		]);
	});

	test("a key with no policy is valid and opens nothing (contract 003)", async () => {
		const key = await aKey(acme, []);
		expect((await verify(key.secret)).body).toMatchObject({ valid: true, permissions: [] });
	});

	test("several policies are united; one that is gone permits nothing", async () => {
		const policies = [await aPolicy(acme, ["events:write"]), await aPolicy(acme, ["alerts:read"]), "gone"];
		const key = await aKey(acme, policies);
		expect((await verify(key.secret)).body.permissions).toEqual(["alerts:read", "events:write"]);
	});

	test("tenancy: another account's key is as unknown as one that does not exist", async () => {
		const key = await aKey();
		const answer = await verify(key.secret, integration);
		expect(answer.body).toEqual({ valid: false, reason: "unknown" });
		expect((await verify("lk_nothing", integration)).text).toBe(answer.text);
		// Not even its state shows.
		await key.change({ kind: "set_state", state: "disabled" });
		expect((await verify(key.secret, integration)).text).toBe(answer.text);
	});

	test("a link opens the linker's account by the linker's policies, until it is cut", async () => {
		const key = await aKey();
		const policy = await aPolicy(globex, ["alerts:read"]);
		await key.change({ kind: "set_policies", accountId: globex, policies: [policy] });
		expect((await verify(key.secret, integration)).body).toMatchObject({
			valid: true,
			account_id: globex,
			permissions: ["alerts:read"],
		});
		expect((await verify(key.secret)).body.permissions).toEqual(["environments:read", "events:read"]);
		await key.change({ kind: "set_policies", accountId: globex, policies: null });
		expect((await verify(key.secret, integration)).body).toEqual({ valid: false, reason: "unknown" });
	});

	test("disabled, deleted and expired are told to the key's own account, at the next request", async () => {
		const key = await aKey();
		const second = await anAccessCode(key);
		await key.change({ kind: "set_code_enabled", id: key.codeId, enabled: false });
		expect((await verify(key.secret)).body).toEqual({ valid: false, reason: "code_disabled" });
		expect((await verify(second.secret)).body.valid).toBe(true);
		await key.change({ kind: "delete_code", id: key.codeId });
		expect((await verify(key.secret)).body).toEqual({ valid: false, reason: "unknown" });
		await key.change({ kind: "set_state", state: "disabled" });
		expect((await verify(second.secret)).body).toEqual({ valid: false, reason: "key_disabled" });
		await key.change({ kind: "set_state", state: "enabled" });
		await advance(365 * 86_400);
		expect((await verify(second.secret)).body).toEqual({ valid: false, reason: "code_expired" });
		await key.change({ kind: "delete" });
		expect((await verify(second.secret)).body).toEqual({ valid: false, reason: "key_deleted" });
	});

	test("what is no access code is unknown", async () => {
		const { secret } = await aKey();
		const { accessToken, refreshToken } = await granted();
		for (const key of ["x", "lk_", secret.slice(0, -1), `${secret}0`, `${secret} `, accessToken, refreshToken]) {
			expect((await verify(key)).body).toEqual({ valid: false, reason: "unknown" });
		}
	});

	test("a form is taken as well", async () => {
		const { secret } = await aKey();
		expect((await postForm("/v1/keys/verify", { key: secret }, basicOf(webApp))).body.valid).toBe(true);
	});

	test("whoever asks proves who it is, with HTTP Basic", async () => {
		const { secret } = await aKey();
		const { client } = webApp;
		const inBody = { key: secret, client_id: client.id, client_secret: webApp.secret };
		const ended = await aClient(webApp, { state: "ended" });
		const answers = [
			await postJson("/v1/keys/verify", { key: secret }),
			await postJson("/v1/keys/verify", inBody),
			await postJson("/v1/keys/verify", { key: secret }, { authorization: "Basic x" }),
			await verify(secret, { client, secret: "lkcs_wrong" }),
			await verify(secret, { client: nativeApp.client, secret: "x" }),
			await verify(secret, ended),
		];
		expect(new Set(answers.map(refusal))).toEqual(new Set(["401 Unauthorized"]));
		for (const { headers } of answers) expect(headers.get("www-authenticate")).toMatch(/^Basic realm=/);
	});

	test("without a key it is refused", async () => {
		expect(refusal(await postJson("/v1/keys/verify", {}, basicOf(webApp)))).toBe("400 Malformed request");
		expect(refusal(await postJson("/v1/keys/verify", [], basicOf(webApp)))).toBe("400 Malformed request");
	});
});

describe("POST /v1/keys/verify, by a server of APIs", () => {
	test("tells the permissions of those that it serves, and nothing of latchkey nor of another", async () => {
		const [mine, other] = [await served(acme), await served(acme)];
		const key = await aKey(acme, [await aPolicy(acme, ["events:read", mine.read, other.write])]);
		const answer = await verify(key.secret, mine.server);
		expect([answer.status, answer.body]).toEqual([
			200,
			{
				valid: true,
				key_id: key.id,
				code: `${key.secret.slice(0, 11)}\u2026${key.secret.slice(-4)}`,
				account_id: acme,
				account: "acme",
				resource: [mine.api.identifier],
				permissions: [mine.read],
				expires_at: writeInstant(now() + 365 * 86_400),
			},
		]);
		expect((await verify(key.secret, other.server)).body.permissions).toEqual([other.write]);
		// A server of none is told of latchkey, as ever.
		const { body } = await verify(key.secret);
		expect([body.permissions, Object.keys(body)]).toEqual([["events:read"], expect.not.arrayContaining(["resource"])]);
	});

	test("its account's own API is a client's that lists it among its resources, and nobody else's", async () => {
		const api = await anApi({ accountId: acme });
		const [read = ""] = api.permissions.map(({ name }) => name);
		const options = { ...webApp.client.options, resources: [api.identifier] };
		const key = await aKey(acme, [await aPolicy(acme, ["events:read", read])]);
		expect((await verify(key.secret, await aClient(webApp, { options }))).body.permissions).toEqual([read]);
		await key.change({ kind: "set_policies", accountId: globex, policies: [await aPolicy(globex, ["alerts:read"])] });
		const theirs = await aClient(integration, { options });
		expect((await verify(key.secret, theirs)).body).toMatchObject({ account_id: globex, permissions: ["alerts:read"] });
		// Nor does listing an API of the whole deployment make one its server.
		const all = await anApi();
		const claims = { ...webApp.client.options, resources: [all.identifier] };
		const claimed = await aKey(acme, [await aPolicy(acme, ["events:read", all.permissions[0]?.name ?? ""])]);
		expect((await verify(claimed.secret, await aClient(webApp, { options: claims }))).body.permissions).toEqual([
			"events:read",
		]);
	});

	test("tenancy: another account's API that names it as a server tells it nothing", async () => {
		const server = await aClient(webApp);
		const api = await anApi({ accountId: globex, servers: [server.client.id] });
		const [read = ""] = api.permissions.map(({ name }) => name);
		const key = await aKey(globex, [await aPolicy(globex, [read])]);
		expect((await verify(key.secret, server)).body).toEqual({ valid: false, reason: "unknown" });
		expect((await verify(key.secret, server, "globex")).body).toEqual({ valid: false, reason: "unknown" });
	});

	test("one of the whole deployment asks of keys of every account: in their owner's, or in the one that is named", async () => {
		const { server, api, read, write } = await served(null);
		const key = await aKey(globex, [await aPolicy(globex, [read, "events:read"])]);
		await key.change({ kind: "set_policies", accountId: acme, policies: [await aPolicy(acme, [write])] });
		const inGlobex = { account_id: globex, account: "globex", resource: [api.identifier], permissions: [read] };
		expect((await verify(key.secret, server)).body).toMatchObject(inGlobex);
		expect((await verify(key.secret, server, "globex")).body).toMatchObject(inGlobex);
		expect((await verify(key.secret, server, "acme")).body).toMatchObject({ account: "acme", permissions: [write] });
		for (const account of ["nobody", globex]) {
			expect([account, (await verify(key.secret, server, account)).body]).toEqual([
				account,
				{ valid: false, reason: "unknown" },
			]);
		}
	});

	test("DESIGN §4.9: of an account that is suspended it learns nothing within 30 s, and all again when it is reinstated", async () => {
		const { server, read } = await served(null);
		const id = await anAccount();
		const key = await aKey(id, [await aPolicy(id, [read])]);
		const told = async (account?: string) => (await verify(key.secret, server, account)).body;
		expect(await told()).toMatchObject({ valid: true, account_id: id, permissions: [read] });
		expect((await suspend(id)).status).toBe(200);
		await advance(31);
		for (const account of [undefined, slugOf(id)])
			expect(await told(account)).toEqual({ valid: false, reason: "unknown" });
		expect((await reinstate(id)).status).toBe(200);
		await advance(31);
		expect(await told(slugOf(id))).toMatchObject({ valid: true, permissions: [read] });
	});

	test("what it serves in its own account, it does not serve in another", async () => {
		const { server, api } = await served(acme);
		const all = await anApi({ servers: [server.client.id] });
		const key = await aKey(globex, [await aPolicy(globex, [all.permissions[0]?.name ?? ""])]);
		expect((await verify(key.secret, server)).body).toMatchObject({ resource: [all.identifier] });
		const own = await aKey(acme, [await aPolicy(acme, [api.permissions[0]?.name ?? ""])]);
		expect((await verify(own.secret, server)).body).toMatchObject({
			resource: expect.arrayContaining([api.identifier, all.identifier]),
			permissions: [api.permissions[0]?.name],
		});
	});

	test("whoever serves none of the whole deployment learns of no other account by naming it", async () => {
		const { server } = await served(globex, integration);
		const key = await aKey(acme);
		for (const caller of [server, integration]) {
			for (const account of ["acme", "nobody", undefined]) {
				expect((await verify(key.secret, caller, account)).body).toEqual({ valid: false, reason: "unknown" });
			}
		}
		expect((await verify(key.secret, webApp, "acme")).body.valid).toBe(true);
	});

	test("latchkey's own resources look at its own permissions alone", async () => {
		const api = await anApi({ accountId: acme });
		const key = await aKey(acme, [await aPolicy(acme, [api.permissions[0]?.name ?? ""])]);
		expect((await ask("/v1/environments", { headers: { "x-api-key": key.secret } })).status).toBe(403);
	});
});
