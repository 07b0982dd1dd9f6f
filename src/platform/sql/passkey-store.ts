import { bounds } from "../../domain/bounds.ts";
import type { Passkey, PasskeyKey } from "../../domain/passkey.ts";
import type { PasskeyRegister } from "../../domain/ports/passkeys.ts";
import { auditAllIfChanged } from "./audit-if-changed.ts";
import type { SqlDatabase, SqlStatement } from "./database.ts";
import { personColumns, type PersonRow, toPerson } from "./register-rows.ts";
import { readStored } from "./stored-json.ts";

interface PasskeyRow {
	readonly passkey_id: string;
	readonly person_id: string;
	readonly credential_id: string;
	readonly public_key: string;
	readonly sign_count: number;
	readonly synced: 0 | 1;
	readonly transports: string;
	readonly passkey_name: string;
	readonly created_at: number;
	readonly last_used_at: number | null;
}

const columns = `passkeys.id AS passkey_id, person_id, credential_id, public_key, sign_count, synced, transports,
	passkeys.name AS passkey_name, created_at, last_used_at`;
const isThere = "EXISTS (SELECT 1 FROM people WHERE id = ?2 AND state = 'active')";

export function passkeyStore(db: SqlDatabase): PasskeyRegister {
	return {
		async list(personId) {
			const query = db.prepare(`SELECT ${columns} FROM passkeys WHERE person_id = ? ORDER BY created_at, id`);
			const { results } = await query.bind(personId).all<PasskeyRow>();
			return results.map(toPasskey);
		},
		async find(id) {
			const query = db.prepare(
				`SELECT ${personColumns}, ${columns}
				FROM passkeys JOIN people ON people.id = passkeys.person_id WHERE passkeys.id = ?`,
			);
			const row = await query.bind(id).first<PersonRow & PasskeyRow>();
			return row && { passkey: toPasskey(row), person: toPerson(row) };
		},
		async add(passkey, entries) {
			const { id, personId } = passkey;
			const [added, ...rest] = await db.batch<{ is_taken: 0 | 1; is_there: 0 | 1 }>([
				insertPasskey(db, passkey, isThere),
				...auditAllIfChanged(db, entries),
				db
					.prepare(`SELECT EXISTS (SELECT 1 FROM passkeys WHERE id = ?1) AS is_taken, ${isThere} AS is_there`)
					.bind(id, personId),
			]);
			if (added?.meta.changes) return "added";
			const now = rest.at(-1)?.results[0];
			return now?.is_taken ? "taken" : now?.is_there ? "full" : "unknown";
		},
		async rename({ id, personId }, name, entries) {
			const [, ...rest] = await db.batch<{ one: number }>([
				db
					.prepare("UPDATE passkeys SET name = ?3 WHERE id = ?1 AND person_id = ?2 AND name <> ?3")
					.bind(id, personId, name),
				...auditAllIfChanged(db, entries),
				db.prepare("SELECT 1 AS one FROM passkeys WHERE id = ?1 AND person_id = ?2").bind(id, personId),
			]);
			return rest.at(-1)?.results[0] ? "renamed" : "unknown";
		},
		async remove({ id, personId }, entries) {
			const [removed, ...rest] = await db.batch<{ one: number }>([
				db
					.prepare(
						`DELETE FROM passkeys WHERE id = ?1 AND person_id = ?2 AND (
							EXISTS (SELECT 1 FROM people WHERE id = ?2 AND password_hash <> '')
							OR EXISTS (SELECT 1 FROM passkeys AS others WHERE others.person_id = ?2 AND others.id <> ?1))`,
					)
					.bind(id, personId),
				...auditAllIfChanged(db, entries),
				db.prepare("SELECT 1 AS one FROM passkeys WHERE id = ?1 AND person_id = ?2").bind(id, personId),
			]);
			if (removed?.meta.changes) return "removed";
			return rest.at(-1)?.results[0] ? "last" : "unknown";
		},
		async use(id, { signCount, at }) {
			// WebAuthn §7.2 (22): compared where it is written.
			const { meta } = await db
				.prepare(
					`UPDATE passkeys SET sign_count = ?2, last_used_at = ?3
					WHERE id = ?1 AND (sign_count < ?2 OR (sign_count = 0 AND ?2 = 0))`,
				)
				.bind(id, signCount, at)
				.run();
			return meta.changes > 0;
		},
	};
}

/** Where there is room for it, and `condition` holds: of its person it is `?2`. */
export function insertPasskey(db: SqlDatabase, passkey: Passkey, condition: string): SqlStatement {
	const { id, personId, credentialId, key, signCount, isSynced, transports, name, createdAt } = passkey;
	return db
		.prepare(
			`INSERT INTO passkeys (id, person_id, credential_id, public_key, sign_count, synced, transports, name, created_at)
			SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9
			WHERE ${condition} AND (SELECT count(*) FROM passkeys WHERE person_id = ?2) < ${bounds.passkeys.most}
			ON CONFLICT DO NOTHING`,
		)
		.bind(
			id,
			personId,
			credentialId,
			JSON.stringify(key),
			signCount,
			isSynced ? 1 : 0,
			JSON.stringify(transports),
			name,
			createdAt,
		);
}

/**
 * Whether this passkey can be registered for that person, or is none: asked by the statement that lets them in by it, before
 * {@link insertPasskey}.
 */
export function canRegister(place: string, person: string): string {
	return `(${place} IS NULL OR (NOT EXISTS (SELECT 1 FROM passkeys WHERE passkeys.id = ${place})
		AND (SELECT count(*) FROM passkeys WHERE passkeys.person_id = ${person}) < ${bounds.passkeys.most}))`;
}

/** With one that cannot be read nobody signs in. */
const noKey: PasskeyKey = { alg: "EdDSA", kty: "OKP", crv: "Ed25519", x: "" };

function toPasskey(row: PasskeyRow): Passkey {
	const stored = { table: "passkeys", id: row.passkey_id };
	return {
		id: row.passkey_id,
		personId: row.person_id,
		credentialId: row.credential_id,
		key: readStored(row.public_key, noKey, stored),
		signCount: row.sign_count,
		isSynced: row.synced === 1,
		transports: readStored<readonly string[]>(row.transports, [], stored),
		name: row.passkey_name,
		createdAt: row.created_at,
		lastUsedAt: row.last_used_at,
	};
}
