/** A write that the ledger has made. Instants are the numbers of events, of which no two are one. */
export interface Write {
	readonly invokedAt: number;
	/** Never, where its answer was lost. */
	answeredAt: number;
}

/** What somebody saw of a row: a value, or that it was this one and is not any more. */
export interface Seen {
	readonly row: string;
	readonly value: string;
	readonly isPast?: boolean;
}

interface Read {
	/** How many writes had been made, at least and at most, by what was seen. */
	readonly least: number;
	readonly most: number;
	readonly invokedAt: number;
	readonly answeredAt: number;
}

/** What was done to one row, and seen of it. */
export class History {
	/** In the order in which the ledger wrote them, each of them another. */
	readonly #values: string[];
	readonly #writes: Write[] = [];
	readonly #reads: Read[] = [];

	constructor(first: string) {
		this.#values = [first];
	}

	/** Null where it is so already. */
	write(value: string, invokedAt: number): Write | null {
		if (value === this.#values.at(-1)) return null;
		const write = { invokedAt, answeredAt: Number.POSITIVE_INFINITY };
		this.#values.push(value);
		this.#writes.push(write);
		return write;
	}

	read({ value, isPast = false }: Seen, invokedAt: number, answeredAt: number): void {
		const index = this.#values.indexOf(value);
		const [least, most] = isPast ? [index + 1, Number.POSITIVE_INFINITY] : [index, index];
		this.#reads.push({ least, most, invokedAt, answeredAt });
	}

	/**
	 * Whether there is an instant for each write and each read, between its question and its answer, by which every read tells of
	 * the writes before it and of no other (Herlihy and Wing, 1990). With the order of the writes known, that is so where none has to come
	 * after an event that it has to come before.
	 */
	isLinearizable(): boolean {
		return this.#writes.every((_, index) => this.#notBefore(index) < this.#notAfter(index));
	}

	#notBefore(index: number): number {
		const writes = this.#writes.slice(0, index + 1).map(({ invokedAt }) => invokedAt);
		const reads = this.#reads.filter(({ most }) => most <= index).map(({ invokedAt }) => invokedAt);
		return Math.max(...writes, ...reads);
	}

	#notAfter(index: number): number {
		const writes = this.#writes.slice(index).map(({ answeredAt }) => answeredAt);
		const reads = this.#reads.filter(({ least }) => least > index).map(({ answeredAt }) => answeredAt);
		return Math.min(...writes, ...reads);
	}
}
