import type { WebhookDeliveries } from "../../domain/ports/webhooks.ts";
import type { DeliveryState, WebhookDelivery } from "../../domain/webhook.ts";
import { type AlertRow, toAlert } from "./alert-rows.ts";
import type { SqlDatabase } from "./database.ts";
import { perStatement } from "./per-statement.ts";
import { purgeSlices } from "./purge-slices.ts";
import { look } from "./search-sql.ts";

interface DeliveryRow {
	readonly endpoint_id: string;
	readonly id: string;
	readonly account_id: string;
	readonly type: string;
	readonly body: string;
	readonly created_at: number;
	readonly state: DeliveryState;
	readonly tries: number;
	readonly next_at: number | null;
	readonly last_at: number | null;
	readonly last_status: number | null;
	readonly last_reason: string | null;
	readonly last_excerpt: string | null;
}

/** Deliveries over D1, beside the alerts. */
export function webhookDeliveryStore(db: SqlDatabase): WebhookDeliveries {
	async function accountsIn(query: string, limit: number): Promise<readonly string[]> {
		const { results } = await db.prepare(query).bind(limit).all<{ id: string }>();
		return results.map(({ id }) => id);
	}

	return {
		async untold(accountId, limit) {
			const query = db.prepare(
				`SELECT alerts.* FROM alert_outbox INDEXED BY alert_outbox_by_account CROSS JOIN alerts ON alerts.id = alert_id
				WHERE alert_outbox.account_id = ? ORDER BY alert_id LIMIT ?`,
			);
			return (await query.bind(accountId, limit).all<AlertRow>()).results.map(toAlert);
		},
		async add(deliveries, alertIds) {
			const rows = deliveries.map(({ endpointId, id, accountId, type, body, createdAt, state, nextAt, last }) => ({
				endpointId,
				id,
				accountId,
				type,
				body,
				createdAt,
				state,
				nextAt,
				reason: last?.reason ?? null,
			}));
			const insert = (some: readonly (typeof rows)[number][]) =>
				db
					.prepare(
						`INSERT INTO webhook_deliveries
					(endpoint_id, id, account_id, type, body, created_at, state, next_at, last_at, last_reason)
				SELECT value ->> '$.endpointId', value ->> '$.id', value ->> '$.accountId', value ->> '$.type', value ->> '$.body',
					value ->> '$.createdAt', value ->> '$.state', value ->> '$.nextAt',
					iif(value ->> '$.reason' IS NULL, NULL, value ->> '$.createdAt'), value ->> '$.reason'
				FROM json_each(?) WHERE 1 ON CONFLICT DO NOTHING`,
					)
					.bind(JSON.stringify(some));
			await db.batch([
				...perStatement(rows).map((some) => insert(some)),
				db
					.prepare("DELETE FROM alert_outbox WHERE alert_id IN (SELECT value FROM json_each(?))")
					.bind(JSON.stringify(alertIds)),
			]);
		},
		waitingAccounts: (limit) =>
			accountsIn(
				"SELECT DISTINCT account_id AS id FROM alert_outbox INDEXED BY alert_outbox_by_account LIMIT ?",
				limit,
			),

		async waiting(accountId) {
			const query = db.prepare(
				`SELECT endpoint_id AS id, count(*) AS n FROM webhook_deliveries INDEXED BY webhook_deliveries_by_account
				WHERE account_id = ? AND state = 'waiting' GROUP BY endpoint_id`,
			);
			const { results } = await query.bind(accountId).all<{ id: string; n: number }>();
			return new Map(results.map(({ id, n }) => [id, n]));
		},
		async due(endpointId, now, limit) {
			const query = db.prepare(
				`SELECT * FROM webhook_deliveries INDEXED BY webhook_deliveries_waiting
				WHERE endpoint_id = ? AND state = 'waiting' AND next_at <= ? ORDER BY next_at LIMIT ?`,
			);
			return (await query.bind(endpointId, now, limit).all<DeliveryRow>()).results.map(toDelivery);
		},
		nextAt: (endpointId) =>
			db
				.prepare(
					`SELECT min(next_at) AS next_at FROM webhook_deliveries INDEXED BY webhook_deliveries_waiting
					WHERE endpoint_id = ? AND state = 'waiting'`,
				)
				.bind(endpointId)
				.first<number>("next_at"),
		async dueEndpoints(now, limit) {
			const query = db.prepare(
				`SELECT endpoint_id AS id FROM webhook_deliveries INDEXED BY webhook_deliveries_due
				WHERE state = 'waiting' AND next_at <= ? ORDER BY next_at LIMIT ?`,
			);
			const { results } = await query.bind(now, limit).all<{ id: string }>();
			return [...new Set(results.map(({ id }) => id))];
		},
		async claim({ endpointId, id, nextAt, tries }, until) {
			const claimed = await db
				.prepare(
					`UPDATE webhook_deliveries SET next_at = ?3, tries = tries + 1
					WHERE endpoint_id = ?1 AND id = ?2 AND state = 'waiting' AND next_at = ?4 AND tries = ?5`,
				)
				.bind(endpointId, id, until, nextAt, tries)
				.run();
			return claimed.meta.changes > 0;
		},
		async settle({ endpointId, id, tries }, { state, nextAt, last: { at, status, reason, excerpt } }) {
			await db
				.prepare(
					`UPDATE webhook_deliveries SET state = ?3, next_at = ?4, last_at = ?5, last_status = ?6, last_reason = ?7,
						last_excerpt = ?8
					WHERE endpoint_id = ?1 AND id = ?2 AND tries = ?9 AND (state = 'waiting' OR ?3 = 'delivered')`,
				)
				.bind(endpointId, id, state, nextAt, at, status, reason, excerpt, tries + 1)
				.run();
		},
		async postpone(endpointId, until) {
			await db
				.prepare(
					`UPDATE webhook_deliveries SET next_at = ?2 WHERE endpoint_id = ?1 AND state = 'waiting' AND next_at < ?2`,
				)
				.bind(endpointId, until)
				.run();
		},
		async giveUp(endpointId, at, reason) {
			await db
				.prepare(
					`UPDATE webhook_deliveries SET state = 'failed', next_at = NULL, last_at = ?2, last_status = NULL, last_reason = ?3,
						last_excerpt = '' WHERE endpoint_id = ?1 AND state = 'waiting'`,
				)
				.bind(endpointId, at, reason)
				.run();
		},
		async hasDelivered(endpointId, since) {
			const query = db.prepare(
				`SELECT 1 AS found FROM webhook_deliveries INDEXED BY webhook_deliveries_taken
				WHERE endpoint_id = ? AND state = 'delivered' AND created_at >= ? LIMIT 1`,
			);
			return (await query.bind(endpointId, since).first<number>("found")) === 1;
		},

		async find(endpointId, id) {
			const query = db.prepare("SELECT * FROM webhook_deliveries WHERE endpoint_id = ? AND id = ?");
			const row = await query.bind(endpointId, id).first<DeliveryRow>();
			return row && toDelivery(row);
		},
		async list(endpointId, { state, type }, after, limit, isBack) {
			const { rows, next } = await look<DeliveryRow>(db, {
				table: "webhook_deliveries",
				index: "webhook_deliveries_by_time",
				time: "created_at",
				within: [{ sql: "endpoint_id = ?", params: [endpointId] }],
				filters: [
					...(state === null ? [] : [{ sql: "state = ?", params: [state] }]),
					...(type === null ? [] : [{ sql: "type = ?", params: [type] }]),
				],
				from: null,
				before: null,
				after,
				limit,
				isBack,
			});
			return { rows: rows.map(toDelivery), next };
		},
		async sendAgain(endpointId, id, now) {
			const again = await db
				.prepare(
					`UPDATE webhook_deliveries SET state = 'waiting', tries = 0, next_at = ?3 WHERE endpoint_id = ?1 AND id = ?2
						AND state <> 'waiting'`,
				)
				.bind(endpointId, id, now)
				.run();
			return again.meta.changes > 0;
		},

		forget: (endpointId) =>
			purgeSlices(db, { table: "webhook_deliveries", column: "endpoint_id", is: true }, endpointId),
		async forgetAccount(accountId) {
			await purgeSlices(db, { table: "webhook_deliveries", column: "account_id", is: true }, accountId);
			await purgeSlices(db, { table: "alert_outbox", column: "account_id", key: "alert_id", is: true }, accountId);
		},
		purge: (createdBefore) => purgeSlices(db, { table: "webhook_deliveries", column: "created_at" }, createdBefore),
	};
}

function toDelivery(row: DeliveryRow): WebhookDelivery {
	const { endpoint_id, id, account_id, type, body, created_at, state, tries, next_at } = row;
	const { last_at, last_status, last_reason, last_excerpt } = row;
	return {
		endpointId: endpoint_id,
		id,
		accountId: account_id,
		type: type as WebhookDelivery["type"],
		body,
		createdAt: created_at,
		state,
		tries,
		nextAt: next_at,
		last:
			last_at === null
				? null
				: { at: last_at, status: last_status, reason: last_reason ?? "", excerpt: last_excerpt ?? "" },
	};
}
