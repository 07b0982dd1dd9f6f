const slice = 5000;

/** Half a million rows at each run of the cron. */
const most = 100;

/** Deletes by slices, so that no statement holds the database for long. What there was no time for is left. */
export async function purgeSlices(db: D1Database, table: string, due: string, before: number): Promise<void> {
	const statement = db
		.prepare(`DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE ${due} < ? LIMIT ${slice})`)
		.bind(before);
	for (let round = 0; round < most; round++) {
		const { meta } = await statement.run();
		if (meta.changes < slice) return;
	}
}
