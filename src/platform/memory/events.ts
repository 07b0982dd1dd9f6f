import type { Event, EventColumn, EventType } from "../../domain/event.ts";
import type { Events } from "../../domain/ports/events.ts";
import type { Found, Search } from "../../domain/search.ts";
import type { Seconds } from "../../domain/brands.ts";
import { searchRows } from "./search-rows.ts";
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

	async put(event: Event): Promise<void> {
		this.table.add(event);
	}

	async search(search: Search<EventColumn>, type: EventType | null): Promise<Found<Event>> {
		const rows = this.table.where((event) => type === null || event.type === type);
		return searchRows(
			rows,
			({ id, accountId, type: eventType, environment, occurredAt, receivedAt, body }) => ({
				at: occurredAt,
				id,
				accountId,
				body,
				columns: { id, type: eventType, environment, occurred_at: occurredAt, received_at: receivedAt },
			}),
			search,
		);
	}

	async remove(accountId: string, type: EventType, id: string): Promise<"removed" | "unknown"> {
		const event = this.table.get(id);
		if (event?.accountId !== accountId || event.type !== type) return "unknown";
		this.table.deleteWhere((each) => each.id === id);
		return "removed";
	}

	async purge(receivedBefore: Seconds): Promise<void> {
		this.table.deleteWhere((event) => event.receivedAt < receivedBefore);
	}
}
