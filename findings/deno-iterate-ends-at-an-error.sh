#!/usr/bin/env bash
# deno 2.9.5 beside node 26.10.0: iterate() of node:sqlite.
#
# A statement that fails throws from all(), get() and run() on both, and from iterate() on Node. On Deno iterate() says
# `done` instead: the rows before the error are all that there is, or there are none, and nothing tells of it. So a row
# whose JSON is malformed hides the rows after it, a table that another connection has locked is empty, and an
# INSERT ... RETURNING that violates a constraint inserts nothing and returns nothing. An integer past 2^53, which is
# refused elsewhere, ends the rows too. all() is what can be trusted.
#
#> node all: malformed JSON
#> node iterate: malformed JSON
#> node iterate, locked: database is locked
#> node iterate, INSERT RETURNING: UNIQUE constraint failed: posts.id
#> node iterate, 2^53 + 1: RangeError
#> deno all: malformed JSON
#> deno iterate: [1,2]
#> deno iterate, locked: []
#> deno iterate, INSERT RETURNING: []
#> deno iterate, 2^53 + 1: []
set -euo pipefail
expected=$(sed -n 's/^#> //p' "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' > package.json
npm install --silent --no-audit --no-fund node@26.10.0 deno@2.9.5

cat > iterate.mjs <<'JS'
import { DatabaseSync } from "node:sqlite";

const runtime = globalThis.Deno ? "deno" : "node";
const db = new DatabaseSync(`${runtime}.sqlite`);
db.exec(`CREATE TABLE posts (id INTEGER PRIMARY KEY, body TEXT);
	INSERT INTO posts VALUES (1, '{"a":1}'), (2, '{"a":2}'), (3, '{"a":'), (4, '{"a":4}')`);
const bodies = db.prepare("SELECT id, body ->> 'a' AS a FROM posts ORDER BY id");

show("all", () => bodies.all());
show("iterate", () => [...bodies.iterate()]);
const other = new DatabaseSync(`${runtime}.sqlite`);
other.exec("BEGIN EXCLUSIVE");
show("iterate, locked", () => [...db.prepare("SELECT id FROM posts").iterate()]);
other.exec("COMMIT");
show("iterate, INSERT RETURNING", () => [...db.prepare("INSERT INTO posts VALUES (9, ''), (1, '') RETURNING id").iterate()]);
show("iterate, 2^53 + 1", () => [...db.prepare("SELECT 9007199254740993 AS id").iterate()]);

function show(what, rows) {
	let seen;
	try {
		seen = JSON.stringify(rows().map(({ id }) => id));
	} catch (error) {
		seen = error instanceof RangeError ? "RangeError" : error.message;
	}
	console.log(`${runtime} ${what}: ${seen}`);
}
JS
{ node_modules/.bin/node iterate.mjs && node_modules/.bin/deno run --quiet --allow-all iterate.mjs; } | tee seen
diff <(echo "$expected") seen
