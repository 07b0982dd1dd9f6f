import type { SqlDatabase } from "../../src/platform/sql/database.ts";

/** As if an account had so many of them: a million take too long to make. What comes and goes from then on is counted. */
export async function setTotal(db: SqlDatabase, accountId: string, kind: "keys", n: number): Promise<void> {
	const set =
		"INSERT INTO totals (account_id, kind, n) VALUES (?1, ?2, ?3) ON CONFLICT (account_id, kind) DO UPDATE SET n = ?3";
	await db.prepare(set).bind(accountId, kind, n).run();
}
