import type { Seconds } from "../../domain/brands.ts";
import type { UsageCounts } from "../../domain/ports/usage.ts";
import { beginningOf, day, isUsage, type UsageRow } from "../../domain/usage.ts";
import type { SqlDatabase } from "./database.ts";
import { purgeSlices } from "./purge-slices.ts";

const key = "account_id, object, at, what";
const cells = `SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?)`;
const added = `ON CONFLICT (${key}) DO UPDATE SET count = count + excluded.count`;

/** How many hours become days in one transaction, and in one run of the cron. */
const slice = 5000;
const most = 100;

export function usageStore(db: SqlDatabase): UsageCounts {
	return {
		async add({ id, at, cells: batch }) {
			const rows = batch.map(({ accountId, object, at: when, what, count }) => [accountId, object, when, what, count]);
			await db.batch([
				db.prepare("INSERT INTO usage_batches (at, id) VALUES (?, ?) ON CONFLICT DO NOTHING").bind(at, id),
				// One that was added already, and whose answer was lost, changes nothing.
				db
					.prepare(`INSERT INTO usage_hours (${key}, count) ${cells} WHERE changes() > 0 ${added}`)
					.bind(JSON.stringify(rows)),
			]);
		},
		hours: (...of) => read("usage_hours", ...of),
		async days(...of) {
			const [summed, hours] = await Promise.all([read("usage_days", ...of), read("usage_hours", ...of)]);
			return [...summed, ...hours];
		},
		async fold(before, batches) {
			await purgeSlices(db, { table: "usage_batches", column: "at", key: "at, id" }, batches);
			// Whole days alone.
			const end = beginningOf(day, before);
			const due = `FROM usage_hours WHERE at < ?1 ORDER BY at, account_id, object, what LIMIT ${slice}`;
			for (let round = 0; round < most; round++) {
				const [, deleted] = await db.batch([
					db
						.prepare(
							`INSERT INTO usage_days (${key}, count)
							SELECT account_id, object, at - at % ${day}, what, count FROM (SELECT * ${due}) WHERE 1 ${added}`,
						)
						.bind(end),
					db.prepare(`DELETE FROM usage_hours WHERE (${key}) IN (SELECT ${key} ${due})`).bind(end),
				]);
				if ((deleted?.meta.changes ?? 0) < slice) return;
			}
		},
		purge: (before) => purgeSlices(db, { table: "usage_days", column: "at", key }, before),
		async forget(accountId) {
			for (const table of ["usage_hours", "usage_days"]) {
				await purgeSlices(db, { table, column: "account_id", key, is: true }, accountId);
			}
		},
	};

	async function read(
		table: "usage_hours" | "usage_days",
		accountId: string,
		object: string,
		from: Seconds,
		before: Seconds,
	): Promise<readonly UsageRow[]> {
		const query = db.prepare(
			`SELECT at, what, count FROM ${table} WHERE account_id = ? AND object = ? AND at >= ? AND at < ? ORDER BY at, what`,
		);
		const { results } = await query.bind(accountId, object, from, before).all<UsageRow>();
		// What a later version counted is not known here.
		return results.filter(({ what }) => isUsage(what));
	}
}
