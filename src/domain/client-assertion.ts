import type { Seconds } from "./brands.ts";

/** RFC 7523 §2.2 */
export const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** How far two clocks may be apart. */
const leeway: Seconds = 60;

/** RFC 7523 §3 (4): `exp` is not unreasonably far away, so that a stolen assertion soon is worth nothing. */
const maxLifetime: Seconds = 600;

const maxJtiLength = 256;

/** What an assertion claims: of anything, since a stranger wrote it. */
export type AssertionClaims = Readonly<Partial<Record<"iss" | "sub" | "aud" | "exp" | "nbf" | "iat" | "jti", unknown>>>;

/** What a good one is known by, so that it is taken once. */
export interface AssertionUse {
	readonly jti: string;
	/** When it can be forgotten. */
	readonly endsAt: Seconds;
}

/** RFC 7523 §3 and OIDC Core §9, but for the signature; a string says what is wrong, for the log. */
export function checkAssertion(
	claims: AssertionClaims,
	expected: { readonly clientId: string; readonly issuer: string; readonly now: Seconds },
): AssertionUse | string {
	const { iss, sub, aud, exp, nbf, iat, jti } = claims;
	const { clientId, issuer, now } = expected;
	if (iss !== clientId || sub !== clientId) return "issuer or subject";
	// RFC 7523bis §4: the issuer identifier as its only audience. Any other, the token endpoint's URL among them, lets whoever
	// names that URL in metadata of their own have an assertion that is good here.
	const isForUs = Array.isArray(aud) ? aud.length === 1 && aud[0] === issuer : aud === issuer;
	if (!isForUs) return "audience";
	if (!isInstant(exp)) return "no expiry";
	if (exp + leeway <= now) return "expired";
	if (exp > now + maxLifetime + leeway) return "expiry too far away";
	if (nbf !== undefined && !(isInstant(nbf) && nbf <= now + leeway)) return "not yet good";
	if (iat !== undefined && !(isInstant(iat) && iat <= now + leeway)) return "issued in the future";
	if (typeof jti !== "string" || jti === "" || jti.length > maxJtiLength) return "no jti";
	// The clock that forgets the `jti` may be ahead of the one that judges the assertion.
	return { jti, endsAt: Math.ceil(exp) + 2 * leeway };
}

/** RFC 7519 §2, NumericDate: it may have a fraction. */
function isInstant(value: unknown): value is Seconds {
	return typeof value === "number" && Number.isFinite(value) && value >= 0;
}
