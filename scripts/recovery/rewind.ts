import type { DatabaseSync } from "node:sqlite";
import { lastPublicKeyVersion } from "../../src/domain/ports/environments.ts";
import { readable } from "../../src/platform/sql/stored-json.ts";

/**
 * What a register that is restored takes from the present one, which is attached as `present`. It follows from who decides: the
 * ledgers are not restored, so what copies them stays in step with them; and what was narrowed or ended since stays so.
 * `d1_migrations` is D1's own: both are up to date.
 */
export const asItIs: readonly string[] = [
	"api_keys",
	"access_codes",
	"key_links",
	"key_verdicts",
	"installs",
	"audit",
	"operators",
	"invitations",
	"passkeys",
	"recovery_codes",
	"recovery_links",
	"email_links",
	"wrong_passwords",
	"one_time_codes",
	"trusted_issuers",
	"sign_in_providers",
	"provider_identities",
	"account_domains",
	"webhook_endpoints",
	"webhook_outbox",
	"idempotency_keys",
	"d1_migrations",
];

/** Kept by triggers, whoever writes what they follow from. */
export const derived: readonly string[] = [
	"totals",
	"key_policies",
	"code_ends",
	"install_totals",
	"waiting_networks",
	"listed_keys",
	"key_facets",
	"key_facet_totals",
];

/** By their columns of that name. Where the present has no such row, it was ended or never was: see {@link endedOnly}. */
export const decided: Readonly<Record<string, readonly string[]>> = {
	accounts: [
		"reveal_allowed",
		"forgotten_to",
		"alert_mail",
		"second_factor",
		"suspended_at",
		"delete_at",
		"state",
		"not_before",
	],
	people: ["username", "password_hash", "verified_email", "state", "not_before"],
	memberships: ["role", "verified_email", "state", "not_before"],
	clients: [
		"redirect_uris",
		"auth_methods",
		"secrets",
		"grant_types",
		"scope",
		"rotation",
		"access_token_ttl",
		"options",
		"registered_from",
		"used_at",
		"rev",
		"state",
		"not_before",
	],
	environments: ["key_version", "enabled"],
	policies: ["permissions", "rev"],
	apis: ["permissions", "token_ttl", "algorithm", "servers", "rev"],
};

/** What is deleted only after it has ended: what the present does not have is not to come back as good. */
const endedOnly = ["clients", "memberships"];

/** Everything that can be ended as a whole (DESIGN §3.6). */
const withStanding = ["accounts", "people", "memberships", "clients"];

/**
 * Brings what only the older register has into the present one's place; answers with what somebody has to look at. `db` is the
 * older, `present` is attached. Rows meet where nothing is unique, so that none is lost for another's name: what cannot be
 * written in the end fails the whole.
 */
export function rewind(db: DatabaseSync): readonly string[] {
	const notes: string[] = [];
	for (const table of tablesOf(db)) {
		if (derived.includes(table)) continue;
		const columns = columnsOf(db, table);
		if (asItIs.includes(table)) {
			db.exec(
				`DELETE FROM main.${table}; INSERT INTO main.${table} (${columns}) SELECT ${columns} FROM present.${table}`,
			);
			continue;
		}
		const isSame = keyOf(db, table)
			.map((column) => `theirs.${column} = merged.${column}`)
			.join(" AND ");
		const isGone = `NOT EXISTS (SELECT 1 FROM present.${table} AS theirs WHERE ${isSame})`;
		db.exec(`CREATE TEMP TABLE merged AS SELECT ${columns} FROM main.${table}`);
		if (endedOnly.includes(table)) db.exec(`UPDATE merged SET state = 'ended' WHERE ${isGone}`);
		if (table === "policies") notes.push(...emptyThoseInUse(db, isGone));
		const set = decided[table]?.map((column) => `${column} = theirs.${column}`).join(", ");
		if (set) db.exec(`UPDATE merged SET ${set} FROM present.${table} AS theirs WHERE ${isSame}`);
		// All of it was deleted, and the older one has it still: the cron deletes it anew.
		if (table === "accounts") {
			db.exec(`UPDATE merged SET delete_at = 0 FROM present.accounts AS theirs
				WHERE ${isSame} AND theirs.state = 'ended' AND theirs.name = ''`);
		}
		notes.push(...yieldNames(db, table, isSame));
		db.exec(`INSERT INTO merged (${columns}) SELECT ${columns} FROM present.${table} AS theirs
				WHERE NOT EXISTS (SELECT 1 FROM main.${table} AS merged WHERE ${isSame});
			DELETE FROM main.${table};
			INSERT INTO main.${table} (${columns}) SELECT ${columns} FROM merged;
			DROP TABLE merged`);
	}
	return notes;
}

/**
 * A policy that was deleted while keys had it was taken away from them: their verdicts name it to this day. Any key may, whose
 * verdict cannot be read.
 */
function emptyThoseInUse(db: DatabaseSync, isGone: string): readonly string[] {
	const verdict = readable("verdict");
	const emptied = db.prepare(
		`UPDATE merged SET permissions = '[]' WHERE ${isGone} AND permissions <> '[]' AND (
			EXISTS (SELECT 1 FROM present.key_verdicts WHERE NOT json_valid(verdict))
			OR id IN (
				SELECT policy.value FROM present.key_verdicts, json_each(${verdict}, '$.policies') AS given,
					json_each(given.value) AS policy
				WHERE ${verdict} ->> '$.state' <> 'deleted'))
		RETURNING name`,
	);
	return emptied
		.all()
		.map(({ name }) => `A policy that keys had when it was deleted has no permissions: ${String(name)}`);
}

/** The present row keeps its name. The older one that had it is called as it is now, or anew where it is no more. */
function yieldNames(db: DatabaseSync, table: string, isSame: string): readonly string[] {
	return uniquesOf(db, table).flatMap((unique) => {
		const taken = unique.map(({ name, coll }) => `theirs.${name} = merged.${name} COLLATE ${coll}`).join(" AND ");
		const { name } = unique.at(-1)!;
		const renamed = db.prepare(
			`UPDATE merged SET ${name} = coalesce(
				(SELECT theirs.${name} FROM present.${table} AS theirs WHERE ${isSame}),
				${name} || '-' || lower(hex(randomblob(4))))
			WHERE EXISTS (SELECT 1 FROM present.${table} AS theirs WHERE ${taken} AND NOT (${isSame}))
			RETURNING ${name} AS name`,
		);
		return renamed.all().map((row) => `Another one of ${table} has its name of before: ${String(row.name)}`);
	});
}

/** Where either cannot be asked: nothing that was given out before counts, since some of it may have been ended since. */
export function fence(db: DatabaseSync, now: number): void {
	for (const table of withStanding) db.prepare(`UPDATE ${table} SET not_before = ? WHERE state = 'active'`).run(now);
}

const usedOnce = ["invitations", "recovery_codes", "recovery_links", "email_links"];

/** How far a public key's version goes up: farther than anybody replaced keys since, and elsewhere each time. */
const leap = { least: 256, spread: 4096 };

/**
 * Where the present register cannot be asked, what no standing ends: public keys, of which some were replaced, and registration
 * access tokens, of which some were withdrawn; and what is good once, of which some was used: links and codes. An environment with no versions left to leap over is switched off.
 */
export function replaceUnasked(db: DatabaseSync): void {
	db.prepare(
		`UPDATE environments SET
			enabled = CASE WHEN key_version > ?1 - ?2 - ?3 THEN 0 ELSE enabled END,
			key_version = min(?1, key_version + ?2 + abs(random() % ?3))`,
	).run(lastPublicKeyVersion, leap.least, leap.spread);
	db.exec("UPDATE clients SET options = json_remove(options, '$.registration') WHERE json_valid(options)");
	for (const table of usedOnce) db.exec(`DELETE FROM ${table}`);
}

/**
 * Ledgers of before: whoever signed in does so again, no consent is remembered, and every access code is off until somebody who
 * manages the key looks at it. Grants and sessions are refused by {@link fence}.
 */
export function fenceLedgers(db: DatabaseSync): void {
	db.exec(`
		DELETE FROM rows WHERE kind IN ('session', 'sign_in', 'consent');
		DELETE FROM codes;
		UPDATE rows SET body = json_set(body, '$.rev', json_extract(body, '$.rev') + 1, '$.codes', (
			SELECT json_group_array(json_set(value, '$.enabled', json('false'))) FROM json_each(body, '$.codes')
		)), purge_at = 0 WHERE kind = 'key' AND json_valid(body);`);
}

/** Keys that were made since: nobody could see them any more, so they are ended. `register` is attached. */
export function endUnlistedKeys(db: DatabaseSync): void {
	db.exec(`UPDATE rows SET body = json_set(body, '$.state', 'deleted') WHERE kind = 'key' AND json_valid(body)
		AND subject NOT IN (SELECT id FROM register.api_keys)`);
}

export function tablesOf(db: DatabaseSync): readonly string[] {
	const query =
		"SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_cf%' ESCAPE '\\' ORDER BY rowid";
	return db
		.prepare(query)
		.all()
		.map(({ name }) => String(name));
}

export function columnsOf(db: DatabaseSync, table: string): string {
	return db
		.prepare(`SELECT name FROM pragma_table_info(?)`)
		.all(table)
		.map(({ name }) => String(name))
		.join(", ");
}

function keyOf(db: DatabaseSync, table: string): readonly string[] {
	return db
		.prepare("SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk")
		.all(table)
		.map(({ name }) => String(name));
}

/** What is unique beside the primary key: the columns of each, of which the last is its name in the others. */
function uniquesOf(db: DatabaseSync, table: string) {
	const indexes = db.prepare(`SELECT name FROM pragma_index_list(?) WHERE "unique" = 1 AND origin <> 'pk'`).all(table);
	const columns = db.prepare("SELECT name, coll FROM pragma_index_xinfo(?) WHERE key = 1 ORDER BY seqno");
	return indexes.map(({ name }) =>
		columns.all(String(name)).map((column) => ({ name: String(column.name), coll: String(column.coll) })),
	);
}
