import type { AuditFilter, AuditLog, AuditPosition, NamedParty, NumberedEntry } from "../../domain/ports/audit-log.ts";
import { insertAudit } from "./register-writes.ts";
import { readStored } from "./stored-json.ts";
import { type Clause, look, type Looked } from "./search-sql.ts";
import type { SqlDatabase } from "./database.ts";

interface AuditRow {
	readonly id: number;
	readonly at: number;
	readonly account_id: string | null;
	readonly actor: string;
	readonly action: string;
	readonly target: string;
	readonly address: string | null;
	readonly detail: string;
}

export function auditStore(db: SqlDatabase): AuditLog {
	return {
		async add(entries) {
			if (entries.length > 0) await db.batch(entries.map((entry) => insertAudit(db, entry)));
		},
		async addFirst({ at, accountId, actor, action, target, address, detail }, since) {
			const values = [at, accountId, actor, action, target, address, JSON.stringify(detail)];
			await db
				.prepare(
					`INSERT INTO audit (at, account_id, actor, action, target, address, detail)
					SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE NOT EXISTS (
						SELECT 1 FROM audit INDEXED BY audit_by_actor
						WHERE account_id IS ?2 AND actor = ?3 AND at > ?8 AND action = ?4 AND target = ?5 AND detail = ?7)`,
				)
				.bind(...values, since)
				.run();
		},
		async search(accountId, filter, after, limit, isBack = false) {
			const nounAlone = filter.actor === null && filter.target === null ? nounOf(filter) : null;
			const walk = { after, limit, isBack };
			const { rows, next } = await (nounAlone === null
				? look<AuditRow>(db, { ...audited(accountId, filter), ...walk })
				: searchNoun(db, accountId, nounAlone, filter, walk));
			return { rows: rows.map(toEntry), next };
		},
		async names(accountId, ids, { areInLog } = { areInLog: false }) {
			if (ids.length === 0) return new Map();
			const wanted = JSON.stringify(ids);
			const query =
				accountId === null
					? db.prepare(namesInDeployment).bind(wanted)
					: db.prepare(namesInAccount(areInLog ? clientInLog : clientSeen)).bind(wanted, accountId);
			const { results } = await query.all<{ id: string; name: string | null }>();
			return new Map(results.flatMap(({ id, name }) => (name === null ? [] : [[id, name] as const])));
		},
		async called(accountId, beginning, limit, only) {
			const parts = accountId === null ? calledInDeployment : calledInAccount;
			const queries = parts.flatMap(([kind, select]) =>
				only === undefined || kind === only ? [`SELECT '${kind}' AS kind, ${select} LIMIT ?4`] : [],
			);
			const values = [accountId, beginning, `${beginning}\u{10ffff}`, limit];
			// One by one: D1 takes five SELECTs in one.
			const found = await db.batch<NamedParty>(queries.map((query) => db.prepare(query).bind(...values)));
			return [...new Map(found.flatMap(({ results }) => results.map((party) => [party.id, party]))).values()];
		},
	};
}

/** A name that begins like ?2; nothing that does comes after ?3. */
function begins(name: string): string {
	return `${name} COLLATE NOCASE >= ?2 AND ${name} COLLATE NOCASE < ?3`;
}

/** The index of people's names tells capitals apart: as it is typed, and with a capital. */
function members(first: string, last: string): string {
	return `person_id AS id, name FROM memberships INDEXED BY memberships_by_name
		WHERE account_id = ?1 AND state = 'active' AND name >= ${first} AND name < ${last}`;
}

function capital(text: string): string {
	return `upper(substr(${text}, 1, 1)) || substr(${text}, 2)`;
}

/** Of each kind, by an index of its names or, where there are few of an account, by the account. */
type Called = readonly (readonly [kind: NamedParty["kind"], select: string])[];

const calledInAccount: Called = [
	["key", `id, name FROM api_keys INDEXED BY api_keys_by_name WHERE account_id = ?1 AND ${begins("name")}`],
	["key", `key_id AS id, name FROM key_links INDEXED BY key_links_by_name WHERE account_id = ?1 AND ${begins("name")}`],
	["person", members("?2", "?3")],
	["person", members(capital("?2"), capital("?3"))],
	["client", `id, name FROM clients INDEXED BY clients_by_account WHERE account_id = ?1 AND ${begins("name")}`],
	["policy", `id, name FROM policies INDEXED BY policies_by_name WHERE account_id = ?1 AND ${begins("name")}`],
	["api", `id, name FROM apis INDEXED BY apis_by_account WHERE account_id = ?1 AND ${begins("name")}`],
	[
		"environment",
		`id, workspace || '/' || name AS name FROM environments WHERE account_id = ?1
			AND (${begins("name")} OR ${begins("workspace || '/' || name")})`,
	],
];

const calledInDeployment: Called = [
	[
		"account",
		`id, name FROM accounts INDEXED BY accounts_by_name WHERE ?1 IS NULL AND state = 'active' AND ${begins("name")}`,
	],
	["client", `id, name FROM clients INDEXED BY clients_by_name WHERE ${begins("name")}`],
	[
		"person",
		`people.id, people.name FROM operators CROSS JOIN people ON people.id = operators.person_id WHERE ${begins("people.name")}`,
	],
];

/** Of each id the first that there is: an id is of one thing alone. */
function namesBy(lookups: readonly string[]): string {
	return `SELECT wanted.value AS id, coalesce(${lookups.map((lookup) => `(${lookup})`).join(", ")}) AS name FROM json_each(?1) AS wanted`;
}

const namesInAccount = (client: string) =>
	namesBy([
		`SELECT name FROM people WHERE id = wanted.value
		AND EXISTS (SELECT 1 FROM memberships WHERE person_id = people.id AND account_id = ?2)`,
		`SELECT name FROM api_keys WHERE id = wanted.value AND account_id = ?2`,
		client,
		`SELECT access_codes.description FROM access_codes JOIN api_keys ON api_keys.id = access_codes.key_id
		WHERE access_codes.id = wanted.value AND api_keys.account_id = ?2`,
		`SELECT name FROM policies WHERE id = wanted.value AND account_id = ?2`,
		`SELECT name FROM apis WHERE id = wanted.value AND (account_id IS NULL OR account_id = ?2)`,
		`SELECT workspace || '/' || name FROM environments WHERE id = wanted.value AND account_id = ?2`,
		`SELECT name FROM accounts WHERE id = wanted.value AND id = ?2`,
		`SELECT clients.name FROM installs JOIN clients ON clients.id = installs.client_id
		WHERE installs.grant_id = wanted.value AND installs.account_id = ?2`,
	]);
/** Of what its log tells of, any client; of what somebody asks for, its own and what is installed in it. */
const clientInLog = "SELECT name FROM clients WHERE id = wanted.value";
const clientSeen = `${clientInLog} AND (account_id = ?2
	OR EXISTS (SELECT 1 FROM install_totals WHERE install_totals.client_id = clients.id AND install_totals.account_id = ?2))`;

const namesInDeployment = namesBy(
	["people", "clients", "accounts", "apis"].map((table) => `SELECT name FROM ${table} WHERE id = wanted.value`),
);

/** Each of the account's indexes goes on with the time: the one that mostly leaves least serves, and what it leaves is looked at. */
function audited(accountId: string | null, { actor, action, target, from, to }: AuditFilter) {
	const terms = [
		...(target === null ? [] : [{ by: "target", sql: "target = ?", params: [target] }]),
		...(actor === null ? [] : [{ by: "actor", sql: "actor = ?", params: [actor] }]),
		...(action === null ? [] : [{ by: "action", ...actionClause(action) }]),
	];
	const [served, ...filters] = terms;
	const within = [{ sql: "account_id IS ?", params: [accountId] }, ...(served ? [served] : [])];
	return {
		table: "audit",
		index: `audit_by_${served?.by ?? "account"}`,
		time: "at",
		within,
		from,
		before: to,
		filters,
	};
}

function actionClause(action: string): Clause {
	return action.includes(".")
		? { sql: "action = ?", params: [action] }
		: { sql: "action >= ? AND action < ?", params: rangeOf(action) };
}

/** In ASCII `/` comes right after `.`: everything that begins with the noun and its dot. */
function rangeOf(noun: string) {
	return [`${noun}.`, `${noun}/`] as const;
}

function nounOf({ action }: AuditFilter): string | null {
	return action === null || action.includes(".") ? null : action;
}

/**
 * All of a noun's actions, newest first or (back) oldest: the index has each action by time, but not all of them. So each is found after the one
 * before it (a step of the index), and of each the newest are put in order: there are a dozen actions of a noun at most.
 */
async function searchNoun(
	db: SqlDatabase,
	accountId: string | null,
	noun: string,
	{ from, to }: AuditFilter,
	{ after, limit, isBack }: { readonly after: AuditPosition | null; readonly limit: number; readonly isBack: boolean },
): Promise<Looked<AuditRow>> {
	const order = isBack ? "ORDER BY at, id" : "ORDER BY at DESC, id DESC";
	const beyond = isBack ? "at < ?4 AND (at, id) > (?5, ?6)" : "at >= ?4 AND (at, id) < (?5, ?6)";
	const query = db.prepare(
		`SELECT audit.* FROM (
			WITH RECURSIVE actions (action) AS (
				SELECT min(action) FROM audit WHERE account_id IS ?1 AND action >= ?2 AND action < ?3
				UNION ALL
				SELECT (SELECT min(action) FROM audit WHERE account_id IS ?1 AND action > actions.action AND action < ?3)
				FROM actions WHERE actions.action IS NOT NULL)
			SELECT action FROM actions) AS each
		CROSS JOIN audit ON audit.id IN (
			SELECT id FROM audit AS nearest WHERE account_id IS ?1 AND nearest.action = each.action AND ${beyond} ${order} LIMIT ?7)
		${order} LIMIT ?7`,
	);
	const [first, last] = [from ?? 0, to ?? Number.MAX_SAFE_INTEGER];
	const [end, begin] = isBack ? [last, after ?? { at: first, id: -1 }] : [first, after ?? { at: last, id: 0 }];
	const { results } = await query.bind(accountId, ...rangeOf(noun), end, begin.at, begin.id, limit + 1).all<AuditRow>();
	const rows = results.slice(0, limit);
	const edge = rows.at(-1);
	return { rows, next: results.length > limit && edge ? { at: edge.at, id: edge.id } : null };
}

function toEntry({ id, at, account_id, actor, action, target, address, detail }: AuditRow): NumberedEntry {
	const read = readStored(detail, {}, { table: "audit", id });
	return { id, at, accountId: account_id, actor, action, target, address, detail: read };
}
