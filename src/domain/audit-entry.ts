import type { Seconds } from "./brands.ts";

/** Who did what to which credential, from where, when. Never a secret. */
export interface AuditEntry {
	readonly at: Seconds;
	/** Null where nobody in particular is concerned. */
	readonly accountId: string | null;
	/** A subject's or a client's id, or `anonymous`, `setup`, `system`. */
	readonly actor: string;
	/** `noun.verb`, such as `grant.opened`. */
	readonly action: string;
	/** The id of what it was done to. */
	readonly target: string;
	/** The client's network address, or null. */
	readonly address: string | null;
	readonly detail: Readonly<Record<string, string | number>>;
}
