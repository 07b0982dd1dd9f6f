import type { Hash } from "../../domain/brands.ts";
import type { Passkey } from "../../domain/passkey.ts";
import type { NewWayIn, RecoveryRegister, Used } from "../../domain/ports/recovery.ts";
import type { RecoveryKind, RecoveryLink } from "../../domain/recovery.ts";
import type { SubjectId } from "../../domain/subject.ts";
import { auditAllIfChanged } from "./audit-if-changed.ts";
import type { SqlDatabase, SqlStatement } from "./database.ts";
import { operatorMay } from "./operator-may.ts";
import { canRegister, insertPasskey } from "./passkey-store.ts";
import { personColumns, type PersonRow, storedPassword, toPerson } from "./register-rows.ts";

interface LinkRow {
	readonly link_id: string;
	readonly hash: string;
	readonly person_id: string;
	readonly kind: string;
	readonly account_id: string | null;
	readonly made_by: string;
	readonly password: string;
	readonly created_at: number;
	readonly expires_at: number;
	readonly used_at: number | null;
	readonly holds: 0 | 1;
}

export function recoveryStore(db: SqlDatabase): RecoveryRegister {
	return {
		async codes(personId) {
			const query = db.prepare(
				"SELECT count(*) FILTER (WHERE used_at IS NULL) AS left, max(created_at) AS at FROM recovery_codes WHERE person_id = ?",
			);
			const row = await query.bind(personId).first<{ left: number; at: number | null }>();
			return { left: row?.left ?? 0, madeAt: row?.at ?? null };
		},
		async replaceCodes(personId, { password, hashes, at }, entries) {
			const list = JSON.stringify(hashes);
			const isStill = "EXISTS (SELECT 1 FROM people WHERE id = ?1 AND password_hash = ?2 AND state = 'active')";
			const [, , ...rest] = await db.batch<{ one: number }>([
				db
					.prepare(
						`DELETE FROM recovery_codes WHERE person_id = ?1 AND ${isStill}
							AND hash NOT IN (SELECT value FROM json_each(?3))`,
					)
					.bind(personId, storedPassword(password), list),
				db
					.prepare(
						`INSERT INTO recovery_codes (person_id, hash, created_at)
						SELECT ?1, value, ?4 FROM json_each(?3) WHERE ${isStill} ON CONFLICT DO NOTHING`,
					)
					.bind(personId, storedPassword(password), list, at),
				...auditAllIfChanged(db, entries),
				db.prepare(`SELECT 1 AS one WHERE ${isStill}`).bind(personId, storedPassword(password)),
			]);
			return rest.at(-1)?.results[0] ? "changed" : "unchanged";
		},
		async byCode(username, hash) {
			const query = db.prepare(
				`SELECT ${personColumns}, recovery_codes.used_at FROM people
				JOIN recovery_codes ON recovery_codes.person_id = people.id AND recovery_codes.hash = ?
				WHERE people.username = ? AND people.state = 'active'`,
			);
			const row = await query.bind(hash, username).first<PersonRow & { used_at: number | null }>();
			return row && { person: toPerson(row), usedAt: row.used_at };
		},
		async spendCode(of, entries) {
			const [spent] = await db.batch([spend(of), ...auditAllIfChanged(db, entries)]);
			return spent?.meta.changes ? "changed" : "unchanged";
		},
		useCode(of, wayIn, entries) {
			const { personId, at } = of;
			return replaced([
				spend({ ...of, password: wayIn.from }, wayIn.passkey),
				db
					.prepare("UPDATE people SET password_hash = ? WHERE id = ? AND password_hash = ? AND changes() > 0")
					.bind(storedPassword(wayIn.to), personId, storedPassword(wayIn.from)),
				...registered(db, wayIn),
				...auditAllIfChanged(db, entries),
				// Those of a password end with it.
				db
					.prepare(
						`DELETE FROM recovery_links WHERE person_id = ?1 AND used_at IS NULL
							AND EXISTS (SELECT 1 FROM recovery_codes WHERE person_id = ?1 AND hash = ?2 AND used_at = ?3)`,
					)
					.bind(personId, of.hash, at),
			]);
		},

		async addLink(link, entries) {
			const { id, hash, personId, kind, accountId, madeBy, password, createdAt, expiresAt } = link;
			const [added, ...rest] = await db.batch<{ known: 0 | 1; may: 0 | 1 }>([
				db
					.prepare(
						`INSERT INTO recovery_links
							(id, hash, person_id, kind, account_id, made_by, password, created_at, expires_at)
						SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 WHERE ${holds("?4", "?5", "?3", "?6")}
							AND EXISTS (SELECT 1 FROM people WHERE id = ?3 AND state = 'active')`,
					)
					.bind(id, hash, personId, kind, accountId, madeBy, password, createdAt, expiresAt),
				...auditAllIfChanged(db, entries),
				db
					.prepare(`SELECT ${isKnown("?1", "?2", "?3")} AS known, ${mayMake("?1", "?2", "?4")} AS may`)
					.bind(kind, accountId, personId, madeBy),
			]);
			if (added?.meta.changes) return "added";
			const now = rest.at(-1)?.results[0];
			return !now?.may ? "not_permitted" : now.known ? "beyond" : "unknown";
		},
		async link(id) {
			const query = db.prepare(
				`SELECT ${personColumns}, ${linkHolds} AS holds, recovery_links.id AS link_id, recovery_links.hash, recovery_links.person_id,
					recovery_links.kind, recovery_links.account_id, recovery_links.made_by, recovery_links.password,
					recovery_links.created_at, recovery_links.expires_at, recovery_links.used_at
				FROM recovery_links JOIN people ON people.id = recovery_links.person_id
				WHERE recovery_links.id = ? AND people.state = 'active'`,
			);
			const row = await query.bind(id).first<PersonRow & LinkRow>();
			return row && { link: toLink(row), usedAt: row.used_at, holds: row.holds === 1, person: toPerson(row) };
		},
		async useLink({ id, password: digest, at }, wayIn, entries) {
			const use = db
				.prepare(
					`UPDATE recovery_links SET used_at = ?1
					WHERE id = ?2 AND password = ?3 AND used_at IS NULL AND expires_at > ?1 AND ${linkHolds}
						AND EXISTS (SELECT 1 FROM people WHERE people.id = recovery_links.person_id
							AND password_hash = ?4 AND state = 'active')
						AND ${canRegister("?5", "recovery_links.person_id")}`,
				)
				.bind(at, id, digest, storedPassword(wayIn.from), wayIn.passkey?.id ?? null);
			const person = "(SELECT person_id FROM recovery_links WHERE id = ?1)";
			return replaced([
				use,
				db
					.prepare(`UPDATE people SET password_hash = ?2 WHERE id = ${person} AND password_hash = ?3 AND changes() > 0`)
					.bind(id, storedPassword(wayIn.to), storedPassword(wayIn.from)),
				...registered(db, wayIn),
				...auditAllIfChanged(db, entries),
				db.prepare(`DELETE FROM recovery_codes WHERE person_id = ${person} AND changes() > 0`).bind(id),
				db
					.prepare(
						`DELETE FROM one_time_codes WHERE person_id = (
							SELECT recovery_links.person_id FROM recovery_links JOIN people ON people.id = recovery_links.person_id
							WHERE recovery_links.id = ?1 AND recovery_links.kind <> 'mail' AND recovery_links.used_at = ?3
								AND people.password_hash = ?2)`,
					)
					.bind(id, storedPassword(wayIn.to), at),
				db
					.prepare(
						`DELETE FROM recovery_links WHERE used_at IS NULL AND person_id = (
							SELECT used.person_id FROM recovery_links AS used WHERE used.id = ?1 AND used.used_at = ?2)`,
					)
					.bind(id, at),
			]);
		},
	};

	function spend(
		{ personId, hash, at, password }: Parameters<RecoveryRegister["spendCode"]>[0],
		passkey?: Passkey,
	): SqlStatement {
		return db
			.prepare(
				`UPDATE recovery_codes SET used_at = ?1 WHERE person_id = ?2 AND hash = ?3 AND used_at IS NULL
					AND EXISTS (SELECT 1 FROM people WHERE id = ?2 AND password_hash = ?4 AND state = 'active')
					AND ${canRegister("?5", "?2")}`,
			)
			.bind(at, personId, hash, storedPassword(password), passkey?.id ?? null);
	}

	/** The first takes what may be used once, the second is the password. */
	async function replaced(statements: SqlStatement[]): Promise<Used> {
		const [, changed] = await db.batch(statements);
		return changed?.meta.changes ? "changed" : "unchanged";
	}
}

/** Right behind what lets its person in by it. */
function registered(db: SqlDatabase, { passkey }: NewWayIn): SqlStatement[] {
	return passkey ? [insertPasskey(db, passkey, "changes() > 0")] : [];
}

/** What a new password ends, in the batch that writes it and right behind what tells of it. */
export function endCodes(db: SqlDatabase, personId: SubjectId): SqlStatement {
	return db.prepare("DELETE FROM recovery_codes WHERE person_id = ? AND changes() > 0").bind(personId);
}

// Whether a link may be made, and is still good, is one rule, asked of the places that hold its parts: bound values when it is
// made, columns when it is used.

/** Who makes it is still what they were: a removed administrator has nothing left in the links that they noted down. */
function mayMake(kind: string, account: string, maker: string): string {
	return `CASE ${kind}
		WHEN 'admin' THEN EXISTS (
			SELECT 1 FROM memberships AS making JOIN people AS maker ON maker.id = making.person_id
			WHERE making.person_id = ${maker} AND making.account_id = ${account} AND making.role = 'admin'
				AND making.state = 'active' AND maker.state = 'active')
		WHEN 'operator' THEN ${operatorMay(maker)}
		ELSE 1 END`;
}

function isKnown(kind: string, account: string, person: string): string {
	return `CASE ${kind}
		WHEN 'admin' THEN EXISTS (
			SELECT 1 FROM memberships AS theirs WHERE theirs.person_id = ${person} AND theirs.account_id = ${account}
				AND theirs.state = 'active')
		ELSE EXISTS (SELECT 1 FROM people AS known WHERE known.id = ${person}) END`;
}

function holds(kind: string, account: string, person: string, maker: string): string {
	return `(${mayMake(kind, account, maker)} AND ${isKnown(kind, account, person)} AND CASE ${kind}
		-- It would hand over what they have elsewhere, or the deployment.
		WHEN 'admin' THEN NOT EXISTS (
				SELECT 1 FROM memberships AS elsewhere WHERE elsewhere.person_id = ${person}
					AND elsewhere.account_id <> ${account} AND elsewhere.state = 'active')
			AND NOT EXISTS (SELECT 1 FROM operators AS theirs WHERE theirs.person_id = ${person})
		WHEN 'operator' THEN 1
		WHEN 'mail' THEN EXISTS (
			SELECT 1 FROM people AS theirs WHERE theirs.id = ${person} AND theirs.verified_email = ${maker})
		WHEN 'setup' THEN EXISTS (SELECT 1 FROM operators AS theirs WHERE theirs.person_id = ${person})
		ELSE 0 END)`;
}

const linkHolds = holds(
	"recovery_links.kind",
	"recovery_links.account_id",
	"recovery_links.person_id",
	"recovery_links.made_by",
);

function toLink(row: LinkRow): RecoveryLink {
	return {
		id: row.link_id,
		hash: row.hash as Hash,
		personId: row.person_id,
		kind: row.kind as RecoveryKind,
		accountId: row.account_id,
		madeBy: row.made_by,
		password: row.password as Hash,
		createdAt: row.created_at,
		expiresAt: row.expires_at,
	};
}
