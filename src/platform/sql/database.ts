/**
 * A database as the stores of this folder ask it: D1 as it is, and `node:sqlite` by platform/node/sql-file.ts. Both are
 * SQLite, so that one text of SQL serves. Every number is bound as REAL: compared with and stored in INTEGER columns it
 * is what it was, in a TEXT column it would be "5.0". A text must have no NUL: Deno and Node 22 read it up to there.
 */
export interface SqlDatabase {
	prepare(query: string): SqlStatement;
	/** At least one; all in one transaction, all or none. `changes()` counts across the statements of one batch. */
	batch<Row>(statements: SqlStatement[]): Promise<SqlResult<Row>[]>;
}

export interface SqlStatement {
	/** At most {@link mostBound}, none longer than {@link longestValue}. Neither undefined nor a boolean. */
	bind(...values: SqlValue[]): SqlStatement;
	/** Of the first row, the column where one is named. */
	first<Value>(column: string): Promise<Value | null>;
	first<Row>(): Promise<Row | null>;
	all<Row>(): Promise<SqlResult<Row>>;
	run(): Promise<SqlResult<unknown>>;
}

export interface SqlResult<Row> {
	readonly results: Row[];
	readonly meta: { readonly changes: number };
}

export type SqlValue = string | number | null;

/** What D1 takes: so many values in a statement, and so many bytes in a value. */
export const mostBound = 100;
export const longestValue = 2_000_000;

/** SQLite where it answers at once: what a Durable Object has as its own, and a file that this process opened. */
export interface SqlStorage {
	/** A statement that returns no rows is carried out whether or not anybody looks at the cursor. */
	exec<Row extends Record<string, SqlValue>>(query: string, ...values: SqlValue[]): SqlCursor<Row>;
}

export interface SqlCursor<Row> extends Iterable<Row> {
	toArray(): Row[];
	/** Zero where nothing was; how many is the platform's own count. */
	readonly rowsWritten: number;
}

/** Whether a write failed because the account has that name already. */
export function isNameTaken(error: unknown): boolean {
	return error instanceof Error && /UNIQUE constraint failed: (\w+)\.account_id, \1\.name/.test(error.message);
}

/** The order of a list by name; its rows have a `name` and an `id`. */
export const byName = "ORDER BY name COLLATE NOCASE, id";

/**
 * SQL for what of a list comes after a name and an id: what else has that name, and what has a later one. Each is a seek in an index,
 * and {@link byName} puts them together with no row read ahead. As one condition it would be a seek to the name alone.
 */
export function afterName(select: string, name: string, id: string, column = "name", idColumn = "id"): string {
	return `${select} AND ${column} = ${name} COLLATE NOCASE AND ${idColumn} > ${id}
		UNION ALL ${select} AND ${column} COLLATE NOCASE > ${name}`;
}
