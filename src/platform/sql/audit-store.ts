import type { AuditFilter, AuditLog, AuditPosition, NumberedEntry } from "../../domain/ports/audit-log.ts";
import { insertAudit } from "./register-writes.ts";
import { readStored } from "./stored-json.ts";
import type { SqlDatabase } from "./database.ts";

interface AuditRow {
	readonly id: number;
	readonly at: number;
	readonly account_id: string | null;
	readonly actor: string;
	readonly action: string;
	readonly target: string;
	readonly address: string | null;
	readonly detail: string;
}

export function auditStore(db: SqlDatabase): AuditLog {
	return {
		async add(entries) {
			if (entries.length > 0) await db.batch(entries.map((entry) => insertAudit(db, entry)));
		},
		async search(accountId, filter, before, limit) {
			const { terms, values } = conditions(filter, before);
			const query = db.prepare(
				`SELECT * FROM audit WHERE ${[accountId === null ? "account_id IS NULL" : "account_id = ?", ...terms].join(" AND ")} ORDER BY at DESC, id DESC LIMIT ?`,
			);
			const { results } = await query
				.bind(...(accountId === null ? [] : [accountId]), ...values, limit)
				.all<AuditRow>();
			return results.map(toEntry);
		},
		async names(accountId, ids) {
			if (ids.length === 0) return new Map();
			const wanted = JSON.stringify(ids);
			// One statement each: workerd allows few terms in a compound SELECT.
			const found = await db.batch<{ id: string; name: string }>(
				(accountId === null ? namesOfDeployment : namesOf).map((query) => db.prepare(query).bind(accountId, wanted)),
			);
			return new Map(found.flatMap(({ results }) => results.map(({ id, name }) => [id, name] as const)));
		},
	};
}

const wanted = "IN (SELECT value FROM json_each(?2))";
const namesOf = [
	`SELECT id, name FROM people WHERE id ${wanted}
		AND EXISTS (SELECT 1 FROM memberships WHERE person_id = people.id AND account_id = ?1)`,
	`SELECT id, name FROM api_keys WHERE id ${wanted} AND account_id = ?1`,
	`SELECT access_codes.id, access_codes.description AS name FROM access_codes
		JOIN api_keys ON api_keys.id = access_codes.key_id WHERE access_codes.id ${wanted} AND api_keys.account_id = ?1`,
	`SELECT id, name FROM policies WHERE id ${wanted} AND account_id = ?1`,
	`SELECT id, name FROM apis WHERE id ${wanted} AND (account_id IS NULL OR account_id = ?1)`,
	`SELECT id, workspace || '/' || name AS name FROM environments WHERE id ${wanted} AND account_id = ?1`,
	`SELECT id, name FROM clients WHERE id ${wanted} AND ?1 = ?1`,
	`SELECT id, name FROM accounts WHERE id ${wanted} AND id = ?1`,
];

const namesOfDeployment = ["people", "clients", "accounts", "apis"].map(
	(table) => `SELECT id, name FROM ${table} WHERE id ${wanted} AND ?1 IS NULL`,
);

function conditions(filter: AuditFilter, before: AuditPosition | null) {
	const terms: string[] = [];
	const values: (string | number)[] = [];
	const add = (term: string, ...bound: readonly (string | number)[]) => {
		terms.push(term);
		values.push(...bound);
	};
	if (filter.actor !== null) add("actor = ?", filter.actor);
	if (filter.target !== null) add("target = ?", filter.target);
	if (filter.action?.includes(".")) add("action = ?", filter.action);
	// In ASCII `/` comes right after `.`: everything that begins with the noun and its dot.
	else if (filter.action !== null) add("action >= ? AND action < ?", `${filter.action}.`, `${filter.action}/`);
	if (filter.from !== null) add("at >= ?", filter.from);
	if (filter.to !== null) add("at < ?", filter.to);
	if (before) add("(at, id) < (?, ?)", before.at, before.id);
	return { terms, values };
}

function toEntry({ id, at, account_id, actor, action, target, address, detail }: AuditRow): NumberedEntry {
	const read = readStored(detail, {}, { table: "audit", id });
	return { id, at, accountId: account_id, actor, action, target, address, detail: read };
}
