import type { InstallCount, InstallQuery, InstallsOf, ListedInstall } from "../../domain/ports/clients.ts";
import type { Client } from "../../domain/client.ts";
import { type Scope, toScope } from "../../domain/scope.ts";
import { toRole } from "./register-rows.ts";
import type { SqlDatabase } from "./database.ts";
import { readStored } from "./stored-json.ts";

interface InstallRow {
	readonly grant_id: string;
	readonly account_id: string;
	readonly subject: string;
	readonly created_at: number;
	readonly pending: 0 | 1;
	/** The last instant at which one of its grants ends. */
	readonly latest: number;
	/** A list of those of its grants, each a JSON text of its own. */
	readonly scopes: string;
	/** What of each nobody checks, likewise. */
	readonly unchecked_scopes: string;
	readonly client_id: string;
	readonly kind: Client["kind"];
	readonly name: string;
	readonly has_logo: 0 | 1;
	readonly client_scope: string;
	readonly client_account: string | null;
	readonly client_options: string;
	readonly owner_name: string | null;
	readonly person_name: string | null;
	readonly username: string | null;
	readonly role: string | null;
}

/** A grant that is neither known to be over (?3) nor, as a count has it, to wait (?4). Both are JSON lists. */
const isOver = "installs.grant_id IN (SELECT value FROM json_each(?3))";
const isPending = "installs.grant_id IN (SELECT value FROM json_each(?4))";

/**
 * What domain/standing.ts would not count any more is left out. A subject that is no person has no rows in `people`; a
 * person without an active membership is not listed.
 */
const live = `SELECT installs.*, ${isPending} AS pending,
		clients.kind, clients.name, clients.logo_svg IS NOT NULL AS has_logo,
		clients.scope AS client_scope, clients.account_id AS client_account, clients.options AS client_options, owners.name AS owner_name, people.name AS person_name, people.username,
		memberships.role
	FROM installs
	JOIN clients ON clients.id = installs.client_id AND clients.state = 'active'
		AND installs.created_at >= clients.not_before
	LEFT JOIN accounts AS owners ON owners.id = clients.account_id AND owners.state = 'active'
		AND owners.suspended_at IS NULL
	LEFT JOIN people ON people.id = installs.subject AND people.state = 'active'
		AND installs.created_at >= people.not_before
	LEFT JOIN memberships ON memberships.person_id = people.id AND memberships.account_id = installs.account_id
		AND memberships.state = 'active' AND installs.created_at >= memberships.not_before
	WHERE installs.account_id = ?1 AND (clients.account_id IS NULL OR owners.id IS NOT NULL) AND installs.ended_at IS NULL
		AND installs.expires_at > ?2 AND NOT ${isOver}
		AND (installs.subject NOT LIKE 'usr\\_%' ESCAPE '\\' OR memberships.role IS NOT NULL)`;

/** One row for what one subject allowed one client: the newest of its grants that count, else of those that wait. */
const installed = `SELECT *, max(expires_at) OVER whole AS latest,
		json_group_array(scope) FILTER (WHERE pending = grants_pending) OVER whole AS scopes,
		json_group_array(unchecked) FILTER (WHERE pending = grants_pending) OVER whole AS unchecked_scopes
	FROM (
		SELECT *, min(pending) OVER (PARTITION BY client_id, subject) AS grants_pending,
			row_number() OVER (PARTITION BY client_id, subject ORDER BY pending, created_at DESC, grant_id DESC) AS place
		FROM (${live})
	) WINDOW whole AS (PARTITION BY client_id, subject)`;

export async function selectInstalls(db: SqlDatabase, query: InstallQuery): Promise<readonly ListedInstall[]> {
	const { after, limit } = query;
	const { results } = await db
		.prepare(
			`SELECT * FROM (${installed})
			WHERE place = 1 AND (?5 IS NULL OR (created_at, grant_id) < (?5, ?6))
			ORDER BY created_at DESC, grant_id DESC LIMIT ?7`,
		)
		.bind(...bound(query), after?.createdAt ?? null, after?.grantId ?? null, limit)
		.all<InstallRow>();
	return results.map(toInstall);
}

export async function selectInstall(
	db: SqlDatabase,
	grantId: string,
	query: InstallsOf,
): Promise<ListedInstall | null> {
	const row = await db
		.prepare(
			`SELECT * FROM (${installed}) AS found WHERE place = 1 AND EXISTS (
				SELECT 1 FROM installs AS named WHERE named.grant_id = ?5 AND named.account_id = ?1 AND named.ended_at IS NULL
					AND named.expires_at > ?2 AND named.client_id = found.client_id AND named.subject = found.subject
					AND named.grant_id NOT IN (SELECT value FROM json_each(?3)))`,
		)
		.bind(...bound(query), grantId)
		.first<InstallRow>();
	return row && toInstall(row);
}

export async function countInstalls(
	db: SqlDatabase,
	clientId: string,
	{ now, waiting }: Pick<InstallsOf, "now" | "waiting">,
): Promise<InstallCount> {
	const row = await db
		.prepare(
			`SELECT count(*) AS grants, count(DISTINCT account_id || ' ' || subject) AS installs,
				count(DISTINCT account_id) AS accounts
			FROM installs
			WHERE client_id = ?1 AND ended_at IS NULL AND expires_at > ?2 AND NOT ${isOver} AND NOT ${isPending}`,
		)
		.bind(clientId, now, JSON.stringify(waiting.gone), JSON.stringify(waiting.pending))
		.first<InstallCount>();
	return row ?? { grants: 0, installs: 0, accounts: 0 };
}

/** From ?1 to ?4. */
function bound({ accountId, now, waiting }: InstallsOf) {
	return [accountId, now, JSON.stringify(waiting.gone), JSON.stringify(waiting.pending)] as const;
}

function toInstall(row: InstallRow): ListedInstall {
	const { person_name: name, username, role } = row;
	const stored = { table: "installs", id: row.grant_id };
	const read = (texts: string) =>
		toScope((JSON.parse(texts) as readonly string[]).flatMap((text) => readStored<Scope>(text, [], stored)));
	const ofClient = { table: "clients", id: row.client_id };
	return {
		grantId: row.grant_id,
		accountId: row.account_id,
		subject: row.subject,
		createdAt: row.created_at,
		isPending: row.pending === 1,
		expiresAt: row.latest,
		scope: read(row.scopes),
		unchecked: read(row.unchecked_scopes),
		client: {
			id: row.client_id,
			kind: row.kind,
			name: row.name,
			hasLogo: row.has_logo === 1,
			accountId: row.client_account,
			scope: readStored(row.client_scope, [], ofClient),
			options: readStored(row.client_options, {}, ofClient),
			ownerName: row.owner_name,
		},
		person: name !== null && username !== null && role !== null ? { name, username, role: toRole(role) } : null,
	};
}
