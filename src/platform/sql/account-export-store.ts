import type { AccountExport, ExportedRow, ExportPart } from "../../domain/ports/account-export.ts";
import type { SqlDatabase, SqlValue } from "./database.ts";

/** What is exported of a part: never a hash, a seal or a secret. `json` are the columns that hold JSON text. */
interface Part {
	readonly of: "register" | "events";
	readonly columns: string;
	readonly from: string;
	/** In the order of an index, or of a part that is small. Mostly one after the other, all of them. */
	readonly stages: readonly Stage[];
	readonly json?: readonly string[];
}

/** `order` are the columns that it is sorted by, as SQL, and what they are called in a row: the last is the row's own. */
interface Stage {
	readonly where?: string;
	readonly holds?: (row: ExportedRow) => boolean;
	readonly order: Readonly<Record<string, string>>;
}

/** A key's copy of what its ledger says; one that cannot be read says nothing. */
const verdict = "CASE WHEN json_valid(verdict) THEN verdict END";

const parts: Readonly<Record<ExportPart, Part>> = {
	people: {
		of: "register",
		columns: "people.id, username, people.name, role, memberships.state, memberships.verified_email",
		from: "memberships CROSS JOIN people ON people.id = person_id WHERE account_id = ?",
		stages: [{ order: { id: "memberships.person_id" } }],
	},
	invitations: {
		of: "register",
		columns: "id, role, note, email, invited_by, created_at, expires_at, state, accepted_by, ended_at",
		from: "invitations WHERE account_id = ?",
		stages: [{ order: { created_at: "created_at", id: "id" } }],
	},
	clients: {
		of: "register",
		columns: `id, kind, name, description, redirect_uris, auth_methods, grant_types, scope, rotation, access_token_ttl,
			iif(json_valid(options), json_remove(options, '$.registration'), NULL) AS options, state, registered_at, logo_svg`,
		from: "clients WHERE account_id = ?",
		stages: [{ order: { id: "id" } }],
		json: ["redirect_uris", "auth_methods", "grant_types", "scope", "options"],
	},
	environments: {
		of: "register",
		columns: "id, workspace, name, enabled",
		from: "environments WHERE account_id = ?",
		stages: [{ order: { id: "id" } }],
	},
	policies: {
		of: "register",
		columns: "id, name, description, permissions",
		from: "policies WHERE account_id = ?",
		stages: [{ order: { id: "id" } }],
		json: ["permissions"],
	},
	apis: {
		of: "register",
		columns: "id, identifier, name, description, permissions, token_ttl, algorithm, servers",
		from: "apis WHERE account_id = ?",
		stages: [{ order: { id: "id" } }],
		json: ["permissions", "servers"],
	},
	trusted_issuers: {
		of: "register",
		columns: "id, kind, issuer, name, terms",
		from: "trusted_issuers INDEXED BY trusted_issuers_by_issuer WHERE account_id = ?",
		stages: [{ order: { kind: "kind", issuer: "issuer", id: "id" } }],
		json: ["terms"],
	},
	sign_in_providers: {
		of: "register",
		columns: "id, kind, issuer, client_id, name, terms, state",
		from: "sign_in_providers WHERE account_id = ?",
		stages: [{ order: { name: "name", id: "id" } }],
		json: ["terms"],
	},
	account_domains: {
		of: "register",
		columns: "domain AS id, provider_id, challenge, verified_at, verified_by",
		from: "account_domains WHERE account_id = ?",
		stages: [{ order: { id: "domain" } }],
	},
	webhook_endpoints: {
		of: "register",
		columns: "id, url, description, event_types, state, disabled_for, created_at",
		from: "webhook_endpoints WHERE account_id = ?",
		stages: [{ order: { created_at: "created_at", id: "id" } }],
		json: ["event_types"],
	},
	keys: {
		of: "register",
		columns: `api_keys.id, name, tags, type, created_at, ${verdict} ->> '$.state' AS state,
			${verdict} -> '$.policies' AS policies`,
		from: "api_keys LEFT JOIN key_verdicts ON key_id = api_keys.id WHERE account_id = ?",
		stages: [{ order: { id: "api_keys.id" } }],
		json: ["tags", "policies"],
	},
	access_codes: {
		of: "register",
		columns: "access_codes.id, key_id, description, visible",
		from: `api_keys INDEXED BY api_keys_by_id CROSS JOIN access_codes INDEXED BY access_codes_by_key ON key_id = api_keys.id
			WHERE account_id = ?`,
		stages: [{ order: { key_id: "api_keys.id", id: "access_codes.id" } }],
	},
	links: {
		of: "register",
		columns: "key_id AS id, created_at",
		from: "key_links WHERE account_id = ?",
		stages: [{ order: { id: "key_id" } }],
	},
	installs: {
		of: "register",
		columns: "grant_id AS id, client_id, subject, scope, unchecked, created_at, expires_at, ended_at",
		from: "installs INDEXED BY installs_by_account WHERE account_id = ?",
		stages: [
			{
				where: "ended_at IS NULL",
				holds: ({ ended_at }) => ended_at === null,
				order: { created_at: "created_at", id: "grant_id" },
			},
			{ where: "ended_at IS NOT NULL", order: { ended_at: "ended_at", created_at: "created_at", id: "grant_id" } },
		],
		json: ["scope", "unchecked"],
	},
	audit: {
		of: "register",
		columns: "id, at, actor, action, target, address, detail",
		from: "audit INDEXED BY audit_by_account WHERE account_id = ?",
		stages: [{ order: { at: "at", id: "id" } }],
		json: ["detail"],
	},
	events: {
		of: "events",
		columns: "id, type, environment, received_at, occurred_at, body",
		from: "events INDEXED BY events_by_account WHERE account_id = ?",
		stages: [{ order: { occurred_at: "occurred_at", id: "id" } }],
		json: ["body"],
	},
	alerts: {
		of: "events",
		columns: "id, kind, subject, target, count, first_at, last_at, detail, acknowledged_at, acknowledged_by",
		from: "alerts INDEXED BY alerts_by_account WHERE account_id = ?",
		stages: [{ order: { first_at: "first_at", id: "id" } }],
		json: ["detail"],
	},
	usage_hours: {
		of: "events",
		columns: "object || ' ' || at || ' ' || what AS id, object, at, what, count",
		from: "usage_hours WHERE account_id = ?",
		stages: [{ order: { object: "object", at: "at", what: "what" } }],
	},
	usage_days: {
		of: "events",
		columns: "object || ' ' || at || ' ' || what AS id, object, at, what, count",
		from: "usage_days WHERE account_id = ?",
		stages: [{ order: { object: "object", at: "at", what: "what" } }],
	},
};

export function accountExportStore(register: SqlDatabase, events: SqlDatabase): AccountExport {
	return {
		async part(accountId, name, after, limit) {
			const { of, columns, from, stages, json = [] } = parts[name];
			const db = of === "register" ? register : events;
			const begun = after === null ? 0 : stages.findIndex(({ holds }) => holds?.(after) ?? true);
			const rows: ExportedRow[] = [];
			for (const [index, { where = "1", order }] of stages.entries()) {
				if (index < begun || rows.length === limit) continue;
				const by = Object.values(order).join(", ");
				const place = after !== null && index === begun ? Object.keys(order).map((column) => after[column]) : [];
				// Without an OR, by which no page would begin where the one before it ended.
				const [first] = Object.values(order);
				const behind = place.length === 0 ? "1" : `${first} >= ? AND (${by}) > (${place.map(() => "?").join(", ")})`;
				const query = `SELECT ${columns} FROM ${from} AND ${where} AND ${behind} ORDER BY ${by} LIMIT ?`;
				const values = [accountId, ...place.slice(0, 1), ...place, limit - rows.length] as SqlValue[];
				rows.push(
					...(
						await db
							.prepare(query)
							.bind(...values)
							.all<ExportedRow>()
					).results,
				);
			}
			return rows.map((row) => ({
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
