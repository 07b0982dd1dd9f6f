import type { InstallQuery, ListedInstall } from "../../domain/ports/clients.ts";
import type { Client } from "../../domain/client.ts";
import type { AuditEntry } from "../../domain/audit-entry.ts";
import type { Seconds } from "../../domain/brands.ts";
import { toRole } from "./register-rows.ts";
import { auditIfChanged } from "./audit-if-changed.ts";
import type { SqlDatabase } from "./database.ts";
import { readStored } from "./stored-json.ts";

interface InstallRow {
	readonly grant_id: string;
	readonly subject: string;
	readonly created_at: number;
	readonly expires_at: number;
	readonly scope: string;
	readonly client_id: string;
	readonly kind: Client["kind"];
	readonly name: string;
	readonly has_logo: 0 | 1;
	readonly client_scope: string;
	readonly owner_name: string | null;
	readonly person_name: string | null;
	readonly username: string | null;
	readonly role: string | null;
}

/**
 * What domain/standing.ts would not count any more is left out. A subject that is no person has no rows in `people`; a
 * person without an active membership is not listed.
 */
const live = `SELECT installs.grant_id, installs.subject, installs.created_at, installs.expires_at, installs.scope,
		clients.id AS client_id, clients.kind, clients.name, clients.logo_svg IS NOT NULL AS has_logo,
		clients.scope AS client_scope, owners.name AS owner_name, people.name AS person_name, people.username,
		memberships.role
	FROM installs
	JOIN clients ON clients.id = installs.client_id AND clients.state = 'active'
		AND installs.created_at >= clients.not_before
	LEFT JOIN accounts AS owners ON owners.id = clients.account_id AND owners.state = 'active'
	LEFT JOIN people ON people.id = installs.subject AND people.state = 'active'
		AND installs.created_at >= people.not_before
	LEFT JOIN memberships ON memberships.person_id = people.id AND memberships.account_id = installs.account_id
		AND memberships.state = 'active' AND installs.created_at >= memberships.not_before
	WHERE installs.account_id = ?1 AND (clients.account_id IS NULL OR owners.id IS NOT NULL) AND installs.ended_at IS NULL AND installs.expires_at > ?2
		AND (installs.subject NOT LIKE 'usr\\_%' ESCAPE '\\' OR memberships.role IS NOT NULL)`;

export async function selectInstalls(db: SqlDatabase, query: InstallQuery): Promise<readonly ListedInstall[]> {
	const { accountId, after, limit, now } = query;
	const { results } = await db
		.prepare(
			`${live} AND (?3 IS NULL OR (installs.created_at, installs.grant_id) < (?3, ?4))
			ORDER BY installs.created_at DESC, installs.grant_id DESC LIMIT ?5`,
		)
		.bind(accountId, now, after?.createdAt ?? null, after?.grantId ?? null, limit)
		.all<InstallRow>();
	return results.map(toInstall);
}

export async function selectInstall(
	db: SqlDatabase,
	grantId: string,
	accountId: string,
	now: Seconds,
): Promise<ListedInstall | null> {
	const query = db.prepare(`${live} AND installs.grant_id = ?3`).bind(accountId, now, grantId);
	const row = await query.first<InstallRow>();
	return row && toInstall(row);
}

export async function noteInstallEnd(
	db: SqlDatabase,
	grantId: string,
	at: Seconds,
	entry: AuditEntry | null,
): Promise<void> {
	const end = db.prepare("UPDATE installs SET ended_at = ? WHERE grant_id = ? AND ended_at IS NULL").bind(at, grantId);
	await db.batch([end, ...(entry ? [auditIfChanged(db, entry)] : [])]);
}

function toInstall(row: InstallRow): ListedInstall {
	const { person_name: name, username, role } = row;
	return {
		grantId: row.grant_id,
		subject: row.subject,
		createdAt: row.created_at,
		expiresAt: row.expires_at,
		scope: readStored(row.scope, [], { table: "installs", id: row.grant_id }),
		client: {
			id: row.client_id,
			kind: row.kind,
			name: row.name,
			hasLogo: row.has_logo === 1,
			scope: readStored(row.client_scope, [], { table: "clients", id: row.client_id }),
			ownerName: row.owner_name,
		},
		person: name !== null && username !== null && role !== null ? { name, username, role: toRole(role) } : null,
	};
}
