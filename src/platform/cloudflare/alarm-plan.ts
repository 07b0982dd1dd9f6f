import type { Seconds } from "../../domain/brands.ts";

/**
 * When an object's alarm rings. Setting it costs a third of a committed write (DESIGN §3.9): so it rings on a grid, and is
 * set only when it has to ring earlier than it would.
 */
export class AlarmPlan {
	readonly #storage: DurableObjectStorage;
	/** Epoch milliseconds; undefined until it was read. */
	#ringsAt: number | null | undefined;

	constructor(storage: DurableObjectStorage) {
		this.#storage = storage;
	}

	/** To be called before a write, so that nothing is awaited between the write and {@link ringAfter}: both commit or neither. */
	async load(): Promise<void> {
		if (this.#ringsAt === undefined) this.#ringsAt = await this.#storage.getAlarm();
	}

	async ringAfter(due: Seconds, grid: Seconds): Promise<void> {
		const ringsAt = Math.ceil(due / grid) * grid * 1000;
		if (typeof this.#ringsAt === "number" && this.#ringsAt <= ringsAt) return;
		this.#ringsAt = ringsAt;
		await this.#storage.setAlarm(ringsAt);
	}

	/** The alarm has rung, or went with the storage. */
	clear(): void {
		this.#ringsAt = null;
	}
}
