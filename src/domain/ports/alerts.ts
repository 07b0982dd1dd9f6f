import type { Acknowledgement, AlertKind, Sighting, Alert } from "../alert.ts";
import type { Found, Search } from "../search.ts";
import type { SubjectId } from "../subject.ts";
import type { ApiKeyState } from "../api-key-state.ts";
import type { Seconds } from "../brands.ts";

/** What a search of alerts may ask for, beside the members of their detail. Times are in seconds. */
export type AlertColumn = "id" | "kind" | "subject" | "target" | "count" | "first_at" | "last_at";

/** Of which kind, and whether they are acknowledged; null is either. */
export interface AlertFilter {
	readonly kind: AlertKind | null;
	readonly acknowledged: boolean | null;
}

export interface Alerts {
	/** Counts: makes the row of its hour, or raises its count, by the sighting's. A kind that is told of once a day is not counted twice. */
	/** Answers with those that made their row. */
	raise(sightings: readonly Sighting[]): Promise<readonly Sighting[]>;
	/** By the time when each was first seen, the newest first: a count that rises moves none of them. */
	search(search: Search<AlertColumn>, filter: AlertFilter): Promise<Found<Alert>>;
	/** Whether that changed anything: not where it was acknowledged already, by whomever. The alert, or null where there is none. */
	acknowledge(accountId: string, id: string, by: Acknowledgement): Promise<Acknowledged | null>;
	/** Takes an acknowledgement back. */
	reopen(accountId: string, id: string): Promise<Acknowledged | null>;
	/** Those of a kind, or (null) of all, that are new and were first seen by an instant. Answers with how many. */
	acknowledgeAll(accountId: string, kind: AlertKind | null, seenBy: Seconds, by: Acknowledgement): Promise<number>;
	/** How many nobody has acknowledged. */
	countNew(accountId: string): Promise<number>;
	/** Deletes all of an account. */
	forget(accountId: string): Promise<void>;
	/** Deletes what was last seen before. */
	purge(seenBefore: Seconds): Promise<void>;
}

interface Acknowledged {
	readonly alert: Alert;
	readonly changed: boolean;
}

/** A key's verdict as the register has it, perhaps a moment old, with the names that people gave. */
export interface ApiKeyCopy {
	readonly keyId: SubjectId;
	readonly verdict: ApiKeyState;
	readonly name: string;
	/** By code id. */
	readonly descriptions: Readonly<Record<string, string>>;
}

/** When a code of a key ends, or the key. Of what ends at once it stands for all. */
export interface CodeEnd {
	readonly endsAt: Seconds;
	readonly keyId: string;
}

/** The copies that the keys' ledgers leave in the register: for alerts, never for a decision. */
export interface ApiKeyCopies {
	find(keyId: SubjectId): Promise<ApiKeyCopy | null>;
	/** Codes and keys that are good and end before an instant, by their keys, in the order of their ends: from the one after `after`. */
	expiring(before: Seconds, after: CodeEnd, limit: number): Promise<readonly (ApiKeyCopy & CodeEnd)[]>;
}
