import { describe, expect, test } from "vitest";
import { atConsole, wordsOf } from "../support/console.ts";
import { loggedIn, logIn } from "../support/logins.ts";
import { generated, refreshPair } from "../support/pairs.ts";
import { signInAnew } from "../support/people.ts";
import { aClient, aKey, anAccount, anApi, aPerson, aPolicy, slugOf } from "../support/registered.ts";
import { ask, bearer, postForm, postJson, refusal, times } from "../support/requests.ts";
import { advance, demo, now } from "../support/target.ts";
import { askForToken, basicOf, exchange, type Registered } from "../support/tokens.ts";

interface Usage {
	readonly by: string;
	readonly from: string;
	readonly to: string;
	readonly totals: Readonly<Record<string, number>>;
	readonly refusals: readonly { readonly reason: string; readonly count: number }[];
	readonly points: readonly (Readonly<Record<string, number>> & { readonly at: string })[];
}

/** An account in which nothing was done yet. */
async function anOffice() {
	const id = await anAccount();
	// As its register has it, and by no token, so that reading is not counted with what is read.
	const reader = await aKey(id, [await aPolicy(id, ["usage:read"])]);
	let reads = 0;
	const read = async (query = "") => ask(`/v1/usage${query}`, { headers: { "x-api-key": reader.secret } });
	const usage = async (query = ""): Promise<Usage> => JSON.parse((await read(query)).text);
	/** What was counted of the account as a whole; its own reading is a check each time. */
	const counted = async (): Promise<Pick<Usage, "totals" | "refusals">> => {
		const { totals, refusals } = await usage();
		reads += 1;
		return { totals: { ...totals, check: (totals.check ?? 0) - reads }, refusals };
	};
	const client = await aClient(demo.webApp, { accountId: id });
	return { id, slug: slugOf(id), client, read, usage, counted };
}

const none = { sign_in: 0, login: 0, token: 0, check: 0, refused: 0 };

/** A resource of ours, by a credential. */
function open(headers: Record<string, string>) {
	return ask("/v1/keys", { headers });
}

function forItself(client: Registered, fields = {}) {
	return askForToken({ client }, { grant_type: "client_credentials", ...fields });
}

describe("what is counted", () => {
	test("each token is, for its account, its client and the API that it is for, though no storage is asked for one", async () => {
		const office = await anOffice();
		const api = await anApi({ accountId: office.id });
		for (const fields of [{}, {}, { resource: api.identifier }]) {
			expect((await forItself(office.client, fields)).status).toBe(200);
		}
		expect((await office.counted()).totals).toEqual({ ...none, token: 3 });
		const of = async (query: string) => (await office.usage(query)).totals;
		expect(await of(`?client_id=${office.client.client.id}`)).toEqual({ ...none, token: 3 });
		expect(await of(`?api=${api.id}`)).toEqual({ ...none, token: 1 });
	});

	test("each answer of a check is, be it a remembered one; and what is not good is a refusal with its reason", async () => {
		const office = await anOffice();
		const { client } = office;
		const api = await anApi({ accountId: office.id, servers: [client.client.id] });
		const key = await aKey(office.id, []);
		const verify = (maxStaleness: number) =>
			postJson("/v1/keys/verify", { key: key.secret, max_staleness: maxStaleness }, basicOf(client));
		for (const maxStaleness of [0, 30, 30, 30]) {
			expect((await verify(maxStaleness)).body).toMatchObject({ valid: true });
		}
		await key.change({ kind: "set_code_enabled", id: key.codeId, enabled: false });
		expect((await verify(0)).body).toMatchObject({ reason: "code_disabled" });

		const { access_token: token } = (await forItself(client, { resource: api.identifier })).body;
		const inspect = (text: string) =>
			postForm("/oauth/introspect", { token: text, max_staleness: 30 }, basicOf(client));
		for (const _ of times(3, () => null)) expect((await inspect(String(token))).body).toMatchObject({ active: true });
		expect((await inspect("no token")).body).toEqual({ active: false });

		const { totals, refusals } = await office.counted();
		expect(totals).toEqual({ ...none, token: 1, check: 7, refused: 2 });
		expect(refusals).toEqual(
			expect.arrayContaining([
				{ reason: "code_disabled", count: 1 },
				{ reason: "inactive_token", count: 1 },
			]),
		);
		const of = async (query: string) => (await office.usage(query)).totals;
		expect(await of(`?key=${key.id}`)).toEqual({ ...none, check: 4, refused: 1 });
		expect(await of(`?client_id=${client.client.id}`)).toEqual({ ...none, token: 1, check: 7, refused: 2 });
		expect(await of(`?api=${api.id}`)).toEqual({ ...none, token: 1, check: 7 });
	});

	test("logins are, of a linked key in both accounts; sign-ins of people in each that they belong to", async () => {
		const [office, other] = [await anOffice(), await anOffice()];
		const key = await aKey(office.id, []);
		await key.change({ kind: "set_policies", accountId: other.id, policies: ["theirs"] });
		for (const account of [office.slug, office.slug, other.slug]) await loggedIn({ api_key: key.secret, account });
		const person = await aPerson({ [office.id]: "member", [other.id]: "admin" });
		await signInAnew(person);
		expect((await logIn({ ...person, password: "wrong" })).status).toBe(401);
		expect((await office.counted()).totals).toEqual({ ...none, login: 3, sign_in: 1 });
		expect((await other.counted()).totals).toEqual({ ...none, login: 1, sign_in: 1 });
		expect((await office.usage(`?key=${key.id}`)).totals).toEqual({ ...none, login: 3 });
		expect((await other.usage(`?key=${key.id}`)).totals).toEqual({ ...none, login: 1 });
		await key.change({ kind: "set_state", state: "disabled" });
		expect((await logIn({ api_key: key.secret })).status).toBe(401);
		expect((await office.counted()).refusals).toEqual([{ reason: "key_disabled", count: 1 }]);
	});

	test("the tokens of pairs are, each by itself, and what they open", async () => {
		const office = await anOffice();
		const person = await aPerson({ [office.id]: "admin" });
		const { read: pair } = await generated(person, office.slug);
		expect((await refreshPair(pair.refresh)).status).toBe(200);
		expect((await ask("/v1/keys", { headers: bearer(pair.access) })).status).toBe(200);
		expect((await office.counted()).totals).toEqual({ ...none, sign_in: 1, token: 4, check: 1 });
	});

	test("what a client or a credential is refused is, with its reason; of what a stranger made up nothing", async () => {
		const office = await anOffice();
		const { client } = office;
		const { access_token: token } = (await forItself(client)).body;
		const key = await aKey(office.id, []);
		expect((await open({ "x-api-key": key.secret })).status).toBe(403);
		expect((await open({ "x-api-key": `${key.secret.slice(0, -4)}AAAA` })).status).toBe(401);
		expect((await forItself({ ...client, secret: demo.integration.secret })).status).toBe(401);
		expect((await exchange("lkc_made_up", { client })).status).toBe(400);
		await advance(3601);
		expect((await open(bearer(String(token)))).status).toBe(401);
		const { refusals } = await office.counted();
		expect(refusals).toHaveLength(4);
		for (const reason of ["invalid_client", "invalid_grant", "missing_permission", "token_expired"]) {
			expect(refusals).toContainEqual({ reason, count: 1 });
		}
	});
});

describe("GET /v1/usage", () => {
	test("by the hour and by the day of UTC, with those in which nothing was done", async () => {
		const office = await anOffice();
		await forItself(office.client);
		const first = new Date((now() - (now() % 3600)) * 1000).toISOString().replace(".000Z", "Z");
		await advance(2 * 3600);
		await forItself(office.client);
		const { by, points, to } = await office.usage();
		expect([by, points.length]).toEqual(["hour", 24]);
		expect(Date.parse(to) - Date.parse(points.at(-1)?.at ?? "")).toBe(3_600_000);
		expect(points.slice(-3).map(({ token }) => token)).toEqual([1, 0, 1]);
		expect(points.at(-3)?.at).toBe(first);
		const days = await office.usage("?by=day");
		expect([days.points.length, days.totals.token]).toEqual([30, 2]);
		expect(days.points.every(({ at }) => at.endsWith("T00:00:00Z"))).toBe(true);
		const alone = await office.usage(`?from=${first}&to=${first.replace(":00:00Z", ":59:59Z")}`);
		expect(alone.points.map(({ at, token }) => [at, token])).toEqual([[first, 1]]);
	});

	test("tells an account of itself alone: a key or client of another has no counts there", async () => {
		const [office, other] = [await anOffice(), await anOffice()];
		await forItself(office.client);
		const { totals, points } = await other.usage(`?client_id=${office.client.client.id}`);
		expect([totals, points.some(({ token }) => token !== 0)]).toEqual([none, false]);
	});

	test("needs usage:read, which every member has and no policy, pair or token of before", async () => {
		const office = await anOffice();
		const key = await aKey(office.id, [await aPolicy(office.id, ["audit:read", "keys:read"])]);
		expect(refusal(await ask("/v1/usage", { headers: { "x-api-key": key.secret } }))).toMatch(/^403/);
		const person = await aPerson({ [office.id]: "member" });
		const token = await loggedIn({ username: person.username, password: person.password });
		expect((await ask("/v1/usage", { headers: bearer(token) })).status).toBe(200);
		const { read: pair } = await generated(person, office.slug);
		expect((await ask("/v1/usage", { headers: bearer(pair.access) })).status).toBe(403);
	});

	test("refuses what is no step, no time of UTC, two objects at once, a span that is backwards or too long", async () => {
		const { read } = await anOffice();
		const status = async (query: string) => (await read(query)).status;
		for (const query of [
			"?by=week",
			"?by=hour&by=day",
			"?from=yesterday",
			"?from=2026-01-01T00:00:00%2B01:00",
			"?to=2026-02-30T00:00:00Z",
			"?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z",
			"?from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00Z",
			"?from=2026-01-01T00:00:00Z&to=2026-01-10T00:00:00Z",
			"?by=day&from=2024-01-01T00:00:00Z&to=2026-01-10T00:00:00Z",
			"?key=one&api=another",
			"?integration=1",
		]) {
			expect([query, await status(query)]).toEqual([query, 400]);
		}
	});
});

describe("the pages", () => {
	test("the Overview has the numbers as pictures and as a table, and what was refused why", async () => {
		const office = await anOffice();
		for (const _ of times(3, () => null)) await forItself(office.client);
		await forItself({ ...office.client, secret: demo.integration.secret });
		const visitor = await atConsole(await aPerson({ [office.id]: "member" }));
		const base = `/console/${office.slug}`;
		const { status, text } = await visitor.open(base);
		expect(status).toBe(200);
		const words = wordsOf(await visitor.open(base));
		expect(words).toMatch(/Tokens 3 in all, 3 at most in an hour, at \d/);
		expect(words).toContain("Refused 1 in all, 1 at most in an hour");
		expect(words).toMatch(/Logins 0 in all (?!,)/);
		expect(words).toMatch(/The client's secret is wrong\s+1/);
		const [, latest = ""] =
			/<tbody>((?:(?!<tbody>).)*data-column="Tokens"(?:(?!<tbody>).)*)<\/tbody>/s.exec(text) ?? [];
		expect(latest.match(/<tr>/g)).toHaveLength(24);
		expect(latest).toMatch(/^<tr>.*?data-column="Tokens">3</s);
		expect(wordsOf(await visitor.open(`${base}?by=day`))).toContain("Tokens 3 in all, 3 at most in a day");
	});

	test("lead back as far as something is kept, and take no other time from an address", async () => {
		const office = await anOffice();
		await forItself(office.client);
		const visitor = await atConsole(await aPerson({ [office.id]: "member" }));
		let path = `/console/${office.slug}`;
		let steps = 0;
		for (; steps < 20; steps += 1) {
			const earlier = /href="([^"]+)" rel="prev"/.exec((await visitor.open(path)).text)?.[1];
			if (earlier === undefined) break;
			path = earlier.replaceAll("&amp;", "&");
		}
		expect([steps, path]).toEqual([7, expect.stringMatching(/\?by=hour&to=\d{4}-\d\d-\d\d$/)]);
		for (const query of ["?to=1999-01-01", "?to=9999-12-31", "?to=2026-02-30", "?by=week&to=x", "?by=constructor"]) {
			expect(wordsOf(await visitor.open(`/console/${office.slug}${query}`))).toContain(
				"Tokens 1 in all, 1 at most in an hour",
			);
		}
	});

	test("of a key, an integration and an API have its own, and of another account's there is no page", async () => {
		const office = await anOffice();
		const api = await anApi({ accountId: office.id });
		const key = await aKey(office.id, []);
		await loggedIn({ api_key: key.secret });
		await forItself(office.client, { resource: api.identifier });
		const visitor = await atConsole(await aPerson({ [office.id]: "member" }));
		const base = `/console/${office.slug}`;
		const shown = async (path: string) => wordsOf(await visitor.open(base + path));
		expect(await shown(`/keys/${key.id}/usage`)).toContain("Logins 1 in all, 1 at most in an hour");
		expect(await shown(`/integrations/${office.client.client.id}`)).toContain("Tokens 1 in all, 1 at most in an hour");
		expect(await shown(`/apis/${api.id}?by=day`)).toContain("Tokens 1 in all, 1 at most in a day");
		const other = await aKey(demo.accounts.globex, []);
		expect((await visitor.open(`${base}/keys/${other.id}/usage`)).status).toBe(404);
	});
});
