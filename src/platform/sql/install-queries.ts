import type {
	InstallCount,
	InstallNarrowing,
	InstallQuery,
	InstallsOf,
	ListedInstall,
} from "../../domain/ports/clients.ts";
import type { Client } from "../../domain/client.ts";
import { type Scope, toScope } from "../../domain/scope.ts";
import { toRole } from "./register-rows.ts";
import type { SqlDatabase, SqlValue } from "./database.ts";
import { type FoundPage, mostCounted } from "../../domain/list-query.ts";
import { total } from "./room.ts";
import { contains } from "./walk-by-name.ts";
import { readStored } from "./stored-json.ts";

interface InstallRow {
	readonly grant_id: string;
	readonly account_id: string;
	readonly subject: string;
	readonly created_at: number;
	readonly pending: 0 | 1;
	/** A JSON list of its grants: when each ends, whether it waits, its scope and what of that nobody checks, each a JSON text. */
	readonly grants: string;
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

/** How many grants a page looks at for each install that it may have: some count no more, or are an older one of the same install. */
const lookedAtForOne = 10;

/** A grant that is known to be over (?3), and one that waits (?4). Both are JSON lists. */
const isOver = (grants: string) => `${grants}.grant_id IN (SELECT value FROM json_each(?3))`;
const isPending = (grants: string) => `${grants}.grant_id IN (SELECT value FROM json_each(?4))`;

/**
 * Of the grants `named` those that count. What domain/standing.ts would not count any more is left out. A subject that is no person has
 * no rows in `people`; a person without an active membership is not listed. `since`: what was opened earlier does not count.
 */
const live = (named: string) => `SELECT named.*, ${isPending("named")} AS pending,
		clients.kind, clients.name, clients.logo_svg IS NOT NULL AS has_logo,
		clients.scope AS client_scope, clients.account_id AS client_account, clients.options AS client_options, owners.name AS owner_name, people.name AS person_name, people.username,
		memberships.role,
		max(clients.not_before, coalesce(people.not_before, 0), coalesce(memberships.not_before, 0)) AS since
	FROM (${named}) AS named
	CROSS JOIN clients ON clients.id = named.client_id AND clients.state = 'active'
	LEFT JOIN accounts AS owners ON owners.id = clients.account_id AND owners.state = 'active'
		AND owners.suspended_at IS NULL
	LEFT JOIN people ON people.id = named.subject AND people.state = 'active'
	LEFT JOIN memberships ON memberships.person_id = people.id AND memberships.account_id = named.account_id
		AND memberships.state = 'active'
	WHERE named.account_id = ?1 AND named.ended_at IS NULL AND named.expires_at > ?2 AND NOT ${isOver("named")}
		AND (clients.account_id IS NULL OR owners.id IS NOT NULL)
		AND (named.subject NOT LIKE 'usr\\_%' ESCAPE '\\' OR memberships.role IS NOT NULL) AND named.created_at >= since`;

/** All that count of the install that a grant `one` is of. */
const ofTheSame = `installs AS each INDEXED BY installs_by_client
	WHERE each.client_id = one.client_id AND each.ended_at IS NULL AND each.account_id = ?1 AND each.subject = one.subject
		AND each.expires_at > ?2 AND each.created_at >= one.since AND NOT ${isOver("each")}`;

/** One row for what one subject allowed one client: the newest of its grants that count, else of those that wait. */
const installed = (named: string) => `SELECT one.*,
		(SELECT json_group_array(json_array(expires_at, ${isPending("each")}, scope, unchecked)) FROM ${ofTheSame}) AS grants
	FROM (${live(named)}) AS one
	WHERE NOT EXISTS (SELECT 1 FROM ${ofTheSame}
		AND (-(${isPending("each")}), each.created_at, each.grant_id) > (-one.pending, one.created_at, one.grant_id))`;

/** What of an install, `one`, is looked for, from ?5 on. */
function narrowed({ q, isPending: waits, subject }: InstallNarrowing): {
	readonly sql: string;
	readonly values: SqlValue[];
} {
	const values: SqlValue[] = [];
	const put = (value: SqlValue) => `?${4 + values.push(value)}`;
	const parts = [
		...(subject === null ? [] : [`one.subject = ${put(subject)}`]),
		...(waits === null ? [] : [`one.pending = ${put(Number(waits))}`]),
		...(q === null ? [] : [isCalled(put(q))]),
	];
	return { sql: parts.map((part) => ` AND ${part}`).join(""), values };
}

function isCalled(text: string): string {
	const names = ["name", "owner_name", "person_name", "username"].map((column) =>
		contains(`coalesce(one.${column}, '')`, text),
	);
	return `(${names.join(" OR ")} OR one.client_id = ${text})`;
}

export async function selectInstalls(db: SqlDatabase, query: InstallQuery): Promise<FoundPage<ListedInstall>> {
	const { accountId, narrowing, isOldestFirst, after, isBack, limit } = query;
	const isUp = isOldestFirst !== isBack;
	const [direction, beyond] = isUp ? ["ASC", ">"] : ["DESC", "<"];
	const order = `ORDER BY created_at ${direction}, grant_id ${direction}`;
	const grants = "FROM installs INDEXED BY installs_by_account WHERE account_id = ?1 AND ended_at IS NULL";
	const { sql: matches, values } = narrowed(narrowing);
	// Of what is looked for there may be little.
	const most = values.length > 0 ? mostCounted : lookedAtForOne * limit;
	const [at, id] = after ?? (isUp ? [0, ""] : [Number.MAX_SAFE_INTEGER, ""]);
	const there = (first: number) => `${grants} AND (created_at, grant_id) ${beyond} (?${first}, ?${first + 1}) ${order}`;
	const beside = 5 + values.length;
	const installs = (of: string) => `${installed(of)}${matches}`;
	// Of few all are counted; of more it is not known.
	const counted = `iif(${total("grants", "?1")} <= ${mostCounted},
		(SELECT count(*) FROM (${installs(`SELECT * ${grants}`)})), NULL)`;
	const [found, last, totals] = await db.batch<InstallRow & { readonly total: number | null }>([
		db
			.prepare(`${installs(`SELECT * ${there(beside)} LIMIT ${most}`)} ${order} LIMIT ?${beside + 2}`)
			.bind(...bound(query), ...values, at ?? 0, id ?? "", limit + 1),
		db.prepare(`SELECT created_at, grant_id ${there(2)} LIMIT 1 OFFSET ${most - 1}`).bind(accountId, at ?? 0, id ?? ""),
		db.prepare(`SELECT ${counted} AS total`).bind(...bound(query), ...values),
	]);
	const rows = found?.results ?? [];
	const end = rows.length > limit ? rows[limit - 1] : last?.results[0];
	return {
		rows: rows.slice(0, limit).map(toInstall),
		next: end ? [end.created_at, end.grant_id] : null,
		total: totals?.results[0]?.total ?? null,
	};
}

export async function selectInstall(
	db: SqlDatabase,
	grantId: string,
	query: InstallsOf,
): Promise<ListedInstall | null> {
	const named = `SELECT installs.* FROM installs AS asked
		CROSS JOIN installs INDEXED BY installs_by_client ON installs.client_id = asked.client_id AND installs.ended_at IS NULL
			AND installs.account_id = asked.account_id AND installs.subject = asked.subject
		WHERE asked.grant_id = ?5 AND asked.account_id = ?1 AND asked.ended_at IS NULL AND asked.expires_at > ?2
			AND NOT ${isOver("asked")}`;
	const row = await db
		.prepare(installed(named))
		.bind(...bound(query), grantId)
		.first<InstallRow>();
	return row && toInstall(row);
}

/** Of a client ?1 the grants whose end is not noted, which do not count all the same: they ran out by ?2, or are named (?3, ?4). */
export const uncounted = `WITH uncounted AS MATERIALIZED (
		SELECT grant_id, account_id, subject FROM installs INDEXED BY installs_by_expiry
		WHERE expires_at <= ?2 AND client_id = ?1 AND ended_at IS NULL
		UNION ALL SELECT grant_id, account_id, subject FROM installs
		WHERE grant_id IN (SELECT value FROM json_each(?3) UNION ALL SELECT value FROM json_each(?4))
			AND +client_id = ?1 AND ended_at IS NULL AND expires_at > ?2)`;
export const counts = `installs.client_id = ?1 AND installs.ended_at IS NULL
	AND installs.grant_id NOT IN (SELECT grant_id FROM uncounted)`;

/** How many of its installs have no other grant than those. */
export function over(where: string): string {
	return `(SELECT count(*) FROM (SELECT DISTINCT account_id, subject FROM uncounted WHERE ${where}) AS other
		WHERE NOT EXISTS (SELECT 1 FROM installs INDEXED BY installs_by_client
			WHERE ${counts} AND installs.account_id = other.account_id AND installs.subject = other.subject))`;
}

/** By the totals that are kept: what does not count of them ran out since the last sweep, or waits, and is little. */
export async function countInstalls(
	db: SqlDatabase,
	clientId: string,
	{ now, waiting }: Pick<InstallsOf, "now" | "waiting">,
): Promise<InstallCount> {
	const row = await db
		.prepare(
			`SELECT * FROM (${uncounted}
				SELECT grants - (SELECT count(*) FROM uncounted) AS grants,
					installs - ${over("1")} AS installs,
					accounts - (SELECT count(*) FROM (SELECT DISTINCT account_id FROM uncounted) AS other WHERE NOT EXISTS (
						SELECT 1 FROM installs INDEXED BY installs_by_client
						WHERE ${counts} AND installs.account_id = other.account_id)) AS accounts
				FROM install_totals WHERE client_id = ?1 AND account_id = '*')`,
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
	const all = JSON.parse(row.grants) as readonly (readonly [number, 0 | 1, string, string])[];
	const counting = all.filter(([, pending]) => pending === row.pending);
	const read = (texts: readonly string[]) => toScope(texts.flatMap((text) => readStored<Scope>(text, [], stored)));
	const ofClient = { table: "clients", id: row.client_id };
	return {
		grantId: row.grant_id,
		accountId: row.account_id,
		subject: row.subject,
		createdAt: row.created_at,
		isPending: row.pending === 1,
		expiresAt: Math.max(...all.map(([expiresAt]) => expiresAt)),
		scope: read(counting.map(([, , scope]) => scope)),
		unchecked: read(counting.map(([, , , unchecked]) => unchecked)),
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
