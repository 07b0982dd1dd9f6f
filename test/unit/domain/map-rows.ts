import { Ledger } from "../../../src/domain/ledger.ts";
import { type LedgerRows, type RowBodies, type RowKind } from "../../../src/domain/ledger-rows.ts";
import type { Whose } from "../../../src/domain/whose.ts";
import type { Seconds } from "../../../src/domain/brands.ts";

interface Row {
	readonly lookup: string | null;
	/** JSON text, as a store keeps it: what does not survive the round trip is lost here too. */
	readonly text: string;
	readonly purgeAt: Seconds | null;
}

/** The least that satisfies {@link LedgerRows}, for rules alone: the real stores have tests of their own. */
export class MapRows implements LedgerRows {
	readonly #kinds = new Map<RowKind, Map<string, Row>>();
	/** How often anything was put: each is a committed write, which costs more than the rest of a verb. */
	writes = 0;

	get<Kind extends RowKind>(kind: Kind, id: string): RowBodies[Kind] | null {
		return body(kind, this.#of(kind).get(id));
	}

	find<Kind extends RowKind>(kind: Kind, lookup: string): RowBodies[Kind] | null {
		return body(
			kind,
			[...this.#of(kind).values()].find((row) => row.lookup === lookup),
		);
	}

	put<Kind extends RowKind>(
		kind: Kind,
		id: string,
		lookup: string | null,
		content: RowBodies[Kind],
		purgeAt: Seconds | null,
	): void {
		this.writes++;
		this.#of(kind).set(id, { lookup, text: JSON.stringify(content), purgeAt });
	}

	delete(kind: RowKind, id: string): void {
		this.#of(kind).delete(id);
	}

	*list<Kind extends RowKind>(kind: Kind, after: string, { accountId, party }: Whose = {}): Iterable<RowBodies[Kind]> {
		for (const [id, row] of [...this.#of(kind)].toSorted(byId)) {
			const read = JSON.parse(row.text);
			const isTheirs = party === undefined || party === (read.clientId ?? read.credential);
			if (id > after && isTheirs && (accountId === undefined || accountId === read.accountId)) yield read;
		}
	}

	*listUnder<Kind extends RowKind>(kind: Kind, lookup: string): Iterable<RowBodies[Kind]> {
		for (const [, row] of [...this.#of(kind)].toSorted(byId)) {
			if (row.lookup?.startsWith(lookup === "" ? "" : `${lookup} `)) yield JSON.parse(row.text);
		}
	}

	count(kind: RowKind): number {
		return this.#of(kind).size;
	}

	clear(): void {
		for (const kind of this.#kinds.keys()) if (kind !== "holder" && kind !== "recall") this.#kinds.delete(kind);
	}

	purge(now: Seconds): void {
		for (const [kind, rows] of this.#kinds) {
			if (kind === "key" || kind === "logout") continue;
			for (const [id, row] of rows) if (row.purgeAt !== null && row.purgeAt <= now) rows.delete(id);
		}
	}

	/** The ledger as it is at one instant. */
	at(now: Seconds): Ledger {
		return new Ledger(this, now);
	}

	purgeAt(kind: RowKind, id: string): Seconds | null | undefined {
		return this.#of(kind).get(id)?.purgeAt;
	}

	/** All that is stored: two equal texts are two equal ledgers. */
	text(): string {
		return JSON.stringify([...this.#kinds].map(([kind, rows]) => [kind, [...rows].toSorted(byId)]));
	}

	/** One row as it is stored. */
	rowText(kind: RowKind, id: string): string | undefined {
		return this.#of(kind).get(id)?.text;
	}

	#of(kind: RowKind): Map<string, Row> {
		const rows = this.#kinds.get(kind) ?? new Map<string, Row>();
		this.#kinds.set(kind, rows);
		return rows;
	}
}

function body<Kind extends RowKind>(_: Kind, row: Row | undefined): RowBodies[Kind] | null {
	return row ? JSON.parse(row.text) : null;
}

function byId([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
	return a < b ? -1 : 1;
}
