#!/usr/bin/env bash
# miniflare 5.20261023.2-beta (D1, workerd 1.20261023.1), node 26.10.0: what a page from the middle of a list reads.
#
# 10,000 rows of one account, an index in the order of the list, a page of 20 after row 5,000: once where each name is
# another, once where all are the same. D1 bills meta.rows_read. Every cursor below gives the same page, and which of them
# SQLite turns into a seek is not what one would guess:
# - a row value seeks over plain columns, to the very row, also among equal names. As soon as its first member is an
#   expression, one with an index of its own or a COLLATE that the index has, it is a filter over the account's rows
#   from the first one on; a redundant `name >= ?` beside it brings the seek back, though not among equal names;
# - so does it where the row value begins with the column that is compared by `=` already: with one member too many it
#   reads everything;
# - name > ? OR (name = ? AND id > ?) does seek, to the name (not so among equal ones); in front of the same seek,
#   `? IS NULL OR` (one statement for the first page and for the others) takes it away, while coalesce(?, '') keeps it.
# The plans' words are no help: all of them are SEARCH by the index that was meant.
#
#> (name, id) > (?1, ?2): apart 21, alike 21
#> (bytes COLLATE NOCASE, id) > (?1, ?2): apart 5021, alike 5021
#> (bytes COLLATE NOCASE, id) > (?1, ?2) AND bytes COLLATE NOCASE >= ?1: apart 21, alike 5021
#> (lower(bytes), id) > (lower(?1), ?2): apart 5021, alike 5021
#> (lower(bytes), id) > (lower(?1), ?2) AND lower(bytes) >= lower(?1): apart 21, alike 5021
#> (account, name, id) > ('a', ?1, ?2): apart 5021, alike 5021
#> (name > ?1 OR (name = ?1 AND id > ?2)): apart 21, alike 5021
#> name >= ?1 AND (name > ?1 OR id > ?2): apart 21, alike 5021
#> NOT (name, id) <= (?1, ?2): apart 5021, alike 5021
#> (?1 IS NULL OR (name, id) > (?1, ?2)): apart 5021, alike 5021
#> (name, id) > (coalesce(?1, ''), coalesce(?2, '')): apart 21, alike 21
set -euo pipefail
expected=$(sed -n 's/^#> //p' "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export TMPDIR=$folder
echo '{}' > package.json
npm install --silent --no-audit --no-fund node@26.10.0 miniflare@5.20261023.2-beta

cat > run.mjs <<'JS'
import { convertV4MiniflareOptions, Miniflare } from "miniflare";

const schema = ["apart", "alike"].flatMap((table) => [
	`CREATE TABLE ${table} (account TEXT, name TEXT COLLATE NOCASE, bytes TEXT, id TEXT)`,
	`INSERT INTO ${table} WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)
		SELECT 'a', ${table === "apart" ? "printf('Name %05d', i)" : "'Name'"}, NULL, printf('%05d', i) FROM n`,
	`UPDATE ${table} SET bytes = name`,
	`CREATE INDEX ${table}_by_name ON ${table} (account, name, id)`,
	`CREATE INDEX ${table}_by_nocase ON ${table} (account, bytes COLLATE NOCASE, id)`,
	`CREATE INDEX ${table}_by_lower ON ${table} (account, lower(bytes), id)`,
]);
const nocase = "bytes COLLATE NOCASE";
const lower = "lower(bytes)";
/** The cursor, and the order of the list. ?1 and ?2 are the name and id of row 5,000. */
const cursors = [
	["(name, id) > (?1, ?2)", "name"],
	[`(${nocase}, id) > (?1, ?2)`, nocase],
	[`(${nocase}, id) > (?1, ?2) AND ${nocase} >= ?1`, nocase],
	[`(${lower}, id) > (lower(?1), ?2)`, lower],
	[`(${lower}, id) > (lower(?1), ?2) AND ${lower} >= lower(?1)`, lower],
	["(account, name, id) > ('a', ?1, ?2)", "name"],
	["(name > ?1 OR (name = ?1 AND id > ?2))", "name"],
	["name >= ?1 AND (name > ?1 OR id > ?2)", "name"],
	["NOT (name, id) <= (?1, ?2)", "name"],
	["(?1 IS NULL OR (name, id) > (?1, ?2))", "name"],
	["(name, id) > (coalesce(?1, ''), coalesce(?2, ''))", "name"],
];

const miniflare = new Miniflare(
	convertV4MiniflareOptions({
		modules: true,
		script: "export default { fetch: () => new Response() }",
		compatibilityDate: "2026-10-20",
		cf: false,
		d1Databases: ["DB"],
	}),
);
try {
	const db = await miniflare.getD1Database("DB");
	for (const statement of schema) await db.prepare(statement).run();
	for (const [cursor, order] of cursors) {
		const read = [];
		for (const [table, name] of [["apart", "Name 05000"], ["alike", "Name"]]) {
			const page = `SELECT id FROM ${table} WHERE account = 'a' AND ${cursor} ORDER BY ${order}, id LIMIT 20`;
			const { results, meta } = await db.prepare(page).bind(name, "05000").all();
			if (results.length !== 20 || results[0].id !== "05001") throw new Error(`${cursor} is another page`);
			read.push(`${table} ${meta.rows_read}`);
		}
		console.log(`${cursor}: ${read.join(", ")}`);
	}
} finally {
	await miniflare.dispose();
}
JS
node_modules/.bin/node run.mjs 2> log | tee seen || cat log
diff <(echo "$expected") seen
