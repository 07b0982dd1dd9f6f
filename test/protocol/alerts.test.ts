import { writeInstant } from "../../src/domain/instant.ts";
import { beforeAll, describe, expect, test } from "vitest";
import { accessCodeTtl } from "../../src/domain/api-key-state.ts";
import { eventually } from "../support/eventually.ts";
import { generated, nextPair, refreshPair } from "../support/pairs.ts";
import { ada, grace, signedIn } from "../support/people.ts";
import { anAccessCode, anAccount, aKey, aPerson, aPolicy } from "../support/registered.ts";
import { ask, basic, bearer, ownPage, postForm, postJson, times } from "../support/requests.ts";
import { alertSearch, alertsFound, type FoundAlert } from "../support/searches.ts";
import { advance, demo, now, runCron } from "../support/target.ts";
import { exchange, granted, installed, refresh } from "../support/tokens.ts";

const day = 86_400;
const { acme } = demo.accounts;

/** Reads the alerts of an account, with a key of its own that stays good. */
async function watcher(accountId: string): Promise<Record<string, string>> {
	const policy = await aPolicy(accountId, ["alerts:read"]);
	return { "x-api-key": (await aKey(accountId, [policy])).secret };
}

let acmeWatcher: Record<string, string>;
beforeAll(async () => {
	acmeWatcher = await watcher(acme);
});

function of(kind: string, more: Record<string, string> = {}) {
	const fields = Object.entries({ kind, ...more });
	return fields.map(([field, value]) => ({ field, operator: "eq", value }));
}

/** Alerts are raised after the answer has gone: they are there a moment later. */
function alertsSoon(filters: object[], headers = acmeWatcher): Promise<readonly FoundAlert[]> {
	return eventually(async () => {
		const found = await alertsFound({ filters }, headers);
		expect(found.length).toBeGreaterThan(0);
		return found;
	});
}

describe("what is noticed", () => {
	test("an authorization code that is used twice; the answer is what it always was", async () => {
		const code = await installed();
		await exchange(code);
		const replay = await exchange(code);
		expect([replay.status, replay.body.error]).toEqual([400, "invalid_grant"]);
		const [alert] = await alertsSoon(of("code_replayed"));
		const person = demo.people.find(({ username }) => username === "ada");
		expect(alert).toMatchObject({
			title: "Authorization code used twice",
			subject: person?.id,
			target: demo.integration.client.id,
			count: 1,
			detail: { username: "ada", client: "Globex Insights", grant: expect.any(String) },
		});
		expect(alert?.description).toMatch(/ada.*Globex Insights.*second time/);
	});

	test("a refresh token that comes back after it was replaced", async () => {
		const client = demo.webApp;
		const { refreshToken } = await granted(client);
		const next = await refresh(refreshToken, { client });
		await refresh(String(next.body.refresh_token), { client });
		await refresh(refreshToken, { client });
		const [alert] = await alertsSoon(of("refresh_token_reused", { target: client.client.id }));
		expect(alert).toMatchObject({ count: 1, detail: { username: "ada", client: "Acme Portal" } });
	});

	test("one of a token pair as well", async () => {
		const who = await aPerson({ [acme]: "admin" });
		const { write } = await generated(who);
		const second = nextPair(await refreshPair(write.refresh));
		await refreshPair(second.refresh);
		expect((await refreshPair(write.refresh)).status).toBe(401);
		const [alert] = await alertsSoon(of("refresh_token_reused", { subject: who.id }));
		expect(alert).toMatchObject({ target: who.id, detail: { username: who.username, client: "a token pair" } });
	});

	test("guessed passwords, when the limit is met: for every account of that person, and for no other", async () => {
		const [one, two, third] = [await anAccount(), await anAccount(), await anAccount()];
		const who = await aPerson({ [one]: "member", [two]: "admin" });
		const headers = { ...ownPage, "cf-connecting-ip": "203.0.113.77" };
		const attempt = () => postForm("/sign-in", { username: who.username, password: "wrong" }, headers);
		for (const _ of times(10, () => null)) expect((await attempt()).status).toBeLessThan(429);
		expect(await alertsFound({ filters: [] }, await watcher(one))).toEqual([]);
		expect((await attempt()).status).toBe(429);
		for (const account of [one, two]) {
			const [alert] = await alertsSoon(of("failed_logins"), await watcher(account));
			expect(alert).toMatchObject({
				subject: who.id,
				target: null,
				detail: { username: who.username, address: "203.0.113.77" },
			});
		}
		expect(await alertsFound({ filters: [] }, await watcher(third))).toEqual([]);
	});

	test("guesses at somebody who does not exist are held off alike, and nobody is told", async () => {
		const before = await alertsFound({ filters: of("failed_logins") }, acmeWatcher);
		const headers = { ...ownPage, "cf-connecting-ip": "203.0.113.78" };
		const statuses: number[] = [];
		for (const _ of times(11, () => null)) {
			statuses.push((await postForm("/sign-in", { username: "nobody-at-all", password: "x" }, headers)).status);
		}
		expect(statuses.at(-1)).toBe(429);
		expect(await alertsFound({ filters: of("failed_logins") }, acmeWatcher)).toEqual(before);
	});

	test.each([
		["a disabled key", "key_disabled", { kind: "set_state", state: "disabled" }],
		["a deleted key", "key_deleted", { kind: "delete" }],
		["a disabled access code", "code_disabled", null],
	] as const)("%s that is still in use, told to the account that owns it", async (_, reason, change) => {
		const owner = await anAccount();
		const headers = await watcher(owner);
		const key = await aKey(owner, []);
		await key.change(change ?? { kind: "set_code_enabled", id: key.codeId, enabled: false });
		expect((await alertSearch({ filters: [] }, { "x-api-key": key.secret })).status).toBe(401);
		expect((await postJson("/auth/login", { api_key: key.secret })).status).toBe(401);
		const [alert] = await alertsSoon(of("dead_key_used"), headers);
		expect(alert).toMatchObject({
			subject: key.id,
			target: key.codeId,
			detail: { key: expect.stringContaining("New key"), reason },
		});
		expect(JSON.stringify(alert)).not.toContain(key.secret.slice(10, 30));
	});

	test("an access code that has expired, at the door of a resource server too", async () => {
		const key = await aKey();
		await advance(accessCodeTtl);
		// The watcher's own has expired with it.
		const headers = await watcher(acme);
		const { client, secret } = demo.webApp;
		const verdict = await postJson("/v1/keys/verify", { key: key.secret }, basic(client.id, secret ?? ""));
		expect(verdict.body).toMatchObject({ valid: false });
		const [alert] = await alertsSoon(of("dead_key_used", { subject: key.id }), headers);
		expect(alert?.detail).toMatchObject({ reason: "code_expired" });
		acmeWatcher = headers;
	});

	test("each of two hundred uses is counted, a few seconds later at most", async () => {
		const owner = await anAccount();
		const headers = await watcher(owner);
		const key = await aKey(owner, []);
		await key.change({ kind: "delete" });
		await Promise.all(times(200, () => postJson("/auth/login", { api_key: key.secret })));
		await eventually(async () => {
			const [alert] = await alertsFound({ filters: of("dead_key_used") }, headers);
			expect(alert?.count).toBe(200);
		});
	});

	test("garbage, a stranger's guess and a good key raise nothing", async () => {
		const owner = await anAccount();
		const headers = await watcher(owner);
		const key = await aKey(owner, []);
		for (const secret of ["x", `${key.secret}x`, key.secret]) {
			await ask("/v1/events?environment=a/b", { method: "POST", body: "{}", headers: { "x-api-key": secret } });
			await postJson("/auth/login", { api_key: secret });
		}
		expect(await alertsFound({ filters: [] }, headers)).toEqual([]);
	});
});

describe("counting", () => {
	test("one row for an hour, whose count grows; another hour is another row", async () => {
		const owner = await anAccount();
		const headers = await watcher(owner);
		const key = await aKey(owner, []);
		await key.change({ kind: "set_state", state: "disabled" });
		// To the beginning of an hour, by the clock that everybody has.
		await advance(3600 - (now() % 3600));
		const use = () => postJson("/auth/login", { api_key: key.secret });
		await use();
		await alertsSoon(of("dead_key_used"), headers);
		for (const _ of times(4, () => null)) await use();
		await advance(10);
		await use();
		await eventually(async () => {
			const [alert] = await alertsFound({ filters: of("dead_key_used") }, headers);
			expect(alert?.count).toBe(6);
		});
		await advance(3600);
		await use();
		await eventually(async () => {
			const found = await alertsFound({ filters: of("dead_key_used") }, headers);
			expect(found.map(({ count }) => count)).toEqual([1, 6]);
		});
		const counted = { filters: [{ field: "count", operator: "gt", value: 1 }] };
		expect(await alertsFound(counted, headers)).toHaveLength(1);
		const [newest] = await alertsFound({ filters: [] }, headers);
		const seen = { filters: [{ field: "first_seen", operator: "gte", value: newest?.first_seen }] };
		expect(await alertsFound(seen, headers)).toHaveLength(1);
		const page = await alertSearch({ filters: [], limit: 1 }, headers);
		const rest = await alertsFound({ filters: [], limit: 1, cursor: page.body.next_cursor }, headers);
		expect(rest.map(({ count }) => count)).toEqual([6]);
	});
});

describe("an access code about to expire", () => {
	test("once a day, from 30 days before; not for one that is disabled, nor for one that has gone", async () => {
		// To the beginning of a day, by the clock that everybody has.
		await advance(day - (now() % day));
		const owner = await anAccount();
		const key = await aKey(owner, []);
		const second = await anAccessCode(key);
		await key.change({ kind: "set_code_enabled", id: second.codeId, enabled: false });
		const off = await aKey(owner, []);
		await off.change({ kind: "set_state", state: "disabled" });

		await advance(accessCodeTtl - 31 * day);
		await runCron();
		const headers = await watcher(owner);
		expect(await alertsFound({ filters: [] }, headers)).toEqual([]);
		await advance(2 * day);
		for (const _ of times(3, () => null)) {
			await runCron();
			await advance(3600);
		}
		const found = await alertsFound({ filters: [] }, headers);
		expect(found).toHaveLength(1);
		expect(found[0]).toMatchObject({
			kind: "access_code_expiring",
			subject: key.id,
			target: key.codeId,
			count: 1,
			detail: { key: expect.stringContaining("New key"), expires_at: expect.stringMatching(/Z$/) },
		});
		expect(found[0]?.description).toMatch(/expires on \d{4}-\d\d-\d\d/);
		await advance(day);
		await runCron();
		expect(await alertsFound({ filters: [] }, headers)).toHaveLength(2);
		await advance(30 * day);
		await runCron();
		const later = await alertsFound({ filters: of("access_code_expiring"), limit: 100 }, headers);
		// The old ones were purged with the events; what has expired is warned of no more.
		expect(later.filter(({ last_seen: seen }) => Date.parse(seen) / 1000 > now() - day)).toEqual([]);
	});
});

describe("an API key about to expire", () => {
	test("by its own end, once a day from 30 days before; not for one that is disabled, nor where the end was moved", async () => {
		await advance(day - (now() % day));
		const owner = await anAccount();
		const [key, off, moved] = [await aKey(owner, []), await aKey(owner, []), await aKey(owner, [])];
		const end = now() + 40 * day;
		const ends = { expiresAt: end };
		for (const each of [key, off, moved]) await each.change({ kind: "edit_limits", from: null, limits: ends });
		await off.change({ kind: "set_state", state: "disabled" });
		await moved.change({ kind: "edit_limits", from: ends, limits: { expiresAt: end + 90 * day } });
		const headers = await watcher(owner);
		await advance(9 * day);
		await runCron();
		expect(await alertsFound({ filters: [] }, headers)).toEqual([]);
		await advance(2 * day);
		for (const _ of times(2, () => null)) {
			await runCron();
			await advance(3600);
		}
		const found = await alertsFound({ filters: [] }, headers);
		expect(found).toHaveLength(1);
		expect(found[0]).toMatchObject({
			kind: "api_key_expiring",
			subject: key.id,
			detail: { expires_at: writeInstant(end) },
		});
		expect(found[0]?.description).toMatch(/expires on \d{4}-\d\d-\d\d, with all of its access codes/);
	});
});

const open = async (query = "", who = ada, slug = "acme") =>
	ask(`/console/${slug}/alerts${query}`, { headers: { cookie: await signedIn(who) } });

describe("the console's page", () => {
	test("lists them in words, filters by kind, and has an empty state", async () => {
		const code = await installed();
		await exchange(code);
		await exchange(code);
		// A year has gone by since the first of these tests, and the watcher's access code with it.
		await alertsSoon(of("code_replayed"), await watcher(acme));
		const page = await open();
		expect(page.status).toBe(200);
		expect(page.text).toContain("Authorization code used twice");
		expect(page.text).toContain("Ask who runs the application");
		const filtered = await open("?kind=failed_logins");
		expect(filtered.text).not.toContain("Ask who runs the application");
		expect(filtered.text).toContain("No alerts of this kind");
		expect((await open("?kind=constructor")).text).toContain("Authorization code used twice");
		const account = await anAccount();
		const who = await aPerson({ [account]: "member" });
		const page2 = await ask("/console", { headers: { cookie: await signedIn(who) } });
		const slug = /\/console\/([^/]+)$/.exec(page2.headers.get("location") ?? "")?.[1] ?? "";
		expect((await open("", who, slug)).text).toContain("No new alerts");
	});

	test("a cursor that was tampered with, and an account that is not theirs, are nothing", async () => {
		const owner = await anAccount();
		const who = await aPerson({ [owner]: "admin" });
		expect((await open("?cursor=x")).status).toBe(404);
		expect((await open("", who, "acme")).status).toBe(404);
		expect((await open("", grace, "acme")).status).toBe(200);
	});
});

test("alerts of an account are its own, and their permission is their own", async () => {
	const { read } = await generated(grace, "globex");
	const before = await alertsFound({ filters: [] }, bearer(read.access));
	expect(before.every(({ detail }) => detail.username !== "ada")).toBe(true);
	const policy = await aPolicy(acme, ["events:read"]);
	const key = await aKey(acme, [policy]);
	const refused = await alertSearch({ filters: [] }, { "x-api-key": key.secret });
	expect([refused.status, refused.body.permission]).toEqual([403, "alerts:read"]);
});
