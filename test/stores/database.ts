import { describe, expect, test } from "vitest";
import { mostBound, type SqlDatabase, type SqlValue } from "../../src/platform/sql/database.ts";
import { newId, times } from "./builders.ts";

/** What the stores may take for granted of any database, and what they must not try. */
export function describeDatabase(name: string, db: SqlDatabase): void {
	const answer = (expression: string, ...values: SqlValue[]) =>
		db
			.prepare(`SELECT ${expression} AS answer`)
			.bind(...values)
			.first<SqlValue>("answer");
	const sum = (count: number) => answer(times(count, () => "?").join(" + "), ...times(count, () => 1));
	const noted = (action: string) =>
		db
			.prepare(
				"INSERT INTO audit (at, account_id, actor, action, target, address, detail) VALUES (?, ?, ?, ?, ?, ?, ?)",
			)
			.bind(5, null, "actor", action, "target", null, "{}");

	describe(`the database of ${name}`, () => {
		test("a number is bound as a real one, whole or not", async () => {
			expect(await answer("typeof(?)", 5)).toBe("real");
			expect(await answer("? / 2", 5)).toBe(2.5);
			expect(await answer("json_array(?)", 5)).toBe("[5.0]");
			expect(await answer("CAST(? AS TEXT)", 5)).toBe("5.0");
		});

		test("and is whole again in a column of whole ones, up to 2^53", async () => {
			const action = newId();
			await noted(action).run();
			const kept = "SELECT typeof(at) || ' ' || at AS kept FROM audit WHERE action = ?";
			expect(await db.prepare(kept).bind(action).first("kept")).toBe("integer 5");
			const most = Number.MAX_SAFE_INTEGER;
			await db.prepare("UPDATE audit SET at = ? WHERE action = ?").bind(most, action).run();
			expect(await db.prepare("SELECT at FROM audit WHERE action = ?").bind(action).first("at")).toBe(most);
		});

		test("a text comes back as it was, but for half a surrogate pair", async () => {
			const text = "é\u{1f511} '\" % _ \\ \n";
			expect(await answer("?", text)).toBe(text);
			expect(await answer("?", "\ud800")).toMatch(/^\ufffd+$/);
			expect(await answer("?", "")).toBe("");
			expect(await answer("?", null)).toBeNull();
		});

		test("a statement binds so many values, and one more is an error", async () => {
			expect(await sum(mostBound)).toBe(mostBound);
			await expect(sum(mostBound + 1)).rejects.toThrow(/./);
		});

		test("a batch is all or nothing, each statement with its own outcome", async () => {
			const action = newId();
			const find = db.prepare("SELECT action FROM audit WHERE action = ?").bind(action);
			const none = db.prepare("DELETE FROM audit WHERE action = ?").bind("x");
			const outcomes = await db.batch<{ action: string }>([noted(action), find, none, noted(action), find]);
			expect([0, 2, 3].map((index) => outcomes[index]?.meta.changes)).toEqual([1, 0, 1]);
			expect(outcomes.map(({ results }) => results.length)).toEqual([0, 1, 0, 0, 2]);
			const again = newId();
			const twice = db.prepare("INSERT INTO setup (id, account_id) VALUES (2, 'x')");
			await expect(db.batch([noted(again), twice])).rejects.toThrow("CHECK constraint failed");
			expect(await db.prepare("SELECT 1 FROM audit WHERE action = ?").bind(again).first()).toBeNull();
		});

		test("changes() counts the rows of the last write, in the statements of a batch too", async () => {
			const [first, second] = [newId(), newId()];
			const rename = (from: string, to: string) =>
				db.prepare("UPDATE audit SET action = ? WHERE action = ?").bind(to, from);
			const counted = db.prepare("SELECT changes() AS n");
			const batches = [
				[noted(first), noted(first), counted],
				[rename(first, second), counted],
				[rename(first, second), counted],
			];
			const counts: unknown[] = [];
			for (const batch of batches) counts.push((await db.batch<{ n: number }>(batch)).at(-1)?.results);
			expect(counts).toEqual([[{ n: 1 }], [{ n: 2 }], [{ n: 0 }]]);
		});

		test("a batch of nothing is an error", async () => {
			await expect(async () => db.batch([])).rejects.toThrow(/./);
		});
	});
}
