import type { DatabaseSync } from "node:sqlite";

/**
 * What a register that is restored takes from the present one, which is attached as `present`. It follows from who decides: the
 * ledgers are not restored, so what copies them stays in step with them; and what was narrowed or ended since stays so.
 */
export const asItIs: readonly string[] = ["api_keys", "access_codes", "key_links", "key_verdicts", "installs", "audit"];

/** By their columns of that name. Where the present has no such row, it was ended or never was: see {@link endedOnly}. */
export const decided: Readonly<
	Record<string, { readonly by: readonly string[]; readonly columns: readonly string[] }>
> = {
	accounts: { by: ["id"], columns: ["reveal_allowed", "state", "not_before"] },
	people: { by: ["id"], columns: ["username", "password_hash", "state", "not_before"] },
	memberships: { by: ["person_id", "account_id"], columns: ["role", "state", "not_before"] },
	clients: {
		by: ["id"],
		columns: [
			"redirect_uris",
			"auth_methods",
			"secrets",
			"grant_types",
			"scope",
			"rotation",
			"access_token_ttl",
			"options",
			"registered_from",
			"rev",
			"state",
			"not_before",
		],
	},
	environments: { by: ["id"], columns: ["key_version", "enabled"] },
	policies: { by: ["id"], columns: ["permissions", "rev"] },
};

/** What is deleted only after it has ended: what the present does not have is not to come back as good. */
const endedOnly = ["clients", "memberships"];

/** Everything that can be ended as a whole (DESIGN §3.6). */
const withStanding = ["accounts", "people", "memberships", "clients"];

/** Brings what only the older register has into the present one's place. `db` is the older, `present` is attached. */
export function rewind(db: DatabaseSync): void {
	for (const table of tablesOf(db)) {
		const columns = columnsOf(db, table);
		if (asItIs.includes(table)) db.exec(`DELETE FROM main.${table}`);
		db.exec(`INSERT OR IGNORE INTO main.${table} (${columns}) SELECT ${columns} FROM present.${table}`);
	}
	for (const [table, { by, columns }] of Object.entries(decided)) {
		const same = by.map((column) => `present.${table}.${column} = main.${table}.${column}`).join(" AND ");
		if (endedOnly.includes(table)) {
			db.exec(
				`UPDATE main.${table} SET state = 'ended' WHERE NOT EXISTS (SELECT 1 FROM present.${table} WHERE ${same})`,
			);
		}
		const set = columns.map((column) => `${column} = theirs.${column}`).join(", ");
		const joined = by.map((column) => `theirs.${column} = main.${table}.${column}`).join(" AND ");
		db.exec(`UPDATE main.${table} SET ${set} FROM present.${table} AS theirs WHERE ${joined}`);
	}
}

/** Where the present cannot be asked: nothing that was given out before counts, since some of it may have been ended since. */
export function fence(db: DatabaseSync, now: number): void {
	for (const table of withStanding) db.prepare(`UPDATE ${table} SET not_before = ? WHERE state = 'active'`).run(now);
}

/**
 * Ledgers of before: whoever signed in does so again, no consent is remembered, and every access code is off until somebody who
 * manages the key looks at it. Grants and sessions are refused by {@link fence}.
 */
export function fenceLedgers(db: DatabaseSync): void {
	db.exec(`
		DELETE FROM rows WHERE kind IN ('session', 'sign_in', 'consent');
		DELETE FROM codes;
		UPDATE rows SET body = json_set(body, '$.rev', json_extract(body, '$.rev') + 1, '$.codes', (
			SELECT json_group_array(json_set(value, '$.enabled', json('false'))) FROM json_each(body, '$.codes')
		)), purge_at = 0 WHERE kind = 'key';`);
}

/** Keys that were made since: nobody could see them any more, so they are ended. `register` is attached. */
export function endUnlistedKeys(db: DatabaseSync): void {
	db.exec(`UPDATE rows SET body = json_set(body, '$.state', 'deleted') WHERE kind = 'key'
		AND subject NOT IN (SELECT id FROM register.api_keys)`);
}

export function tablesOf(db: DatabaseSync): readonly string[] {
	const query =
		"SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_cf%' ESCAPE '\\' ORDER BY rowid";
	return db
		.prepare(query)
		.all()
		.map(({ name }) => String(name));
}

export function columnsOf(db: DatabaseSync, table: string): string {
	return db
		.prepare(`SELECT name FROM pragma_table_info(?)`)
		.all(table)
		.map(({ name }) => String(name))
		.join(", ");
}
