import type { Seconds } from "./brands.ts";
import type { LedgerRows, RowBodies, RowKind } from "./ledger-rows.ts";
import type { Whose } from "./whose.ts";
import {
	everyRow,
	inFewWords,
	isChange,
	isLeasedKind,
	isLendable,
	leasedKinds,
	type LentRow,
	lookupName,
	type RowName,
	rowName,
} from "./lease-view.ts";
import { sessionLookup } from "./session.ts";

/**
 * The rows of a ledger during one verb, with a note of what it read and changed: what a replica may be lent, and what those who were
 * lent it have to be told. A row is read before it is changed, so that this is for ledgers alone that somebody leases.
 */
export class TrackedRows implements LedgerRows {
	readonly #touched = new Set<RowName>();
	readonly #changed = new Set<RowName>();
	readonly #rows: LedgerRows;
	/** Of the kinds that are leased, as they are now. */
	readonly #met = new Map<RowName, LentRow>();

	constructor(rows: LedgerRows) {
		this.#rows = rows;
	}

	get touched(): readonly RowName[] {
		return inFewWords(this.#touched);
	}

	get changed(): readonly RowName[] {
		return inFewWords(this.#changed);
	}

	lendable(): readonly LentRow[] {
		return [...this.#met.values()].filter(({ kind, body }) => isLendable(kind, body));
	}

	get<Kind extends RowKind>(kind: Kind, id: string): RowBodies[Kind] | null {
		const body = this.#rows.get(kind, id);
		this.#meet(kind, id, body);
		return body;
	}

	find<Kind extends RowKind>(kind: Kind, lookup: string): RowBodies[Kind] | null {
		const body = this.#rows.find(kind, lookup);
		if (isLeasedKind(kind)) this.#touched.add(lookupName(kind, lookup));
		// Sessions alone are found so, and each has its id in it.
		if (body && "sessionId" in body) this.#meet(kind, body.sid, body);
		return body;
	}

	put<Kind extends RowKind>(
		kind: Kind,
		id: string,
		lookup: string | null,
		body: RowBodies[Kind],
		purgeAt: Seconds | null,
	): void {
		this.#change(kind, id, body);
		this.#rows.put(kind, id, lookup, body, purgeAt);
	}

	delete(kind: RowKind, id: string): void {
		this.#change(kind, id, null);
		this.#rows.delete(kind, id);
	}

	*list<Kind extends RowKind>(kind: Kind, after: string, of?: Whose): Iterable<RowBodies[Kind]> {
		if (isLeasedKind(kind)) this.#touched.add(everyRow(kind));
		yield* this.#rows.list(kind, after, of);
	}

	*listUnder<Kind extends RowKind>(kind: Kind, lookup: string): Iterable<RowBodies[Kind]> {
		if (isLeasedKind(kind)) this.#touched.add(everyRow(kind));
		yield* this.#rows.listUnder(kind, lookup);
	}

	count(kind: RowKind): number {
		if (isLeasedKind(kind)) this.#touched.add(everyRow(kind));
		return this.#rows.count(kind);
	}

	clear(): void {
		for (const kind of leasedKinds) {
			this.#touched.add(everyRow(kind));
			this.#changed.add(everyRow(kind));
		}
		this.#met.clear();
		this.#rows.clear();
	}

	/** No change: whoever judges a row that is due finds by itself that it is over. */
	purge(now: Seconds): void {
		this.#rows.purge(now);
	}

	#change<Kind extends RowKind>(kind: Kind, id: string, after: RowBodies[Kind] | null): void {
		if (!isLeasedKind(kind)) return;
		const name = rowName(kind, id);
		const before = this.#met.get(name)?.body ?? this.#rows.get(kind, id);
		if (isChange(kind, before, after)) {
			this.#changed.add(name);
			const lookup = lookupOf(kind, before);
			if (lookup !== null) this.#changed.add(lookupName(kind, lookup));
		}
		this.#meet(kind, id, after);
	}

	#meet(kind: RowKind, id: string, body: RowBodies[RowKind] | null): void {
		if (!isLeasedKind(kind)) return;
		const name = rowName(kind, id);
		this.#touched.add(name);
		// Of its own kind, as the caller's type has it.
		this.#met.set(name, { kind, id, lookup: lookupOf(kind, body), body } as LentRow);
	}
}

function lookupOf(kind: RowKind, body: RowBodies[RowKind] | null): string | null {
	return kind === "session" && body && "sessionId" in body ? sessionLookup(body) : null;
}
