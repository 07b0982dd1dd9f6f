import { describe, expect, test } from "vitest";
import { bounds } from "../../src/domain/bounds.ts";
import { newId, type Stores, times } from "./builders.ts";
import { auditEntry, passkeyOf, person } from "./register-builders.ts";

export function describePasskeys({ platform, auditedActions, databases }: Stores): void {
	const { passkeys, register } = platform;

	async function somebody(changes: Parameters<typeof person>[0] = {}) {
		const added = person(changes);
		await register.add({ people: [added] });
		return added;
	}

	describe("passkeys", () => {
		test("are listed as they were registered, the oldest first, and found with whose they are", async () => {
			const owner = await somebody();
			const older = passkeyOf(owner.id, { createdAt: 1, name: "Older" });
			const newer = passkeyOf(owner.id, { createdAt: 2, isSynced: true, signCount: 7, transports: ["usb", "nfc"] });
			const entry = auditEntry();
			expect(await passkeys.add(newer, [entry])).toBe("added");
			expect(await passkeys.add(older, [])).toBe("added");
			expect(await passkeys.list(owner.id)).toEqual([older, newer]);
			expect(await passkeys.find(newer.id)).toMatchObject({ passkey: newer, person: { id: owner.id } });
			expect(await passkeys.find(newId())).toBeNull();
			expect(await passkeys.list((await somebody()).id)).toEqual([]);
			expect(await auditedActions()).toContain(entry.action);
		});

		test("are registered once, of twenty at once too, and for somebody who is there", async () => {
			const [one, other] = [await somebody(), await somebody()];
			const entries = times(20, () => auditEntry());
			const made = passkeyOf(one.id);
			const outcomes = await Promise.all(
				entries.map((entry, each) => passkeys.add({ ...made, personId: (each % 2 ? one : other).id }, [entry])),
			);
			expect(outcomes.filter((each) => each === "added")).toHaveLength(1);
			expect(new Set(outcomes)).toEqual(new Set(["added", "taken"]));
			const actions = await auditedActions();
			expect(entries.filter(({ action }) => actions.includes(action))).toHaveLength(1);
			const gone = await somebody({ state: "ended" });
			expect(await passkeys.add(passkeyOf(gone.id), [])).toBe("unknown");
		});

		test("are as many as one may have, of many at once too", async () => {
			const owner = await somebody();
			const { most } = bounds.passkeys;
			const outcomes = await Promise.all(times(most + 5, () => passkeys.add(passkeyOf(owner.id), [])));
			expect(outcomes.filter((each) => each === "added")).toHaveLength(most);
			expect(outcomes.filter((each) => each === "full")).toHaveLength(5);
			expect(await passkeys.list(owner.id)).toHaveLength(most);
		});

		test("are renamed by whose they are, and it is noted where they were called otherwise", async () => {
			const owner = await somebody();
			const made = passkeyOf(owner.id, { name: "Before" });
			await passkeys.add(made, []);
			const of = { id: made.id, personId: owner.id };
			const [same, theirs, own] = [auditEntry(), auditEntry(), auditEntry()];
			expect(await passkeys.rename(of, "Before", [same])).toBe("renamed");
			const stranger = { ...of, personId: (await somebody()).id };
			expect(await passkeys.rename(stranger, "Mine", [theirs])).toBe("unknown");
			expect(await passkeys.rename(of, "After", [own])).toBe("renamed");
			expect(await passkeys.list(owner.id)).toEqual([{ ...made, name: "After" }]);
			const actions = await auditedActions();
			expect([same, theirs, own].map(({ action }) => actions.includes(action))).toEqual([false, false, true]);
		});

		test("are removed by whose they are, and not the last way in: of two at once one stays", async () => {
			const owner = await somebody();
			const stranger = await somebody();
			const made = passkeyOf(owner.id);
			await passkeys.add(made, []);
			const entry = auditEntry();
			expect(await passkeys.remove({ id: made.id, personId: stranger.id }, [entry])).toBe("unknown");
			expect(await passkeys.remove({ id: made.id, personId: owner.id }, [])).toBe("removed");
			expect(await passkeys.remove({ id: made.id, personId: owner.id }, [])).toBe("unknown");
			const without = await somebody({ passwordHash: null });
			const both = [passkeyOf(without.id), passkeyOf(without.id)];
			for (const each of both) await passkeys.add(each, []);
			const outcomes = await Promise.all(
				both.map(({ id }) => passkeys.remove({ id, personId: without.id }, [auditEntry()])),
			);
			expect(outcomes.toSorted()).toEqual(["last", "removed"]);
			expect(await passkeys.list(without.id)).toHaveLength(1);
			expect(await auditedActions()).not.toContain(entry.action);
		});

		test("WebAuthn §7.2 (22): of twenty that sign with one count one is good; one that does not count always is", async () => {
			const owner = await somebody();
			const counting = passkeyOf(owner.id, { signCount: 4 });
			const silent = passkeyOf(owner.id);
			await passkeys.add(counting, []);
			await passkeys.add(silent, []);
			const signed = { signCount: 5, at: 100 };
			const outcomes = await Promise.all(times(20, () => passkeys.use(counting.id, signed)));
			expect(outcomes.filter(Boolean)).toHaveLength(1);
			for (const signCount of [5, 4, 0]) {
				expect(await passkeys.use(counting.id, { signCount, at: 101 })).toBe(false);
			}
			expect(await passkeys.use(counting.id, { signCount: 9, at: 102 })).toBe(true);
			expect(await passkeys.use(silent.id, { signCount: 0, at: 100 })).toBe(true);
			expect(await passkeys.use(silent.id, { signCount: 0, at: 103 })).toBe(true);
			expect(await passkeys.use(newId(), { signCount: 9, at: 100 })).toBe(false);
			const usedAt = (await passkeys.list(owner.id)).map(({ lastUsedAt }) => lastUsedAt);
			expect(new Set(usedAt)).toEqual(new Set([102, 103]));
		});

		test("a key that cannot be read takes no neighbour along", async () => {
			const owner = await somebody();
			const [damaged, whole] = [passkeyOf(owner.id, { createdAt: 1 }), passkeyOf(owner.id, { createdAt: 2 })];
			for (const each of [damaged, whole]) await passkeys.add(each, []);
			await databases.register.prepare("UPDATE passkeys SET public_key = '{' WHERE id = ?").bind(damaged.id).run();
			expect(await passkeys.list(owner.id)).toMatchObject([{ key: { x: "" } }, { key: whole.key }]);
		});
	});
}
