import { type LedgerRows, type RowBodies, type RowKind, whoseOf } from "../../domain/ledger-rows.ts";
import type { Whose } from "../../domain/whose.ts";
import type { Seconds } from "../../domain/brands.ts";
import { type Row, SqlRows, written } from "../sql/sql-rows.ts";
import { KeptRows } from "./kept-rows.ts";
import { LazyTable } from "./lazy-table.ts";
import { VerbRows } from "./verb-rows.ts";

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

const fill = `UPDATE rows SET account = iif(json_valid(body), body ->> '$.accountId', NULL),
	party = iif(json_valid(body), coalesce(body ->> '$.clientId', body ->> '$.credential'), NULL)`;

/** Since a subject may have 10,000 grants, of which one client has three. What an earlier version writes is filled in. */
const byAccount = {
	name: "rows_by_account",
	definition: `
		ALTER TABLE rows ADD COLUMN account TEXT;
		ALTER TABLE rows ADD COLUMN party TEXT;
		${fill} WHERE kind IN ('grant', 'session', 'consent');
		CREATE TRIGGER rows_of_earlier AFTER INSERT ON rows
			WHEN new.account IS NULL AND new.kind IN ('grant', 'session', 'consent')
			BEGIN ${fill} WHERE kind = new.kind AND id = new.id; END;
		CREATE UNIQUE INDEX rows_by_account ON rows (kind, account, party, id) WHERE account IS NOT NULL;`,
};

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
	readonly #kept = new KeptRows();
	/** Of most subjects no token was ever revoked, and each check of one asks. Undefined where it is not known. */
	#hasRevoked: boolean | undefined;
	#due: Due | null = null;

	constructor(storage: DurableObjectStorage) {
		this.#storage = storage;
		this.#rows = new SqlRows(storage.sql);
		this.#table = new LazyTable(storage, "rows", definition, byAccount);
	}

	/** All that the verb writes, or nothing. It has to be synchronous: of an async one nothing is written. */
	transact<Result>(verb: (rows: LedgerRows) => Result): Result {
		const rows = new VerbRows(this);
		const result = verb(rows);
		const writes = rows.writes();
		try {
			// A single statement is a transaction by itself, and most verbs have not even that.
			if (writes.length > 1) this.#storage.transactionSync(() => carryOut(writes));
			else carryOut(writes);
		} catch (error) {
			this.forget();
			throw error;
		}
		return result;
	}

	/** Drops what is remembered of the storage: after a write that failed, and after `deleteAll()`. */
	forget(): void {
		this.#table.forget();
		this.#kept.clear();
		this.#counts.clear();
		this.#hasRevoked = undefined;
		this.#due = null;
	}

	/** When the rows that were put since the last time want the alarm. */
	takeDue(): Due | null {
		const due = this.#due;
		this.#due = null;
		return due;
	}

	get<Kind extends RowKind>(kind: Kind, id: string): RowBodies[Kind] | null {
		return this.#row(kind, id)?.body ?? null;
	}

	find<Kind extends RowKind>(kind: Kind, lookup: string): RowBodies[Kind] | null {
		if (!this.#table.exists()) return null;
		const id = this.#kept.idOf(kind, lookup);
		const known = id === undefined ? null : this.#row(kind, id);
		if (known?.lookup === lookup) return known.body;
		const row = this.#rows.look(kind, lookup);
		if (row) this.#kept.keep(kind, row.id, row);
		return row && row.body;
	}

	put<Kind extends RowKind>(
		kind: Kind,
		id: string,
		lookup: string | null,
		body: RowBodies[Kind],
		purgeAt: Seconds | null,
	): void {
		this.#table.make();
		if (kind === "revoked_token") this.#hasRevoked = true;
		const row = written(body);
		const known = this.#kept.get(kind, id);
		const isNew = !known && this.#rows.add(kind, id, lookup, row, purgeAt);
		const isAsFound = known?.lookup === lookup && isSame(whoseOf(known.body), whoseOf(body));
		if (isAsFound && known.purgeAt === purgeAt) this.#rows.rewrite(kind, id, row);
		else if (isAsFound) this.#rows.renew(kind, id, row, purgeAt);
		else if (!isNew) this.#rows.write(kind, id, lookup, row, purgeAt);
		this.#kept.keep(kind, id, { id, lookup, body, length: row.text.length, purgeAt });
		const count = this.#counts.get(kind);
		if (isNew && count !== undefined) this.#counts.set(kind, count + 1);
		if (purgeAt !== null && (this.#due === null || purgeAt < this.#due.at)) this.#due = dueOf(kind, purgeAt);
	}

	delete(kind: RowKind, id: string): void {
		if (!this.#table.exists()) return;
		const isGone = this.#rows.delete(kind, id);
		this.#kept.keep(kind, id, null);
		const count = this.#counts.get(kind);
		if (isGone && count !== undefined) this.#counts.set(kind, count - 1);
	}

	list<Kind extends RowKind>(kind: Kind, after: string, of?: Whose): Iterable<RowBodies[Kind]> {
		return this.#table.exists() ? this.#rows.list(kind, after, of) : [];
	}

	listUnder<Kind extends RowKind>(kind: Kind, lookup: string): Iterable<RowBodies[Kind]> {
		return this.#table.exists() ? this.#rows.listUnder(kind, lookup) : [];
	}

	count(kind: RowKind): number {
		if (!this.#table.exists()) return 0;
		const count = this.#counts.get(kind) ?? this.#rows.count(kind);
		this.#counts.set(kind, count);
		return count;
	}

	clear(): void {
		this.#counts.clear();
		this.#kept.clear();
		this.#hasRevoked = undefined;
		if (!this.#table.exists()) return;
		this.#rows.clear();
		// The alarm finds nothing, and lets the storage go.
		this.#due = { at: 1, grid: 1 };
	}

	purge(now: Seconds): void {
		if (!this.#table.exists() || !this.#rows.purge(now)) return;
		this.#counts.clear();
		this.#kept.clear();
		this.#hasRevoked = undefined;
	}

	#row<Kind extends RowKind>(kind: Kind, id: string): Row<Kind> | null {
		if (!this.#table.exists() || (kind === "revoked_token" && !this.#isAnyRevoked())) return null;
		const known = this.#kept.get(kind, id);
		if (known !== undefined) return known;
		const row = this.#rows.read(kind, id);
		this.#kept.keep(kind, id, row);
		return row;
	}

	#isAnyRevoked(): boolean {
		return (this.#hasRevoked ??= this.#rows.hasAny("revoked_token"));
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

function isSame(one: Whose, other: Whose): boolean {
	return one.accountId === other.accountId && one.party === other.party;
}

function carryOut(writes: readonly (() => void)[]): void {
	for (const write of writes) write();
}

/** Nobody waits for a purge; a verdict that a crash left uncopied is waited for in the console, and a logout by a client. */
function dueOf(kind: RowKind, at: Seconds): Due {
	return { at, grid: kind === "key" || kind === "logout" ? 60 : 600 };
}
