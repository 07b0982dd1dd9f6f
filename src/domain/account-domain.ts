import type { Seconds } from "./brands.ts";

/**
 * A domain of e-mail addresses that an account says is its own. Several may say so of one; it counts for one at most, who has shown
 * it.
 */
export interface AccountDomain {
	readonly accountId: string;
	/** As DNS has it: lower case, ASCII, without a dot at its end. */
	readonly domain: string;
	/** Where people with such an address are led to sign in; null: nowhere else. */
	readonly providerId: string | null;
	/** What a TXT record has to say. It is of this account and this domain alone, and no secret. */
	readonly challenge: string;
	/** Null while it counts for nothing. */
	readonly verified: { readonly at: Seconds; readonly by: "dns" | "operator" } | null;
}
