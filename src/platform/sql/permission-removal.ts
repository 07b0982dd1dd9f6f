import type { AuditEntry } from "../../domain/audit-entry.ts";
import type { PermissionUse } from "../../domain/ports/apis.ts";
import type { SqlDatabase, SqlStatement } from "./database.ts";
import { readable } from "./stored-json.ts";

// What names a permission of an API beside the API itself: policies, and what clients may ask for.

const places = [
	{ table: "policies", column: "permissions", action: "policy.edit" },
	{ table: "clients", column: "scope", action: "client.edit" },
] as const;

/**
 * For the batch of a write that leaves an API without these permissions: whatever names one that its account sees nowhere any more
 * loses it, so that the same name opens nothing old when somebody uses it again. Where the API was not written they are all there
 * still, and nothing is done.
 */
export function removals(
	db: SqlDatabase,
	names: readonly string[],
	accountId: string | null,
	{ at, actor, address }: AuditEntry,
): SqlStatement[] {
	if (names.length === 0) return [];
	const removed = JSON.stringify(names);
	// Of no row, so that SQLite asks it once: an account has thousands of permissions, and names them in hundreds of policies. What was
	// of the whole deployment is no account's (api-store.ts), unless it was gone before and somebody has it by now.
	const gone = `had.value IN (
		SELECT value FROM json_each(?1) EXCEPT
		SELECT there.value ->> '$.name' FROM apis, json_each(${readable("apis.permissions")}) AS there
		WHERE ${accountId === null ? "?2 IS NULL" : "apis.account_id IS NULL OR apis.account_id = ?2"})`;
	return places.flatMap(({ table, column, action }) => {
		const loses = `${ofAccount("account_id", accountId)} AND json_valid(${column})
			AND EXISTS (SELECT 1 FROM json_each(${readable(column)}) AS had WHERE ${gone})`;
		return [
			db
				.prepare(
					`INSERT INTO audit (at, account_id, actor, action, target, address, detail)
					SELECT ?3, account_id, ?4, ?5, id, ?6, json_object('name', name, 'changed', '${column}', 'lost', ?7)
					FROM ${table} WHERE ${loses}`,
				)
				.bind(removed, accountId, at, actor, action, accountId === null ? null : address, names.join(" ")),
			db
				.prepare(
					`UPDATE ${table} SET rev = rev + 1, ${column} = (
						SELECT json_group_array(value) FROM (
							SELECT had.value FROM json_each(${table}.${column}) AS had WHERE NOT (${gone}) ORDER BY had.key))
					WHERE ${loses}`,
				)
				.bind(removed, accountId),
		];
	});
}

/** How much would. Keys by the verdicts that were copied of them. */
export async function usesOf(
	db: SqlDatabase,
	names: readonly string[],
	accountId: string | null,
): Promise<PermissionUse> {
	const named = (table: string, column: string) =>
		`${ofAccount(`${table}.account_id`, accountId)} AND ${has(table, column)}`;
	const query = db.prepare(
		`SELECT
			(SELECT count(*) FROM policies WHERE ${named("policies", "permissions")}) AS policies,
			(SELECT count(*) FROM clients WHERE state = 'active' AND ${named("clients", "scope")}) AS clients,
			(SELECT count(DISTINCT key_id) FROM policies CROSS JOIN key_policies
				ON key_policies.account_id = policies.account_id AND policy_id = policies.id
				WHERE ${named("policies", "permissions")}) AS keys`,
	);
	const found = await query.bind(JSON.stringify(names), accountId).first<PermissionUse>();
	return found ?? { policies: 0, keys: 0, clients: 0 };
}

/** Of an account (?2) by its index; null for any. */
function ofAccount(column: string, accountId: string | null): string {
	return accountId === null ? "?2 IS NULL" : `${column} = ?2`;
}

/** A row that names one of these (?1). */
function has(table: string, column: string): string {
	return `EXISTS (
		SELECT 1 FROM json_each(${readable(`${table}.${column}`)}) AS had
		WHERE had.value IN (SELECT value FROM json_each(?1)))`;
}
