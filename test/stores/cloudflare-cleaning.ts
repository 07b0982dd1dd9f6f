import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { LedgerObject } from "../../src/platform/cloudflare/ledger-object.ts";
import type { DeviceRequestsObject } from "../../src/platform/cloudflare/device-requests-object.ts";
import type { LimiterObject } from "../../src/platform/cloudflare/limiter-object.ts";
import {
	byPassword,
	codeRecord,
	deviceAsk,
	hash,
	login,
	newId,
	newSubject,
	now,
	redeem,
	type Stores,
	times,
} from "./builders.ts";
import { codeOf, givenIn } from "./ledgers/logouts.ts";

/** DESIGN §4.5: it cleans up after itself. */
export function describeCleaning({ platform, copiedRev, damageRow }: Stores): void {
	beforeEach(() => {
		vi.useFakeTimers({ toFake: ["Date"], now: Math.ceil(Date.now() / 1000) * 1000 });
	});
	afterEach(() => {
		vi.useRealTimers();
	});

	describe("a ledger's storage", () => {
		test("a question makes none", async () => {
			const subject = newSubject();
			const ledger = platform.ledgers.of(subject);
			await ledger.grantTerms("x");
			await ledger.inspectSession("x", { jti: "x", notBefore: 0 });
			await ledger.listSessions({ credential: "password", accountId: "account", after: "", limit: 9 });
			await ledger.checkKey(hash("x"), null);
			await ledger.revokeGrant("x", null);
			await ledger.endSignIn("x");
			expect(await storageOf(subject)).toEqual({ tables: [], alarm: null });
		});

		test("the alarm is set on a grid, and only when it has to ring earlier", async () => {
			const subject = newSubject();
			const ledger = platform.ledgers.of(subject);
			await ledger.login(byPassword, login());
			const late = await storageOf(subject);
			expect(late.alarm).toBe(Math.ceil((now() + 7200) / 600) * 600_000);
			await ledger.openGrant(codeRecord());
			const early = await storageOf(subject);
			expect(early.alarm).toBe(Math.ceil((now() + 780) / 600) * 600_000);
			await ledger.openSignIn({ id: newId(), hash: hash("x") });
			expect((await storageOf(subject)).alarm).toBe(early.alarm);
		});

		test("the alarm purges what has expired and keeps the rest, then waits for the next", async () => {
			const subject = newSubject();
			const ledger = platform.ledgers.of(subject);
			const record = codeRecord();
			await ledger.openGrant(record);
			await ledger.openSignIn({ id: "in", hash: hash("x") });
			vi.setSystemTime(Date.now() + 1200_000);
			expect(await runDurableObjectAlarm(stub(subject))).toBe(true);
			expect(await rowsOf(subject)).toEqual(["sign_in in"]);
			expect((await storageOf(subject)).alarm).toBeGreaterThan(Date.now());
			expect(await ledger.redeem(record.id, redeem())).toEqual({ kind: "unknown" });
			expect(await ledger.checkSignIn("in", hash("x"))).not.toBeNull();
		});

		test("nothing left: the storage goes, and the same instance works on", async () => {
			const subject = newSubject();
			const ledger = platform.ledgers.of(subject);
			await ledger.openGrant(codeRecord());
			vi.setSystemTime(Date.now() + 1200_000);
			await runDurableObjectAlarm(stub(subject));
			expect(await storageOf(subject)).toEqual({ tables: [], alarm: null });
			const record = codeRecord();
			expect(await ledger.grantTerms(record.id)).toBeNull();
			await ledger.openGrant(record);
			expect(await ledger.redeem(record.id, redeem())).toMatchObject({ kind: "redeemed" });
			expect((await storageOf(subject)).alarm).not.toBeNull();
		});

		test("of a subject that is erased goes too, and its instance works on; one that had none gets none", async () => {
			const subject = newSubject("key");
			const ledger = platform.ledgers.of(subject);
			await ledger.changeKey({ kind: "create", ownerId: "owner", policies: [] });
			await ledger.changeKey({ kind: "delete" });
			await runDurableObjectAlarm(stub(subject));
			// The tombstone stays for good: nothing would ever ring for it again.
			expect(await rowsOf(subject)).toEqual(["key verdict"]);
			expect((await storageOf(subject)).alarm).toBeNull();
			await ledger.erase();
			await runDurableObjectAlarm(stub(subject));
			expect(await storageOf(subject)).toEqual({ tables: [], alarm: null });
			await ledger.erase();
			expect(await storageOf(subject)).toEqual({ tables: [], alarm: null });
			const created = await ledger.changeKey({ kind: "create", ownerId: "owner", policies: [] });
			expect(created).toMatchObject({ kind: "changed", verdict: { rev: 1 } });
		});

		test("an instance that was just started knows the alarm that was set", async () => {
			const subject = newSubject();
			await platform.ledgers.of(subject).openGrant(codeRecord());
			const { alarm } = await storageOf(subject);
			await crash(subject);
			await platform.ledgers.of(subject).openSignIn({ id: "in", hash: hash("x") });
			expect((await storageOf(subject)).alarm).toBe(alarm);
		});
	});

	describe("an uncopied verdict", () => {
		test("DESIGN §3.5: is copied and acknowledged by the alarm, and stays", async () => {
			const subject = newSubject("key");
			const ledger = platform.ledgers.of(subject);
			await ledger.changeKey({ kind: "create", ownerId: "owner", policies: [] });
			expect((await storageOf(subject)).alarm).toBe(Math.ceil((now() + 60) / 60) * 60_000);
			vi.setSystemTime(Date.now() + 120_000);
			await runDurableObjectAlarm(stub(subject));
			expect(await copiedRev(subject)).toBe(1);
			expect(await ledger.uncopiedKey()).toBeNull();
			expect(await rowsOf(subject)).toEqual(["key verdict"]);
			expect((await storageOf(subject)).alarm).toBeNull();
		});

		test("is tried again where the register fails", async () => {
			const subject = newSubject("key");
			const ledger = platform.ledgers.of(subject);
			const log = vi.spyOn(console, "error").mockImplementation(() => {});
			await ledger.changeKey({ kind: "create", ownerId: "owner", policies: [] });
			await env.DB.prepare("ALTER TABLE key_verdicts RENAME TO elsewhere").run();
			vi.setSystemTime(Date.now() + 120_000);
			await runDurableObjectAlarm(stub(subject));
			await env.DB.prepare("ALTER TABLE elsewhere RENAME TO key_verdicts").run();
			expect(log).toHaveBeenCalledOnce();
			log.mockRestore();
			const { alarm } = await storageOf(subject);
			expect(alarm).toBeGreaterThan(Date.now());
			expect(alarm).toBeLessThanOrEqual(Date.now() + 61_000);
			await runDurableObjectAlarm(stub(subject));
			expect(await copiedRev(subject)).toBe(1);
		});
	});

	test("a verdict that cannot be read keeps nothing else from being purged", async () => {
		const subject = newSubject("key");
		const ledger = platform.ledgers.of(subject);
		const log = vi.spyOn(console, "error").mockImplementation(() => {});
		await ledger.changeKey({ kind: "create", ownerId: "owner", policies: [] });
		await ledger.login(byPassword, login());
		await damageRow(subject, "key", "verdict", "{");
		vi.setSystemTime(Date.now() + 7800_000);
		await runDurableObjectAlarm(stub(subject));
		expect(log).toHaveBeenCalledOnce();
		log.mockRestore();
		expect(await rowsOf(subject)).toEqual(["key verdict"]);
		// Somebody may put it right.
		expect((await storageOf(subject)).alarm).toBeLessThanOrEqual(Date.now() + 61_000);
	});

	test("Back-Channel Logout: whom the request could not tell, the alarm tells, though the instance died meanwhile", async () => {
		const subject = newSubject();
		const ledger = platform.ledgers.of(subject);
		await ledger.openSignIn({ id: "in", hash: hash("x") });
		await givenIn(ledger, codeOf("in"));
		await ledger.endSignIn("in");
		expect((await storageOf(subject)).alarm).toBeLessThanOrEqual(Date.now() + 120_000);
		await crash(subject);
		expect(await rowsOf(subject)).toContain("logout in client");
		vi.setSystemTime(Date.now() + 120_000);
		expect(await runDurableObjectAlarm(stub(subject))).toBe(true);
		// Nobody registered that client: so there is nobody to be told any more.
		expect(await rowsOf(subject)).not.toContain("logout in client");
		expect((await storageOf(subject)).alarm).toBeGreaterThan(Date.now());
	});

	test("a logout that cannot be read goes, and nothing rings for it any more", async () => {
		const subject = newSubject();
		const ledger = platform.ledgers.of(subject);
		const log = vi.spyOn(console, "error").mockImplementation(() => {});
		await ledger.openSignIn({ id: "in", hash: hash("x") });
		await givenIn(ledger, codeOf("in"));
		await ledger.endSignIn("in");
		await damageRow(subject, "logout", "in client", "{");
		vi.setSystemTime(Date.now() + 120_000);
		await runDurableObjectAlarm(stub(subject));
		expect(log).toHaveBeenCalledOnce();
		log.mockRestore();
		expect(await rowsOf(subject)).not.toContain("logout in client");
		// For what else is there, much later.
		expect((await storageOf(subject)).alarm).toBeGreaterThan(Date.now() + 600_000);
	});

	test("a limiter's ended tallies go, and its storage with the last", async () => {
		const names = times(300, () => newId());
		await Promise.all(names.map((name) => platform.limiter.take(name, { attempts: 1, window: 60 })));
		const shards = times(64, (index) => env.LIMITER.getByName(`shard-${index}`));
		vi.setSystemTime(Date.now() + 7 * 86_400_000);
		for (const shard of shards) await runDurableObjectAlarm(shard);
		for (const shard of shards) {
			const tables = await runInDurableObject(shard, (_: LimiterObject, state) => tablesOf(state));
			expect(tables).toEqual([]);
		}
		const waits = await Promise.all(names.map((name) => platform.limiter.take(name, { attempts: 1, window: 60 })));
		expect(new Set(waits)).toEqual(new Set([0]));
	});

	test("what a device asked goes once it has ended, and its storage with the last", async () => {
		const { deviceRequests } = platform;
		const codes = times(100, () => hash(newId()));
		await Promise.all(codes.map((code) => deviceRequests.open(code, deviceAsk())));
		const shards = times(64, (index) => env.DEVICE_REQUESTS.getByName(`shard-${index}`));
		vi.setSystemTime(Date.now() + 7 * 86_400_000);
		for (const shard of shards) await runDurableObjectAlarm(shard);
		for (const shard of shards) {
			expect(await runInDurableObject(shard, (_: DeviceRequestsObject, state) => tablesOf(state))).toEqual([]);
		}
		const [code = hash(""), other = hash("")] = codes;
		expect(await deviceRequests.find(code)).toBeNull();
		expect(await deviceRequests.poll(other, { codeHash: other, clientId: "client" })).toEqual({ kind: "expired" });
		expect(await deviceRequests.answer(other, other, { kind: "denied" })).toBe("unknown");
		expect(await deviceRequests.open(code, deviceAsk())).toBe("opened");
	});
}

export function stub(subject: string): DurableObjectStub<LedgerObject> {
	return env.LEDGER.getByName(subject);
}

/** Ends the instance as a crash would. */
export async function crash(subject: string): Promise<void> {
	await runInDurableObject(stub(subject), (_: LedgerObject, state) => state.abort("crash")).catch(() => null);
}

async function storageOf(subject: string): Promise<{ tables: string[]; alarm: number | null }> {
	return runInDurableObject(stub(subject), async (_: LedgerObject, state) => {
		return { tables: tablesOf(state), alarm: await state.storage.getAlarm() };
	});
}

async function rowsOf(subject: string): Promise<string[]> {
	return runInDurableObject(stub(subject), (_: LedgerObject, state) =>
		state.storage.sql
			.exec<{ name: string }>("SELECT kind || ' ' || id AS name FROM rows ORDER BY name")
			.toArray()
			.map(({ name }) => name),
	);
}

function tablesOf(state: DurableObjectState): string[] {
	const found = state.storage.sql.exec<{ name: string }>("SELECT name FROM sqlite_master WHERE name NOT LIKE '_cf%'");
	return found.toArray().map(({ name }) => name);
}
