import { signPayload } from "../../crypto/jwt.ts";
import { tokenHash } from "../../crypto/digest.ts";
import type { Client } from "../../domain/client.ts";
import { authenticationOf, byPassword } from "../../domain/authentication.ts";
import type { IdentityTerms } from "../../domain/identity.ts";
import { claimsIn, fitting, tell } from "../../domain/identity-claims.ts";
import type { Scope } from "../../domain/scope.ts";
import type { SubjectId } from "../../domain/subject.ts";
import type { Clear, Seconds } from "../../domain/brands.ts";
import type { AccessToken } from "../signing/access-token.ts";
import { knownPerson } from "./known-person.ts";
import type { Services } from "../services.ts";
import type { SigningKey } from "../signing/signing-ring.ts";

/** In bytes of JSON. What we say ourselves with it, signed, comes back as a hint in a URL (OIDC RP-Initiated Logout §2). */
const mostOfClaims = 4096;

/** OIDC Core §2: it says who signed in, once, to whom it was given; it opens nothing. */
const idTokenTtl: Seconds = 3600;

export interface IdTokenFacts {
	readonly subject: SubjectId;
	/** Where the grant acts. */
	readonly accountId: string;
	readonly client: Client;
	/** What the access token beside it may do. */
	readonly scope: Scope;
	/** Left out where the grant was not asked for as OpenID Connect. */
	readonly identity?: IdentityTerms;
	/** What comes beside it. */
	readonly access: AccessToken;
}

/**
 * The id_token of a code exchange (OIDC Core §3.1.3.3) or a refresh (§12.2); null where there is none to give. At a refresh
 * only `iat`, `exp` and `at_hash` are new: the person has not signed in again.
 */
export async function signIdToken(
	{ subject, accountId, client, scope, identity, access }: IdTokenFacts,
	signer: SigningKey | null,
	at: "exchange" | "refresh",
	services: Services,
): Promise<Clear | null> {
	if (!identity || !signer || !scope.includes("openid")) return null;
	const person = await knownPerson(subject, accountId, client, services);
	if (!person) return null;
	// OIDC Core §5.4 has what scopes stand for at UserInfo, where many relying parties never ask.
	const byScope = (client.options.claimsInIdToken ?? true) ? claimsIn(scope) : [];
	const asked = [...identity.claims.idToken, ...byScope];
	const claims = {
		...fitting(tell(person, asked), mostOfClaims),
		iss: services.config.issuer,
		sub: subject,
		aud: client.id,
		iat: access.issuedAt,
		exp: access.issuedAt + idTokenTtl,
		auth_time: identity.authenticatedAt,
		...authenticationOf(identity.amr ?? byPassword, identity.acr),
		at_hash: await tokenHash(access.token, signer.algorithm),
		sid: identity.sid,
		// OIDC Core §12.2: a refresh SHOULD NOT repeat it, since it belongs to one authentication request.
		...(at === "exchange" && identity.nonce !== null && { nonce: identity.nonce }),
	};
	const header = { alg: signer.algorithm, kid: signer.kid, typ: "JWT" } as const;
	return (await signPayload(JSON.stringify(claims), header, signer.key)) as Clear;
}
