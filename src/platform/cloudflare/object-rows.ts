import type { LedgerRows, RowBodies, RowKind } from "../../domain/ledger-rows.ts";
import type { Seconds } from "../../domain/brands.ts";
import { SqlRows } from "../sql/sql-rows.ts";
import { LazyTable } from "./lazy-table.ts";

// UNIQUE is what makes SQLite choose that index: otherwise it would read every row of the kind to find one by its lookup.
const definition = `
	CREATE TABLE rows (
		kind TEXT NOT NULL,
		id TEXT NOT NULL,
		lookup TEXT,
		body TEXT NOT NULL,
		purge_at INTEGER,
		PRIMARY KEY (kind, id)
	) WITHOUT ROWID;
	CREATE UNIQUE INDEX rows_by_lookup ON rows (kind, lookup) WHERE lookup IS NOT NULL;
	CREATE INDEX rows_by_purge ON rows (purge_at) WHERE purge_at IS NOT NULL;`;

/** When rows want the alarm, and on which grid: seconds. */
export interface Due {
	readonly at: Seconds;
	readonly grid: Seconds;
}

/** The rows of a ledger in its object's own SQLite, which nobody else writes: so that something may be remembered. */
export class ObjectRows implements LedgerRows {
	readonly #storage: DurableObjectStorage;
	readonly #rows: SqlRows;
	readonly #table: LazyTable;
	/** Of the kinds that were asked for: counting 10,000 rows at every login would be too dear. */
	readonly #counts = new Map<RowKind, number>();
	#due: Due | null = null;

	constructor(storage: DurableObjectStorage) {
		this.#storage = storage;
		this.#rows = new SqlRows(storage.sql);
		this.#table = new LazyTable(storage.sql, "rows", definition);
	}

	/** All that the closure writes, or nothing. It has to be synchronous: an async one commits what it should have undone. */
	transact<Result>(closure: () => Result): Result {
		try {
			return this.#storage.transactionSync(closure);
		} catch (error) {
			this.forget();
			throw error;
		}
	}

	/** Drops what is remembered of the storage: after a rollback, and after `deleteAll()`. */
	forget(): void {
		this.#table.forget();
		this.#counts.clear();
		this.#due = null;
	}

	/** When the rows that were put since the last time want the alarm. */
	takeDue(): Due | null {
		const due = this.#due;
		this.#due = null;
		return due;
	}

	get<Kind extends RowKind>(kind: Kind, id: string): RowBodies[Kind] | null {
		return this.#table.exists() ? this.#rows.get(kind, id) : null;
	}

	find<Kind extends RowKind>(kind: Kind, lookup: string): RowBodies[Kind] | null {
		return this.#table.exists() ? this.#rows.find(kind, lookup) : null;
	}

	put<Kind extends RowKind>(
		kind: Kind,
		id: string,
		lookup: string | null,
		body: RowBodies[Kind],
		purgeAt: Seconds | null,
	): void {
		this.#table.make();
		const count = this.#counts.get(kind);
		if (count !== undefined && !this.#rows.get(kind, id)) this.#counts.set(kind, count + 1);
		this.#rows.put(kind, id, lookup, body, purgeAt);
		if (purgeAt !== null && (this.#due === null || purgeAt < this.#due.at)) this.#due = dueOf(kind, purgeAt);
	}

	delete(kind: RowKind, id: string): void {
		if (!this.#table.exists() || !this.#rows.delete(kind, id)) return;
		const count = this.#counts.get(kind);
		if (count !== undefined) this.#counts.set(kind, count - 1);
	}

	list<Kind extends RowKind>(kind: Kind, after: string): Iterable<RowBodies[Kind]> {
		return this.#table.exists() ? this.#rows.list(kind, after) : [];
	}

	count(kind: RowKind): number {
		if (!this.#table.exists()) return 0;
		const count = this.#counts.get(kind) ?? this.#rows.count(kind);
		this.#counts.set(kind, count);
		return count;
	}

	clear(): void {
		this.#counts.clear();
		if (!this.#table.exists()) return;
		this.#rows.clear();
		// The alarm finds nothing, and lets the storage go.
		this.#due = { at: 1, grid: 1 };
	}

	purge(now: Seconds): void {
		if (this.#table.exists() && this.#rows.purge(now)) this.#counts.clear();
	}

	isEmpty(): boolean {
		return !this.#table.exists() || this.#storage.sql.exec("SELECT 1 FROM rows LIMIT 1").toArray().length === 0;
	}

	/** When the next row wants the alarm. */
	nextDue(): Due | null {
		if (!this.#table.exists()) return null;
		const [next] = this.#storage.sql
			.exec<{ kind: RowKind; at: number }>(
				"SELECT kind, purge_at AS at FROM rows WHERE purge_at IS NOT NULL ORDER BY purge_at LIMIT 1",
			)
			.toArray();
		return next ? dueOf(next.kind, next.at) : null;
	}
}

/** Nobody waits for a purge; a verdict that a crash left uncopied is waited for in the console. */
function dueOf(kind: RowKind, at: Seconds): Due {
	return { at, grid: kind === "key" ? 60 : 600 };
}
