import { logLine } from "../../domain/log-line.ts";
import { readJsonText } from "../../json-text.ts";

/**
 * JSON as it was stored. A row that cannot be read, since what wrote it was another version or since it is damaged, never takes
 * its neighbours along: what of it is JSON is left out, and the operator is told once.
 */
export function readStored<Value>(text: string, fallback: Value, row: StoredRow): Value {
	// It was within our own bound when it was written; of what an earlier version wrote, all that SQLite can search.
	const read = readJsonText(text, sqliteLevels);
	if (read.ok) return read.value as Value;
	tellOnce(row);
	return fallback;
}

/** The same for a text that stays one. */
export function isReadable(text: string, row: StoredRow): boolean {
	return readStored<unknown>(text, undefined, row) !== undefined;
}

export interface StoredRow {
	readonly table: string;
	readonly id: string | number;
}

/** SQLite's own functions fail at JSON that is deeper (https://www.sqlite.org/json1.html). */
const sqliteLevels = 1000;

/** SQL that fails at what is not JSON, or too deep, is asked only where it is neither. A CASE is evaluated in its order. */
export function ifReadable(column: string, sql: string, otherwise: string): string {
	return `CASE WHEN json_valid(${column}) THEN ${sql} ELSE ${otherwise} END`;
}

/** The column, or an empty object in its place. */
export function readable(column: string): string {
	return ifReadable(column, column, "'{}'");
}

const told = new Set<string>();
const mostTold = 1000;

function tellOnce({ table, id }: StoredRow): void {
	const name = `${table} ${id}`;
	if (told.has(name) || told.size >= mostTold) return;
	told.add(name);
	console.error(logLine(new Date(), "row.unreadable", { table, id }));
}
