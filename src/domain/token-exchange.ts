import type { Seconds } from "./brands.ts";
import { type Origin, originClaims, originOf } from "./origin.ts";
import { parseScope, type Scope } from "./scope.ts";
import type { SubjectId } from "./subject.ts";

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

/** By which somebody said that they act: what was got by it ends with it too. */
export interface ActorToken {
	readonly subject: SubjectId;
	readonly clientId: string;
	readonly jti: string;
	readonly issuedAt: Seconds;
	readonly origin: Origin;
}

/** Of a token that was got in exchange. */
export interface Exchange {
	/** Null for one that a client got for its own: nobody acts but whom it was issued to anyway. */
	readonly act: Act | null;
	/** The latest first. */
	readonly before: readonly Before[];
	/** Those of each exchange, the latest first. */
	readonly actors: readonly ActorToken[];
	/** What was agreed to, of an API that an earlier one was for, and that one did not say: it does not come back. */
	readonly withheld: Scope;
}

export function exchangeClaims({ act, before, actors, withheld }: Exchange) {
	return {
		...(act && { act }),
		exchanged_from: before.map(({ jti, clientId, issuedAt }) => ({ jti, client_id: clientId, iat: issuedAt })),
		...(actors.length > 0 && { acted_by: actors.map(actorClaims) }),
		...(withheld.length > 0 && { exchanged_without: withheld.join(" ") }),
	};
}

function actorClaims({ subject, clientId, jti, issuedAt, origin }: ActorToken): ActorClaims {
	return { sub: subject, client_id: clientId, jti, iat: issuedAt, ...originClaims(origin) };
}

/** Of claims that we signed: null where the token was got by no exchange. */
export function readExchange(claims: Readonly<Record<string, unknown>>): Exchange | null {
	const { act, exchanged_from: from, acted_by = [], exchanged_without: without = "" } = claims as SignedClaims;
	if (!from) return null;
	const before = from.map(({ jti, client_id: clientId, iat: issuedAt }) => ({ jti, clientId, issuedAt }));
	const actors = acted_by.map(({ sub, client_id: clientId, jti, iat, ...rest }) => {
		return { subject: sub, clientId, jti, issuedAt: iat, origin: originOf(rest) };
	});
	return { act: act ?? null, before, actors, withheld: parseScope(without) ?? [] };
}

interface SignedClaims {
	readonly act?: Act;
	readonly exchanged_from?: readonly { readonly jti: string; readonly client_id: string; readonly iat: Seconds }[];
	readonly acted_by?: readonly ActorClaims[];
	readonly exchanged_without?: string;
}

interface ActorClaims {
	readonly sub: SubjectId;
	readonly client_id: string;
	readonly jti: string;
	readonly iat: Seconds;
	readonly grant_id?: string;
	readonly sid?: string;
}
