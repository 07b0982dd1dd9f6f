import { describe, expect, test } from "vitest";
import { writeInstant } from "../../src/domain/instant.ts";
import { randomId, systemRandom } from "../../src/crypto/random.ts";
import { deletionNotice } from "../../src/operations/people/accounts.ts";
import { reinstate, suspend } from "../support/accounts.ts";
import { call, good, inAcme, opensWith, tokenOf } from "../support/keys-api.ts";
import { logIn } from "../support/logins.ts";
import { signInAnew } from "../support/people.ts";
import { aClient, aKey, anAccount, anOperator, aPerson, slugOf } from "../support/registered.ts";
import { ask, refusal, times } from "../support/requests.ts";
import { addEvents, addRows, advance, demo, now, runCron, stored } from "../support/target.ts";
import { environments, granted, introspect, refresh } from "../support/tokens.ts";

const day = 86_400;

/** Everything that an account can have, and whoever has to do with it. */
async function aWorld() {
	const account = await anAccount();
	const slug = slugOf(account);
	const email = `${randomId(systemRandom)}@mail.example`;
	const alone = await aPerson({ [account]: "admin" }, undefined, { profile: { email }, verifiedEmail: email });
	const elsewhere = await aPerson({ [account]: "member", [demo.accounts.acme]: "admin" });
	const operator = await anOperator({ [account]: "member" });
	const own = await aClient(demo.webApp, { accountId: account, scope: ["environments:read"] });
	const foreign = await aClient(demo.webApp, { scope: ["environments:read"] });
	const key = await aKey(account, []);
	await key.change({ kind: "set_policies", accountId: demo.accounts.acme, policies: [demo.policyId] });
	const gone = await aKey(account, []);
	await gone.change({ kind: "delete" });
	const policy = randomId(systemRandom);
	const environment = { id: randomId(systemRandom), accountId: account, workspace: "w", name: "e" };
	await addRows({
		environments: [{ ...environment, keyVersion: 1, enabled: true }],
		policies: [{ id: policy, accountId: account, name: "Policy", description: "", permissions: ["events:read"] }],
	});
	const linked = await aKey();
	await linked.change({ kind: "set_policies", accountId: account, policies: [policy] });
	await addEvents([
		{
			id: randomId(systemRandom),
			accountId: account,
			type: "event",
			environmentId: environment.id,
			environment: "w/e",
			receivedAt: now(),
			occurredAt: now() * 1000,
			body: '{"text":"of the account"}',
		},
	]);
	// What others allowed its client, and what was allowed in it.
	const there = await granted(own);
	const here = await granted(foreign, {}, { who: elsewhere, account });
	const byMember = await granted(foreign, {}, { who: alone, account });
	await logIn({ username: elsewhere.username, password: elsewhere.password, account: slug });
	return { account, slug, email, alone, elsewhere, operator, own, foreign, key, gone, linked, there, here, byMember };
}

type World = Awaited<ReturnType<typeof aWorld>>;

async function schedule({ account, slug }: Pick<World, "account" | "slug">, instant = now() + deletionNotice) {
	good(await suspend(account));
	good(await call("PUT", `/v1/accounts/${slug}/deletion`, { at: writeInstant(instant) }));
}

/** The cron, as often as it takes. */
async function cron(): Promise<void> {
	for (const _ of times(3, () => null)) await runCron();
}

/** What the records of codes stand in, which go by themselves three minutes after the code was made. */
const passing = ["codes", "_mf_entries"];

/** The tables that a text stands in, whatever their file. */
async function foundIn(text: string): Promise<readonly string[]> {
	return Object.entries(await stored()).flatMap(([table, rows]) =>
		rows.some((row) => row.includes(text)) ? [table.replace(/^.* /, "")].filter((name) => !passing.includes(name)) : [],
	);
}

describe("an account whose day has come", () => {
	test("is gone with all that it had, from every store, and leaves its id and slug alone", async () => {
		const world = await aWorld();
		const { account, slug, alone, elsewhere, own, key, gone, linked } = world;
		await schedule(world);
		await advance(deletionNotice + 1);
		await cron();
		// The deployment's log says that it went, and who said so; of whom there is nothing else.
		expect(new Set(await foundIn(account))).toEqual(new Set(["accounts", "audit"]));
		for (const id of [key.id, gone.id, alone.username]) expect([id, await foundIn(id)]).toEqual([id, []]);
		// What somebody in another account allowed its client is in that account's log, and ended in their own ledger; that account's
		// counts of it are written a while after what they count.
		const inUse = (await foundIn(own.client.id)).filter((table) => table !== "usage_hours");
		expect(new Set(inUse)).toEqual(new Set(["audit", "rows"]));
		expect(new Set(await foundIn(alone.id))).toEqual(new Set(["people"]));
		expect(refusal(await call("GET", `/v1/accounts/${slug}`))).toBe("404 Not Found");
		expect((await call("GET", "/v1/accounts?limit=100")).text).not.toContain(account);
		// It never becomes another one's: whoever goes by `groups` would let its people in.
		const maker = await tokenOf(await anOperator(), "acme");
		expect(refusal(await call("POST", "/v1/accounts", { name: "Again", slug }, maker))).toBe("409 Conflict");
		expect(await foundIn(linked.id)).not.toEqual([]);
		expect(await foundIn(elsewhere.id)).not.toEqual([]);
	});

	test("opens nothing any more, and takes nothing from others", async () => {
		const world = await aWorld();
		const { slug, alone, elsewhere, own, foreign, key, linked, there, here, byMember } = world;
		await schedule(world);
		await advance(deletionNotice + 1);
		await cron();
		for (const { accessToken, refreshToken } of [there, here, byMember]) {
			expect(refusal(await environments(accessToken))).toBe("401 invalid_token");
			expect((await refresh(refreshToken, { client: foreign })).status).toBe(400);
		}
		expect(await introspect(here.accessToken, foreign)).toEqual({ active: false });
		expect((await refresh(there.refreshToken, { client: own })).status).toBe(401);
		expect((await logIn({ api_key: key.secret })).status).toBe(401);
		expect((await logIn({ username: alone.username, password: alone.password })).status).toBe(401);
		const { username, password } = elsewhere;
		expect((await logIn({ username, password, account: slug })).status).toBe(403);
		expect((await logIn({ username, password })).status).toBe(200);
		expect(await opensWith(linked.secret)).toBe(200);
		expect((await granted(foreign)).accessToken).not.toBe("");
	});

	test("its people stay who belong to something else, or run the deployment; the others' names and addresses are free", async () => {
		const world = await aWorld();
		const { email, alone, elsewhere, operator } = world;
		await schedule(world);
		await advance(deletionNotice + 1);
		await cron();
		expect(await signInAnew(elsewhere)).not.toBe("");
		expect(await signInAnew(operator)).not.toBe("");
		await expect(signInAnew(alone)).rejects.toThrow("401");
		for (const text of [alone.username, email]) expect([text, await foundIn(text)]).toEqual([text, []]);
		// No two people have one verified address: whoever has the mail box next can say that it is theirs.
		const next = await aPerson({ [demo.accounts.acme]: "member" }, undefined, { verifiedEmail: email });
		expect(await foundIn(email)).toEqual(["people"]);
		expect(await signInAnew(next)).not.toBe("");
	});

	test("goes once: no operator brings it back, moves its day or exports it", async () => {
		const world = await aWorld();
		const { account, slug } = world;
		await schedule(world);
		await advance(deletionNotice + 1);
		await cron();
		const before = await stored();
		expect(refusal(await reinstate(account))).toBe("404 Not Found");
		expect(refusal(await suspend(account))).toBe("404 Not Found");
		expect(refusal(await call("DELETE", `/v1/accounts/${slug}/deletion`))).toBe("404 Not Found");
		expect(refusal(await call("GET", `/v1/accounts/${slug}/export`))).toBe("404 Not Found");
		await cron();
		expect((await stored())["register accounts"]).toEqual(before["register accounts"]);
	});
});

describe("an account stays", () => {
	test("until its day, and with all that it had when it is taken back or reinstated", async () => {
		const worlds = [await aWorld(), await aWorld(), await aWorld()];
		for (const world of worlds) await schedule(world, now() + 10 * day);
		const [early, kept, back] = worlds as [World, World, World];
		good(await call("DELETE", `/v1/accounts/${kept.slug}/deletion`));
		good(await reinstate(back.account));
		await advance(10 * day - 2);
		await cron();
		expect(good(await call("GET", `/v1/accounts/${early.slug}`))).toMatchObject({
			state: "suspended",
			people: 3,
			keys: 1,
		});
		await advance(60 * day);
		await cron();
		expect(refusal(await call("GET", `/v1/accounts/${early.slug}`))).toBe("404 Not Found");
		for (const { slug, key, alone } of [kept, back]) {
			expect(good(await call("GET", `/v1/accounts/${slug}`))).toMatchObject({ people: 3, keys: 1, clients: 1 });
			expect(await foundIn(key.id)).not.toEqual([]);
			expect(await foundIn(alone.username)).not.toEqual([]);
		}
		expect((await logIn({ api_key: back.key.secret })).status).toBe(200);
	});

	test("whose deletion was taken back in the instant of the cron is whole, or gone", async () => {
		const world = await aWorld();
		await schedule(world);
		await advance(deletionNotice + 1);
		const [back] = await Promise.all([reinstate(world.account), runCron()]);
		await cron();
		const { status } = await call("GET", `/v1/accounts/${world.slug}`);
		expect(status).toBe(back.status);
		expect((await foundIn(world.key.id)).includes("api_keys")).toBe(back.status === 200);
	});
});

async function exportedLog({ account, slug, alone }: World) {
	good(await reinstate(account));
	return call("GET", "/v1/audit?action=account.export", undefined, await tokenOf(alone, slug));
}

describe("an export", () => {
	test("has all that there is, and nothing that opens anything", async () => {
		const world = await aWorld();
		const { account, slug, alone, elsewhere, own, key, linked } = world;
		await suspend(account);
		const answer = await call("GET", `/v1/accounts/${slug}/export`);
		expect(answer.headers.get("content-disposition")).toBe(`attachment; filename="${slug}.json"`);
		const all = good<Record<string, { id: string; username?: string }[]>>(answer);
		const ids = (part: string) => (all[part] ?? []).map(({ id }) => id);
		expect(all.account).toMatchObject({ id: account, slug });
		expect(ids("people")).toEqual(expect.arrayContaining([alone.id, elsewhere.id]));
		expect(ids("clients")).toEqual([own.client.id]);
		expect(ids("keys")).toEqual([key.id]);
		expect(ids("links")).toEqual([linked.id]);
		expect([ids("environments"), ids("policies"), ids("installs"), ids("events")].map(({ length }) => length)).toEqual([
			1, 1, 2, 1,
		]);
		expect(all.events).toMatchObject([{ body: { text: "of the account" } }]);
		expect(answer.text).not.toMatch(/"(?:\w*hash|secrets?|sealed_secret|registration|password\w*)":|scrypt/);
		for (const secret of [key.secret, own.secret ?? "", world.here.accessToken])
			expect(answer.text).not.toContain(secret);
		const log = good<{ entries: { action: string }[] }>(await exportedLog(world));
		expect(log.entries[0]?.action).toBe("account.export");
	});

	test("is of one that is suspended: no operator looks into an account that is in use", async () => {
		const { slug } = await aWorld();
		const answer = await call("GET", `/v1/accounts/${slug}/export`, undefined, await inAcme());
		expect(refusal(answer)).toBe("409 Conflict");
		expect(refusal(await ask(`/v1/accounts/${slug}/export`))).toBe("401 Unauthorized");
	});
});
