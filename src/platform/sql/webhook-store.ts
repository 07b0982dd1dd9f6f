import { bounds } from "../../domain/bounds.ts";
import type { Sealed } from "../../domain/brands.ts";
import type { NumberedEntry } from "../../domain/ports/audit-log.ts";
import type { EndpointOfAnyVersion, WebhookRegister } from "../../domain/ports/webhooks.ts";
import type { Stored } from "../../domain/stored.ts";
import type { DisabledFor, WebhookEndpoint } from "../../domain/webhook.ts";
import { isWebhookEventType } from "../../domain/webhook-event.ts";
import { auditIfChanged } from "./audit-if-changed.ts";
import type { SqlDatabase } from "./database.ts";
import { readStored } from "./stored-json.ts";
import { writerMay, writerValue } from "./writer-role.ts";

interface EndpointRow {
	readonly id: string;
	readonly account_id: string;
	readonly url: string;
	readonly description: string;
	readonly event_types: string | null;
	readonly state: WebhookEndpoint["state"];
	readonly disabled_for: DisabledFor | null;
	readonly sealed_secret: Sealed;
	readonly previous_secret: Sealed | null;
	readonly previous_until: number | null;
	readonly created_at: number;
	readonly rev: number;
}

interface EntryRow {
	readonly id: number;
	readonly at: number;
	readonly account_id: string | null;
	readonly actor: string;
	readonly action: string;
	readonly target: string;
	readonly address: string | null;
	readonly detail: string;
}

/** Endpoints over D1. An account has few: they are counted where one is added. */
export function webhookStore(db: SqlDatabase): WebhookRegister {
	async function find(id: string): Promise<Stored<WebhookEndpoint> | null> {
		const row = await db.prepare("SELECT * FROM webhook_endpoints WHERE id = ?").bind(id).first<EndpointRow>();
		return row && toEndpoint(row);
	}

	/** Why nothing was written. */
	async function whyNot({ id, accountId, rev }: EndpointOfAnyVersion): Promise<"not_permitted" | "overtaken"> {
		const now = await find(id);
		return now?.accountId === accountId && (rev === null || now.rev === rev) ? "not_permitted" : "overtaken";
	}

	return {
		async list(accountId) {
			const query = db.prepare("SELECT * FROM webhook_endpoints WHERE account_id = ? ORDER BY created_at, id");
			const { results } = await query.bind(accountId).all<EndpointRow>();
			return results.map(toEndpoint);
		},
		endpoint: find,
		async add(endpoint, by, entry) {
			const { id, accountId, url, description, eventTypes, state, sealedSecret, createdAt } = endpoint;
			const few = `(SELECT count(*) FROM webhook_endpoints WHERE account_id = ?2) < ${bounds.webhooks.most}`;
			const insert = db
				.prepare(
					`INSERT INTO webhook_endpoints (id, account_id, url, description, event_types, state, sealed_secret, created_at)
					SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 WHERE ${few} AND ${writerMay("?9")} ON CONFLICT DO NOTHING`,
				)
				.bind(id, accountId, url, description, listed(eventTypes), state, sealedSecret, createdAt, writerValue(by));
			const [added] = await db.batch([insert, auditIfChanged(db, entry)]);
			if ((added?.meta.changes ?? 0) > 0) return "added";
			const there = await find(id);
			if (there && there.accountId !== accountId) throw new Error("The id of an endpoint is of another account");
			if (there) return "same";
			const full = db.prepare(`SELECT ?1 IS NULL OR NOT ${few} AS is_full`).bind(id, accountId);
			return (await full.first<number>("is_full")) === 1 ? "full" : "not_permitted";
		},
		async edit(endpoint, by, entry) {
			const { id, accountId, url, description, eventTypes, state, disabledFor, sealedSecret, previous, rev } = endpoint;
			const update = db
				.prepare(
					`UPDATE webhook_endpoints SET url = ?3, description = ?4, event_types = ?5, state = ?6, disabled_for = ?7,
						sealed_secret = ?8, previous_secret = ?9, previous_until = ?10, rev = rev + 1
					WHERE id = ?1 AND account_id = ?2 AND rev = ?11 AND ${writerMay("?12")}`,
				)
				.bind(
					id,
					accountId,
					url,
					description,
					listed(eventTypes),
					state,
					disabledFor,
					sealedSecret,
					previous?.sealedSecret ?? null,
					previous?.until ?? null,
					rev,
					writerValue(by),
				);
			const [edited] = await db.batch([update, auditIfChanged(db, entry)]);
			return (edited?.meta.changes ?? 0) > 0 ? "written" : whyNot(endpoint);
		},
		async delete(endpoint, by, entry) {
			const { id, accountId, rev } = endpoint;
			const gone = db
				.prepare(
					`DELETE FROM webhook_endpoints WHERE id = ?1 AND account_id = ?2 AND rev = coalesce(?3, rev) AND ${writerMay("?4")}`,
				)
				.bind(id, accountId, rev, writerValue(by));
			const [deleted] = await db.batch([gone, auditIfChanged(db, entry)]);
			return (deleted?.meta.changes ?? 0) > 0 ? "written" : whyNot(endpoint);
		},

		async untold(accountId, limit) {
			const query = db.prepare(
				`SELECT webhook_outbox.entry_id AS id, at, audit.account_id, actor, action, target, address, detail
				FROM webhook_outbox INDEXED BY webhook_outbox_by_account CROSS JOIN audit ON audit.id = webhook_outbox.entry_id
				WHERE webhook_outbox.account_id = ? ORDER BY webhook_outbox.entry_id LIMIT ?`,
			);
			const { results } = await query.bind(accountId, limit).all<EntryRow>();
			return results.map(toEntry);
		},
		async told(entryIds) {
			const these = JSON.stringify(entryIds);
			await db
				.prepare("DELETE FROM webhook_outbox WHERE entry_id IN (SELECT value FROM json_each(?))")
				.bind(these)
				.run();
		},
		async waitingAccounts(limit) {
			const query = "SELECT DISTINCT account_id FROM webhook_outbox INDEXED BY webhook_outbox_by_account LIMIT ?";
			const { results } = await db.prepare(query).bind(limit).all<{ account_id: string }>();
			return results.map(({ account_id }) => account_id);
		},
	};
}

function listed(eventTypes: readonly string[] | null): string | null {
	return eventTypes && JSON.stringify(eventTypes);
}

/** Types that this version does not know are of no event that it has. What cannot be read is told of nothing. */
function toEndpoint(row: EndpointRow): Stored<WebhookEndpoint> {
	const { id, account_id, url, description, event_types, state, disabled_for, sealed_secret, created_at, rev } = row;
	const types =
		event_types === null ? null : readStored<readonly string[]>(event_types, [], { table: "webhook_endpoints", id });
	const previous =
		row.previous_secret === null || row.previous_until === null
			? null
			: { sealedSecret: row.previous_secret, until: row.previous_until };
	return {
		id,
		accountId: account_id,
		url,
		description,
		eventTypes: types && types.filter(isWebhookEventType),
		state,
		disabledFor: disabled_for,
		sealedSecret: sealed_secret,
		previous,
		createdAt: created_at,
		rev,
	};
}

function toEntry({ id, account_id, detail, ...entry }: EntryRow): NumberedEntry {
	return { ...entry, id, accountId: account_id, detail: readStored(detail, {}, { table: "audit", id: String(id) }) };
}
