import { describe, expect, test } from "vitest";
import { beginningOf, day, hour, type UsageCell } from "../../src/domain/usage.ts";
import { newId, now, type Stores, times } from "./builders.ts";

export function describeUsage({ platform }: Stores): void {
	const { usage } = platform;

	const add = (...cells: UsageCell[]) => usage.add({ id: newId(), at: now(), cells });
	const all = (accountId: string, object = "") => usage.days(accountId, object, 0, now() + day);

	describe("usage", () => {
		test("what many count at once is added up, and what is sent again is added once", async () => {
			const accountId = newId();
			const at = beginningOf(hour, now());
			await Promise.all(times(20, () => add(cellOf(accountId, { count: 3 }), cellOf(accountId, { what: "token" }))));
			const batch = { id: newId(), at: now(), cells: [cellOf(accountId, { count: 100 })] };
			await Promise.all(times(5, () => usage.add(batch)));
			expect(await usage.hours(accountId, "", at, at + 1)).toEqual([
				{ at, what: "check", count: 160 },
				{ at, what: "token", count: 20 },
			]);
		});

		test("an object, an account and a span have their own rows alone", async () => {
			const [accountId, other] = [newId(), newId()];
			const at = beginningOf(hour, now());
			await add(
				cellOf(accountId),
				cellOf(accountId, { object: "key" }),
				cellOf(other, { count: 7 }),
				cellOf(accountId, { at: at - hour, count: 9 }),
			);
			expect(await usage.hours(accountId, "key", 0, at + 1)).toEqual([{ at, what: "check", count: 1 }]);
			expect(await usage.hours(accountId, "", at, at + 1)).toEqual([{ at, what: "check", count: 1 }]);
			expect(await usage.hours(accountId, "", at - hour, at)).toEqual([{ at: at - hour, what: "check", count: 9 }]);
		});

		test("hours become days, whole days alone, and what comes late is added to its day", async () => {
			const accountId = newId();
			const today = beginningOf(day, now());
			const yesterday = today - day;
			await add(
				...times(24, (index) => cellOf(accountId, { at: yesterday + index * hour, count: index })),
				cellOf(accountId, { at: today }),
			);
			await usage.fold(today + hour, 0);
			expect(await usage.hours(accountId, "", 0, today)).toEqual([]);
			expect(await all(accountId)).toEqual([
				{ at: yesterday, what: "check", count: 276 },
				{ at: today, what: "check", count: 1 },
			]);
			await add(cellOf(accountId, { at: yesterday + hour, count: 1000 }));
			await usage.fold(today, now() + 1);
			await usage.fold(today, now() + 1);
			expect(await all(accountId)).toContainEqual({ at: yesterday, what: "check", count: 1276 });
			await usage.purge(today);
			expect(await all(accountId)).toEqual([{ at: today, what: "check", count: 1 }]);
		});

		test("an account's end takes all of its own, and nobody else's", async () => {
			const [accountId, other] = [newId(), newId()];
			const old = beginningOf(day, now()) - day;
			for (const id of [accountId, other]) await add(cellOf(id), cellOf(id, { object: "key", at: old }));
			await usage.fold(old + day, 0);
			await usage.forget(accountId);
			expect([await all(accountId), await all(accountId, "key")]).toEqual([[], []]);
			expect([(await all(other)).length, (await all(other, "key")).length]).toEqual([1, 1]);
		});
	});
}

function cellOf(accountId: string, cell: Partial<UsageCell> = {}): UsageCell {
	return { accountId, object: "", what: "check", at: beginningOf(hour, now()), count: 1, ...cell };
}
