#!/usr/bin/env bash
# miniflare 5.20261023.2-beta (workerd 1.20261023.1), node 26.10.0, deno 2.9.5: how many rows a statement changed.
#
# Code that decides by the count ("1: mine, 0: somebody else's") finds five meanings of it:
# - node:sqlite's run().changes and SQLite's changes() count the rows of the statement itself;
# - D1's meta.changes counts those of triggers, of ON DELETE CASCADE and of a full-text index too, so `=== 1` fails
#   where one row was deleted;
# - rowsWritten of a Durable Object (and D1's meta.rows_written) counts index entries as well: an UPDATE of one row to
#   the value that it has is 2 with an index on that column;
# - run().changes of node:sqlite after a statement that cannot change a row (CREATE TABLE IF NOT EXISTS here) repeats the
#   number of the statement before it;
# - SELECT changes() as a call of its own is 1 on D1 after every write, also after one that matched no row. As the next
#   statement of the same batch() it is right.
#
#> DELETE of one parent with three children: d1 4, object 4, node 1, deno 1
#> UPDATE of one row, a trigger adds two: d1 3, object 3, node 1, deno 1
#> UPDATE of one indexed row, nothing changed: d1 1, object 2, node 1, deno 1
#> INSERT of one text into fts5: d1 3, object 1, node 1, deno 1
#> UPDATE of no row: d1 0, object 0, node 0, deno 0
#> then SELECT changes(): d1 1, object 0, node 0, deno 0
#> then SELECT changes(), both in a batch: d1 0, object -, node -, deno -
#> CREATE TABLE IF NOT EXISTS after a DELETE of one: d1 0, object 0, node 1, deno 1
set -euo pipefail
expected=$(sed -n 's/^#> //p' "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export TMPDIR=$folder
echo '{}' > package.json
npm install --silent --no-audit --no-fund node@26.10.0 deno@2.9.5 miniflare@5.20261023.2-beta

cat > counts.mjs <<'JS'
const schema = [
	"CREATE TABLE parent (id INTEGER PRIMARY KEY)",
	"CREATE TABLE child (parent INTEGER REFERENCES parent (id) ON DELETE CASCADE)",
	"INSERT INTO parent VALUES (1)",
	"INSERT INTO child VALUES (1), (1), (1)",
	"CREATE TABLE counted (id INTEGER PRIMARY KEY, n INTEGER)",
	"CREATE TABLE log (line TEXT)",
	"CREATE TRIGGER logged AFTER UPDATE ON counted BEGIN INSERT INTO log VALUES ('a'), ('b'); END",
	"INSERT INTO counted VALUES (1, 0)",
	"CREATE TABLE indexed (id INTEGER PRIMARY KEY, name TEXT)",
	"CREATE INDEX by_name ON indexed (name)",
	"INSERT INTO indexed VALUES (1, 'same')",
	"CREATE VIRTUAL TABLE texts USING fts5(text)",
];
const none = "UPDATE indexed SET name = 'other' WHERE id = 2";
const counted = "SELECT changes() AS n";

/** `run` is the count that a driver gives, `read` the n of a query, `batch` the n of the last of two. */
export async function counts({ run, read, batch }) {
	for (const statement of schema) await run(statement);
	return {
		"DELETE of one parent with three children": await run("DELETE FROM parent WHERE id = 1"),
		"UPDATE of one row, a trigger adds two": await run("UPDATE counted SET n = 1 WHERE id = 1"),
		"UPDATE of one indexed row, nothing changed": await run("UPDATE indexed SET name = 'same' WHERE id = 1"),
		"INSERT of one text into fts5": await run("INSERT INTO texts VALUES ('some words')"),
		"UPDATE of no row": await run(none),
		"then SELECT changes()": (await run(none), await read(counted)),
		"then SELECT changes(), both in a batch": batch ? await batch(none, counted) : "-",
		"CREATE TABLE IF NOT EXISTS after a DELETE of one":
			(await run("DELETE FROM counted WHERE id = 1"), await run("CREATE TABLE IF NOT EXISTS log (line TEXT)")),
	};
}
JS
cat > worker.mjs <<'JS'
import { DurableObject } from "cloudflare:workers";
import { counts } from "./counts.mjs";

export class Counts extends DurableObject {
	take() {
		const { sql } = this.ctx.storage;
		return counts({ run: async (query) => sql.exec(query).rowsWritten, read: async (query) => sql.exec(query).one().n });
	}
}

export default {
	async fetch(_request, { DB, COUNTS }) {
		const d1 = await counts({
			run: async (query) => (await DB.prepare(query).run()).meta.changes,
			read: (query) => DB.prepare(query).first("n"),
			batch: async (...queries) => (await DB.batch(queries.map((query) => DB.prepare(query)))).at(-1).results[0].n,
		});
		return Response.json({ d1, object: await COUNTS.get(COUNTS.idFromName("it")).take() });
	},
};
JS
cat > file.mjs <<'JS'
import { DatabaseSync } from "node:sqlite";
import { counts } from "./counts.mjs";

const db = new DatabaseSync(":memory:");
const seen = await counts({
	run: async (query) => db.prepare(query).run().changes,
	read: async (query) => db.prepare(query).get().n,
});
console.log(JSON.stringify(seen));
JS
cat > run.mjs <<'JS'
import { execFileSync } from "node:child_process";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";

const miniflare = new Miniflare(
	convertV4MiniflareOptions({
		modules: ["worker.mjs", "counts.mjs"].map((path) => ({ type: "ESModule", path })),
		compatibilityDate: "2026-10-20",
		cf: false,
		d1Databases: ["DB"],
		durableObjects: { COUNTS: { className: "Counts", useSQLite: true } },
	}),
);
try {
	const seen = await (await miniflare.dispatchFetch("http://localhost/")).json();
	seen.node = JSON.parse(execFileSync("node_modules/.bin/node", ["file.mjs"]));
	seen.deno = JSON.parse(execFileSync("node_modules/.bin/deno", ["run", "--quiet", "--allow-all", "file.mjs"]));
	for (const what of Object.keys(seen.d1)) {
		console.log(`${what}: ${Object.entries(seen).map(([where, each]) => `${where} ${each[what]}`).join(", ")}`);
	}
} finally {
	await miniflare.dispose();
}
JS
node_modules/.bin/node run.mjs 2> log | tee seen || cat log
diff <(echo "$expected") seen
