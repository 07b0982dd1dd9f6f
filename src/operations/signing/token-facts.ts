import type { Claims } from "../../crypto/jwt.ts";
import { readAuthentication, type ShownAuthentication } from "../../domain/authentication.ts";
import type { Seconds } from "../../domain/brands.ts";
import { type Exchange, readExchange } from "../../domain/token-exchange.ts";
import { type Origin, originOf } from "../../domain/origin.ts";
import { parseScope, type Scope, wordsIn } from "../../domain/scope.ts";
import { senderKeyOf } from "../../domain/sender-key.ts";
import { parseSubject, type SubjectId } from "../../domain/subject.ts";

/** What an access token of ours says, once its signature is verified. */
export interface TokenFacts {
	readonly subject: SubjectId;
	readonly clientId: string;
	readonly accountId: string;
	readonly scope: Scope;
	readonly jti: string;
	readonly issuedAt: Seconds;
	readonly expiresAt: Seconds;
	readonly audience: readonly string[];
	/** The thumbprint of the key that it is bound to; null for a bearer token. */
	readonly senderKey: string | null;
	readonly origin: Origin;
	/** Of one that was got in exchange for another. */
	readonly exchange?: Exchange;
	/** Of one whose grant tells who its person is. */
	readonly authentication?: ShownAuthentication;
}

/** Null for claims that no token of ours has. */
export function readFacts(claims: Claims): TokenFacts | null {
	const { sub, client_id, account_id, scope = "", jti, iat, exp, aud, grant_id, sid, cnf } = claims;
	if (sub === undefined || !parseSubject(sub) || jti === undefined || iat === undefined || exp === undefined)
		return null;
	if (typeof client_id !== "string" || typeof account_id !== "string" || typeof scope !== "string") return null;
	// As we write it, and in no other spelling.
	const values = wordsIn(scope).join(" ") === scope ? parseScope(scope) : null;
	const origin = originOf({ grant_id, sid });
	const senderKey = senderKeyOf(cnf);
	if (!values || senderKey === undefined) return null;
	const exchange = readExchange(claims);
	const authentication = readAuthentication(claims);
	return {
		subject: sub,
		clientId: client_id,
		accountId: account_id,
		scope: values,
		jti,
		issuedAt: iat,
		expiresAt: exp,
		audience: [aud ?? []].flat(),
		senderKey,
		origin,
		...(exchange && { exchange }),
		...(authentication && { authentication }),
	};
}
