import type { SqlDatabase, SqlResult, SqlStatement, SqlValue } from "../../src/platform/sql/database.ts";

/** A D1 database that adds up the rows that it says it read: those that Cloudflare bills. */
export class CountedDatabase implements SqlDatabase {
	rowsRead = 0;
	readonly #db: D1Database;

	constructor(db: D1Database) {
		this.#db = db;
	}

	prepare(query: string): CountedStatement {
		return new CountedStatement(this, this.#db.prepare(query));
	}

	async batch<Row>(statements: CountedStatement[]): Promise<SqlResult<Row>[]> {
		const results = await this.#db.batch<Row>(statements.map(({ statement }) => statement));
		for (const { meta } of results) this.rowsRead += meta.rows_read;
		return results;
	}

	/** How many are read by what is done meanwhile. */
	async readBy(act: () => Promise<unknown>): Promise<number> {
		const before = this.rowsRead;
		await act();
		return this.rowsRead - before;
	}
}

class CountedStatement implements SqlStatement {
	readonly statement: D1PreparedStatement;
	readonly #db: CountedDatabase;

	constructor(db: CountedDatabase, statement: D1PreparedStatement) {
		this.#db = db;
		this.statement = statement;
	}

	bind(...values: SqlValue[]): CountedStatement {
		return new CountedStatement(this.#db, this.statement.bind(...values));
	}

	/** D1's own `first` does not say what it read. */
	async first<Found>(column?: string): Promise<Found | null> {
		const { results } = await this.all<Record<string, unknown>>();
		const [row] = results;
		if (!row) return null;
		return (column === undefined ? row : row[column]) as Found;
	}

	async all<Row>(): Promise<SqlResult<Row>> {
		const result = await this.statement.all<Row>();
		this.#db.rowsRead += result.meta.rows_read;
		return result;
	}

	run(): Promise<SqlResult<unknown>> {
		return this.all();
	}
}
