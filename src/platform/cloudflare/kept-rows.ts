import type { RowKind } from "../../domain/ledger-rows.ts";
import type { Row } from "../sql/sql-rows.ts";

/** An isolate has memory for many objects (128 MB), and each of them asks for the same few rows again and again. */
const most = 100;
/** In characters: a session that opens all of a large API has 20,000, and is read each time. */
const longest = 4000;

/** The rows that an object read or wrote last, parsed: what it writes they are given, and nobody else writes. */
export class KeptRows {
	/** Null: it is known that there is none. The one that was asked for longest ago stands first. */
	readonly #rows = new Map<string, Row | null>();
	/** What a row was last found by: to be compared, since it may have another lookup now. */
	readonly #ids = new Map<string, string>();

	/** Undefined where nothing is known. */
	get<Kind extends RowKind>(kind: Kind, id: string): Row<Kind> | null | undefined {
		const name = `${kind} ${id}`;
		const row = this.#rows.get(name) as Row<Kind> | null | undefined;
		if (row !== undefined) bring(this.#rows, name, row);
		return row;
	}

	idOf(kind: RowKind, lookup: string): string | undefined {
		return this.#ids.get(`${kind} ${lookup}`);
	}

	keep(kind: RowKind, id: string, row: Row | null): void {
		if (row && row.length > longest) this.#rows.delete(`${kind} ${id}`);
		else bring(this.#rows, `${kind} ${id}`, row);
		if (row?.lookup) bring(this.#ids, `${kind} ${row.lookup}`, id);
	}

	clear(): void {
		this.#rows.clear();
		this.#ids.clear();
	}
}

/** To the end; the one in front goes where there are too many. */
function bring<Value>(map: Map<string, Value>, name: string, value: Value): void {
	map.delete(name);
	map.set(name, value);
	if (map.size > most) for (const first of map.keys()) return void map.delete(first);
}
