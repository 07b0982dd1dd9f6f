import { readdirSync, readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { asItIs, columnsOf, decided, tablesOf } from "../../../scripts/recovery/rewind.ts";

/** What a restored register has as the older one had it, since it opens nothing and ends nothing. */
const older: Readonly<Record<string, readonly string[]>> = {
	setup: ["id", "account_id"],
	accounts: ["id", "slug", "name"],
	people: ["id", "name", "profile"],
	memberships: ["person_id", "account_id"],
	clients: ["id", "account_id", "kind", "name", "description", "logo_svg", "registered_at", "kept_at"],
	environments: ["id", "account_id", "workspace", "name"],
	policies: ["id", "account_id", "name", "description"],
};

test("every column of the register is judged: from the older one, or as the present has it", () => {
	const folder = "src/platform/sql/migrations/register";
	const db = new DatabaseSync(":memory:");
	for (const name of readdirSync(folder).toSorted()) db.exec(readFileSync(`${folder}/${name}`, "utf8"));
	const unjudged = tablesOf(db).flatMap((table) => {
		const known = [...(older[table] ?? []), ...(decided[table]?.columns ?? [])];
		const columns = asItIs.includes(table) ? [] : columnsOf(db, table).split(", ");
		return columns.filter((column) => !known.includes(column)).map((column) => `${table}.${column}`);
	});
	expect(unjudged).toEqual([]);
	expect(tablesOf(db).length).toBeGreaterThan(10);
});
