import type { Seconds } from "./brands.ts";

/** An event as it was sent, with what it is found by. */
export interface Event {
	readonly id: string;
	readonly accountId: string;
	/** A change event (contract 002) is put by whoever may, an event is sent to an environment. */
	readonly type: EventType;
	/** Empty for a change event, which is of no environment. */
	readonly environmentId: string;
	/** `workspace/name` as it was called then; empty for a change event. */
	readonly environment: string;
	readonly receivedAt: Seconds;
	/** When it happened, as epoch milliseconds; the time of receipt where the sender did not say. */
	readonly occurredAt: number;
	/** As JSON text. */
	readonly body: string;
}

/** As it was sent to an environment, and read. */
export interface SentEvent {
	/** Epoch milliseconds; null where the sender did not say. */
	readonly occurredAt: number | null;
	/** As JSON text. */
	readonly body: string;
	/** What one that is sent again has as well, so that it stays one; null where each is meant. */
	readonly sameAs: string | null;
}

/** As it is found again. `body` is null where what was stored cannot be read. */
export type StoredEvent = Omit<Event, "body"> & { readonly body: string | null };

const eventTypes = ["event", "change_event"] as const;

export type EventType = (typeof eventTypes)[number];

/** What a search of events may ask for, beside the members of their bodies. `occurred_at` is in milliseconds. */
export type EventColumn = "id" | "type" | "environment" | "occurred_at" | "received_at";
