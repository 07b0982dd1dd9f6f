import type { Member, PeopleRegister } from "../../domain/ports/people.ts";
import { auditAllIfChanged, auditIfChanged } from "./audit-if-changed.ts";
import { toRole } from "./register-rows.ts";
import type { SqlDatabase } from "./database.ts";

interface MemberRow {
	readonly id: string;
	readonly username: string;
	readonly name: string;
	readonly role: string;
}

/** Somebody else who administers the account: of two who remove each other at once, one finds nobody. */
const anotherAdmin = `EXISTS (
	SELECT 1 FROM memberships AS others JOIN people ON people.id = others.person_id
	WHERE others.account_id = memberships.account_id AND others.person_id <> memberships.person_id
		AND others.role = 'admin' AND others.state = 'active' AND people.state = 'active'
)`;

const member = `SELECT people.id, people.username, people.name, memberships.role
	FROM memberships JOIN people ON people.id = memberships.person_id
	WHERE memberships.account_id = ? AND memberships.state = 'active' AND people.state = 'active'`;

export function peopleStore(db: SqlDatabase): PeopleRegister {
	return {
		async rename(personId, name, entries) {
			const change = db.prepare("UPDATE people SET name = ? WHERE id = ? AND name <> ?").bind(name, personId, name);
			await db.batch([change, ...auditAllIfChanged(db, entries)]);
		},
		async setProfile(personId, profile, entries) {
			const change = db
				.prepare("UPDATE people SET profile = ? WHERE id = ? AND state = 'active'")
				.bind(JSON.stringify(profile), personId);
			const [changed] = await db.batch([change, ...auditAllIfChanged(db, entries)]);
			return changed?.meta.changes ? "changed" : "unknown";
		},
		async setPassword(personId, { from, to }, entries) {
			const change = db
				.prepare("UPDATE people SET password_hash = ? WHERE id = ? AND password_hash = ? AND state = 'active'")
				.bind(to, personId, from);
			const [changed] = await db.batch([change, ...auditAllIfChanged(db, entries)]);
			return changed?.meta.changes ? "changed" : "unchanged";
		},
		async renameAccount(accountId, name, entry) {
			const change = db.prepare("UPDATE accounts SET name = ? WHERE id = ? AND name <> ?").bind(name, accountId, name);
			await db.batch([change, auditIfChanged(db, entry)]);
		},

		async members(accountId, after, limit) {
			const query = db.prepare(
				`${member} AND (people.name, people.id) > (?, ?) ORDER BY people.name, people.id LIMIT ?`,
			);
			const { results } = await query.bind(accountId, after?.name ?? "", after?.id ?? "", limit).all<MemberRow>();
			return results.map(toMember);
		},
		async member({ accountId, personId }) {
			const row = await db.prepare(`${member} AND people.id = ?`).bind(accountId, personId).first<MemberRow>();
			return row && toMember(row);
		},
		async addMember(person, { accountId, role }, entry) {
			const { id, username, name, passwordHash, state, notBefore } = person;
			const [, added, , found] = await db.batch<{ role: string }>([
				db
					.prepare(
						`INSERT INTO people (id, username, name, password_hash, state, not_before)
						VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
					)
					.bind(id, username, name, passwordHash, state, notBefore),
				// Only where the person of this id is the one who was meant.
				db
					.prepare(
						`INSERT INTO memberships (person_id, account_id, role, state, not_before)
						SELECT id, ?, ?, 'active', 0 FROM people
						WHERE id = ? AND username = ? AND NOT EXISTS (SELECT 1 FROM memberships WHERE person_id = people.id)`,
					)
					.bind(accountId, role, id, username),
				auditIfChanged(db, entry),
				db.prepare(`${member} AND people.id = ? AND people.username = ?`).bind(accountId, id, username),
			]);
			if (added?.meta.changes) return "added";
			return found?.results[0] ? "same" : "taken";
		},
		async reinstate({ accountId, personId, role, notBefore }, entry) {
			const change = db
				.prepare(
					`UPDATE memberships SET state = 'active', role = ?, not_before = max(not_before, ?)
					WHERE account_id = ? AND person_id = ? AND state = 'ended'`,
				)
				.bind(role, notBefore, accountId, personId);
			const [changed] = await db.batch([change, auditIfChanged(db, entry)]);
			return changed?.meta.changes ? "changed" : "unknown";
		},
		async setRole({ accountId, personId }, role, entry) {
			const change = db
				.prepare(
					`UPDATE memberships SET role = ?1 WHERE account_id = ?2 AND person_id = ?3 AND state = 'active'
					AND role <> ?1 AND (role <> 'admin' OR ${anotherAdmin})`,
				)
				.bind(role, accountId, personId);
			const found = db.prepare(`${member} AND people.id = ?`).bind(accountId, personId);
			const [changed, , after] = await db.batch<MemberRow>([change, auditIfChanged(db, entry), found]);
			if (changed?.meta.changes) return "changed";
			const row = after?.results[0];
			return row ? (row.role === role ? "unchanged" : "last_admin") : "unknown";
		},
		async removeMember({ accountId, personId }, notBefore, entry) {
			const change = db
				.prepare(
					`UPDATE memberships SET state = 'ended', not_before = max(not_before, ?)
					WHERE account_id = ? AND person_id = ? AND state = 'active' AND (role <> 'admin' OR ${anotherAdmin})`,
				)
				.bind(notBefore, accountId, personId);
			const found = db.prepare(`${member} AND people.id = ?`).bind(accountId, personId);
			const [changed, , after] = await db.batch<MemberRow>([change, auditIfChanged(db, entry), found]);
			if (changed?.meta.changes) return "changed";
			return after?.results[0] ? "last_admin" : "unknown";
		},
	};
}

function toMember({ id, username, name, role }: MemberRow): Member {
	return { id, username, name, role: toRole(role) };
}
