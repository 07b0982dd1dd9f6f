import type { ApiKeyRegister, LinkRow } from "../../domain/ports/api-keys.ts";
import type { AccessCode } from "../../domain/api-key.ts";
import type { Seconds } from "../../domain/brands.ts";
import { auditIfChanged } from "./audit-if-changed.ts";
import { policyStore } from "./policy-store.ts";
import { isNameTaken, type SqlDatabase, type SqlStatement } from "./database.ts";
import { isKept, keptSecrets } from "./kept-secrets.ts";
import { day } from "../../domain/usage.ts";
import { listKeys } from "./key-lists.ts";
import { type KeyColumns, toKey } from "./listed-key.ts";
import { hasRoom } from "./room.ts";
import { readable } from "./stored-json.ts";

/** How long a key's row may wait for its verdict before it is taken for what a crash left behind. */
const verdictGrace: Seconds = 3600;

/** The management of API keys over D1. A batch is one transaction. */
export function keyStore(db: SqlDatabase): ApiKeyRegister {
	const keyOf = async (id: string) => {
		const row = await db.prepare("SELECT * FROM api_keys WHERE id = ?").bind(id).first<KeyColumns>();
		return row && toKey(row);
	};
	return {
		...policyStore(db),

		async addKey(key, entry) {
			const { id, accountId, name, tags, type, createdAt } = key;
			try {
				const outcomes = await db.batch([
					removeGhosts(db, accountId, createdAt - verdictGrace),
					db
						.prepare(
							`INSERT INTO api_keys (id, account_id, name, tags, type, created_at, pending)
							SELECT ?1, ?2, ?3, ?4, ?5, ?6, NOT EXISTS (SELECT 1 FROM key_verdicts WHERE key_id = ?1)
							WHERE NOT EXISTS (SELECT 1 FROM api_keys WHERE id = ?1)
								AND ${hasRoom("keys", "?2")}`,
						)
						.bind(id, accountId, name, JSON.stringify(tags), type, createdAt),
					auditIfChanged(db, entry),
				]);
				if ((outcomes.at(-2)?.meta.changes ?? 0) > 0) return "added";
			} catch (error) {
				if (isNameTaken(error)) return "name_taken";
				throw error;
			}
			const there = await keyOf(id);
			if (!there) return "full";
			if (there.accountId !== accountId) throw new Error("The id of a key is another account's");
			return "same";
		},
		key: keyOf,
		keys: (accountId, narrowing, walk) => listKeys(db, accountId, narrowing, walk),
		async noteUses(uses) {
			const rows = JSON.stringify(uses.map(({ keyId, at }) => [keyId, at]));
			// Of rows that are there all: an UPDATE from a list would go through the table.
			const columns = ["account_id", "key_id", "name", "type", "tags", "state", "created_at", "expires_at"];
			await db
				.prepare(
					`INSERT INTO listed_keys (${columns.join(", ")}, used_at)
					SELECT ${columns.map((column) => `there.${column}`).join(", ")}, used.value ->> 1 FROM json_each(?) AS used
						CROSS JOIN api_keys ON api_keys.id = used.value ->> 0
						CROSS JOIN listed_keys AS there ON there.account_id = api_keys.account_id AND there.key_id = api_keys.id
					WHERE there.used_at < (used.value ->> 1) - (used.value ->> 1) % ${day}
					ON CONFLICT (account_id, key_id) DO UPDATE SET used_at = excluded.used_at`,
				)
				.bind(rows)
				.run();
		},
		async editKey({ id, accountId, name, tags, rev }, entry) {
			const update = db
				.prepare("UPDATE api_keys SET name = ?, tags = ?, rev = rev + 1 WHERE id = ? AND account_id = ? AND rev = ?")
				.bind(name, JSON.stringify(tags), id, accountId, rev);
			try {
				const [edited] = await db.batch([update, auditIfChanged(db, entry)]);
				return (edited?.meta.changes ?? 0) > 0 ? "written" : "overtaken";
			} catch (error) {
				if (isNameTaken(error)) return "name_taken";
				throw error;
			}
		},

		...codes(db),
		links: (keyId) => links(db, keyId),
		...keptSecrets(db),
	};
}

/** What has no code in the verdict that stands in the register gets no row (copy-verdict.ts would have deleted it). */
const hasCode = `EXISTS (
	SELECT 1 FROM key_verdicts, json_each(${readable("verdict")}, '$.codes') AS code WHERE key_id = ?2 AND code.value ->> '$.id' = ?1)`;

function codes(db: SqlDatabase): Pick<ApiKeyRegister, "codes" | "addCode" | "noteVisible" | "describeCode"> {
	return {
		async codes(keyId) {
			const query = db
				.prepare(
					`SELECT access_codes.id, key_id, description, visible, iif(${isKept("key_id")}, sealed_secret, NULL) AS sealed_secret
					FROM access_codes JOIN api_keys ON api_keys.id = key_id JOIN accounts ON accounts.id = account_id
					WHERE key_id = ? ORDER BY access_codes.id`,
				)
				.bind(keyId);
			const { results } = await query.all<CodeColumns>();
			return results.map(toCode);
		},
		async addCode({ id, keyId, description, visible, sealedSecret }, entry) {
			const insert = db
				.prepare(
					`INSERT INTO access_codes (id, key_id, description, sealed_secret, visible)
					SELECT ?1, api_keys.id, ?3, iif(accounts.reveal_allowed AND ${isKept("api_keys.id")}, ?4, NULL), ?5
					FROM api_keys JOIN accounts ON accounts.id = api_keys.account_id WHERE api_keys.id = ?2 AND ${hasCode}
					ON CONFLICT (id) DO NOTHING`,
				)
				.bind(id, keyId, description, sealedSecret, visible ?? null);
			const kept = db.prepare("SELECT sealed_secret IS NOT NULL AS kept FROM access_codes WHERE id = ?").bind(id);
			const [, , found] = await db.batch<{ kept: 0 | 1 }>([insert, auditIfChanged(db, entry), kept]);
			return { isKept: found?.results[0]?.kept === 1 };
		},
		async noteVisible({ id, keyId, visible }) {
			const note = db.prepare("UPDATE access_codes SET visible = ? WHERE id = ? AND key_id = ? AND visible IS NULL");
			await note.bind(visible, id, keyId).run();
		},
		async describeCode({ id, keyId, description }, from, entry) {
			const put = db
				.prepare(
					`INSERT INTO access_codes (id, key_id, description) SELECT ?1, id, ?3 FROM api_keys WHERE id = ?2 AND ${hasCode}
					ON CONFLICT (id) DO UPDATE SET description = excluded.description
						WHERE key_id = excluded.key_id AND description = ?4`,
				)
				.bind(id, keyId, description, from);
			const [written] = await db.batch([put, auditIfChanged(db, entry)]);
			return (written?.meta.changes ?? 0) > 0 ? "written" : "overtaken";
		},
	};
}

async function links(db: SqlDatabase, keyId: string): Promise<readonly LinkRow[]> {
	const query = db.prepare("SELECT * FROM key_links WHERE key_id = ? ORDER BY account_id").bind(keyId);
	const { results } = await query.all<LinkColumns>();
	return results.map(toLink);
}

/** Rows of an account that never came to stand for a key. */
function removeGhosts(db: SqlDatabase, accountId: string, before: Seconds): SqlStatement {
	return db
		.prepare(
			`DELETE FROM api_keys WHERE account_id = ? AND pending = 1 AND created_at < ?
				AND NOT EXISTS (SELECT 1 FROM key_verdicts WHERE key_id = api_keys.id)`,
		)
		.bind(accountId, before);
}

interface CodeColumns {
	readonly id: string;
	readonly key_id: string;
	readonly description: string;
	readonly visible: string | null;
	readonly sealed_secret: AccessCode["sealedSecret"];
}

interface LinkColumns {
	readonly account_id: string;
	readonly key_id: string;
	readonly created_at: number;
}

function toCode({ id, key_id, description, visible, sealed_secret }: CodeColumns): AccessCode {
	return { id, keyId: key_id, description, sealedSecret: sealed_secret, ...(visible !== null && { visible }) };
}

function toLink({ account_id, key_id, created_at }: LinkColumns): LinkRow {
	return { keyId: key_id, accountId: account_id, createdAt: created_at };
}
