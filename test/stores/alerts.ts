import { describe, expect, test } from "vitest";
import type { AlertKind, Sighting } from "../../src/domain/alert.ts";
import { accessCodeTtl } from "../../src/domain/api-key-state.ts";
import { hash, newId, newSubject, now, type Stores, tally, times } from "./builders.ts";
import { addAccount } from "./register-builders.ts";

export function describeAlerts({ platform }: Stores): void {
	const { alerts, keyCopies, register, ledgers } = platform;

	const alertsOf = async (
		accountId: string,
		kind: AlertKind | null = null,
		acknowledged: boolean | null = null,
		limit = 100,
	) => {
		const search = { accountId, conditions: [], from: null, before: null, after: null, limit };
		return (await alerts.search(search, { kind, acknowledged })).rows;
	};

	const raised = async (...each: readonly Partial<Sighting>[]) => {
		const accountId = newId();
		await alerts.raise(each.map((changes, index) => sighting({ accountId, target: `${index}`, ...changes })));
		return accountId;
	};

	describe("alerts", () => {
		test("one row for each kind, subject, target and hour, with a count", async () => {
			const accountId = newId();
			const first = sighting({ accountId });
			const made = await Promise.all([
				alerts.raise([first]),
				...times(9, () => alerts.raise([sighting({ accountId, count: 2 })])),
			]);
			// Of ten at once one has made the row.
			expect(made.flat()).toHaveLength(1);
			const later = { at: first.at + 100, detail: { n: 2 } };
			await alerts.raise([sighting({ accountId, ...later }), sighting({ accountId, subject: "other" })]);
			await alerts.raise([sighting({ accountId, at: first.at + 3600 }), sighting({ accountId, target: "t" })]);
			expect(await alerts.raise([])).toEqual([]);
			const rows = await alertsOf(accountId);
			expect(rows.map(({ count }) => count).toSorted((a, b) => a - b)).toEqual([1, 1, 1, 20]);
			const counted = rows.find(({ count }) => count === 20);
			expect(counted).toMatchObject({ firstAt: first.at, lastAt: first.at + 100, detail: { n: 2 } });
			expect(rows[0]?.firstAt).toBe(first.at + 3600);
		});

		test("what is told of once a day is counted once a day", async () => {
			const accountId = newId();
			const at = now() - (now() % 86_400);
			const warning = { accountId, kind: "access_code_expiring" } as const;
			const made: number[] = [];
			for (const moment of [at, at + 3600, at + 86_399, at + 86_400]) {
				made.push((await alerts.raise([sighting({ ...warning, at: moment })])).length);
			}
			expect(made).toEqual([1, 0, 0, 1]);
			expect((await alertsOf(accountId)).map(({ count, firstAt }) => [count, firstAt])).toEqual([
				[1, at + 86_400],
				[1, at],
			]);
		});

		test("a kind alone, a filter, and what is old leaves", async () => {
			const accountId = newId();
			const at = now() - 100 * 86_400;
			await alerts.raise([
				sighting({ accountId, at }),
				sighting({ accountId, kind: "dead_key_used", detail: { key: "Nightly" } }),
			]);
			expect(tally(await alertsOf(accountId, "dead_key_used"))).toEqual({ dead_key_used: 1 });
			const conditions = [{ path: ["key"], test: { operator: "eq", value: "Nightly" } }] as const;
			const wanted = { accountId, conditions, from: null, before: null, after: null, limit: 1 };
			expect((await alerts.search(wanted, { kind: null, acknowledged: null })).rows).toHaveLength(1);
			await alerts.purge(at + 1);
			expect(tally(await alertsOf(accountId))).toEqual({ dead_key_used: 1 });
		});
	});

	describe("what is acknowledged", () => {
		const by = { at: now(), by: "ada" };
		test("is so once, by the first who said so, whatever is counted in its hour later; and is new once it is taken back", async () => {
			const accountId = await raised({});
			const [alert] = await alertsOf(accountId);
			const id = alert?.id ?? "";
			expect(alert?.acknowledged).toBeNull();
			const both = await Promise.all([alerts.acknowledge(accountId, id, by), alerts.acknowledge(accountId, id, by)]);
			expect(both.filter((each) => each?.changed)).toHaveLength(1);
			expect(await alerts.acknowledge(accountId, id, { at: 1, by: "bob" })).toMatchObject({
				changed: false,
				alert: { id, acknowledged: by },
			});
			await alerts.raise([sighting({ accountId, target: "0", count: 4 })]);
			expect(await alertsOf(accountId, null, true)).toMatchObject([{ id, count: 5, acknowledged: by }]);
			expect(await alertsOf(accountId, null, false)).toEqual([]);
			expect(await alerts.reopen(accountId, id)).toMatchObject({ changed: true, alert: { acknowledged: null } });
			expect(await alerts.reopen(accountId, id)).toMatchObject({ changed: false });
			expect(await alertsOf(accountId, null, false)).toHaveLength(1);
			for (const elsewhere of [newId(), ""]) {
				expect(await alerts.acknowledge(elsewhere, id, by)).toBeNull();
				expect(await alerts.reopen(elsewhere, id)).toBeNull();
			}
			expect(await alerts.acknowledge(accountId, newId(), by)).toBeNull();
		});

		test("all of them that were seen: of a kind or of every one, and no later one", async () => {
			const at = now() - (now() % 3600);
			const kind = "dead_key_used";
			const accountId = await raised({ at: at - 7200 }, { at: at - 7200, kind }, { at: at - 3600 }, { at });
			const other = await raised({ at: at - 7200 });
			expect(await alerts.acknowledgeAll(accountId, kind, at, by)).toBe(1);
			expect(await alertsOf(accountId, null, true)).toMatchObject([{ kind, acknowledged: by }]);
			expect(await alertsOf(accountId, kind, false)).toEqual([]);
			expect(await alertsOf(accountId, "failed_logins", false)).toHaveLength(3);
			expect(await alerts.acknowledgeAll(accountId, null, at - 3600, by)).toBe(2);
			expect(await alerts.acknowledgeAll(accountId, null, at - 3600, { at: 1, by: "bob" })).toBe(0);
			expect((await alertsOf(accountId, null, false)).map(({ firstAt }) => firstAt)).toEqual([at]);
			expect((await alertsOf(accountId, "failed_logins", true)).map(({ acknowledged }) => acknowledged)).toEqual([
				by,
				by,
			]);
			expect(await alerts.countNew(other)).toBe(1);
		});

		test("is not among those that are new, which are counted as they come, go and are taken back", async () => {
			const at = now() - 200 * 86_400;
			const accountId = await raised({}, {}, { at });
			const count = () => alerts.countNew(accountId);
			expect([await count(), await alerts.countNew(newId())]).toEqual([3, 0]);
			await alerts.raise([sighting({ accountId, target: "0" }), sighting({ accountId, target: "more" })]);
			expect(await count()).toBe(4);
			const [first] = await alertsOf(accountId);
			await alerts.acknowledge(accountId, first?.id ?? "", by);
			expect(await count()).toBe(3);
			await alerts.reopen(accountId, first?.id ?? "");
			expect(await count()).toBe(4);
			await alerts.purge(at + 1);
			expect(await count()).toBe(3);
			await alerts.acknowledgeAll(accountId, null, now(), by);
			expect(await count()).toBe(0);
			await alerts.raise([sighting({ accountId, target: "again" })]);
			await alerts.forget(accountId);
			expect(await count()).toBe(0);
		});
	});

	describe("copies of verdicts", () => {
		test("a key is found with its names, and an enabled one with a code that ends", async () => {
			const { id: accountId } = await addAccount(register);
			const codeId = newId();
			const keyId = newSubject("key");
			await register.add({
				apiKeys: [{ id: keyId, accountId, name: "Nightly", tags: [], createdAt: now() }],
				accessCodes: [{ id: codeId, keyId, description: "Server", sealedSecret: null }],
			});
			expect(await keyCopies.find(keyId)).toBeNull();
			const ledger = ledgers.of(keyId);
			await ledger.changeKey({ kind: "create", ownerId: accountId, policies: [] });
			const changed = await ledger.changeKey({ kind: "add_code", id: codeId, hash: hash("code") });
			if (changed.kind === "refused") throw new Error(changed.reason);
			const { verdict } = changed;
			await register.copyVerdict(keyId, verdict, now());
			const copy = { keyId, verdict, name: "Nightly", descriptions: { [codeId]: "Server" } };
			expect(await keyCopies.find(keyId)).toEqual(copy);

			const end = now() + accessCodeTtl;
			const first = { endsAt: 0, keyId: "" };
			const ids = async (before: number) => (await keyCopies.expiring(before, first, 1000)).map((each) => each.keyId);
			expect(await keyCopies.expiring(end + 1, first, 1000)).toContainEqual({ ...copy, endsAt: end });
			expect(await ids(end)).not.toContain(keyId);
			for (const after of [
				{ endsAt: end, keyId },
				{ endsAt: end + 1, keyId: "" },
			]) {
				expect(await keyCopies.expiring(end + 2, after, 1000)).not.toContainEqual({ ...copy, endsAt: end });
			}
			const off = {
				...verdict,
				codes: verdict.codes.map((code) => ({ ...code, enabled: false })),
				rev: verdict.rev + 1,
			};
			await register.copyVerdict(keyId, off, now());
			expect(await ids(end + 1)).not.toContain(keyId);
			await register.copyVerdict(keyId, { ...verdict, rev: verdict.rev + 2 }, now());
			expect(await ids(end + 1)).toContain(keyId);
			await register.copyVerdict(keyId, { ...verdict, state: "disabled", rev: verdict.rev + 3 }, now());
			expect(await ids(end + 1)).not.toContain(keyId);
			expect(await keyCopies.find(newSubject("key"))).toBeNull();
		});
	});
}

function sighting(changes: Partial<Sighting> = {}): Sighting {
	const kind: AlertKind = "failed_logins";
	const at = now() - (now() % 3600) + 60;
	return {
		id: newId(),
		accountId: "account",
		kind,
		subject: "s",
		target: "",
		count: 1,
		at,
		detail: { n: 1 },
		...changes,
	};
}
