import { describe, expect, test } from "vitest";
import { staleness } from "../../src/operations/lookups.ts";
import { atConsole } from "../support/console.ts";
import { anIntegration, installBy, pathOf } from "../support/integrations.ts";
import { call, inGlobex, inAcme, tokenOf } from "../support/keys-api.ts";
import { loggedIn, logIn, opens } from "../support/logins.ts";
import { ada } from "../support/people.ts";
import { aClient, aKey, aPerson, aPolicy } from "../support/registered.ts";
import { ask, refusal, times } from "../support/requests.ts";
import { advance, demo } from "../support/target.ts";
import { authorized, environments, exchange, granted, introspect, refresh, tokensOf } from "../support/tokens.ts";

// An account's "end all tokens of this client", and "of this key".

const { acme, globex } = demo.accounts;

async function audited(action: string, target: string) {
	const { text } = await ask(`/v1/audit?action=${action}`, { headers: await inAcme() });
	const { entries } = JSON.parse(text) as { entries: readonly { target: string; actor: string }[] };
	return entries.filter((entry) => entry.target === target);
}

describe("DELETE /v1/integrations/{client_id}/tokens", () => {
	test("DESIGN §4.9: ends codes, access and refresh tokens of everybody, and nothing of another client", async () => {
		const client = await aClient(demo.webApp, { name: "In other hands" });
		const other = await aClient(demo.webApp, { name: "In good hands" });
		const who = await aPerson({ [acme]: "member", [globex]: "member" });
		const [mine, theirs, kept] = [
			await granted(client),
			await granted(client, {}, { who, account: globex }),
			await granted(other),
		];
		const code = await authorized(client);
		expect((await call("DELETE", `${pathOf(client)}/tokens`)).status).toBe(204);
		await advance(staleness + 1);
		for (const { accessToken, refreshToken } of [mine, theirs]) {
			expect(refusal(await environments(accessToken))).toBe("401 invalid_token");
			expect(await introspect(accessToken, client)).toEqual({ active: false });
			expect(refusal(await refresh(refreshToken, { client }))).toBe("400 invalid_grant");
		}
		expect(refusal(await exchange(code, { client }))).toBe("400 invalid_grant");
		expect((await environments(kept.accessToken)).status).toBe(200);
		expect(await audited("client.end_tokens", client.client.id)).toHaveLength(1);
	});

	test("the client stays: its secret is good, and what people allow it from then on counts", async () => {
		const made = await anIntegration();
		const before = await installBy(made);
		expect((await call("DELETE", `${pathOf(made)}/tokens`)).status).toBe(204);
		await advance(staleness + 1);
		expect(refusal(await refresh(before.refreshToken, { client: made }))).toBe("400 invalid_grant");
		const after = await installBy(made);
		expect(tokensOf(await refresh(after.refreshToken, { client: made })).accessToken).not.toBe("");
		expect((await environments(after.accessToken)).status).toBe(200);
	});

	test("it is listed as installed by nobody then", async () => {
		const made = await anIntegration();
		await installBy(made);
		await call("DELETE", `${pathOf(made)}/tokens`);
		const { text } = await call("GET", "/v1/installs");
		expect(text).not.toContain(made.client.id);
	});

	test("is for whoever may end integrations of that very account", async () => {
		const made = await anIntegration();
		const member = await aPerson({ [acme]: "member" });
		expect(refusal(await call("DELETE", `${pathOf(made)}/tokens`, undefined, await tokenOf(member, "acme")))).toBe(
			"403 Forbidden",
		);
		expect(refusal(await call("DELETE", `${pathOf(made)}/tokens`, undefined, await inGlobex()))).toBe("404 Not Found");
		const { accessToken } = await installBy(made);
		await advance(staleness + 1);
		expect((await environments(accessToken)).status).toBe(200);
	});

	test("the console asks first, and then does it", async () => {
		const made = await anIntegration();
		const { refreshToken } = await installBy(made);
		const { open, send } = await atConsole(ada);
		const url = `/console/acme/integrations/${made.client.id}`;
		expect((await open(url)).text).toContain(`href="${url}/tokens/end"`);
		expect((await open(`${url}/tokens/end`)).text).toContain("is installed once");
		const done = await send(`${url}/tokens/end`, `${url}/tokens/end`);
		expect(done.headers.get("location")).toContain("tokens_ended");
		await advance(staleness + 1);
		expect(refusal(await refresh(refreshToken, { client: made }))).toBe("400 invalid_grant");
	});
});

describe("DELETE /v1/keys/{id}/tokens", () => {
	test("DESIGN §4.9: ends every login token at the next request, here and where it is linked; its codes log in anew", async () => {
		const [key, other] = [await aKey(), await aKey()];
		const policy = await aPolicy(globex, ["events:read"]);
		await key.change({ kind: "add_link", accountId: globex, policies: [policy] });
		const logins = times(3, (index) => ({ api_key: key.secret, session_id: `${index}` }));
		const tokens = await Promise.all(logins.map((login) => loggedIn(login)));
		const elsewhere = await loggedIn({ api_key: key.secret, account: "globex" });
		const theirs = await loggedIn({ api_key: other.secret });
		expect((await call("DELETE", `/v1/keys/${key.id}/tokens`)).status).toBe(204);
		expect(await Promise.all([...tokens, elsewhere].map(opens))).toEqual([401, 401, 401, 401]);
		expect(await opens(theirs)).toBe(200);
		const again = await loggedIn({ api_key: key.secret, session_id: "0" });
		expect(tokens).not.toContain(again);
		expect(await opens(again)).toBe(200);
		expect(await audited("key.end_tokens", key.id)).toHaveLength(1);
	});

	test("logins at the same time are good or ended: of those that were answered before it, none is good", async () => {
		const key = await aKey();
		const before = await loggedIn({ api_key: key.secret });
		const [ended, ...during] = await Promise.all([
			call("DELETE", `/v1/keys/${key.id}/tokens`),
			...times(5, (index) => logIn({ api_key: key.secret, session_id: `${index}` })),
		]);
		expect(ended.status).toBe(204);
		expect(during.map(({ status }) => status)).toEqual(times(5, () => 200));
		expect(await opens(before)).toBe(401);
	});

	test("is for whoever may delete keys of that very account, and never for one that has linked it", async () => {
		const key = await aKey();
		const policy = await aPolicy(globex, ["events:read"]);
		await key.change({ kind: "add_link", accountId: globex, policies: [policy] });
		const token = await loggedIn({ api_key: key.secret });
		const member = await aPerson({ [acme]: "member" });
		expect(refusal(await call("DELETE", `/v1/keys/${key.id}/tokens`, undefined, await tokenOf(member, "acme")))).toBe(
			"403 Forbidden",
		);
		expect(refusal(await call("DELETE", `/v1/keys/${key.id}/tokens`, undefined, await inGlobex()))).toBe(
			"404 Not Found",
		);
		expect(await opens(token)).toBe(200);
	});

	test("the console asks first, and then does it", async () => {
		const key = await aKey();
		const token = await loggedIn({ api_key: key.secret });
		const { open, send } = await atConsole(ada);
		const url = `/console/acme/keys/${key.id}`;
		expect((await open(url)).text).toContain(`href="${url}/tokens/end"`);
		await send(`${url}/tokens/end`, `${url}/tokens/end`);
		expect(await opens(token)).toBe(401);
	});
});
