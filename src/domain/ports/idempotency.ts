import type { Sealed, Seconds } from "../brands.ts";

/** The first request with an `Idempotency-Key`, as it stands. */
export interface FirstRequest {
	readonly kind: "first";
	/** Whose answer it is. */
	readonly turn: string;
	/** What it asked, as a hash that only this deployment can make. */
	readonly fingerprint: string;
	/** Null while nobody knows how it ended. */
	readonly answer: Sealed | null;
	readonly startedAt: Seconds;
}

/** Whose turn it is to run the request of an `Idempotency-Key`, and what that came to. */
export interface IdempotencyKeys {
	/**
	 * Takes the turn where nobody has it: where the key is new, or the first request began before `forgotten`; and where one with the
	 * same fingerprint began before `brokenOff` and has no answer, null for not then: with the nonce of that one. Else it answers with the
	 * first request.
	 */
	begin(
		id: string,
		turn: { readonly id: string; readonly nonce: string; readonly fingerprint: string; readonly at: Seconds },
		before: { readonly forgotten: Seconds; readonly brokenOff: Seconds | null },
	): Promise<{ readonly kind: "begun"; readonly nonce: string } | FirstRequest>;
	/** For whoever has the turn still. */
	keep(id: string, turn: string, answer: Sealed): Promise<void>;
	/** The key is as if it were never sent. For whoever has the turn still. */
	release(id: string, turn: string): Promise<void>;
	/** As if the run had begun then: its end is not known, and will not be. For whoever has the turn still. */
	breakOff(id: string, turn: string, at: Seconds): Promise<void>;
	/** Removes those that began before. */
	purge(before: Seconds): Promise<void>;
}
