import type { ApiKeyRegister } from "../../domain/ports/api-keys.ts";
import { auditIfChanged } from "./audit-if-changed.ts";
import type { SqlDatabase } from "./database.ts";

/** So many keys in one statement, so that none holds the database for long; and slices at each run of the cron. */
const slice = 1000;
const most = 100;

/**
 * SQL for whether what was sealed of a key of the account that is joined may be shown. Where that was forbidden, all is forgotten in the
 * order of the keys' ids, and what is not yet counts as forgotten, whether or not it has been allowed again.
 */
export function isKept(keyId: string): string {
	return `coalesce(${keyId} <= accounts.forgotten_to, 1)`;
}

type Verbs = "revealAllowed" | "setRevealAllowed" | "forgetSealed";

export function keptSecrets(db: SqlDatabase): Pick<ApiKeyRegister, Verbs> {
	/** Where it is still where it was. */
	async function forgetSlice(account: Forgetting): Promise<void> {
		const keys = `SELECT id FROM api_keys WHERE account_id = ?1 AND id > ?2 ORDER BY id LIMIT ${slice}`;
		const statements = [
			`UPDATE access_codes SET sealed_secret = NULL WHERE sealed_secret IS NOT NULL AND key_id IN (${keys})`,
			`UPDATE accounts SET forgotten_to = (SELECT iif(count(*) = ${slice}, max(id), NULL) FROM (${keys}))
			WHERE id = ?1 AND forgotten_to = ?2`,
		];
		await db.batch(statements.map((statement) => db.prepare(statement).bind(account.id, account.forgotten_to)));
	}

	return {
		async revealAllowed(accountId) {
			const query = db.prepare("SELECT reveal_allowed FROM accounts WHERE id = ?").bind(accountId);
			return (await query.first<number>("reveal_allowed")) === 1;
		},
		async setRevealAllowed(accountId, allowed, entry) {
			const value = allowed ? 1 : 0;
			const set = db
				.prepare(
					`UPDATE accounts SET reveal_allowed = ?1, forgotten_to = iif(?1, forgotten_to, '')
					WHERE id = ?2 AND reveal_allowed <> ?1`,
				)
				.bind(value, accountId);
			await db.batch([set, auditIfChanged(db, entry)]);
			if (!allowed) await forgetSlice({ id: accountId, forgotten_to: "" });
		},
		async forgetSealed() {
			const next = db.prepare("SELECT id, forgotten_to FROM accounts WHERE forgotten_to IS NOT NULL LIMIT 1");
			for (let round = 0; round < most; round++) {
				const account = await next.first<Forgetting>();
				if (!account) return;
				await forgetSlice(account);
			}
		},
	};
}

interface Forgetting {
	readonly id: string;
	readonly forgotten_to: string;
}
