import { beforeAll, describe, expect, test } from "vitest";
import { anIntegration, call, end, installBy } from "../support/integrations.ts";
import { type Credential, good, tokenOf } from "../support/keys-api.ts";
import { ada, codeOf, decide, formOn, type Login, signedIn } from "../support/people.ts";
import { anAccount, aPerson, slugOf } from "../support/registered.ts";
import { ask, locationOf, ownPage, postForm, refusal, times } from "../support/requests.ts";
import { installPath, type Registered } from "../support/tokens.ts";

// Integrations, people and what is installed, in an account of their own.

interface Page {
	readonly next: string | null;
	readonly previous: string | null;
	readonly total: number | null;
}

type Row = Readonly<Record<string, unknown>>;
type List = "integrations" | "people" | "installs";

let account: string;
let token: string;
let base: string;
let admin: Login & { readonly id: string };
let cookie: { cookie: string };
let made: readonly (Registered & { readonly name: string; readonly secret: string | null })[];

beforeAll(async () => {
	account = await anAccount();
	admin = await aPerson({ [account]: "admin" });
	await aPerson({ [account]: "member" });
	token = bearerOf(await tokenOf(admin, slugOf(account)));
	base = `/console/${slugOf(account)}`;
	cookie = { cookie: await signedIn(admin) };
	const called = times(7, (n) => `Chart ${n}`);
	made = await Promise.all(called.map((name) => anIntegration({ name, scopes: ["events:read"] }, token)));
	await anIntegration({ name: "Bar chart", kind: "application", scopes: ["events:read"] }, token);
	const [first, second, third, waits, , , ended] = made;
	if (!first || !second || !third || !waits || !ended) throw new Error("They were not made");
	await end(ended, token);
	for (const each of [first, second, third]) await installBy(each, admin);
	codeOf(await decide(installPath(waits), { who: admin }));
});

async function listed(list: List, query: Record<string, string> = {}, by = token) {
	const body = good<Page & Record<List, readonly Row[]>>(
		await call("GET", `/v1/${list}?${new URLSearchParams(query)}`, by),
	);
	return { ...body, rows: body[list] };
}

const bearerOf = (credential: Credential) => credential.authorization?.replace("Bearer ", "") ?? "";

async function names(list: List, query: Record<string, string> = {}) {
	const { rows, total } = await listed(list, query);
	return [rows.map(({ name }) => name), total];
}

const inOrder = ["Bar chart", ...times(7, (n) => `Chart ${n}`)];

describe("the list of integrations", () => {
	test("is searched by a part of a name or a client id, filtered, sorted and counted", async () => {
		expect(await names("integrations")).toEqual([inOrder, 8]);
		expect(await names("integrations", { sort: "-name" })).toEqual([inOrder.toReversed(), 8]);
		expect(await names("integrations", { q: "T 3" })).toEqual([["Chart 3"], 1]);
		expect(await names("integrations", { q: made[4]?.client.id ?? "" })).toEqual([["Chart 4"], 1]);
		expect(await names("integrations", { kind: "application", q: "chart" })).toEqual([["Bar chart"], 1]);
		expect(await names("integrations", { state: "ended" })).toEqual([["Chart 6"], 1]);
		expect(await names("integrations", { q: "_" })).toEqual([[], 0]);
	});

	test("of another account is another, whatever is known of it", async () => {
		const q = made[4]?.client.id ?? "";
		const theirs = bearerOf(await tokenOf(ada, "acme"));
		expect((await listed("integrations", { q }, theirs)).rows).toEqual([]);
	});
});

describe("the list of what is installed", () => {
	test("is searched by client and by who installed it, filtered, sorted and counted", async () => {
		const [all, total] = await names("installs");
		expect([new Set(all as string[]), total]).toEqual([new Set(times(4, (n) => `Chart ${n}`)), 4]);
		expect(await names("installs", { q: "chart 2" })).toEqual([["Chart 2"], 1]);
		expect(await names("installs", { q: made[1]?.client.id ?? "" })).toEqual([["Chart 1"], 1]);
		expect(await names("installs", { state: "pending" })).toEqual([["Chart 3"], 1]);
		expect((await names("installs", { state: "installed" }))[1]).toBe(3);
		expect((await names("installs", { q: admin.username }))[1]).toBe(4);
		expect((await names("installs", { q: "nobody at all" }))[1]).toBe(0);
		expect((await names("installs", { mine: "true" }))[1]).toBe(4);
		const [newest, oldest] = await Promise.all([listed("installs"), listed("installs", { sort: "created" })]);
		expect(oldest.rows).toEqual(newest.rows.toReversed());
	});
});

describe("the list of people", () => {
	test("is searched by name and user name, and filtered by role and second factor", async () => {
		const all = await listed("people");
		expect(all.total).toBe(2);
		expect((await listed("people", { q: admin.username.slice(1) })).rows.map(({ id }) => id)).toEqual([admin.id]);
		expect((await listed("people", { q: admin.id })).rows.map(({ id }) => id)).toEqual([admin.id]);
		expect((await listed("people", { role: "member" })).rows).toEqual(all.rows.filter(({ id }) => id !== admin.id));
		expect((await listed("people", { second_factor: "none" })).total).toBe(2);
		expect((await listed("people", { second_factor: "some" })).total).toBe(0);
	});
});

describe.each(["integrations", "installs", "people"] as const)("the list of %s", (list) => {
	test("is walked to its end and back, page by page", async () => {
		const whole = (await listed(list)).rows;
		const forth: (typeof whole)[] = [];
		let page = await listed(list, { limit: "1" });
		expect(page.previous).toBeNull();
		for (;;) {
			forth.push(page.rows);
			if (page.next === null) break;
			page = await listed(list, { limit: "1", cursor: page.next });
		}
		expect(forth.flat()).toEqual(whole);
		const back = [page.rows];
		while (page.previous !== null) {
			page = await listed(list, { limit: "1", cursor: page.previous });
			back.push(page.rows);
		}
		expect(back.flat().toReversed()).toEqual(whole);
	});

	test.each([
		["a filter that the list does not have", { owner: "ada" }],
		["an order that there is not", { sort: "constructor" }],
		["a state or role that there is not", { state: "gone", role: "owner" }],
		["a search of 201 characters", { q: "x".repeat(201) }],
	])("%s is refused", async (_, query) => {
		const answer = await call("GET", `/v1/${list}?${new URLSearchParams(query)}`, token);
		expect(refusal(answer)).toBe("400 Malformed request");
		expect(answer.body.errors).toEqual([{ field: expect.any(String), detail: expect.any(String) }]);
	});

	test("a cursor goes on with its own list, search and order alone", async () => {
		const { next } = await listed(list, { limit: "1" });
		const cursor = next ?? "";
		const others = ["integrations", "installs", "people", "keys"].filter((other) => other !== list);
		const sort = list === "installs" ? "created" : "-name";
		const asked = [
			...others.map((other) => `/v1/${other}?cursor=${cursor}`),
			`/v1/${list}?q=a&cursor=${cursor}`,
			`/v1/${list}?sort=${sort}&cursor=${cursor}`,
		];
		for (const path of asked)
			expect([path, refusal(await call("GET", path, token))]).toEqual([path, "400 Malformed request"]);
	});
});

async function logOf(id: string): Promise<string> {
	return (await ask(`${base}/audit?target=${id}`, { headers: cookie })).text;
}

describe("the lists, as people see them", () => {
	test.each([
		["integrations", "8 integrations", "?q=chart+3", "1 integration matches"],
		["installed", "4 installations", "?state=pending", "1 installation matches"],
		["settings/people", "2 people", "?role=member", "1 person matches"],
	])("%s has its search, its filters and how many there are", async (path, total, query, matches) => {
		const whole = await ask(`${base}/${path}`, { headers: cookie });
		expect([whole.status, whole.text.includes(total), whole.text.includes('name="q"')]).toEqual([200, true, true]);
		const some = await ask(`${base}/${path}${query}`, { headers: cookie });
		expect([some.status, some.text.includes(matches)]).toEqual([200, true]);
		expect((await ask(`${base}/${path}?q=nothing`, { headers: cookie })).text).toContain("Nothing matches.");
		expect((await ask(`${base}/${path}?sort=constructor`, { headers: cookie })).status).toBe(400);
		expect((await ask(`${base}/${path}?cursor=1.2.3`, { headers: cookie })).status).toBe(404);
	});

	test("the audit log names no client to whoever knows its id alone: its own, and what is installed in the account", async () => {
		const theirs = await anIntegration({ name: "Of somebody else" });
		expect(await logOf(theirs.client.id)).not.toContain("Of somebody else");
		expect(await logOf(made[5]?.client.id ?? "")).toContain("Chart 5");
		await installBy(theirs, admin, account);
		expect(await logOf(theirs.client.id)).toContain("Of somebody else");
		const [row] = (await listed("installs", { q: theirs.client.id })).rows;
		await call("DELETE", `/v1/installs/${String(row?.grant_id)}`, token);
	});

	test("who has no second factor is shown to administrators alone, and cannot be asked for by others", async () => {
		const other = await anAccount();
		const people = `/console/${slugOf(other)}/settings/people`;
		const [boss, reader] = [await aPerson({ [other]: "admin" }), await aPerson({ [other]: "member" })];
		const seen = async (who: Login, query = "") =>
			(await ask(`${people}${query}`, { headers: { cookie: await signedIn(who) } })).text;
		expect(await seen(boss)).toContain("Second factor");
		expect(await seen(reader)).not.toContain("Second factor");
		expect(await seen(reader, "?second_factor=some")).toContain("2 people");
		expect(await seen(boss, "?second_factor=some")).toContain("Nothing matches.");
	});

	test.each(["integrations", "installed"])(
		"a client secret that is pasted into the search of %s stands in no address, a client id finds its card",
		async (path) => {
			const at = `${base}/${path}`;
			const { action, hidden } = formOn(await ask(at, { headers: cookie }), "q");
			const search = (q: string) => postForm(action, { ...hidden, q }, { ...cookie, ...ownPage });
			const [{ client, secret, name } = { client: { id: "" }, secret: "", name: "" }] = made;
			for (const q of [secret ?? "", `${secret}x`, `client_secret=${secret?.slice(0, -3)}`]) {
				const to = locationOf(await search(q));
				expect([to.pathname, to.searchParams.get("q")]).toEqual([at, "lkcs_…"]);
			}
			const linked = await ask(`${at}?q=${secret}`, { headers: cookie, redirect: "manual" });
			expect([linked.status, locationOf(linked).searchParams.get("q")]).toEqual([303, "lkcs_…"]);
			const found = await ask((await search(client.id)).headers.get("location") ?? "", { headers: cookie });
			expect([found.text.includes(name), found.text.includes("1 i")]).toEqual([true, true]);
		},
	);

	test("a secret that somebody who is not signed in has in an address comes into no other, and into no cookie", async () => {
		const secret = made[0]?.secret ?? "";
		for (const q of [secret, `lk_${"A".repeat(80)}`, "A".repeat(80)]) {
			const path = `${base}/keys?q=${q}&state=enabled`;
			const asked = await ask(path, { redirect: "manual" });
			expect(locationOf(asked).searchParams.get("continue")).toBe(`${base}/keys?state=enabled`);
			const referer = { ...ownPage, referer: `${ownPage.origin}${path}` };
			const sent = await postForm(`${base}/keys`, { q, csrf: "none", state: "enabled" }, referer);
			expect(locationOf(sent).searchParams.get("continue")).toBe(`${base}/keys?state=enabled`);
			expect(sent.headers.get("set-cookie") ?? "").not.toContain(q.slice(0, 12));
		}
		const plain = await ask(`${base}/keys?q=nightly`, { redirect: "manual" });
		expect(locationOf(plain).searchParams.get("continue")).toBe(`${base}/keys?q=nightly`);
	});
});
