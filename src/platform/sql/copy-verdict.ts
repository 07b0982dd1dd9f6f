import type { ApiKeyState } from "../../domain/api-key-state.ts";
import type { SqlDatabase } from "./database.ts";

/** For the request and for the ledger's alarm: a later verdict is never overwritten by an earlier one. */
export async function copyVerdict(db: SqlDatabase, keyId: string, verdict: ApiKeyState): Promise<void> {
	await db
		.prepare(
			`INSERT INTO key_verdicts (key_id, rev, verdict) VALUES (?1, ?2, ?3)
			ON CONFLICT (key_id) DO UPDATE SET rev = ?2, verdict = ?3 WHERE rev < ?2`,
		)
		.bind(keyId, verdict.rev, JSON.stringify(verdict))
		.run();
}
