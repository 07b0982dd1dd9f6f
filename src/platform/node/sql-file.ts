import process from "node:process";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import {
	longestValue,
	mostBound,
	type SqlCursor,
	type SqlDatabase,
	type SqlResult,
	type SqlStatement,
	type SqlStorage,
	type SqlValue,
} from "../sql/database.ts";

// Asked for, not imported: a Node without it shall get as far as being told that it is too old.
const sqlite = process.getBuiltinModule("node:sqlite");

/** How many statements are kept prepared: searches make new texts without end. */
const mostPrepared = 200;

/**
 * A connection to one SQLite file, or to one in memory. Every process has its own; what one has committed, the others
 * see, and it is on the disk. It refuses what D1 would refuse, so that no store comes to rely on it.
 */
export class SqlFile implements SqlDatabase, SqlStorage {
	readonly #db: DatabaseSync;
	readonly #prepared = new Map<string, Prepared>();

	/** `patience`: for how many milliseconds a statement waits for another process's write. It holds up this process. */
	constructor(path: string, patience: number) {
		this.#db = new sqlite.DatabaseSync(path);
		try {
			this.#db.exec(`PRAGMA busy_timeout = ${patience}; PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL`);
		} catch (error) {
			this.#db.close();
			throw error;
		}
	}

	prepare(query: string): FileStatement {
		return new FileStatement(this, query, []);
	}

	async batch<Row>(statements: FileStatement[]): Promise<SqlResult<Row>[]> {
		if (statements.length === 0) throw new RangeError("a batch without statements");
		// What only reads takes no lock: it is not kept from reading by whoever writes, and sees one state all the same.
		const begin = statements.every(({ isRead }) => isRead) ? "BEGIN" : "BEGIN IMMEDIATE";
		return this.#transaction(begin, () => statements.map((statement) => statement.carryOut<Row>()));
	}

	exec<Row extends Record<string, SqlValue>>(query: string, ...values: SqlValue[]): SqlCursor<Row> {
		const { statement, inOrder } = this.prepared(query, values);
		const bound = inOrder(values);
		if (!returnsRows(query)) {
			const rowsWritten = Number(statement.run(...bound).changes);
			return { rowsWritten, toArray: () => [], [Symbol.iterator]: () => [][Symbol.iterator]() };
		}
		const toArray = () => statement.all(...bound) as Row[];
		// No iterate(): on Deno it ends at an error as if there were no more rows (findings/deno-iterate-ends-at-an-error).
		return { rowsWritten: 0, toArray, [Symbol.iterator]: () => toArray()[Symbol.iterator]() };
	}

	/**
	 * All that the closure writes, or nothing; nobody else writes meanwhile. Reads see what was committed before it, since
	 * the lock comes first. The closure has to be synchronous.
	 */
	transactionSync<Result>(closure: () => Result): Result {
		return this.#transaction("BEGIN IMMEDIATE", closure);
	}

	#transaction<Result>(begin: "BEGIN" | "BEGIN IMMEDIATE", closure: () => Result): Result {
		this.#db.exec(begin);
		try {
			const result = closure();
			this.commit();
			return result;
		} catch (error) {
			this.rollBack();
			throw error;
		}
	}

	begin(): void {
		this.#db.exec("BEGIN IMMEDIATE");
	}

	commit(): void {
		this.#db.exec("COMMIT");
	}

	/** After an error that may have rolled back already, as that of a full disk does. */
	rollBack(): void {
		try {
			this.#db.exec("ROLLBACK");
		} catch {
			// There was no transaction any more.
		}
	}

	/** Several statements, with no values. */
	script(text: string): void {
		this.#db.exec(text);
	}

	close(): void {
		this.#prepared.clear();
		this.#db.close();
	}

	/** Kept for the next time. */
	prepared(query: string, values: readonly SqlValue[]): Prepared {
		if (values.length > mostBound) throw new RangeError(`more than ${mostBound} values`);
		if (values.some(isTooLong)) throw new RangeError(`a value of more than ${longestValue} bytes`);
		const statement = this.#prepared.get(query) ?? this.#prepare(query);
		// Put last again: the first is the one that was not asked for longest.
		this.#prepared.delete(query);
		this.#prepared.set(query, statement);
		const [oldest] = this.#prepared.keys();
		if (oldest !== undefined && this.#prepared.size > mostPrepared) this.#prepared.delete(oldest);
		return statement;
	}

	/** By position: before 22.20 and 24.8, Node finds no place for the values of numbered parameters ("column index out of range"). */
	#prepare(query: string): Prepared {
		const order: number[] = [];
		const positional = query.replaceAll(/\?(\d+)/g, (_, number: string) => {
			order.push(Number(number) - 1);
			return "?";
		});
		if (order.length > 0 && /\?(?!\d)/.test(query)) throw new TypeError("values by position and by number");
		const statement = this.#db.prepare(positional);
		if (order.length === 0) return { statement, inOrder: (values) => values };
		return { statement, inOrder: (values) => order.map((index) => values[index] ?? null) };
	}
}

/** A statement takes all its values by position, or all by number. */
interface Prepared {
	readonly statement: StatementSync;
	/** The values as the prepared statement takes them. */
	readonly inOrder: (values: readonly SqlValue[]) => readonly SqlValue[];
}

/** Its methods answer at once: they are async only as D1's are. */
class FileStatement implements SqlStatement {
	readonly #file: SqlFile;
	readonly #query: string;
	readonly #values: readonly SqlValue[];

	constructor(file: SqlFile, query: string, values: readonly SqlValue[]) {
		this.#file = file;
		this.#query = query;
		this.#values = values;
	}

	get isRead(): boolean {
		return returnsRows(this.#query);
	}

	bind(...values: SqlValue[]): FileStatement {
		return new FileStatement(this.#file, this.#query, values);
	}

	async first<Found>(column?: string): Promise<Found | null> {
		const { statement, inOrder } = this.#file.prepared(this.#query, this.#values);
		const row = statement.get(...inOrder(this.#values));
		if (!row) return null;
		return (column === undefined ? row : row[column]) as Found;
	}

	async all<Row>(): Promise<SqlResult<Row>> {
		return this.carryOut();
	}

	async run(): Promise<SqlResult<unknown>> {
		return this.carryOut();
	}

	carryOut<Row>(): SqlResult<Row> {
		const { statement, inOrder } = this.#file.prepared(this.#query, this.#values);
		const bound = inOrder(this.#values);
		if (this.isRead) return { results: statement.all(...bound) as Row[], meta: { changes: 0 } };
		return { results: [], meta: { changes: Number(statement.run(...bound).changes) } };
	}
}

/** Ours are SELECT, INSERT, UPDATE and DELETE; nothing has a RETURNING, nothing begins with a WITH or a comment. */
function returnsRows(query: string): boolean {
	return query.startsWith("SELECT") || query.startsWith("PRAGMA");
}

/** A character has three bytes at most: of what is short nothing is counted. */
function isTooLong(value: SqlValue): boolean {
	return (
		typeof value === "string" &&
		value.length * 3 > longestValue &&
		new TextEncoder().encode(value).length > longestValue
	);
}
