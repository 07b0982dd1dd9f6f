// Run by node-errors.test.ts, on each runtime: how a folder that cannot be used is refused, and a query that fails midway.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv } from "node:process";
import { openPlatform } from "../../src/platform/node/platform.ts";
import { SqlFile } from "../../src/platform/node/sql-file.ts";

const patience = 50;
const [, , root = ""] = argv;
const seen: Record<string, unknown> = {};
/** A connection that nobody refers to is closed with the garbage, and its lock goes. */
const held: SqlFile[] = [];

attempt("locked", (folder) => {
	openPlatform(folder).close();
	hold(folder).begin();
});
attempt("locked while it was made", (folder) => {
	mkdirSync(folder);
	hold(folder).script("BEGIN EXCLUSIVE; CREATE TABLE t (x)");
});
attempt("no database", (folder) => {
	mkdirSync(folder);
	writeFileSync(join(folder, "ledgers.sqlite"), "This is no database. ".repeat(100));
});
attempt("a folder where a file should be", (folder) => mkdirSync(join(folder, "register.sqlite"), { recursive: true }));
attempt("a file where the folder should be", (folder) => writeFileSync(folder, ""));

const rows = new SqlFile(":memory:", patience);
rows.script(`CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT); INSERT INTO t VALUES (1, '{"a":1}'), (2, '{"a":')`);
record("a row that cannot be read", () => [...rows.exec("SELECT body ->> 'a' AS a FROM t ORDER BY id")]);

console.log(JSON.stringify(seen));
for (const file of held) file.close();

function hold(folder: string): SqlFile {
	const file = new SqlFile(join(folder, "register.sqlite"), patience);
	held.push(file);
	return file;
}

function attempt(why: string, prepare: (folder: string) => void): void {
	const folder = join(root, why);
	prepare(folder);
	record(why, () => openPlatform(folder, { patience }));
}

function record(why: string, act: () => unknown): void {
	try {
		seen[why] = act();
	} catch (error) {
		seen[why] = error instanceof Error ? (Reflect.get(error, "reason") ?? error.message) : error;
	}
}
