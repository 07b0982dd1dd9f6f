import { bounds } from "../../domain/bounds.ts";
import type { Invitation } from "../../domain/invitation.ts";
import type { FoundInvitation, InvitationRegister, ListedInvitation } from "../../domain/ports/invitations.ts";
import { auditIfChanged } from "./audit-if-changed.ts";
import type { SqlDatabase } from "./database.ts";
import { operatorMay } from "./operator-may.ts";
import { canRegister, insertPasskey } from "./passkey-store.ts";
import { purgeSlices } from "./purge-slices.ts";
import { storedPassword, toRole } from "./register-rows.ts";
import { hasRoom } from "./room.ts";
import { writerMay, writerValue } from "./writer-role.ts";

interface InvitationRow {
	readonly id: string;
	readonly account_id: string;
	readonly role: string;
	readonly note: string;
	readonly email: string | null;
	readonly invited_by: string;
	readonly created_at: number;
	readonly expires_at: number;
	readonly state: Invitation["state"];
	readonly accepted_by: string | null;
}

interface ListedRow extends InvitationRow {
	readonly inviter_name: string | null;
	readonly accepter_name: string | null;
}

const listed = `SELECT invitations.*, inviters.name AS inviter_name, accepters.name AS accepter_name FROM invitations
	LEFT JOIN people AS inviters ON inviters.id = invited_by LEFT JOIN people AS accepters ON accepters.id = accepted_by`;

/** For an account's room: what is open still. */
const countOpen = "SELECT count(*) FROM invitations WHERE account_id = ?3 AND state = 'open' AND expires_at > ?8";

const takesPeopleIn = "accounts.state = 'active' AND accounts.suspended_at IS NULL";

/** The link ?1, ?2 is good at ?3, and its account takes people in. */
const isOpen = `invitations.id = ?1 AND invitations.hash = ?2 AND invitations.state = 'open' AND invitations.expires_at > ?3
	AND EXISTS (SELECT 1 FROM accounts WHERE accounts.id = invitations.account_id AND ${takesPeopleIn})`;

/** An operator, into an account to which nobody belongs. */
function operatorMayBegin(place: string, accountId: string): string {
	return `(${operatorMay(place)}
		AND NOT EXISTS (SELECT 1 FROM memberships WHERE account_id = ${accountId} AND state = 'active'))`;
}

/** Of a row `invitations`: whoever made it does not administer its account, as an operator need not. */
export const isOfNoAdmin = `NOT EXISTS (
	SELECT 1 FROM memberships AS inviting WHERE inviting.account_id = invitations.account_id
		AND inviting.person_id = invitations.invited_by AND inviting.role = 'admin' AND inviting.state = 'active')`;

const takesOneMore = hasRoom("people", "invitations.account_id");
const belongs = `EXISTS (SELECT 1 FROM memberships WHERE memberships.account_id = invitations.account_id
	AND memberships.person_id = ?4 AND memberships.state = 'active')`;

export function invitationStore(db: SqlDatabase): InvitationRegister {
	return {
		async add(invitation, hash, by, entry) {
			const { id, accountId, role, note, email, invitedBy, createdAt, expiresAt } = invitation;
			const isOperator = by !== null && "operator" in by;
			const may = isOperator ? operatorMayBegin : writerMay;
			const value = isOperator ? by.operator : writerValue(by);
			const [added, , found] = await db.batch<InvitationRow>([
				db
					.prepare(
						`INSERT INTO invitations (id, hash, account_id, role, note, email, invited_by, created_at, expires_at, state)
						SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'open'
						WHERE NOT EXISTS (SELECT 1 FROM invitations WHERE id = ?1)
							AND (${countOpen}) < ${bounds.invitations.most} AND ${may("?10", "?3")}`,
					)
					.bind(id, hash, accountId, role, note, email, invitedBy, createdAt, expiresAt, value),
				auditIfChanged(db, entry),
				db.prepare("SELECT * FROM invitations WHERE id = ? AND hash = ? AND account_id = ?").bind(id, hash, accountId),
			]);
			if (added?.meta.changes) return { kind: "added" };
			const row = found?.results[0];
			if (row) return { kind: "same", invitation: toInvitation(row) };
			const mayStill = await db
				.prepare(`SELECT ${may("?1", "?2")} AS may, ?2 AS account_id`)
				.bind(value, accountId)
				.first<number>("may");
			return { kind: mayStill === 1 ? "full" : "not_permitted" };
		},
		async list(accountId, before, limit) {
			const query = db.prepare(
				`${listed} WHERE account_id = ?1 AND (created_at, invitations.id) < (?2, ?3)
				ORDER BY created_at DESC, invitations.id DESC LIMIT ?4`,
			);
			const { results } = await query
				.bind(accountId, before?.createdAt ?? Number.MAX_SAFE_INTEGER, before?.id ?? "", limit)
				.all<ListedRow>();
			return results.map(toListed);
		},
		async one(accountId, id) {
			const query = db.prepare(`${listed} WHERE account_id = ? AND invitations.id = ?`).bind(accountId, id);
			const row = await query.first<ListedRow>();
			return row && toListed(row);
		},
		async revoke({ id, accountId }, by, entry) {
			const change = db
				.prepare(
					`UPDATE invitations SET state = 'revoked', ended_at = ?1
					WHERE id = ?2 AND account_id = ?3 AND state = 'open' AND ${writerMay("?4")}`,
				)
				.bind(entry.at, id, accountId, writerValue(by));
			const now = db
				.prepare(`SELECT state, ${writerMay("?3")} AS may FROM invitations WHERE id = ?1 AND account_id = ?2`)
				.bind(id, accountId, writerValue(by));
			const [changed, , found] = await db.batch<Pick<InvitationRow, "state"> & { may: 0 | 1 }>([
				change,
				auditIfChanged(db, entry),
				now,
			]);
			if (changed?.meta.changes) return "revoked";
			const row = found?.results[0];
			if (!row || row.state === "revoked") return "unknown";
			return row.may ? "accepted" : "not_permitted";
		},
		async find({ id, hash }) {
			const query = db.prepare(
				`SELECT invitations.*, accounts.slug, accounts.name AS account_name, ${takesPeopleIn} AS is_active,
					inviters.name AS inviter_name
				FROM invitations JOIN accounts ON accounts.id = invitations.account_id
				LEFT JOIN people AS inviters ON inviters.id = invited_by
				WHERE invitations.id = ? AND invitations.hash = ?`,
			);
			const row = await query.bind(id, hash).first<FoundRow>();
			return row && toFound(row);
		},
		async accept({ id, hash }, who, at, entry) {
			const personId = who.kind === "new" ? who.person.id : who.personId;
			const passkey = who.kind === "new" ? who.passkey : undefined;
			const outcomes = await db.batch<AcceptedNow>([
				...(who.kind === "new"
					? [
							db
								.prepare(
									`INSERT INTO people (id, username, name, password_hash, state, not_before)
									SELECT ?4, ?5, ?6, ?7, 'active', 0 FROM invitations WHERE ${isOpen} AND ${takesOneMore}
										AND ${canRegister("?8", "?4")}
									ON CONFLICT DO NOTHING`,
								)
								.bind(
									id,
									hash,
									at,
									personId,
									who.person.username,
									who.person.name,
									storedPassword(who.person.passwordHash),
									passkey?.id ?? null,
								),
						]
					: []),
				...(passkey ? [insertPasskey(db, passkey, "changes() > 0")] : []),
				db
					.prepare(
						`UPDATE invitations SET state = 'accepted', accepted_by = ?4, ended_at = ?3
						WHERE ${isOpen} AND ${takesOneMore} AND NOT ${belongs}
							AND EXISTS (SELECT 1 FROM people WHERE people.id = ?4 AND people.state = 'active')`,
					)
					.bind(id, hash, at, personId),
				// Only where the statement before it has spent the link.
				db
					.prepare(
						`INSERT INTO memberships (person_id, account_id, role, state, not_before)
						SELECT ?1, account_id, role, 'active', 0 FROM invitations WHERE id = ?2 AND changes() > 0
						ON CONFLICT (person_id, account_id) DO UPDATE SET state = 'active', role = excluded.role,
							not_before = max(not_before, ?3)`,
					)
					.bind(personId, id, at),
				auditIfChanged(db, entry),
				// An operator begins an account, and no more: of two links that they had made, one is a way in.
				db
					.prepare(
						`UPDATE invitations SET state = 'revoked', ended_at = ?2
						WHERE account_id = (SELECT spent.account_id FROM invitations AS spent WHERE spent.id = ?1)
							AND state = 'open' AND ${isOfNoAdmin} AND invited_by IN (SELECT person_id FROM operators)
							AND EXISTS (SELECT 1 FROM memberships WHERE memberships.account_id = invitations.account_id AND state = 'active')`,
					)
					.bind(id, at),
				db
					.prepare(
						`SELECT ${isOpen} AS is_open, ${takesOneMore} AS takes, ${belongs} AS belongs,
							accepted_by IS ?4 AS is_theirs,
							EXISTS (SELECT 1 FROM people WHERE people.id = ?4 AND people.state = 'active') AS is_there
						FROM invitations WHERE id = ?1 AND hash = ?2`,
					)
					.bind(id, hash, at, personId),
			]);
			if (outcomes.at(-4)?.meta.changes) return "accepted";
			const now = outcomes.at(-1)?.results[0];
			if (now?.belongs) return now.is_theirs ? "accepted" : "member";
			if (!now?.is_open) return "closed";
			if (!now.takes) return "full";
			return who.kind === "new" && !now.is_there ? "taken" : "closed";
		},
		purge: (before) => purgeSlices(db, { table: "invitations", column: "expires_at", key: "id" }, before),
	};
}

interface FoundRow extends InvitationRow {
	readonly slug: string;
	readonly account_name: string;
	readonly is_active: 0 | 1;
	readonly inviter_name: string | null;
}

interface AcceptedNow {
	readonly is_open: 0 | 1;
	readonly takes: 0 | 1;
	readonly belongs: 0 | 1;
	readonly is_theirs: 0 | 1;
	readonly is_there: 0 | 1;
}

function toInvitation(row: InvitationRow): Invitation {
	const { id, account_id, role, note, email, invited_by, created_at, expires_at, state } = row;
	return {
		id,
		accountId: account_id,
		role: toRole(role),
		note,
		email,
		invitedBy: invited_by,
		createdAt: created_at,
		expiresAt: expires_at,
		state,
	};
}

function toListed(row: ListedRow): ListedInvitation {
	return { ...toInvitation(row), inviterName: row.inviter_name, accepterName: row.accepter_name };
}

function toFound(row: FoundRow): FoundInvitation {
	const { slug, account_name: name, is_active, inviter_name: inviterName } = row;
	return { ...toInvitation(row), account: { slug, name, isActive: is_active === 1 }, inviterName };
}
