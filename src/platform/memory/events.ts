import type { Event, Events } from "../../domain/ports.ts";
import type { Seconds } from "../../domain/words.ts";
import { Table } from "./table.ts";

export class MemoryEvents implements Events {
	readonly table = new Table<Event>("events", { key: ({ id }) => id });

	async add(events: readonly Event[]): Promise<void> {
		const undo = this.table.snapshot();
		try {
			for (const event of events) this.table.insert(event);
		} catch (error) {
			undo();
			throw error;
		}
	}

	async purge(receivedBefore: Seconds): Promise<void> {
		this.table.deleteWhere((event) => event.receivedAt < receivedBefore);
	}
}
