import type { SqlDatabase, SqlStatement } from "./database.ts";

export const slice = 5000;

/** Half a million rows at each run of the cron. */
const most = 100;

/** The rows of a table that are due: `column` is the instant of each, `key` what tells one from another. */
export interface DueRows {
	readonly table: string;
	readonly column: string;
	readonly key?: string;
	/** Which of them alone. */
	readonly where?: string;
	/** Whether the rows are those that have just this value, in the place of those before an instant. */
	readonly is?: true;
}

/** Deletes by slices, so that no statement holds the database for long. What there was no time for is left. */
export async function purgeSlices(
	db: SqlDatabase,
	{ table, column, key = "rowid", where = "1", is }: DueRows,
	value: number | string,
): Promise<void> {
	const due = `SELECT ${key} FROM ${table} WHERE ${column} ${is ? "=" : "<"} ?1 AND ${where} LIMIT ${slice}`;
	const statement = db.prepare(`DELETE FROM ${table} WHERE (${key}) IN (${due})`).bind(value);
	await inSlices(() => changedBy(statement));
}

/**
 * The same where a row's number grows with its instant: the oldest by their number, as long as all of a slice are due. One that was
 * written late, with an instant from before, goes with its neighbours.
 */
export async function purgeOldest(
	db: SqlDatabase,
	{ table, column }: Pick<DueRows, "table" | "column">,
	value: number,
): Promise<void> {
	const oldest = `SELECT rowid FROM ${table} ORDER BY rowid LIMIT ${slice}`;
	const statement = db.prepare(`DELETE FROM ${table} WHERE rowid IN (${oldest}) AND ${column} < ?`).bind(value);
	await inSlices(() => changedBy(statement));
}

/** What triggers change is among it on D1: enough to tell whether there is more to do. */
async function changedBy(statement: SqlStatement): Promise<number> {
	return (await statement.run()).meta.changes;
}

/** `next` does a slice of what is due, and answers with how many rows that were. In the end, so many were done. */
export async function inSlices(next: () => Promise<number>): Promise<number> {
	let done = 0;
	for (let round = 0; round < most; round++) {
		const rows = await next();
		done += rows;
		if (rows < slice) break;
		// Where the database answers at once, nobody else would have had a turn.
		await new Promise((resolve) => setTimeout(resolve));
	}
	return done;
}
