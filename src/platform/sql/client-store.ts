import type { ClientNarrowing, ClientRegister, ListedClient } from "../../domain/ports/clients.ts";
import type { Client } from "../../domain/client.ts";
import type { AuditEntry } from "../../domain/audit-entry.ts";
import type { Install } from "../../domain/install.ts";
import { noteInstallEnd, noteInstallEnds, selectUnsettled, settleInstalls } from "./install-ends.ts";
import { countInstalls, selectInstall, selectInstalls } from "./install-queries.ts";
import { type ClientRow, clientOfRow } from "./register-rows.ts";
import { auditIfChanged } from "./audit-if-changed.ts";
import { isIdentityScope } from "../../domain/identity.ts";
import { isPermission } from "../../domain/permission.ts";
import { unknownPermissions } from "./known-permissions.ts";
import { readable } from "./stored-json.ts";
import { hasRoom, isFull, total } from "./room.ts";
import { makeRoom, waiting } from "./make-room.ts";
import { purgeSlices } from "./purge-slices.ts";
import type { SqlDatabase, SqlStatement } from "./database.ts";
import type { FoundPage, NameWalk } from "../../domain/list-query.ts";
import { type Condition, contains, type ListByName, type Put, walkByName } from "./walk-by-name.ts";
import type { Stored } from "../../domain/stored.ts";
import type { WriterRole } from "../../domain/ports/register.ts";
import { writerMay, writerValue } from "./writer-role.ts";

/** Clients over D1, which runs one statement after the other: a condition inside of one is a decision. */
export function clientStore(db: SqlDatabase): ClientRegister {
	return {
		async create(client, by, entry) {
			const insert = insertUnlessNamed(db, client, by);
			const [inserted] = await db.batch([insert, auditIfChanged(db, entry)]);
			if (inserted?.meta.changes) return "created";
			const taken = await db.prepare("SELECT 1 FROM clients WHERE id = ?").bind(client.id).first();
			if (taken) return "id_taken";
			const why = await whyNot(db, client);
			return why === "not_permitted" && (await isFull(db, "clients", client.accountId)) ? "full" : why;
		},
		async register(client, entry, { most, from }) {
			const note = db.prepare("UPDATE clients SET registered_from = ? WHERE id = ?").bind(from, client.id);
			const room = makeRoom(db, { id: client.id, at: entry.at, most });
			await db.batch([insertUnlessNamed(db, client, null), auditIfChanged(db, entry), note, room]);
		},
		async keep(client, at) {
			const { id, accountId, kind, name } = client;
			const keep = client.options.isDocument
				? db
						.prepare(
							`INSERT INTO clients (${columns}, kept_at)
							VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
							ON CONFLICT (id) DO UPDATE SET name = ?4, redirect_uris = ?7, auth_methods = ?8, grant_types = ?10,
								scope = ?11, options = ?16, registered_at = ?17, kept_at = ?18, rev = rev + 1
							WHERE state = 'active' AND account_id IS NULL`,
						)
						.bind(id, accountId, kind, name, ...changeable(client), registeredAt(client), at)
				: db
						.prepare("UPDATE clients SET kept_at = ?2 WHERE id = ?1 AND registered_at IS NOT NULL AND state = 'active'")
						.bind(id, at);
			await keep.run();
		},
		async noteUse(id, at, since) {
			await db
				.prepare(
					`UPDATE clients SET used_at = ?2
					WHERE id = ?1 AND registered_at IS NOT NULL AND (used_at IS NULL OR used_at <= ?3)`,
				)
				.bind(id, at, since)
				.run();
		},
		async purgeUnused({ unclaimedBefore, keptBefore }) {
			const unused = "NOT EXISTS (SELECT 1 FROM installs WHERE client_id = clients.id AND ended_at IS NULL)";
			await purgeSlices(
				db,
				{ table: "clients", column: "registered_at", where: `${waiting} AND coalesce(used_at, 0) < ?1 AND ${unused}` },
				unclaimedBefore,
			);
			await purgeSlices(
				db,
				{ table: "clients", column: lastHeard, where: `kept_at IS NOT NULL AND state = 'active' AND ${unused}` },
				keptBefore,
			);
		},
		list: (...asked) => list(db, ...asked),

		async find(id, accountId) {
			const query = db.prepare("SELECT * FROM clients WHERE id = ? AND account_id IS ?").bind(id, accountId);
			const row = await query.first<ClientRow & { rev: number }>();
			return row && { ...clientOfRow(row), rev: row.rev };
		},
		write: (client, by, entry) => write(db, client, by, entry),

		countInstalls: (clientId, query) => countInstalls(db, clientId, query),
		installs: (query) => selectInstalls(db, query),
		install: (grantId, query) => selectInstall(db, grantId, query),
		unsettledInstalls: (of, limit) => selectUnsettled(db, of, limit),
		settleInstalls: (heard, at) => settleInstalls(db, heard, at),
		endInstall: (grantId, at, entry) => noteInstallEnd(db, grantId, at, entry),
		endInstallsOf: (of, at, entry) => noteInstallEnds(db, of, at, entry),
		async installsOfEnded(limit) {
			const { results } = await db
				.prepare(
					`SELECT installs.grant_id AS grantId, installs.client_id AS clientId, installs.subject FROM clients
					JOIN installs ON installs.client_id = clients.id AND installs.ended_at IS NULL
					WHERE clients.state = 'ended' ORDER BY clients.not_before LIMIT ?`,
				)
				.bind(limit)
				.all<Pick<Install, "grantId" | "clientId" | "subject">>();
			return results;
		},
		async purgeEnded(before) {
			// A client that was ended otherwise than by change() has no instant of that.
			// That of a document would be there again at its next request, since the document says so: only its row says no.
			const where = `state = 'ended' AND not_before > 0 AND NOT (account_id IS NULL AND lower(substr(id, 1, 4)) = 'http')
				AND NOT EXISTS (SELECT 1 FROM installs WHERE installs.client_id = clients.id AND installs.ended_at IS NULL)`;
			await purgeSlices(db, { table: "clients", column: "not_before", where }, before);
		},
	};
}

/** As the index has it. */
const lastHeard = "max(kept_at, coalesce(used_at, 0))";

/** An active client of the account (?2) but this (?1) that has this name (?4). */
const sameName = `SELECT 1 FROM clients AS other WHERE other.account_id = ?2 AND other.id <> ?1
	AND other.state = 'active' AND other.name = ?4 COLLATE NOCASE`;

const columns = `id, account_id, kind, name, description, logo_svg, redirect_uris, auth_methods, secrets, grant_types, scope,
	rotation, access_token_ttl, state, not_before, options, registered_at`;

function insertUnlessNamed(db: SqlDatabase, client: Client, by: WriterRole | null): SqlStatement {
	const { id, accountId, kind, name } = client;
	return db
		.prepare(
			`INSERT INTO clients (${columns})
			SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17
			WHERE NOT EXISTS (${sameName}) AND ${writerMay("?18")} AND ${hasRoom("clients", "?2")}
				AND NOT EXISTS (${unknownPermissions("?19", "?2")})
			ON CONFLICT (id) DO NOTHING`,
		)
		.bind(id, accountId, kind, name, ...changeable(client), registeredAt(client), writerValue(by), ofApis(client));
}

/** From ?5 on. */
function changeable(client: Client): readonly (string | number | null)[] {
	return [
		client.description,
		client.logoSvg,
		JSON.stringify(client.redirectUris),
		JSON.stringify(client.authMethods),
		JSON.stringify(client.secrets),
		JSON.stringify(client.grantTypes),
		JSON.stringify(client.scope),
		client.rotation,
		client.accessTokenTtl,
		client.state,
		client.notBefore,
		JSON.stringify(client.options),
	];
}

/**
 * What of its scope has to be a permission of an API, where its account vouches for it: so that none comes in that is taken away at
 * the same time, and that somebody else's API may be the next to have.
 */
function ofApis({ accountId, scope }: Client): string {
	return JSON.stringify(accountId === null ? [] : scope.filter(isOfAnApi));
}

function isOfAnApi(value: string): boolean {
	return !isPermission(value) && !isIdentityScope(value);
}

/** A column of its own, for those that registered themselves: they are counted and swept by it. */
function registeredAt({ accountId, options }: Client): number | null {
	return accountId === null ? (options.registeredAt ?? null) : null;
}

async function write(
	db: SqlDatabase,
	client: Stored<Client>,
	by: WriterRole | null,
	entry: AuditEntry,
): ReturnType<ClientRegister["write"]> {
	const { rev } = client;
	const named = [client.id, client.accountId, client.kind, client.name] as const;
	const update = db
		.prepare(
			`UPDATE clients SET kind = ?3, name = ?4, description = ?5, logo_svg = ?6, redirect_uris = ?7, auth_methods = ?8,
				secrets = ?9, grant_types = ?10, scope = ?11, rotation = ?12, access_token_ttl = ?13, state = ?14,
				not_before = ?15, options = ?16, rev = rev + 1
			WHERE id = ?1 AND rev = ?17 AND (?14 = 'ended' OR NOT EXISTS (${sameName})) AND ${writerMay("?18")}
				AND NOT EXISTS (${unknownPermissions("?19", "?2", readable("clients.scope"))})`,
		)
		.bind(...named, ...changeable(client), rev, writerValue(by), ofApis(client));
	const [updated] = await db.batch([update, auditIfChanged(db, entry)]);
	if (updated?.meta.changes) return "written";
	const row = await db.prepare("SELECT rev FROM clients WHERE id = ?").bind(client.id).first<{ rev: number }>();
	return row?.rev === rev ? whyNot(db, client) : "overtaken";
}

async function whyNot(db: SqlDatabase, { id, accountId, name }: Client): Promise<"name_taken" | "not_permitted"> {
	const query = db.prepare(`SELECT EXISTS (${sameName}) AS taken FROM (SELECT ?3)`).bind(id, accountId, null, name);
	return (await query.first<number>("taken")) === 1 ? "name_taken" : "not_permitted";
}

async function list(
	db: SqlDatabase,
	accountId: string,
	{ q, state, kind }: ClientNarrowing,
	walk: NameWalk,
): Promise<FoundPage<ListedClient>> {
	const conditions: readonly Condition[] = [
		...(q === null ? [] : [{ sql: (put: Put) => isCalled(put(q)) }]),
		...Object.entries({ state, kind }).flatMap(([column, value]) =>
			value === null ? [] : [{ sql: (put: Put) => `clients.${column} = ${put(value)}` }],
		),
	];
	const { rows, ...page } = await walkByName<ClientRow & { has_logo: 0 | 1 }>(
		db,
		ofAccount,
		accountId,
		conditions,
		walk,
	);
	return {
		...page,
		rows: rows.map((row) => {
			const { logoSvg: _, ...client } = clientOfRow(row);
			return { ...client, hasLogo: row.has_logo === 1 };
		}),
	};
}

const ofAccount: ListByName = {
	select: "SELECT id, name FROM clients INDEXED BY clients_by_account WHERE account_id = ?1",
	id: "id",
	collation: " COLLATE NOCASE",
	joined: "CROSS JOIN clients ON clients.id = listed.id",
	columns: `clients.id, account_id, kind, clients.name, description, NULL AS logo_svg, logo_svg IS NOT NULL AS has_logo, redirect_uris,
		auth_methods, secrets, grant_types, scope, rotation, access_token_ttl, options, state, not_before`,
	kept: total("listed_clients", "?1"),
};

function isCalled(text: string): string {
	return `(${contains("listed.name", text)} OR listed.id = ${text})`;
}
