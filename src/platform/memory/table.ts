/**
 * A table in memory: rows by primary key, with unique columns and references, so that what D1 refuses is refused here
 * too. Rows are cloned on their way in and out.
 */
export class Table<Row extends object> {
	readonly #rows = new Map<string, Row>();
	readonly #name: string;
	readonly #rules: Rules<Row>;

	constructor(name: string, rules: Rules<Row>) {
		this.#name = name;
		this.#rules = rules;
	}

	get(key: string): Row | null {
		return structuredClone(this.#rows.get(key) ?? null);
	}

	has(key: string): boolean {
		return this.#rows.has(key);
	}

	where(matches: (row: Row) => boolean): Row[] {
		return structuredClone([...this.#rows.values()].filter((row) => matches(row)));
	}

	insert(row: Row): void {
		const key = this.#rules.key(row);
		if (this.#rows.has(key)) throw new Error(`UNIQUE constraint failed: ${this.#name}`);
		for (const unique of this.#rules.unique ?? []) {
			const value = unique(row);
			if (this.where((each) => unique(each) === value).length > 0)
				throw new Error(`UNIQUE constraint failed: ${this.#name}`);
		}
		for (const reference of this.#rules.references ?? []) {
			if (!reference(row)) throw new Error(`FOREIGN KEY constraint failed: ${this.#name}`);
		}
		this.#rows.set(key, structuredClone(row));
	}

	/** Unless a row with its key is there. */
	add(row: Row): void {
		if (!this.#rows.has(this.#rules.key(row))) this.insert(row);
	}

	set(row: Row): void {
		this.#rows.set(this.#rules.key(row), structuredClone(row));
	}

	deleteWhere(matches: (row: Row) => boolean): void {
		for (const [key, row] of this.#rows) if (matches(row)) this.#rows.delete(key);
	}

	snapshot(): () => void {
		const before = new Map(this.#rows);
		return () => {
			this.#rows.clear();
			for (const [key, row] of before) this.#rows.set(key, row);
		};
	}
}

export interface Rules<Row> {
	readonly key: (row: Row) => string;
	readonly unique?: readonly ((row: Row) => string)[];
	readonly references?: readonly ((row: Row) => boolean)[];
}
