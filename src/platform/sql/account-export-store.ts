import type { AccountExport, ExportedRow, ExportPart } from "../../domain/ports/account-export.ts";
import type { SqlDatabase } from "./database.ts";

/** What is exported of a part: never a hash, a seal or a secret. `json` are the columns that hold JSON text. */
interface Part {
	readonly of: "register" | "events";
	readonly columns: string;
	readonly from: string;
	/** What it is sorted by, once. */
	readonly id: string;
	readonly json?: readonly string[];
}

/** A key's copy of what its ledger says; one that cannot be read says nothing. */
const verdict = "CASE WHEN json_valid(verdict) THEN verdict END";

const parts: Readonly<Record<ExportPart, Part>> = {
	people: {
		of: "register",
		columns: "people.id, username, people.name, role, memberships.state, memberships.verified_email",
		from: "memberships JOIN people ON people.id = person_id WHERE account_id = ?1",
		id: "people.id",
	},
	invitations: {
		of: "register",
		columns: "id, role, note, email, invited_by, created_at, expires_at, state, accepted_by, ended_at",
		from: "invitations WHERE account_id = ?1",
		id: "id",
	},
	clients: {
		of: "register",
		columns: `id, kind, name, description, redirect_uris, auth_methods, grant_types, scope, rotation, access_token_ttl,
			iif(json_valid(options), json_remove(options, '$.registration'), NULL) AS options, state, registered_at, logo_svg`,
		from: "clients WHERE account_id = ?1",
		id: "id",
		json: ["redirect_uris", "auth_methods", "grant_types", "scope", "options"],
	},
	environments: {
		of: "register",
		columns: "id, workspace, name, enabled",
		from: "environments WHERE account_id = ?1",
		id: "id",
	},
	policies: {
		of: "register",
		columns: "id, name, description, permissions",
		from: "policies WHERE account_id = ?1",
		id: "id",
		json: ["permissions"],
	},
	apis: {
		of: "register",
		columns: "id, identifier, name, description, permissions, token_ttl, algorithm, servers",
		from: "apis WHERE account_id = ?1",
		id: "id",
		json: ["permissions", "servers"],
	},
	keys: {
		of: "register",
		columns: `api_keys.id, name, tags, type, created_at, ${verdict} ->> '$.state' AS state,
			${verdict} -> '$.policies' AS policies`,
		from: "api_keys LEFT JOIN key_verdicts ON key_id = api_keys.id WHERE account_id = ?1",
		id: "api_keys.id",
		json: ["tags", "policies"],
	},
	access_codes: {
		of: "register",
		columns: "access_codes.id, key_id, description",
		from: "access_codes JOIN api_keys ON api_keys.id = key_id WHERE account_id = ?1",
		id: "access_codes.id",
	},
	links: {
		of: "register",
		columns: "key_id AS id, created_at",
		from: "key_links WHERE account_id = ?1",
		id: "key_id",
	},
	installs: {
		of: "register",
		columns: "grant_id AS id, client_id, subject, scope, unchecked, created_at, expires_at, ended_at",
		from: "installs WHERE account_id = ?1",
		id: "grant_id",
		json: ["scope", "unchecked"],
	},
	audit: {
		of: "register",
		columns: "id, at, actor, action, target, address, detail",
		from: "audit WHERE account_id = ?1",
		id: "id",
		json: ["detail"],
	},
	events: {
		of: "events",
		columns: "id, type, environment, received_at, occurred_at, body",
		from: "events WHERE account_id = ?1",
		id: "id",
		json: ["body"],
	},
	alerts: {
		of: "events",
		columns: "id, kind, subject, target, count, first_at, last_at, detail",
		from: "alerts WHERE account_id = ?1",
		id: "id",
		json: ["detail"],
	},
};

export function accountExportStore(register: SqlDatabase, events: SqlDatabase): AccountExport {
	return {
		async part(accountId, name, after, limit) {
			const { of, columns, from, id, json = [] } = parts[name];
			// Without an OR, by which no page would begin where the one before it ended.
			const query = `SELECT ${columns} FROM ${from}${after === null ? "" : ` AND ${id} > ?2`} ORDER BY ${id} LIMIT ?3`;
			const db = of === "register" ? register : events;
			const { results } = await db.prepare(query).bind(accountId, after, limit).all<ExportedRow>();
			return results.map((row) => ({
				...row,
				...Object.fromEntries(json.map((column) => [column, parsed(row[column])])),
			}));
		},
	};
}

/** What cannot be read is exported as the text that it is. */
function parsed(text: unknown): unknown {
	if (typeof text !== "string") return null;
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}
