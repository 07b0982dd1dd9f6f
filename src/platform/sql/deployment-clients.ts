import type { Scope } from "../../domain/scope.ts";
import type { DeploymentClient, DeploymentClients, GrantedIn } from "../../domain/ports/deployment-clients.ts";
import { auditAllIfChanged } from "./audit-if-changed.ts";
import type { SqlDatabase } from "./database.ts";
import { operatorMay } from "./operator-may.ts";
import { type ClientRow, clientOfRow } from "./register-rows.ts";
import { readable, readStored } from "./stored-json.ts";

interface DeploymentRow extends ClientRow {
	readonly slug: string | null;
	readonly account_name: string | null;
	readonly installs: number;
}

/** What has not ended by ?2 (as far as it was noted). */
const counting = "installs.client_id = clients.id AND installs.ended_at IS NULL AND installs.expires_at > ?2";

/** Secrets and logos are left where they are. */
const selected = `SELECT clients.id, account_id, kind, clients.name, '' AS description, NULL AS logo_svg, redirect_uris,
		'[]' AS auth_methods, '[]' AS secrets, grant_types, scope, rotation, access_token_ttl, options, clients.state,
		clients.not_before, used_at, accounts.slug, accounts.name AS account_name,
		(SELECT count(DISTINCT installs.account_id || ' ' || installs.subject) FROM installs WHERE ${counting}) AS installs
	FROM clients LEFT JOIN accounts ON accounts.id = clients.account_id`;

export function deploymentClients(db: SqlDatabase): DeploymentClients {
	return {
		async list(search, now, after, limit) {
			const { results } = await db
				.prepare(
					`${selected} WHERE (?1 = '' OR clients.id = ?1 OR instr(lower(clients.name), lower(?1)) > 0)
						AND (?3 IS NULL OR (clients.name COLLATE NOCASE, clients.id) > (?3, ?4))
					ORDER BY clients.name COLLATE NOCASE, clients.id LIMIT ?5`,
				)
				.bind(search, now, after?.name ?? null, after?.id ?? null, limit)
				.all<DeploymentRow>();
			return results.map(toDeploymentClient);
		},
		async find(id, now) {
			const row = await db.prepare(`${selected} WHERE clients.id = ?1`).bind(id, now).first<DeploymentRow>();
			return row && toDeploymentClient(row);
		},
		async grantedTo(id, now, limit) {
			const live = "client_id = ?1 AND ended_at IS NULL AND expires_at > ?2";
			const { results } = await db
				.prepare(
					`SELECT accounts.id, accounts.slug, accounts.name, granted.installs, granted.last_at,
						(SELECT json_group_array(DISTINCT each.value) FROM installs, json_each(${readable("installs.scope")}) AS each
							WHERE installs.account_id = accounts.id AND ${live}) AS scope
					FROM (SELECT account_id, count(DISTINCT subject) AS installs, max(created_at) AS last_at
						FROM installs WHERE ${live} GROUP BY account_id) AS granted
					JOIN accounts ON accounts.id = granted.account_id
					ORDER BY accounts.name COLLATE NOCASE, accounts.id LIMIT ?3`,
				)
				.bind(id, now, limit)
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
