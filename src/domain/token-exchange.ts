import type { Seconds } from "./brands.ts";
import { parseScope, type Scope } from "./scope.ts";

// RFC 8693: an access token in exchange for another, for whoever serves the API that this one was sent to.

/** RFC 8693 §3 */
export const accessTokenType = "urn:ietf:params:oauth:token-type:access_token";

/** RFC 8693 §4.1: who acts for the subject, and for whom they do so; the outermost is the one who acts now. */
export interface Act {
	readonly sub: string;
	readonly act?: Act;
}

/** A token that another was got in exchange for: it ends with that one, and with its client. */
interface Before {
	readonly jti: string;
	readonly clientId: string;
	readonly issuedAt: Seconds;
}

/** Of a token that was got in exchange. */
export interface Exchange {
	/** Null for one that a client got for its own: nobody acts but whom it was issued to anyway. */
	readonly act: Act | null;
	/** The latest first. */
	readonly before: readonly Before[];
	/** What was agreed to, of an API that an earlier one was for, and that one did not say: it does not come back. */
	readonly withheld: Scope;
}

export function exchangeClaims({ act, before, withheld }: Exchange) {
	return {
		...(act && { act }),
		exchanged_from: before.map(({ jti, clientId, issuedAt }) => ({ jti, client_id: clientId, iat: issuedAt })),
		...(withheld.length > 0 && { exchanged_without: withheld.join(" ") }),
	};
}

/** Of claims that we signed: null where the token was got by no exchange. */
export function readExchange(claims: Readonly<Record<string, unknown>>): Exchange | null {
	const { act, exchanged_from: from, exchanged_without: without = "" } = claims as SignedClaims;
	if (!from) return null;
	const before = from.map(({ jti, client_id: clientId, iat: issuedAt }) => ({ jti, clientId, issuedAt }));
	return { act: act ?? null, before, withheld: parseScope(without) ?? [] };
}

interface SignedClaims {
	readonly act?: Act;
	readonly exchanged_from?: readonly { readonly jti: string; readonly client_id: string; readonly iat: Seconds }[];
	readonly exchanged_without?: string;
}
