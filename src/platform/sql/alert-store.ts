import type { AlertColumn, Alerts } from "../../domain/ports/alerts.ts";
import { type Alert, type AlertKind, isCounted, slotOf } from "../../domain/alert.ts";
import { purgeSlices } from "./purge-slices.ts";
import { searchPage } from "./search-sql.ts";
import { readStored } from "./stored-json.ts";
import type { SqlDatabase } from "./database.ts";

interface AlertRow {
	readonly id: string;
	readonly account_id: string;
	readonly kind: AlertKind;
	readonly subject: string;
	readonly target: string;
	readonly count: number;
	readonly first_at: number;
	readonly last_at: number;
	readonly detail: string;
}

const searched = { table: "alerts", time: "first_at", body: "detail" };

export function alertStore(db: SqlDatabase): Alerts {
	return {
		async raise(sightings) {
			if (sightings.length === 0) return [];
			const made = db
				.prepare("SELECT id FROM alerts WHERE id IN (SELECT value FROM json_each(?))")
				.bind(JSON.stringify(sightings.map(({ id }) => id)));
			const written = await db.batch<{ id: string }>([
				...sightings.map(({ id, accountId, kind, subject, target, count, at, detail }) =>
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
				),
				made,
			]);
			// A row that was there before has its own id.
			const ids = new Set(written.at(-1)?.results.map(({ id }) => id));
			return sightings.filter(({ id }) => ids.has(id));
		},
		async search(search, kind) {
			const within = { column: "kind", value: kind };
			const { rows, next } = await searchPage<AlertColumn, AlertRow>(db, searched, search, within);
			return { rows: rows.map(toAlert), next };
		},
		forget: (accountId) => purgeSlices(db, { table: "alerts", column: "account_id", is: true }, accountId),
		purge: (seenBefore) => purgeSlices(db, { table: "alerts", column: "last_at" }, seenBefore),
	};
}

function toAlert({ account_id, first_at, last_at, ...row }: AlertRow): Alert {
	const { id, kind, subject, target, count, detail } = row;
	return {
		id,
		accountId: account_id,
		kind,
		subject,
		target,
		count,
		firstAt: first_at,
		lastAt: last_at,
		detail: readStored(detail, {}, { table: "alerts", id }),
	};
}
