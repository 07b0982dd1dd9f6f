import type { Seconds } from "../../domain/brands.ts";
import type { Member, MemberKey, PeopleRegister } from "../../domain/ports/people.ts";
import type { WriterRole } from "../../domain/ports/register.ts";
import { auditAllIfChanged, auditIfChanged } from "./audit-if-changed.ts";
import { endCodes } from "./recovery-store.ts";
import { storedPassword, toRole } from "./register-rows.ts";
import type { SqlDatabase } from "./database.ts";
import { total } from "./room.ts";
import { type Condition, contains, type ListByName, type Put, walkByName } from "./walk-by-name.ts";
import { writerMay, writerValue } from "./writer-role.ts";

interface MemberRow {
	readonly id: string;
	readonly username: string;
	readonly name: string;
	readonly role: string;
	readonly verified_email: string | null;
	readonly has_second_factor: 0 | 1;
}

/** Somebody else who administers the account: of two who remove each other at once, one finds nobody. */
const anotherAdmin = `EXISTS (
	SELECT 1 FROM memberships AS others JOIN people ON people.id = others.person_id
	WHERE others.account_id = memberships.account_id AND others.person_id <> memberships.person_id
		AND others.role = 'admin' AND others.state = 'active' AND people.state = 'active'
)`;

const secondFactor = `(EXISTS (SELECT 1 FROM one_time_codes WHERE one_time_codes.person_id = people.id)
	OR EXISTS (SELECT 1 FROM passkeys WHERE passkeys.person_id = people.id))`;
const columns = `people.id, people.username, people.name, memberships.role, memberships.verified_email,
	${secondFactor} AS has_second_factor`;
const member = `SELECT ${columns}
	FROM memberships JOIN people ON people.id = memberships.person_id
	WHERE memberships.account_id = ? AND memberships.state = 'active' AND people.state = 'active'`;

/** By the copy of the name that a membership has, since an index of it has them in order. */
const ofAccount: ListByName = {
	select: `SELECT person_id AS id, name FROM memberships INDEXED BY memberships_by_name
		WHERE account_id = ?1 AND state = 'active'`,
	id: "person_id",
	collation: "",
	joined: `CROSS JOIN people ON people.id = listed.id AND people.state = 'active'
		CROSS JOIN memberships ON memberships.person_id = listed.id AND memberships.account_id = ?1`,
	columns,
	kept: total("people", "?1"),
};

function isCalled(text: string): string {
	return `(${contains("people.name", text)} OR ${contains("people.username", text)} OR people.id = ${text})`;
}

export function peopleStore(db: SqlDatabase): PeopleRegister {
	return {
		async rename(personId, { from, to }, entries) {
			const change = db.prepare("UPDATE people SET name = ? WHERE id = ? AND name = ?").bind(to, personId, from);
			const [changed] = await db.batch([change, ...auditAllIfChanged(db, entries)]);
			return changed?.meta.changes ? "changed" : "overtaken";
		},
		async setProfile(personId, { from, to }, entries) {
			// One that cannot be read is read as none.
			const change = db
				.prepare(
					// What was verified was that address: another one, in whichever spelling, is not.
					`UPDATE people SET profile = ?1,
						verified_email = CASE WHEN json_extract(?1, '$.email') = verified_email COLLATE BINARY THEN verified_email END
					WHERE id = ?2 AND state = 'active'
					AND (profile = ?3 OR (?3 = '{}' AND NOT json_valid(profile)))`,
				)
				.bind(JSON.stringify(to), personId, JSON.stringify(from));
			const [changed] = await db.batch([change, ...auditAllIfChanged(db, entries)]);
			return changed?.meta.changes ? "changed" : "overtaken";
		},
		async setPassword(personId, { from, to }, entries) {
			const change = db
				.prepare("UPDATE people SET password_hash = ? WHERE id = ? AND password_hash = ? AND state = 'active'")
				.bind(storedPassword(to), personId, storedPassword(from));
			const [changed] = await db.batch([change, ...auditAllIfChanged(db, entries), endCodes(db, personId)]);
			return changed?.meta.changes ? "changed" : "unchanged";
		},
		async removePassword(personId, from, entries) {
			const remove = db
				.prepare(
					`UPDATE people SET password_hash = '' WHERE id = ?1 AND password_hash = ?2 AND password_hash <> '' AND state = 'active'
						AND EXISTS (SELECT 1 FROM passkeys WHERE passkeys.person_id = people.id)`,
				)
				.bind(personId, storedPassword(from));
			const [removed, ...rest] = await db.batch<{ password_hash: string }>([
				remove,
				...auditAllIfChanged(db, entries),
				endCodes(db, personId),
				db.prepare("SELECT password_hash FROM people WHERE id = ?").bind(personId),
			]);
			if (removed?.meta.changes) return "removed";
			const now = rest.at(-1)?.results[0]?.password_hash;
			return now === "" ? "none" : now === storedPassword(from) ? "last" : "wrong";
		},
		async noteWrongPassword(personId, at) {
			const note = db.prepare(
				`INSERT INTO wrong_passwords (person_id, count, first_at, last_at)
				SELECT id, 1, ?2, ?2 FROM people WHERE id = ?1
				ON CONFLICT DO UPDATE SET count = count + 1, last_at = max(last_at, excluded.last_at)`,
			);
			await note.bind(personId, at).run();
		},
		async forgetWrongPasswords(personId, lastAt) {
			const forget = db.prepare("DELETE FROM wrong_passwords WHERE person_id = ? AND last_at <= ?");
			await forget.bind(personId, lastAt).run();
		},
		async renameAccount(accountId, { from, to }, by, entry) {
			const change = db
				.prepare(`UPDATE accounts SET name = ?1 WHERE id = ?2 AND name = ?3 AND ${writerMay("?4")}`)
				.bind(to, accountId, from, writerValue(by));
			const [changed] = await db.batch([change, auditIfChanged(db, entry)]);
			return changed?.meta.changes ? "changed" : "overtaken";
		},
		async setSecondFactor(accountId, demand, by, entry) {
			const change = db
				.prepare(
					`UPDATE accounts SET second_factor = ?1 WHERE id = ?2 AND second_factor IS NOT ?1 AND ${writerMay("?3")}`,
				)
				.bind(demand, accountId, writerValue(by));
			const may = db.prepare(`SELECT ${writerMay("?1")} AS may`).bind(writerValue(by));
			const [changed, , found] = await db.batch<{ may: 0 | 1 }>([change, auditIfChanged(db, entry), may]);
			if (changed?.meta.changes) return "set";
			return found?.results[0]?.may ? "unchanged" : "not_permitted";
		},

		async members(accountId, { q, role, hasSecondFactor }, walk) {
			const conditions: readonly Condition[] = [
				...(q === null ? [] : [{ sql: (put: Put) => isCalled(put(q)) }]),
				...(role === null ? [] : [{ sql: (put: Put) => `memberships.role = ${put(role)}` }]),
				...(hasSecondFactor === null ? [] : [{ sql: () => (hasSecondFactor ? secondFactor : `NOT ${secondFactor}`) }]),
			];
			const { rows, ...page } = await walkByName<MemberRow>(db, ofAccount, accountId, conditions, walk);
			return { ...page, rows: rows.map(toMember) };
		},
		async member({ accountId, personId }) {
			const row = await db.prepare(`${member} AND people.id = ?`).bind(accountId, personId).first<MemberRow>();
			return row && toMember(row);
		},
		async setRole(of, { from, to }, by, entry) {
			const change = db
				.prepare(
					`UPDATE memberships SET role = ?1 WHERE account_id = ?2 AND person_id = ?3 AND state = 'active'
					AND role = ?4 AND (role <> 'admin' OR ${anotherAdmin}) AND ${writerMay("?5")}`,
				)
				.bind(to, of.accountId, of.personId, from, writerValue(by));
			const [changed, , , found] = await db.batch<MemberNow>([
				change,
				auditIfChanged(db, entry),
				endInvitations(of, entry.at),
				memberNow(of, by),
			]);
			const now = changed?.meta.changes ? null : found?.results[0];
			if (now === null) return "changed";
			if (!now) return "unknown";
			if (now.role !== from) return "overtaken";
			return now.may ? "last_admin" : "not_permitted";
		},
		async setVerifiedEmail(of, { from, to }, by, entry) {
			const change = db
				.prepare(
					`UPDATE memberships SET verified_email = ?1 WHERE account_id = ?2 AND person_id = ?3 AND state = 'active'
					AND verified_email IS ?4 AND verified_email IS NOT ?1 AND ${writerMay("?5")}
					AND EXISTS (SELECT 1 FROM people WHERE id = person_id AND state = 'active')`,
				)
				.bind(to, of.accountId, of.personId, from, writerValue(by));
			const [changed, , found] = await db.batch<MemberNow>([change, auditIfChanged(db, entry), memberNow(of, by)]);
			if (changed?.meta.changes) return "changed";
			const now = found?.results[0];
			if (!now) return "unknown";
			if (!now.may) return "not_permitted";
			return from === to && now.verified_email === to ? "changed" : "overtaken";
		},
		async removeMember(of, notBefore, by, entry) {
			const change = db
				.prepare(
					`UPDATE memberships SET state = 'ended', not_before = max(not_before, ?1), verified_email = NULL
					WHERE account_id = ?2 AND person_id = ?3 AND state = 'active' AND (role <> 'admin' OR ${anotherAdmin})
						AND ${writerMay("?4")}`,
				)
				.bind(notBefore, of.accountId, of.personId, writerValue(by));
			const [changed, , , found] = await db.batch<MemberNow>([
				change,
				auditIfChanged(db, entry),
				endInvitations(of, entry.at),
				memberNow(of, by),
			]);
			const now = changed?.meta.changes ? null : found?.results[0];
			if (now === null) return "changed";
			if (!now) return "unknown";
			return now.may ? "last_admin" : "not_permitted";
		},
	};

	/** What somebody may give no more, a link of theirs gives no more: they could keep one back to return by. */
	function endInvitations({ accountId, personId }: MemberKey, at: Seconds) {
		return db
			.prepare(
				`UPDATE invitations SET state = 'revoked', ended_at = ?3
				WHERE account_id = ?1 AND invited_by = ?2 AND state = 'open' AND EXISTS (
					SELECT 1 FROM memberships WHERE memberships.account_id = ?1 AND person_id = ?2
						AND (role <> 'admin' OR memberships.state <> 'active'))`,
			)
			.bind(accountId, personId, at);
	}

	/** After a change that was none: whether there is such a member, and whether whoever changes them may. */
	function memberNow({ accountId, personId }: MemberKey, by: WriterRole | null) {
		return db
			.prepare(
				`SELECT memberships.role, memberships.verified_email, ${writerMay("?3")} AS may
				FROM memberships JOIN people ON people.id = memberships.person_id
				WHERE memberships.account_id = ?1 AND people.id = ?2
					AND memberships.state = 'active' AND people.state = 'active'`,
			)
			.bind(accountId, personId, writerValue(by));
	}
}

interface MemberNow {
	readonly role: string;
	readonly verified_email: string | null;
	readonly may: 0 | 1;
}

function toMember(row: MemberRow): Member {
	const { id, username, name, role, verified_email: verified, has_second_factor: factor } = row;
	return {
		id,
		username,
		name,
		role: toRole(role),
		hasSecondFactor: factor === 1,
		...(verified !== null && { verifiedEmail: verified }),
	};
}
