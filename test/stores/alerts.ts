import { describe, expect, test } from "vitest";
import type { AlertKind, Sighting } from "../../src/domain/alert.ts";
import { accessCodeTtl } from "../../src/domain/api-key-state.ts";
import { hash, newId, newSubject, now, type Stores, tally, times } from "./builders.ts";
import { addAccount } from "./register-builders.ts";

export function describeAlerts({ platform }: Stores): void {
	const { alerts, keyCopies, register, ledgers } = platform;

	const alertsOf = async (accountId: string, kind: AlertKind | null = null) =>
		(await alerts.search({ accountId, conditions: [], from: null, before: null, after: null, limit: 100 }, kind)).rows;

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
			expect((await alerts.search(wanted, null)).rows).toHaveLength(1);
			await alerts.purge(at + 1);
			expect(tally(await alertsOf(accountId))).toEqual({ dead_key_used: 1 });
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
