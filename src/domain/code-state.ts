import type { Hash, Seconds } from "./brands.ts";

/** An access code, as far as a check needs it. */
export interface CodeState {
	readonly id: string;
	readonly hash: Hash;
	readonly enabled: boolean;
	readonly createdAt: Seconds;
	readonly expiresAt: Seconds;
	/** To the minute; absent until it was used. It is the ledger's alone: writing it does not raise `rev` (DESIGN §8). */
	readonly lastUsedAt?: Seconds;
	/** By which code, and since when; absent until then. */
	readonly replaced?: { readonly by: string; readonly at: Seconds };
}
