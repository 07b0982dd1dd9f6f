import { describe, expect, test } from "vitest";
import { aClient, aKey, aPolicy, anAccessCode } from "../support/registered.ts";
import { type Answer, postForm, postJson, refusal } from "../support/requests.ts";
import { advance, demo, now } from "../support/target.ts";
import { basicOf, granted, type Registered } from "../support/tokens.ts";

const { webApp, integration, nativeApp } = demo;
const { acme, globex } = demo.accounts;

/** As a resource server of an account would ask: the web application is Acme's, the integration Globex's. */
function verify(key: string, caller: Registered = webApp): Promise<Answer> {
	return postJson("/v1/keys/verify", { key }, basicOf(caller));
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
				account_id: acme,
				permissions: ["environments:read", "events:read"],
				expires_at: now() + 365 * 86_400,
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
