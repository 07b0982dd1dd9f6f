import type { ApiKeyState } from "../../domain/api-key-state.ts";
import type { AuditEntry } from "../../domain/audit-entry.ts";
import type { Seconds } from "../../domain/brands.ts";
import { insertAudit } from "./register-writes.ts";
import type { SqlDatabase } from "./database.ts";

/** Of a key (?1), as the verdict has it that stands in the register: a deleted one has none. */
const codes = `SELECT code.value ->> '$.id' FROM key_verdicts, json_each(verdict, '$.codes') AS code
	WHERE key_id = ?1 AND verdict ->> '$.state' <> 'deleted'`;
const linkers = `SELECT given.key FROM key_verdicts, json_each(verdict, '$.policies') AS given
	WHERE key_id = ?1 AND verdict ->> '$.state' <> 'deleted' AND given.key <> verdict ->> '$.ownerId'`;

/**
 * For the request and for the ledger's alarm: a later verdict is never overwritten by an earlier one, but one that cannot be
 * read is by any. The rows that follow
 * from a verdict (codes, links, the key itself; by triggers its policies and what ends) follow, in the same transaction, from the one that stands there then,
 * whosever it is: so that whoever comes late neither brings a row back nor takes one away (DESIGN §3.5).
 */
export async function copyVerdict(
	db: SqlDatabase,
	keyId: string,
	verdict: ApiKeyState,
	at: Seconds,
	entries: readonly AuditEntry[] = [],
): Promise<void> {
	await db.batch([
		db
			.prepare(
				`INSERT INTO key_verdicts (key_id, rev, verdict) VALUES (?1, ?2, ?3)
				ON CONFLICT (key_id) DO UPDATE SET rev = ?2, verdict = ?3 WHERE rev < ?2 OR NOT json_valid(verdict)`,
			)
			.bind(keyId, verdict.rev, JSON.stringify(verdict)),
		...[
			`DELETE FROM access_codes WHERE key_id = ?1 AND id NOT IN (${codes})`,
			`DELETE FROM key_links WHERE key_id = ?1 AND account_id NOT IN (${linkers})`,
			// What a deleted key was called, for whoever is told that it is still in use.
			`UPDATE key_verdicts SET deleted_name = (SELECT name FROM api_keys WHERE id = ?1)
			WHERE key_id = ?1 AND deleted_name IS NULL AND verdict ->> '$.state' = 'deleted'`,
			`DELETE FROM api_keys WHERE id = ?1
				AND EXISTS (SELECT 1 FROM key_verdicts WHERE key_id = ?1 AND verdict ->> '$.state' = 'deleted')`,
		].map((statement) => db.prepare(statement).bind(keyId)),
		// A copy is never refused: of an account or a key that has no row, there is nothing to list.
		db
			.prepare(
				`INSERT INTO key_links (account_id, key_id, created_at, name)
				SELECT accounts.id, api_keys.id, ?2, api_keys.name FROM accounts JOIN api_keys ON api_keys.id = ?1
				WHERE accounts.id IN (${linkers}) ON CONFLICT (account_id, key_id) DO NOTHING`,
			)
			.bind(keyId, at),
		...entries.map((entry) => insertAudit(db, entry)),
	]);
}
