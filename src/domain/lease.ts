import type { Milliseconds, Seconds } from "./brands.ts";

// What a ledger and its replicas say to each other (Gray and Cheriton, "Leases", 1989), and what the ledger keeps of it.

/** Who may hold leases: one incarnation of a replica. The object of the same name may be another by now. */
export interface Holder {
	/** The object's name. */
	readonly replica: string;
	/** Random at its birth. */
	readonly instance: string;
}

/** How often a ledger has recalled. What was read before is older. */
export type Version = number;

export interface Lease {
	readonly version: Version;
	/** By the replica's own clock, from before it asked. */
	readonly span: Milliseconds;
}

export interface Recall {
	readonly to: Holder;
	readonly version: Version;
}

/** A holder's row: it is written before the first grant that it covers, and covers those that follow for a while. */
export interface StoredHolder extends Holder {
	readonly until: Milliseconds;
	readonly version: Version;
}

/** The row of a change that somebody had to be told of, written with the change. */
export interface StoredRecall {
	readonly version: Version;
	/** Their names (lease-view.ts). */
	readonly rows: readonly string[];
	readonly at: Milliseconds;
}

export type StoredLease =
	| { readonly kind: "holder"; readonly id: string; readonly body: StoredHolder; readonly purgeAt: Seconds }
	| { readonly kind: "recall"; readonly id: string; readonly body: StoredRecall; readonly purgeAt: Seconds };

/** How long a ledger waits for a holder that does not answer, by its own clock. */
export const leaseSpan: Milliseconds = 10_000;

/** By how much a clock may go faster or slower than it should. What corrects clocks moves them by a twentieth of it. */
const drift = 0.01;

/** How long a replica makes use of a lease. No clock is compared with another: each of both may be off by {@link drift}. */
export const replicaSpan: Milliseconds = Math.floor((leaseSpan * (1 - drift)) / (1 + drift));
