import type { Seconds } from "../brands.ts";
import type { Event, EventColumn, EventType, StoredEvent } from "../event.ts";
import type { Found, Search } from "../search.ts";

/** Kept apart from the register, so that their volume does not slow it. */
export interface Events {
	/** All or none. */
	add(events: readonly Event[]): Promise<void>;
	/** Adds it unless its id is there: a PUT that is sent again makes no second one. */
	put(event: Event): Promise<void>;
	/**
	 * By `occurredAt`, the newest first. One call looks at a bounded number of rows, so that no filter makes a long one;
	 * `type` narrows down which these are.
	 */
	search(search: Search<EventColumn>, type: EventType | null): Promise<Found<StoredEvent>>;
	find(accountId: string, id: string): Promise<StoredEvent | null>;
	remove(accountId: string, type: EventType, id: string): Promise<"removed" | "unknown">;
	/** Deletes all of an account, in slices. */
	forget(accountId: string): Promise<void>;
	/** Deletes what was received before, in slices; what there was no time for is left for the next time. */
	purge(receivedBefore: Seconds): Promise<void>;
}
