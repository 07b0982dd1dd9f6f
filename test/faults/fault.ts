/** What can be told to go wrong, between the Worker and a part of its storage. */
export type Part = "register" | "events" | "kv" | "ledger" | "limiter" | "key ring";

type Fault =
	/** Nothing was done. */
	| "fails"
	/** A second passes before anything is done. */
	| "is slow"
	/** It is done, and whoever asked does not hear of it. */
	| "loses the answer"
	/** Objects: more than it can take; the caller is not to ask again. */
	| "is overloaded"
	/** Objects: the instance goes down with the call. */
	| "resets before the write"
	| "resets after the write"
	/** KV: what it answered first it answers for ever. */
	| "is stale"
	| "has nothing"
	| "says 429";

export interface Order {
	readonly part: Part;
	readonly fault: Fault;
	/** How many calls go well before it. */
	readonly after: number;
	/** How many calls it meets; null: all, until the next order. */
	readonly calls: number | null;
}

/** Where a Worker of the tests takes an {@link Order}, or null, which ends it. Answers how many calls were met. */
export const orderPath = "/faults/order";
/** Rings the alarm of an object now: `?subject=`, and `?failures=`, how often it throws first. Answers how often it was run. */
export const alarmPath = "/faults/alarm";
