import type { Scope } from "../../domain/scope.ts";
import type { DeploymentClient, DeploymentClients, GrantedIn } from "../../domain/ports/deployment-clients.ts";
import { auditAllIfChanged } from "./audit-if-changed.ts";
import type { Seconds } from "../../domain/brands.ts";
import { afterName, byName, type SqlDatabase } from "./database.ts";
import { countInstalls, counts, over, uncounted } from "./install-queries.ts";
import { operatorMay } from "./operator-may.ts";
import { type ClientRow, clientOfRow } from "./register-rows.ts";
import { readable, readStored } from "./stored-json.ts";

interface DeploymentRow extends ClientRow {
	readonly slug: string | null;
	readonly account_name: string | null;
	readonly installs: number;
}

/** How many clients a page looks at for each that it may have. */
const lookedAtForOne = 10;

/** Of a client: of how many accounts those are listed that come first by their name, and of how many grants in each it is said for what. */
const mostAccounts = 1000;
const mostGrants = 100;

const ofClient =
	"id, account_id, kind, name, redirect_uris, grant_types, scope, rotation, access_token_ttl, options, state, not_before, used_at";
/** Secrets and logos are left where they are. */
const columns = `clients.id, account_id, kind, clients.name, '' AS description, NULL AS logo_svg, redirect_uris,
	'[]' AS auth_methods, '[]' AS secrets, grant_types, scope, rotation, access_token_ttl, options, clients.state,
	clients.not_before, used_at, accounts.slug, accounts.name AS account_name`;
const withAccount = "LEFT JOIN accounts ON accounts.id = clients.account_id";

/** Whose end is not noted: what ran out since the last sweep is among them. */
const noted = `coalesce((SELECT installs FROM install_totals
	WHERE install_totals.client_id = clients.id AND install_totals.account_id = '*'), 0) AS installs`;

export function deploymentClients(db: SqlDatabase): DeploymentClients {
	async function find(id: string, now: Seconds): Promise<DeploymentClient | null> {
		const query = db
			.prepare(`SELECT ${columns}, 0 AS installs FROM clients ${withAccount} WHERE clients.id = ?`)
			.bind(id);
		const row = await query.first<DeploymentRow>();
		if (!row) return null;
		const { installs } = await countInstalls(db, id, { now, waiting: { pending: [], gone: [] } });
		return toDeploymentClient({ ...row, installs });
	}

	return {
		async list(search, now, after, limit) {
			const exact = search === "" || after ? null : await find(search, now);
			if (exact) return { rows: [exact], next: null };
			const most = lookedAtForOne * limit;
			const place = [after?.name ?? "", after?.id ?? ""] as const;
			const [found, last] = await db.batch<DeploymentRow>([
				db
					.prepare(
						`SELECT ${columns}, ${noted} FROM (${page(ofClient)} LIMIT ${search === "" ? limit + 1 : most}) AS clients ${withAccount}
						WHERE instr(lower(clients.name), lower(?3)) > 0 ORDER BY clients.name COLLATE NOCASE, clients.id LIMIT ?4`,
					)
					.bind(...place, search, limit + 1),
				...(search === "" ? [] : [db.prepare(`${page("name, id")} LIMIT 1 OFFSET ${most - 1}`).bind(...place)]),
			]);
			const rows = found?.results ?? [];
			const end = rows.length > limit ? rows[limit - 1] : last?.results[0];
			return {
				rows: rows.slice(0, limit).map(toDeploymentClient),
				next: end ? { name: end.name, id: end.id } : null,
			};
		},
		find,
		async grantedTo(id, now, limit) {
			const looked = `SELECT * FROM installs INDEXED BY installs_by_client
				WHERE ${counts} AND installs.account_id = granted.account_id LIMIT ${mostGrants}`;
			const { results } = await db
				.prepare(
					`SELECT * FROM (${uncounted}
						SELECT accounts.id, accounts.slug, accounts.name, granted.installs - ${over("uncounted.account_id = granted.account_id")} AS installs,
							(SELECT max(created_at) FROM (${looked})) AS last_at,
							(SELECT json_group_array(DISTINCT each.value)
								FROM (${looked}) AS installs, json_each(${readable("installs.scope")}) AS each) AS scope
						FROM (SELECT account_id, installs FROM install_totals WHERE client_id = ?1 AND account_id <> '*'
							LIMIT ${mostAccounts}) AS granted
						CROSS JOIN accounts ON accounts.id = granted.account_id
						ORDER BY accounts.name COLLATE NOCASE, accounts.id)
					WHERE installs > 0 LIMIT ?5`,
				)
				.bind(id, now, "[]", "[]", limit)
				.all<GrantedRow>();
			return results.map(toGranted);
		},
		async end(id, notBefore, by, entries) {
			const end = db
				.prepare(
					`UPDATE clients SET state = 'ended', not_before = max(not_before, ?2), rev = rev + 1
					WHERE id = ?1 AND state = 'active' AND ${operatorMay("?3")}`,
				)
				.bind(id, notBefore, by);
			const now = db
				.prepare(`SELECT ${operatorMay("?2")} AS may, EXISTS (SELECT 1 FROM clients WHERE id = ?1) AS there`)
				.bind(id, by);
			const outcomes = await db.batch<{ may: 0 | 1; there: 0 | 1 }>([end, ...auditAllIfChanged(db, entries), now]);
			const { may = 0, there = 0 } = outcomes.at(-1)?.results[0] ?? {};
			if (!may) return "not_permitted";
			return there ? "ended" : "unknown";
		},
	};
}

/** Of all clients, in the order of their names. */
function page(read: string): string {
	return `${afterName(`SELECT ${read} FROM clients INDEXED BY clients_by_name WHERE 1`, "?1", "?2")} ${byName}`;
}

interface GrantedRow {
	readonly id: string;
	readonly slug: string;
	readonly name: string;
	readonly installs: number;
	readonly last_at: number;
	readonly scope: string;
}

function toGranted({ id, slug, name, installs, last_at, scope }: GrantedRow): GrantedIn {
	const values = readStored<Scope>(scope, [], { table: "installs", id });
	return { account: { id, slug, name }, installs, lastAt: last_at, scope: values.toSorted() };
}

function toDeploymentClient(row: DeploymentRow): DeploymentClient {
	const { id, kind, name, state, redirectUris, grantTypes, scope, options, accountId } = clientOfRow(row);
	const { slug, account_name: accountName } = row;
	return {
		id,
		kind,
		name,
		state,
		redirectUris,
		grantTypes,
		scope,
		account:
			accountId !== null && slug !== null && accountName !== null ? { id: accountId, slug, name: accountName } : null,
		registeredAt: options.registeredAt ?? null,
		usedAt: row.used_at ?? null,
		installs: row.installs,
	};
}
