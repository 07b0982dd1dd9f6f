import type { AuditEntry } from "../../domain/audit-entry.ts";
import type { SqlDatabase, SqlStatement } from "./database.ts";

/**
 * For a batch: notes what the statement before it did, where it did anything. `changes()` counts the rows of the last
 * write on this connection, and a batch runs on one, as a transaction. Only one such entry may follow a statement.
 */
export function auditIfChanged(db: SqlDatabase, entry: AuditEntry): SqlStatement {
	const { at, accountId, actor, action, target, address, detail } = entry;
	return db
		.prepare(
			`INSERT INTO audit (at, account_id, actor, action, target, address, detail)
			SELECT ?, ?, ?, ?, ?, ?, ? WHERE changes() > 0`,
		)
		.bind(at, accountId, actor, action, target, address, JSON.stringify(detail));
}

/** The same for entries that come to several accounts: written, each of them counts as a change for the one after it. */
export function auditAllIfChanged(db: SqlDatabase, entries: readonly AuditEntry[]): SqlStatement[] {
	return entries.map((entry) => auditIfChanged(db, entry));
}
