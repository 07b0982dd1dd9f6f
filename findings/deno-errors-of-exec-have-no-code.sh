#!/usr/bin/env bash
# deno 2.9.5 beside node 26.10.0: the errors of node:sqlite.
#
# On Node every error of SQLite has SQLite's result code as `errcode` and its text as `errstr`. On Deno only those of
# prepared statements have them: what db.exec() or the constructor throws has `code: "ERR_SQLITE_ERROR"` and a message.
# Exactly what one asks exec() for is what one wants to tell apart: BEGIN IMMEDIATE that finds the file locked (5, wait),
# a script on a full disk (13, refuse), a file that is no database (26), a folder that is not there (14).
# Prepare such a statement also when it runs but once, and read the message where that cannot be.
#
#> node exec BEGIN IMMEDIATE, locked: 5
#> node prepare BEGIN IMMEDIATE, locked: 5
#> node exec INSERT, full: 13
#> node prepare INSERT, full: 13
#> node exec SELECT, no database: 26
#> node prepare SELECT, no database: 26
#> node open, no folder: 14
#> deno exec BEGIN IMMEDIATE, locked: undefined
#> deno prepare BEGIN IMMEDIATE, locked: 5
#> deno exec INSERT, full: undefined
#> deno prepare INSERT, full: 13
#> deno exec SELECT, no database: undefined
#> deno prepare SELECT, no database: 26
#> deno open, no folder: undefined
set -euo pipefail
expected=$(sed -n 's/^#> //p' "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' > package.json
npm install --silent --no-audit --no-fund node@26.10.0 deno@2.9.5

cat > errors.mjs <<'JS'
import { writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

const runtime = globalThis.Deno ? "deno" : "node";
const file = `${runtime}.sqlite`;

const writer = new DatabaseSync(file);
writer.exec("CREATE TABLE t (x); BEGIN IMMEDIATE");
both("BEGIN IMMEDIATE", "locked", new DatabaseSync(file));
writer.exec("ROLLBACK; PRAGMA max_page_count = 2");
both("INSERT INTO t VALUES (zeroblob(100000))", "full", writer);
writeFileSync("page.html", "<p>This is no database.</p>".repeat(100));
both("SELECT * FROM sqlite_schema", "no database", new DatabaseSync("page.html"));
show("open, no folder", () => new DatabaseSync("nowhere/t.sqlite"));

function both(sql, why, db) {
	const what = sql.match(/BEGIN IMMEDIATE|\w+/)[0];
	show(`exec ${what}, ${why}`, () => db.exec(sql));
	show(`prepare ${what}, ${why}`, () => db.prepare(sql).run());
}

function show(what, attempt) {
	try {
		attempt();
		console.log(`${runtime} ${what}: no error`);
	} catch (error) {
		console.log(`${runtime} ${what}: ${error.errcode}`);
	}
}
JS
{ node_modules/.bin/node errors.mjs && node_modules/.bin/deno run --quiet --allow-all errors.mjs; } | tee seen
diff <(echo "$expected") seen
