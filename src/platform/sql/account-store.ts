import { bounds } from "../../domain/bounds.ts";
import type { AccountChange, AccountCounts, AccountRegister, ListedAccount } from "../../domain/ports/accounts.ts";
import type { AuditEntry } from "../../domain/audit-entry.ts";
import { auditAllIfChanged } from "./audit-if-changed.ts";
import { afterName, byName, type SqlDatabase, type SqlStatement, type SqlValue } from "./database.ts";
import { operatorMay } from "./operator-may.ts";
import { type AccountRow, toAccount } from "./register-rows.ts";
import { total } from "./room.ts";

interface ListedRow extends AccountRow {
	readonly created_at: number | null;
	readonly delete_at: number | null;
}

export function accountStore(db: SqlDatabase): AccountRegister {
	return {
		async list(state, after, limit) {
			const suspended = state === null ? "1" : `suspended_at IS ${state === "suspended" ? "NOT NULL" : "NULL"}`;
			const index = state === "suspended" ? "accounts_suspended" : "accounts_by_name";
			const select = `SELECT * FROM accounts INDEXED BY ${index} WHERE state = 'active' AND ${suspended}`;
			const query = db.prepare(`${afterName(select, "?1", "?2")} ${byName} LIMIT ?3`);
			const { results } = await query.bind(after?.name ?? "", after?.id ?? "", limit).all<ListedRow>();
			return results.map(toListed);
		},
		async find(slug) {
			const query = db.prepare("SELECT * FROM accounts WHERE slug = ? AND state = 'active'").bind(slug);
			const row = await query.first<ListedRow>();
			return row && toListed(row);
		},
		async counts(accountId) {
			const query = db.prepare(
				`SELECT ${total("people", "?1")} AS people, ${total("clients", "?1")} AS clients, ${total("keys", "?1")} AS keys,
					${total("apis", "?1")} AS apis`,
			);
			const counts = await query.bind(accountId).first<AccountCounts>();
			return counts ?? { people: 0, clients: 0, keys: 0, apis: 0 };
		},
		async create({ account, createdAt, by, asOperator, administered }, entries) {
			const { id, slug, name, notBefore } = account;
			const may = asOperator
				? operatorMay("?6")
				: `EXISTS (SELECT 1 FROM people WHERE id = ?6 AND state = 'active') AND ${ownAccounts} < ${bounds.ownAccounts.most}`;
			const insert = db
				.prepare(
					`INSERT INTO accounts (id, slug, name, state, not_before, created_at, made_by)
					SELECT ?1, ?2, ?3, 'active', ?4, ?5, iif(?7, NULL, ?6) WHERE ${may} ON CONFLICT DO NOTHING`,
				)
				.bind(id, slug, name, notBefore, createdAt, by, asOperator ? 1 : 0);
			// Only with the account that was made just now: `changes()` is of the statement before.
			const administer = db
				.prepare(
					`INSERT INTO memberships (person_id, account_id, role, state, not_before)
					SELECT ?1, ?2, 'admin', 'active', 0 WHERE changes() > 0`,
				)
				.bind(by, id);
			const now = db
				.prepare(
					`SELECT (SELECT id FROM accounts WHERE slug = ?1) AS holder, ${ownAccounts.replace("?6", "?2")} AS own,
						${asOperator ? operatorMay("?2") : "1"} AS may`,
				)
				.bind(slug, by);
			const results = await db.batch<{ holder: string | null; own: number; may: 0 | 1 }>([
				insert,
				...(administered ? [administer] : []),
				...auditAllIfChanged(db, entries),
				now,
			]);
			if (results[0]?.meta.changes) return "created";
			const { holder = null, own = 0, may: stillMay = 0 } = results.at(-1)?.results[0] ?? {};
			if (!stillMay) return "not_permitted";
			if (holder === id) return "same";
			if (holder !== null) return "taken";
			return !asOperator && own >= bounds.ownAccounts.most ? "full" : "not_permitted";
		},
		async rename(accountId, { from, to }, by, entries) {
			const set = "UPDATE accounts SET name = ?3 WHERE id = ?1 AND state = 'active' AND name = ?4";
			const outcome = await change(set, accountId, by, entries, [to, from]);
			return outcome === "changed" || outcome === "not_permitted" ? outcome : "overtaken";
		},
		suspend: (accountId, at, by, entries) =>
			change(
				"UPDATE accounts SET suspended_at = ?3 WHERE id = ?1 AND state = 'active' AND suspended_at IS NULL",
				accountId,
				by,
				entries,
				[at],
			),
		reinstate: (accountId, by, entries) =>
			change(
				`UPDATE accounts SET suspended_at = NULL, delete_at = NULL
				WHERE id = ?1 AND state = 'active' AND suspended_at IS NOT NULL`,
				accountId,
				by,
				entries,
			),
		async setDeletion(accountId, at, by, entries) {
			const set = `UPDATE accounts SET delete_at = ?3
				WHERE id = ?1 AND state = 'active' AND suspended_at IS NOT NULL AND delete_at IS NOT ?3`;
			const outcome = await change(set, accountId, by, entries, [at]);
			if (outcome !== "unchanged") return outcome;
			const query = db.prepare("SELECT suspended_at FROM accounts WHERE id = ?").bind(accountId);
			return (await query.first<number>("suspended_at")) === null && at !== null ? "not_suspended" : "unchanged";
		},
	};

	/** By an operator, who is one still while it is written: ?1 is the account, ?2 the operator. */
	async function change(
		set: string,
		accountId: string,
		by: string,
		entries: readonly AuditEntry[],
		values: readonly SqlValue[] = [],
	): Promise<AccountChange> {
		const write: SqlStatement = db.prepare(`${set} AND ${operatorMay("?2")}`).bind(accountId, by, ...values);
		const now = db
			.prepare(
				`SELECT ${operatorMay("?2")} AS may, EXISTS (SELECT 1 FROM accounts WHERE id = ?1 AND state = 'active') AS there`,
			)
			.bind(accountId, by);
		const results = await db.batch<{ may: 0 | 1; there: 0 | 1 }>([write, ...auditAllIfChanged(db, entries), now]);
		if (results[0]?.meta.changes) return "changed";
		const { may = 0, there = 0 } = results.at(-1)?.results[0] ?? {};
		if (!may) return "not_permitted";
		return there ? "unchanged" : "unknown";
	}
}

/** How many a person made, by their id at ?6. */
const ownAccounts = "(SELECT count(*) FROM accounts WHERE made_by = ?6 AND state = 'active')";

function toListed(row: ListedRow): ListedAccount {
	const { created_at, suspended_at, delete_at } = row;
	return { ...toAccount(row), createdAt: created_at, suspendedAt: suspended_at, deleteAt: delete_at };
}
