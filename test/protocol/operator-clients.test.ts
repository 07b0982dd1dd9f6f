import { afterAll, describe, expect, test } from "vitest";
import { base64url, utf8 } from "../../src/crypto/encoding.ts";
import { staleness } from "../../src/operations/lookups.ts";
import { startStrangerServer } from "../peers/stranger-server.ts";
import { atConsole, wordsOf } from "../support/console.ts";
import { anIntegration, installBy } from "../support/integrations.ts";
import { call, type Credential, good, inAcme, inGlobex, newName } from "../support/keys-api.ts";
import { loggedIn } from "../support/logins.ts";
import { ada, codeOf, decide, grace, signedIn } from "../support/people.ts";
import { aClient } from "../support/registered.ts";
import { ask, bearer, refusal } from "../support/requests.ts";
import { metadata, selfRegistered } from "../support/self-registered.ts";
import { advance, demo, runCron } from "../support/target.ts";
import {
	authorizePath,
	environments,
	exchange,
	granted,
	refresh,
	type Registered,
	tokensOf,
} from "../support/tokens.ts";

const server = await startStrangerServer();
afterAll(() => server.close());

const { acme, globex } = demo.accounts;

interface Shown {
	readonly id: string;
	readonly client_id: string;
	readonly name: string;
	readonly account: { readonly id: string } | null;
	readonly state: string;
	readonly installs: number;
}

async function listed(query: string, by?: Credential): Promise<readonly Shown[]> {
	return good<{ clients: Shown[] }>(await call("GET", `/v1/clients${query}`, undefined, by)).clients;
}

async function pathIdOf({ client }: Registered): Promise<string> {
	const [found] = await listed(`?search=${encodeURIComponent(client.id)}`);
	return found?.id ?? "";
}

async function shown(of: Registered): Promise<Shown & { readonly granted: readonly unknown[] }> {
	return good(await call("GET", `/v1/clients/${await pathIdOf(of)}`));
}

async function end(of: Registered, by?: Credential) {
	return call("DELETE", `/v1/clients/${await pathIdOf(of)}`, undefined, by);
}

/** An application at a URL, described there. */
function published(path: string): Registered {
	const client_id = `${server.origin}${path}`;
	server.serveJson({ ...metadata({ client_name: "Described" }), client_id }, {}, path);
	const redirectUris = ["https://weather.example/callback"];
	return { client: { ...demo.nativeApp.client, id: client_id, accountId: null, redirectUris }, secret: null };
}

async function codeFor(client: Registered): Promise<string> {
	return codeOf(await decide(authorizePath(client, { scope: "environments:read" })));
}

describe("GET /v1/clients", () => {
	test("has those of every account and of none, by name or id, a page at a time", async () => {
		const name = newName("Seen by operators");
		const [own, theirs] = [
			await aClient(demo.webApp, { name: `${name} a` }),
			await aClient(demo.webApp, { name: `${name} b`, accountId: globex }),
		];
		const found = await listed(`?search=${encodeURIComponent(name.toUpperCase())}`);
		expect(found.map(({ client_id, account }) => [client_id, account?.id])).toEqual([
			[own.client.id, acme],
			[theirs.client.id, globex],
		]);
		const { id } = await selfRegistered({ client_name: `${name} c` });
		expect(await listed(`?search=${id}`)).toMatchObject([{ client_id: id, account: null, state: "active" }]);
		const first = good<{ clients: Shown[]; next: string }>(
			await call("GET", `/v1/clients?limit=2&search=${encodeURIComponent(name)}`),
		);
		expect(first.clients).toHaveLength(2);
		const rest = await listed(`?limit=2&search=${encodeURIComponent(name)}&cursor=${first.next}`);
		expect(rest.map(({ client_id }) => client_id)).toEqual([id]);
		expect(refusal(await call("GET", `/v1/clients?cursor=${first.next}`))).toBe("400 Malformed request");
	});

	test("says what a client was granted where, and no secret, nor who granted it", async () => {
		const made = await anIntegration();
		await installBy(made, ada, acme);
		await installBy(made, grace, globex);
		const { granted: where, installs } = await shown(made);
		expect(installs).toBe(2);
		expect(where).toMatchObject([
			{ account: { id: acme }, installs: 1, scopes: expect.arrayContaining(["events:read"]) },
			{ account: { id: globex }, installs: 1 },
		]);
		const { text } = await call("GET", `/v1/clients/${await pathIdOf(made)}`);
		expect(text).not.toMatch(/secret|hash|usr_/);
		expect(text).not.toContain(made.secret ?? "");
	});

	test("is for operators: no administrator, key or application sees or ends one that is not theirs", async () => {
		const made = await aClient(demo.webApp, { name: newName("Not theirs") });
		const byKey = bearer(await loggedIn({ api_key: demo.apiKey.accessCode }));
		for (const by of [await inGlobex(), byKey]) {
			expect(refusal(await call("GET", "/v1/clients", undefined, by))).toBe("403 Forbidden");
			expect(refusal(await call("GET", `/v1/clients/${made.client.id}`, undefined, by))).toBe("403 Forbidden");
			expect(refusal(await call("DELETE", `/v1/clients/${made.client.id}`, undefined, by))).toBe("403 Forbidden");
		}
		const { accessToken } = await granted();
		expect(refusal(await call("DELETE", `/v1/clients/${made.client.id}`, undefined, bearer(accessToken)))).toBe(
			"401 Unauthorized",
		);
		expect(await shown(made)).toMatchObject({ state: "active" });
	});
});

describe("DELETE /v1/clients/{client_id}", () => {
	test("ends one of another account for everybody, at once, and both logs have it", async () => {
		const made = await aClient(demo.webApp, { name: newName("To be ended"), accountId: globex });
		const { refreshToken, accessToken } = await granted(made);
		expect((await end(made)).status).toBe(204);
		expect(refusal(await refresh(refreshToken, { client: made }))).toBe("401 invalid_client");
		expect((await environments(accessToken)).status).toBe(401);
		const opened = await ask(authorizePath(made), { headers: { cookie: await signedIn(ada) } });
		expect(refusal(opened)).toBe("400 Unknown application");
		expect(await shown(made)).toMatchObject({ state: "ended", granted: expect.any(Array) });
		expect((await end(made)).status).toBe(204);
		const path = `/v1/audit?target=${made.client.id}&action=client.end_for_all`;
		const { entries } = good<{ entries: unknown[] }>(await call("GET", path, undefined, await inGlobex()));
		expect(entries).toHaveLength(1);
	});

	test("ends one that registered itself, whose own token manages it no more", async () => {
		const made = await selfRegistered();
		expect((await end(made)).status).toBe(204);
		expect((await ask(`/oauth/register/${made.id}`, { headers: bearer(made.token) })).status).toBe(401);
	});

	test("one that a document describes stays ended though its document is still there, for good", async () => {
		const client = published("/described/client.json");
		const { refreshToken } = tokensOf(await exchange(await codeFor(client), { client }));
		// Its id in a path has no slash, which proxies do not all pass on.
		expect(await pathIdOf(client)).toMatch(/^url_[\w-]+$/);
		expect((await end(client)).status).toBe(204);
		const opened = async () =>
			ask(authorizePath(client, { scope: "environments:read" }), { headers: { cookie: await signedIn(ada) } });
		expect(refusal(await refresh(refreshToken ?? "", { client }))).toBe("401 invalid_client");
		expect(refusal(await opened())).toBe("400 Unknown application");
		// Longer than what has ended is kept, and than a grant could have lived.
		for (const days of [40, 200]) {
			await advance(days * 86_400);
			await runCron();
			await advance(staleness + 1);
			expect([days, refusal(await opened())]).toEqual([days, "400 Unknown application"]);
		}
	});

	test("of what is not there is 404", async () => {
		const known = demo.webApp.client.id;
		const nobody = base64url(utf8("https://nobody.example"));
		// The last three: an id of ours in the place of a URL, and bytes that are no text.
		for (const id of [
			known.slice(0, -1),
			"url_",
			"url_!",
			`url_${nobody}`,
			`url_${base64url(utf8(known))}`,
			"url_____",
		]) {
			expect([id, refusal(await call("DELETE", `/v1/clients/${id}`))]).toEqual([id, "404 Not Found"]);
			expect([id, refusal(await call("GET", `/v1/clients/${id}`))]).toEqual([id, "404 Not Found"]);
		}
	});
});

describe("/operator/clients", () => {
	test("lists, shows and ends them, and asks first", async () => {
		const made = await anIntegration();
		await installBy(made, ada, acme);
		const { open, send } = await atConsole(ada);
		const list = await open(`/operator/clients?search=${made.client.id}`);
		const path = `/operator/clients/${made.client.id}`;
		expect(list.text).toContain(`href="${path}"`);
		const page = wordsOf(await open(path));
		expect(page).toContain(made.client.id);
		expect(page).toContain("Active");
		const asked = wordsOf(await open(`${path}/end`));
		expect(asked).toContain("What it was granted ends with it: 1 install in 1 account.");
		expect((await send(`${path}/end`, `${path}/end`)).headers.get("location")).toBe(`${path}?done=ended`);
		const ended = await open(`${path}?done=ended`);
		expect(wordsOf(ended)).toContain("It has ended for everybody.");
		expect(ended.text).not.toContain(`${path}/end`);
		expect(wordsOf(await open("/operator/clients?search=no-such-client-anywhere"))).toContain("Nothing that matches");
		expect((await open("/operator/clients/none")).status).toBe(404);
		expect((await (await atConsole(grace)).open(path)).status).toBe(404);
		expect((await listed(`?search=${made.client.id}`, await inAcme()))[0]?.state).toBe("ended");
	});
});
