import type { EventColumn, EventType, StoredEvent } from "../../domain/event.ts";
import type { Events } from "../../domain/ports/events.ts";
import { perStatement } from "./per-statement.ts";
import { purgeSlices } from "./purge-slices.ts";
import { searchPage } from "./search-sql.ts";
import { isReadable } from "./stored-json.ts";
import type { SqlDatabase } from "./database.ts";

interface EventRow {
	readonly id: string;
	readonly account_id: string;
	readonly type: EventType;
	readonly environment_id: string;
	readonly environment: string;
	readonly received_at: number;
	readonly occurred_at: number;
	readonly body: string;
}

const searched = { table: "events", time: "occurred_at", body: "body", filters: [] };

/** What has an id that is there already is left out. */
const insert = `INSERT INTO events (id, account_id, type, environment_id, environment, received_at, occurred_at, body)
	SELECT value ->> 'id', value ->> 'accountId', value ->> 'type', value ->> 'environmentId', value ->> 'environment',
		value ->> 'receivedAt', value ->> 'occurredAt', value ->> 'body' FROM json_each(?) WHERE 1 ON CONFLICT (id) DO NOTHING`;

export function events(db: SqlDatabase): Events {
	return {
		async add(added) {
			// A batch is one transaction.
			if (added.length > 0)
				await db.batch(perStatement(added).map((slice) => db.prepare(insert).bind(JSON.stringify(slice))));
		},
		async put(event) {
			await db
				.prepare(insert)
				.bind(JSON.stringify([event]))
				.run();
		},
		async search(search, type) {
			const by =
				type === null
					? { index: "events_by_account", within: [] }
					: { index: "events_by_type", within: [{ sql: "type = ?", params: [type] }] };
			const { rows, next } = await searchPage<EventColumn, EventRow>(db, { ...searched, ...by }, search);
			return { rows: rows.map(toEvent), next };
		},
		async find(accountId, id) {
			const query = db.prepare("SELECT * FROM events WHERE id = ? AND account_id = ?").bind(id, accountId);
			const row = await query.first<EventRow>();
			return row && toEvent(row);
		},
		async remove(accountId, type, id) {
			const query = db.prepare("DELETE FROM events WHERE id = ? AND account_id = ? AND type = ?");
			const { meta } = await query.bind(id, accountId, type).run();
			return meta.changes > 0 ? "removed" : "unknown";
		},
		forget: (accountId) => purgeSlices(db, { table: "events", column: "account_id", is: true }, accountId),
		purge: (receivedBefore) => purgeSlices(db, { table: "events", column: "received_at" }, receivedBefore),
	};
}

function toEvent(row: EventRow): StoredEvent {
	const { id, account_id, type, environment_id, environment, received_at, occurred_at, body } = row;
	return {
		id,
		accountId: account_id,
		type,
		environmentId: environment_id,
		environment,
		receivedAt: received_at,
		occurredAt: occurred_at,
		body: isReadable(body, { table: "events", id }) ? body : null,
	};
}
