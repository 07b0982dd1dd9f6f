import type { Config } from "../../config.ts";
import { randomId, type Random } from "../../crypto/random.ts";
import { signPayload } from "../../crypto/jwt.ts";
import { authenticationClaims, type SignedIn } from "../../domain/authentication.ts";
import { type Exchange, exchangeClaims } from "../../domain/token-exchange.ts";
import { type Scope, scopeMember } from "../../domain/scope.ts";
import { confirmed, type TokenType, tokenTypeOf } from "../../domain/sender-key.ts";
import type { SubjectId } from "../../domain/subject.ts";
import type { Clear, Seconds } from "../../domain/brands.ts";
import type { SigningKey } from "./signing-ring.ts";

/**
 * Access tokens are RFC 9068 JWTs. A token of a grant carries `grant_id`, a login token `sid`, that of a client acting for
 * itself neither; each carries the account that it acts in. The audience is latchkey itself, unless a resource was named.
 */
export interface AccessTokenFacts {
	readonly subject: SubjectId;
	readonly accountId: string;
	readonly clientId: string;
	readonly scope: Scope;
	/** RFC 8707; left out: latchkey itself. */
	readonly resource?: readonly string[];
	/** Null for a client that acts for itself. */
	readonly grantId: string | null;
	/** The thumbprint of the key that it is bound to (RFC 9449 §5); null for a bearer token. */
	readonly senderKey: string | null;
	/** The sign-in that its person agreed in, where the grant tells who they are. */
	readonly identity?: SignedIn | undefined;
	readonly ttl: Seconds;
	/** The token does not outlive its grant. */
	readonly notAfter: Seconds;
	/** Of one that was got in exchange for another. */
	readonly exchange?: Exchange;
}

export interface AccessToken {
	readonly token: Clear;
	readonly issuedAt: Seconds;
	readonly expiresIn: Seconds;
	readonly tokenType: TokenType;
	/** Whom it stands for, where, and at which resources (null: latchkey). */
	readonly of: Pick<AccessTokenFacts, "subject" | "accountId" | "clientId"> & {
		readonly resource: readonly string[] | null;
	};
}

/** What of the services a token is made by. */
interface Issuing {
	readonly config: Pick<Config, "issuer">;
	readonly now: () => Seconds;
	readonly random: Random;
}

export async function signAccessToken(
	facts: AccessTokenFacts,
	signer: SigningKey,
	services: Issuing,
): Promise<AccessToken> {
	const now = services.now();
	const expiresIn = Math.max(1, Math.min(facts.ttl, facts.notAfter - now));
	const claims = {
		...baseClaims(facts, services, now),
		exp: now + expiresIn,
		...(facts.grantId !== null && { grant_id: facts.grantId }),
		...authenticationClaims(facts.identity),
		...confirmed(facts.senderKey),
		...(facts.exchange && exchangeClaims(facts.exchange)),
	};
	const token = await signClaims(JSON.stringify(claims), signer);
	const { subject, accountId, clientId, resource = null } = facts;
	const of = { subject, accountId, clientId, resource };
	return { token, issuedAt: now, expiresIn, tokenType: tokenTypeOf(facts.senderKey), of };
}

/** RFC 9068 §2.2: what every access token says. */
export function baseClaims(
	facts: Pick<AccessTokenFacts, "subject" | "accountId" | "clientId" | "scope" | "resource">,
	{ config, random }: Pick<Issuing, "config" | "random">,
	now: Seconds,
) {
	const { resource = [config.issuer] } = facts;
	return {
		iss: config.issuer,
		// RFC 7519 §4.1.3: one is written as a string.
		aud: resource.length === 1 ? resource[0] : [...resource],
		sub: facts.subject,
		client_id: facts.clientId,
		account_id: facts.accountId,
		...scopeMember(facts.scope),
		iat: now,
		jti: randomId(random),
	};
}

export async function signClaims(payload: string, { kid, key, algorithm }: SigningKey): Promise<Clear> {
	return (await signPayload(payload, { alg: algorithm, kid, typ: "at+jwt" }, key)) as Clear;
}
