import type { LedgerRows, RowBodies, RowKind } from "../../domain/ledger.ts";
import type { Seconds } from "../../domain/brands.ts";

interface Row {
	readonly kind: RowKind;
	readonly id: string;
	readonly lookup: string | null;
	/** JSON text, as a database would keep it: nobody holds on to what is stored. */
	readonly body: string;
	readonly purgeAt: Seconds | null;
}

/** The rows of a ledger in memory. */
export class MapRows implements LedgerRows {
	readonly #rows = new Map<string, Row>();
	readonly #ids = new Map<string, string>();
	readonly #counts = new Map<RowKind, number>();
	/** What stood before each write of the transaction that is under way. */
	#undo: { key: string; row: Row | null }[] = [];
	/** No row is due before. */
	#leastPurgeAt = Infinity;

	/** All that the closure writes, or nothing. */
	transact<Result>(closure: () => Result): Result {
		this.#undo = [];
		try {
			return closure();
		} catch (error) {
			for (const { key, row } of this.#undo.splice(0).toReversed()) this.#set(key, row);
			throw error;
		}
	}

	get<Kind extends RowKind>(kind: Kind, id: string): RowBodies[Kind] | null {
		const row = this.#rows.get(name(kind, id));
		return row ? JSON.parse(row.body) : null;
	}

	find<Kind extends RowKind>(kind: Kind, lookup: string): RowBodies[Kind] | null {
		const id = this.#ids.get(name(kind, lookup));
		return id === undefined ? null : this.get(kind, id);
	}

	put<Kind extends RowKind>(
		kind: Kind,
		id: string,
		lookup: string | null,
		body: RowBodies[Kind],
		purgeAt: Seconds | null,
	): void {
		this.#set(name(kind, id), { kind, id, lookup, body: JSON.stringify(body), purgeAt });
	}

	delete(kind: RowKind, id: string): void {
		this.#set(name(kind, id), null);
	}

	*list<Kind extends RowKind>(kind: Kind, after: string): Iterable<RowBodies[Kind]> {
		const rows = [...this.#rows.values()].filter((row) => row.kind === kind && row.id > after);
		for (const row of rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))) yield JSON.parse(row.body);
	}

	count(kind: RowKind): number {
		return this.#counts.get(kind) ?? 0;
	}

	purge(now: Seconds): void {
		if (now < this.#leastPurgeAt) return;
		this.#leastPurgeAt = Infinity;
		for (const [key, { kind, purgeAt }] of this.#rows) {
			if (kind === "key" || purgeAt === null) continue;
			if (purgeAt <= now) this.#set(key, null);
			else this.#leastPurgeAt = Math.min(this.#leastPurgeAt, purgeAt);
		}
	}

	isEmpty(): boolean {
		return this.#rows.size === 0;
	}

	#set(key: string, row: Row | null): void {
		const before = this.#rows.get(key) ?? null;
		this.#undo.push({ key, row: before });
		if (before) this.#forget(key, before);
		if (row) this.#keep(key, row);
	}

	#forget(key: string, row: Row): void {
		this.#rows.delete(key);
		this.#counts.set(row.kind, this.count(row.kind) - 1);
		if (row.lookup !== null) this.#ids.delete(name(row.kind, row.lookup));
	}

	#keep(key: string, row: Row): void {
		this.#rows.set(key, row);
		this.#counts.set(row.kind, this.count(row.kind) + 1);
		if (row.lookup !== null) this.#ids.set(name(row.kind, row.lookup), row.id);
		if (row.purgeAt !== null) this.#leastPurgeAt = Math.min(this.#leastPurgeAt, row.purgeAt);
	}
}

function name(kind: RowKind, text: string): string {
	return `${kind} ${text}`;
}
