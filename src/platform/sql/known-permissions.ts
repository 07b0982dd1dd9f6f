import { permissions } from "../../domain/permission.ts";
import type { SqlDatabase } from "./database.ts";
import { readable } from "./stored-json.ts";

const builtIn = Object.keys(permissions)
	.map((name) => `'${name}'`)
	.join(", ");

/**
 * SQL for the names among a JSON list that are no permission of latchkey's own, nor of an API that is open to the account. In the
 * WHERE of the write it decides: what is taken away from an API at the same time comes into no policy any more. All are SQL: the
 * list, the account (of no row, so that SQLite asks once what it sees), and a list of what may be there all the same.
 */
export function unknownPermissions(names: string, accountId: string, besides = "'[]'"): string {
	return `SELECT given.value FROM json_each(${names}) AS given
		WHERE given.value NOT IN (${builtIn})
			AND NOT EXISTS (SELECT 1 FROM json_each(${besides}) AS beside WHERE beside.value = given.value)
			AND given.value NOT IN (
				SELECT offered.value ->> '$.name' FROM apis, json_each(${readable("apis.permissions")}) AS offered
				WHERE (apis.account_id IS NULL OR apis.account_id = ${accountId}) AND offered.value ->> '$.name' IS NOT NULL)`;
}

/** The first of them after the fact, or null. */
export async function findUnknown(
	db: SqlDatabase,
	names: readonly string[],
	accountId: string,
	besides: readonly string[] = [],
): Promise<string | null> {
	const query = db.prepare(`${unknownPermissions("?1", "?2", "?3")} LIMIT 1`);
	return query.bind(JSON.stringify(names), accountId, JSON.stringify(besides)).first<string>("value");
}
