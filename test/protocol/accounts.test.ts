import { describe, expect, test } from "vitest";
import { writeInstant } from "../../src/domain/instant.ts";
import { deletionNotice } from "../../src/operations/people/accounts.ts";
import { newSlug, newAccount, suspend, reinstate } from "../support/accounts.ts";
import { atConsole, filledIn } from "../support/console.ts";
import { call, type Credential, good, inAcme, inGlobex, keyWith, tokenOf } from "../support/keys-api.ts";
import { loggedIn } from "../support/logins.ts";
import { anAccount, anOperator, aPerson, slugOf } from "../support/registered.ts";
import { type Answer, ask, bearer, ownPage, postForm, refusal, times } from "../support/requests.ts";
import { demo, now } from "../support/target.ts";
import { granted } from "../support/tokens.ts";

const day = 86_400;

interface Shown {
	readonly id: string;
	readonly slug: string;
	readonly name: string;
	readonly state: string;
	readonly delete_at: string | null;
}

const accounts = async (query = "") =>
	good<{ accounts: Shown[]; next: string | null }>(await call("GET", `/v1/accounts${query}`));
const at = (id: string) => `/v1/accounts/${slugOf(id)}`;

describe("/v1/accounts", () => {
	test("an account is made, administered by its maker, read, listed and renamed", async () => {
		const slug = newSlug();
		const maker = await anOperator();
		const body = { name: " Initech  Inc ", slug };
		const made = good<Shown>(await call("POST", "/v1/accounts", body, await tokenOf(maker, "acme")), 201);
		expect(made).toMatchObject({
			slug,
			name: "Initech Inc",
			state: "active",
			created_at: writeInstant(now()),
			suspended_at: null,
		});
		const read = await call("GET", `/v1/accounts/${slug}`);
		expect(good(read)).toEqual({ ...made, people: 1, clients: 0, keys: 0, apis: 0 });
		expect((await accounts("?limit=100")).accounts.map((each) => each.slug)).toContain(slug);
		expect((await call("GET", "/v1/audit", undefined, await tokenOf(maker, slug))).status).toBe(200);
		expect(good(await call("PATCH", `/v1/accounts/${slug}`, { name: "Initrode" }))).toMatchObject({ name: "Initrode" });
		expect(good(await call("GET", `/v1/accounts/${slug}`))).toMatchObject({ name: "Initrode" });
	});

	test("it is listed by pages, by name, each once; by its state alone", async () => {
		const made = await Promise.all(times(5, () => anAccount()));
		await suspend(made[0] ?? "");
		const found: string[] = [];
		for (let next: string | null = ""; next !== null;) {
			const page: { accounts: Shown[]; next: string | null } = await accounts(
				`?limit=2&state=active${next && `&cursor=${encodeURIComponent(next)}`}`,
			);
			found.push(...page.accounts.map(({ id }) => id));
			({ next } = page);
		}
		expect(new Set(found).size).toBe(found.length);
		expect(found).toEqual(expect.arrayContaining(made.slice(1)));
		expect(found).not.toContain(made[0]);
		expect((await accounts("?state=suspended&limit=100")).accounts.map(({ id }) => id)).toContain(made[0]);
		expect(refusal(await call("GET", "/v1/accounts?state=ended"))).toBe("400 Malformed request");
		const { next } = await accounts("?limit=1");
		const elsewhere = `/v1/accounts?state=active&cursor=${encodeURIComponent(next ?? "")}`;
		expect(refusal(await call("GET", elsewhere))).toBe("400 Malformed request");
	});

	test("an edit is for what was read: another name, a suspension or a date since is 412", async () => {
		const account = await anAccount();
		const tag = (await call("GET", at(account))).headers.get("etag") ?? "";
		const rename = async (name: string, ifMatch: string) =>
			call("PATCH", at(account), { name }, { ...(await inAcme()), "if-match": ifMatch });
		const renamed = await rename("First", tag);
		expect(renamed.status).toBe(200);
		expect(refusal(await rename("Second", tag))).toBe("412 Precondition Failed");
		await suspend(account);
		expect(refusal(await rename("Third", renamed.headers.get("etag") ?? ""))).toBe("412 Precondition Failed");
		expect(good(await call("GET", at(account)))).toMatchObject({ name: "First" });
	});

	test.each(["", "Acme", "-a", "a-", "a b", "a/b", "a".repeat(41), "äcme", "acme."])("%j is no slug", async (slug) => {
		expect(refusal(await call("POST", "/v1/accounts", { name: "A", slug }))).toBe("400 Malformed request");
	});

	test.each(["", " ", "a\u202eb", "a".repeat(101)])("%j is no name", async (name) => {
		expect(refusal(await call("POST", "/v1/accounts", { name, slug: newSlug() }))).toBe("400 Malformed request");
		expect(refusal(await call("PATCH", at(await anAccount()), { name }))).toBe("400 Malformed request");
	});

	test("of ten at once that want a slug one gets it, and the others make nothing", async () => {
		const slug = newSlug();
		const token = await tokenOf(await anOperator(), "acme");
		const answers = await Promise.all(
			times(10, (index) => call("POST", "/v1/accounts", { name: `Number ${index}`, slug }, token)),
		);
		expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, ...times(9, () => 409)]);
		const [made] = answers.filter(({ status }) => status === 201);
		expect(good(await call("GET", `/v1/accounts/${slug}`))).toMatchObject({ id: made?.body.id, people: 1 });
	});
});

const requests = (id: string): readonly (readonly ["GET" | "POST" | "PATCH" | "PUT" | "DELETE", string, object?])[] => [
	["GET", "/v1/accounts"],
	["POST", "/v1/accounts", { name: "Mine", slug: newSlug() }],
	["GET", at(id)],
	["PATCH", at(id), { name: "Mine" }],
	["POST", `${at(id)}/suspend`],
	["POST", `${at(id)}/reinstate`],
	["PUT", `${at(id)}/deletion`, { at: writeInstant(now() + 30 * day) }],
	["DELETE", `${at(id)}/deletion`],
];

async function refusals(id: string, credential: Credential): Promise<readonly string[]> {
	const answers: Answer[] = [];
	for (const [method, path, body] of requests(id)) {
		const headers = { ...credential, ...(body && { "content-type": "application/json" }) };
		answers.push(await ask(path, { method, headers, ...(body && { body: JSON.stringify(body) }) }));
	}
	return answers.map(refusal);
}

describe("who may", () => {
	test("an operator alone: no administrator of the account, no key, no client, no application of an operator", async () => {
		const account = await anAccount();
		const { username, password } = await aPerson({ [account]: "admin" });
		const credentials: [Credential, string][] = [
			[bearer(await loggedIn({ username, password })), "403 Forbidden"],
			[await inGlobex(), "403 Forbidden"],
			[bearer(await loggedIn({ api_key: demo.apiKey.accessCode })), "403 Forbidden"],
			[await keyWith(["keys:write", "audit:read"]), "401 Unauthorized"],
			[bearer((await granted()).accessToken), "401 Unauthorized"],
			[{}, "401 Unauthorized"],
		];
		for (const [credential, refused] of credentials) {
			expect(new Set(await refusals(account, credential))).toEqual(new Set([refused]));
		}
		expect(good(await call("GET", at(account)))).toMatchObject({ name: "New", state: "active", delete_at: null });
	});

	test("whoever is no operator is told the same of an account that is there and of one that is not", async () => {
		const [there, nowhere] = [
			await refusals(await anAccount(), await inGlobex()),
			await refusals("no-such", await inGlobex()),
		];
		expect(there).toEqual(nowhere);
	});

	test("not whoever was an operator when the request began", async () => {
		const [account, who] = [await anAccount(), await anOperator()];
		const credential = await tokenOf(who, "acme");
		const [removed, suspended] = await Promise.all([
			call("DELETE", `/v1/operators/${who.id}`),
			suspend(account, credential),
		]);
		expect(removed.status).toBe(204);
		// Whichever came first: where it was refused nothing was done.
		const { state } = good<Shown>(await call("GET", at(account)));
		expect([suspended.status, state]).toEqual(suspended.status === 200 ? [200, "suspended"] : [403, "active"]);
		expect(refusal(await reinstate(account, credential))).toBe("403 Forbidden");
	});
});

const schedule = (id: string, instant: number) => call("PUT", `${at(id)}/deletion`, { at: writeInstant(instant) });

describe("an account's end", () => {
	test("is said a week ahead at least, of one that is suspended, and taken back until then", async () => {
		const account = await anAccount();
		const then = now() + deletionNotice;
		expect(refusal(await schedule(account, then))).toBe("409 Conflict");
		await suspend(account);
		for (const wrong of [0, now(), then - 1, now() + 367 * day]) {
			expect(refusal(await schedule(account, wrong))).toBe("400 Malformed request");
		}
		for (const wrong of [then, String(then), writeInstant(then).replace("Z", ""), null]) {
			const { status, body } = await call("PUT", `${at(account)}/deletion`, { at: wrong });
			expect([status, body.detail]).toEqual([
				400,
				expect.stringMatching(/^at: is a date and time with Z or an offset/),
			]);
		}
		const elsewhere = writeInstant(then + 5 * 3600).replace("Z", "+05:00");
		expect(good(await call("PUT", `${at(account)}/deletion`, { at: elsewhere }))).toMatchObject({
			delete_at: writeInstant(then),
		});
		expect(good(await schedule(account, then))).toMatchObject({ state: "suspended", delete_at: writeInstant(then) });
		expect(good(await call("DELETE", `${at(account)}/deletion`))).toMatchObject({
			state: "suspended",
			delete_at: null,
		});
		await schedule(account, then + day);
		expect(good(await reinstate(account))).toMatchObject({ state: "active", delete_at: null });
		expect((await call("DELETE", `${at(account)}/deletion`)).status).toBe(200);
	});

	test("what an operator does to it is in its own audit log, and says who", async () => {
		const { slug, id, maker } = await newAccount();
		await call("POST", `/v1/accounts/${slug}/suspend`);
		await call("PUT", `/v1/accounts/${slug}/deletion`, { at: writeInstant(now() + 30 * day) });
		await call("DELETE", `/v1/accounts/${slug}/deletion`);
		await call("POST", `/v1/accounts/${slug}/reinstate`);
		// Once more is nothing more.
		await call("POST", `/v1/accounts/${slug}/reinstate`);
		const log = good<{ entries: { action: string; target: string }[] }>(
			await call("GET", "/v1/audit?action=account", undefined, await tokenOf(maker, slug)),
		);
		expect(log.entries.map(({ action }) => action)).toEqual([
			"account.reinstate",
			"account.keep",
			"account.schedule_deletion",
			"account.suspend",
			"account.create",
		]);
		expect(new Set(log.entries.map(({ target }) => target))).toEqual(new Set([id]));
	});
});

async function forNobody(): Promise<string> {
	const slug = newSlug();
	const body = { name: "For somebody", slug, administrator: "nobody" };
	good(await call("POST", "/v1/accounts", body), 201);
	return slug;
}

const link = (slug: string) => call("POST", `/v1/accounts/${slug}/first_administrator`);

describe("an account for somebody else", () => {
	test("has nobody, and a link of its operator makes one person its administrator", async () => {
		const slug = await forNobody();
		expect(good(await call("GET", `/v1/accounts/${slug}`))).toMatchObject({ people: 0 });
		const { url } = good<{ url: string }>(await link(slug), 201);
		const who = await aPerson({});
		const join = new URL(url).pathname;
		const { send } = await atConsole(who);
		expect((await send(join, join)).status).toBe(303);
		expect((await call("GET", "/v1/audit", undefined, await tokenOf(who, slug))).status).toBe(200);
		// From then on the operator gives no way in.
		expect(refusal(await link(slug))).toBe("409 Conflict");
	});

	test("of two links that were made while nobody was there, one lets somebody in, and the other nobody after them", async () => {
		const slug = await forNobody();
		const [first, kept] = [good<{ url: string }>(await link(slug), 201), good<{ url: string }>(await link(slug), 201)];
		const { send } = await atConsole(await aPerson({}));
		const join = new URL(first.url).pathname;
		const mine = new URL(kept.url).pathname;
		const { open, cookie } = await atConsole(await anOperator());
		const drawn = filledIn(await open(mine), mine);
		expect((await send(join, join)).status).toBe(303);
		expect(refusal(await postForm(mine, drawn, { cookie, ...ownPage }))).toBe("410 Revoked");
		expect(good(await call("GET", `/v1/accounts/${slug}`))).toMatchObject({ people: 1 });
	});

	test("whoever is no operator any more has no link left that they made as one", async () => {
		const slug = await forNobody();
		const leaver = await anOperator();
		const path = `/v1/accounts/${slug}/first_administrator`;
		const { url } = good<{ url: string }>(await call("POST", path, undefined, await tokenOf(leaver, "acme")), 201);
		const join = new URL(url).pathname;
		const { open } = await atConsole(await aPerson({}));
		expect((await open(join)).status).toBe(200);
		good(await call("DELETE", `/v1/operators/${leaver.id}`), 204);
		expect(refusal(await open(join))).toBe("410 Revoked");
	});

	test("whoever is no operator neither makes one nor gets a link", async () => {
		const slug = await forNobody();
		const credential = await inGlobex();
		const path = `/v1/accounts/${slug}/first_administrator`;
		expect(refusal(await call("POST", path, undefined, credential))).toBe("403 Forbidden");
		const body = { name: "For nobody", slug: newSlug(), administrator: "nobody" };
		expect(refusal(await call("POST", "/v1/accounts", body, credential))).toBe("403 Forbidden");
	});

	test("nobody is taken into one that is suspended, by a link of before", async () => {
		const slug = await forNobody();
		const { url } = good<{ url: string }>(await link(slug), 201);
		const join = new URL(url).pathname;
		const { open, cookie } = await atConsole(await aPerson({ [demo.accounts.acme]: "member" }));
		const drawn = filledIn(await open(join), join);
		good(await call("POST", `/v1/accounts/${slug}/suspend`));
		expect((await open(join)).status).toBeGreaterThanOrEqual(400);
		expect((await postForm(join, drawn, { cookie, ...ownPage })).status).toBeGreaterThanOrEqual(400);
		expect(good(await call("GET", `/v1/accounts/${slug}`))).toMatchObject({ people: 0 });
	});
});
