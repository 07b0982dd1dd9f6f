import type { Seconds } from "../../domain/brands.ts";
import type { LedgerRows, RowBodies, RowKind } from "../../domain/ledger-rows.ts";
import type { Whose } from "../../domain/whose.ts";

/**
 * The rows as one verb sees them, what it has written among them. It is carried out once the verb has returned: so one that throws
 * has written nothing, and one that only read has cost no transaction. A verb lists, counts and looks up rows of a kind before it
 * writes any of them.
 */
export class VerbRows implements LedgerRows {
	readonly #rows: LedgerRows;
	/** By kind and id. */
	readonly #changes = new Map<string, Change>();
	#isCleared = false;

	constructor(rows: LedgerRows) {
		this.#rows = rows;
	}

	/** In this order, each of them one statement. */
	writes(): readonly (() => void)[] {
		const rows = this.#rows;
		const changes = Array.from(this.#changes.values(), ({ kind, id, row }) =>
			row ? () => rows.put(kind, id, row.lookup, row.body, row.purgeAt) : () => rows.delete(kind, id),
		);
		return this.#isCleared ? [() => rows.clear(), ...changes] : changes;
	}

	get<Kind extends RowKind>(kind: Kind, id: string): RowBodies[Kind] | null {
		const change = this.#changes.get(`${kind} ${id}`) as Change<Kind> | undefined;
		if (change) return change.row && change.row.body;
		return this.#isCleared ? null : this.#rows.get(kind, id);
	}

	find<Kind extends RowKind>(kind: Kind, lookup: string): RowBodies[Kind] | null {
		return this.#asStored(kind).find(kind, lookup);
	}

	put<Kind extends RowKind>(
		kind: Kind,
		id: string,
		lookup: string | null,
		body: RowBodies[Kind],
		purgeAt: Seconds | null,
	): void {
		this.#change({ kind, id, row: { lookup, body, purgeAt } });
	}

	delete(kind: RowKind, id: string): void {
		this.#change({ kind, id, row: null });
	}

	list<Kind extends RowKind>(kind: Kind, after: string, of?: Whose): Iterable<RowBodies[Kind]> {
		return this.#asStored(kind).list(kind, after, of);
	}

	listUnder<Kind extends RowKind>(kind: Kind, lookup: string): Iterable<RowBodies[Kind]> {
		return this.#asStored(kind).listUnder(kind, lookup);
	}

	count(kind: RowKind): number {
		return this.#asStored(kind).count(kind);
	}

	clear(): void {
		this.#changes.clear();
		this.#isCleared = true;
	}

	/** At once, whatever becomes of the verb: what is due has no say in it. */
	purge(now: Seconds): void {
		this.#rows.purge(now);
	}

	/** The last one, and last of all: what takes another's lookup comes after that other went. */
	#change(change: Change): void {
		const name = `${change.kind} ${change.id}`;
		this.#changes.delete(name);
		this.#changes.set(name, change);
	}

	#asStored(kind: RowKind): LedgerRows {
		const isWritten = this.#isCleared || this.#changes.values().some((change) => change.kind === kind);
		if (isWritten) throw new Error(`A verb reads all of its rows of kind ${kind} before it writes one`);
		return this.#rows;
	}
}

interface Change<Kind extends RowKind = RowKind> {
	readonly kind: Kind;
	readonly id: string;
	/** Null where it is deleted. */
	readonly row: {
		readonly lookup: string | null;
		readonly body: RowBodies[Kind];
		readonly purgeAt: Seconds | null;
	} | null;
}
