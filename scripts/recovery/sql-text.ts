import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import { columnsOf, tablesOf } from "./rewind.ts";

/** A database as a text that `wrangler d1 execute --file` takes in the place of what is there. */
export function toSql(db: DatabaseSync): string {
	const tables = tablesOf(db);
	const definitions = db
		.prepare("SELECT type, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
		.all()
		.filter((each) => tables.includes(String(each.tbl_name)));
	const lines = ["PRAGMA defer_foreign_keys = TRUE;"];
	for (const table of tables.toReversed()) lines.push(`DROP TABLE IF EXISTS "${table}";`);
	for (const { sql } of definitions.filter(({ type }) => type === "table")) lines.push(`${String(sql)};`);
	for (const table of tables) {
		const columns = columnsOf(db, table);
		for (const row of db.prepare(`SELECT ${columns} FROM "${table}"`).all()) {
			lines.push(`INSERT INTO "${table}" (${columns}) VALUES (${Object.values(row).map(literal).join(", ")});`);
		}
	}
	// Triggers last: what they keep is among the rows already.
	for (const kind of ["index", "trigger"]) {
		for (const { sql } of definitions.filter(({ type }) => type === kind)) lines.push(`${String(sql)};`);
	}
	return `${lines.join("\n")}\n`;
}

/** A value as SQL writes it. */
export function literal(value: SQLOutputValue): string {
	if (value === null) return "NULL";
	if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
	if (value instanceof Uint8Array) return `X'${Buffer.from(value).toString("hex")}'`;
	return String(value);
}

/** What `wrangler d1 export` or {@link toSql} wrote, brought up to date as `wrangler d1 migrations apply` would. */
export function fromSql(text: string, path: string): DatabaseSync {
	const db = new DatabaseSync(path, { enableForeignKeyConstraints: false });
	db.exec(text);
	const folder = fileURLToPath(new URL("../../src/platform/sql/migrations/register", import.meta.url));
	const applied = db
		.prepare("SELECT name FROM d1_migrations")
		.all()
		.map(({ name }) => String(name));
	for (const name of readdirSync(folder).toSorted()) {
		if (applied.includes(name)) continue;
		db.exec(readFileSync(join(folder, name), "utf8"));
		db.prepare("INSERT INTO d1_migrations (name) VALUES (?)").run(name);
	}
	return db;
}
