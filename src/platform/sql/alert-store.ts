import type { AlertColumn, Alerts } from "../../domain/ports/alerts.ts";
import { isCounted, slotOf } from "../../domain/alert.ts";
import { type AlertRow, toAlert } from "./alert-rows.ts";
import { inSlices, purgeSlices, slice } from "./purge-slices.ts";
import { searchPage } from "./search-sql.ts";
import type { SqlDatabase } from "./database.ts";

/** Only where the row was made just now: one that was there before has its own id. */
const intoOutbox = "INSERT INTO alert_outbox (alert_id, account_id) SELECT id, account_id FROM alerts WHERE id = ?";

const searched = { table: "alerts", time: "first_at", body: "detail" };

export function alertStore(db: SqlDatabase): Alerts {
	return {
		async raise(sightings) {
			if (sightings.length === 0) return [];
			const made = db
				.prepare("SELECT id FROM alerts WHERE id IN (SELECT value FROM json_each(?))")
				.bind(JSON.stringify(sightings.map(({ id }) => id)));
			const written = await db.batch<{ id: string }>([
				...sightings.flatMap(({ id, accountId, kind, subject, target, count, at, detail, isAwaited = false }) => [
					db
						.prepare(
							`INSERT INTO alerts (id, account_id, kind, subject, target, slot, count, first_at, last_at, detail)
							VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9)
							ON CONFLICT (account_id, kind, subject, target, slot)
							DO UPDATE SET count = count + ?7, last_at = max(last_at, ?8), detail = ?9 WHERE ?10`,
						)
						.bind(
							id,
							accountId,
							kind,
							subject,
							target,
							slotOf(kind, at),
							count,
							at,
							JSON.stringify(detail),
							isCounted(kind) ? 1 : 0,
						),
					...(isAwaited ? [db.prepare(intoOutbox).bind(id)] : []),
				]),
				made,
			]);
			// A row that was there before has its own id.
			const ids = new Set(written.at(-1)?.results.map(({ id }) => id));
			return sightings.filter(({ id }) => ids.has(id));
		},
		async search(search, { kind, acknowledged }) {
			const ofKind = kind === null ? [] : [{ sql: "kind = ?", params: [kind] }];
			const isNew = `acknowledged_at IS ${acknowledged === true ? "NOT " : ""}NULL`;
			// Few are new, and an index has them alone.
			const [index, within, filters] =
				acknowledged === false
					? (["alerts_new", [{ sql: isNew, params: [] }], ofKind] as const)
					: ([
							kind === null ? "alerts_by_account" : "alerts_by_kind",
							ofKind,
							acknowledged === null ? [] : [{ sql: isNew, params: [] }],
						] as const);
			const by = { ...searched, index, within, filters };
			const { rows, next } = await searchPage<AlertColumn, AlertRow>(db, by, search);
			return { rows: rows.map(toAlert), next };
		},
		acknowledge: (accountId, id, { at, by }) =>
			change(accountId, id, "acknowledged_at = ?3, acknowledged_by = ?4 WHERE acknowledged_at IS NULL", at, by),
		reopen: (accountId, id) =>
			change(accountId, id, "acknowledged_at = NULL, acknowledged_by = NULL WHERE acknowledged_at IS NOT NULL"),
		acknowledgeAll(accountId, kind, seenBy, { at, by }) {
			const some = `SELECT id FROM alerts INDEXED BY alerts_new
				WHERE account_id = ?3 AND acknowledged_at IS NULL AND first_at <= ?4 AND (?5 IS NULL OR kind = ?5) LIMIT ${slice}`;
			const update = `UPDATE alerts SET acknowledged_at = ?1, acknowledged_by = ?2 WHERE id IN (${some})`;
			const statement = db.prepare(update).bind(at, by, accountId, seenBy, kind);
			// What D1 says of a statement has in it what triggers changed.
			const changes = db.prepare("SELECT changes() AS n");
			return inSlices(async () => (await db.batch<{ n: number }>([statement, changes])).at(-1)?.results[0]?.n ?? 0);
		},
		async countNew(accountId) {
			const query = db.prepare("SELECT n FROM new_alerts WHERE account_id = ?").bind(accountId);
			return (await query.first<number>("n")) ?? 0;
		},
		forget: (accountId) => purgeSlices(db, { table: "alerts", column: "account_id", is: true }, accountId),
		purge: (seenBefore) => purgeSlices(db, { table: "alerts", column: "last_at" }, seenBefore),
	};

	async function change(accountId: string, id: string, set: string, ...values: readonly (string | number)[]) {
		const [changed, found] = await db.batch<AlertRow>([
			db.prepare(`UPDATE alerts SET ${set} AND id = ?1 AND account_id = ?2`).bind(id, accountId, ...values),
			db.prepare("SELECT * FROM alerts WHERE id = ? AND account_id = ?").bind(id, accountId),
		]);
		const row = found?.results[0];
		return row ? { alert: toAlert(row), changed: (changed?.meta.changes ?? 0) > 0 } : null;
	}
}
