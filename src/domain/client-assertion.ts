import type { Seconds } from "./brands.ts";

/** RFC 7523 §2.2 */
export const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** How far two clocks may be apart. */
export const leeway: Seconds = 60;

/** RFC 7523 §3 (4): `exp` is not unreasonably far away. Some libraries sign for an hour, and none by default for longer. */
const maxLifetime: Seconds = 3600;

const maxJtiLength = 256;

/** What an assertion claims: of anything, since a stranger wrote it. */
export type AssertionClaims = Readonly<Partial<Record<"iss" | "sub" | "aud" | "exp" | "nbf" | "iat" | "jti", unknown>>>;

/** What a good one is known by, so that it is taken once. */
export interface AssertionUse {
	readonly clientId: string;
	readonly jti: string;
	/** When it can be forgotten. */
	readonly endsAt: Seconds;
	/** Whether its audience is the issuer alone, as one text. */
	readonly isForIssuer: boolean;
	/** How far ahead of us the clock is that it was made by; negative where it is behind. */
	readonly ahead: Seconds;
}

/** The published token endpoint. */
export function tokenEndpointOf(issuer: string): string {
	return `${issuer}/oauth/token`;
}

/** RFC 9126 §5 */
export function pushEndpointOf(issuer: string): string {
	return `${issuer}/oauth/par`;
}

/**
 * RFC 7523 §3 and OIDC Core §9, but for who signed it. A string says what is wrong, to whoever sent it: all of that stands in
 * the text itself, and nothing that is known here was looked at. `claimedId` is the request's `client_id`, where it has one.
 */
export function checkAssertion(
	{ typ, claims }: { readonly typ: unknown; readonly claims: AssertionClaims },
	expected: { readonly claimedId: string | null; readonly issuer: string; readonly now: Seconds },
): AssertionUse | string {
	const { iss, sub, aud, exp, nbf, iat, jti } = claims;
	const { claimedId, issuer, now } = expected;
	// RFC 7521 §4.2: a `client_id` has to name the same client.
	if (typeof sub !== "string" || iss !== sub || (claimedId ?? sub) !== sub) {
		return "iss and sub have to be the client_id, both";
	}
	const misdirected = audienceProblem(aud, typ, issuer);
	if (misdirected !== null) return misdirected;
	if (!isInstant(exp)) return "exp is missing, or no number";
	if (exp + leeway <= now) return "exp is over";
	if (exp > now + maxLifetime + leeway) return `exp is more than ${maxLifetime} seconds ahead`;
	if (nbf !== undefined && !(isInstant(nbf) && nbf <= now + leeway)) return "nbf is in the future";
	if (iat !== undefined && !(isInstant(iat) && iat <= now + leeway)) return "iat is in the future";
	if (typeof jti !== "string" || jti === "" || jti.length > maxJtiLength) {
		return `jti has to be a text of 1 to ${maxJtiLength} characters`;
	}
	// The clock that forgets the `jti` may be ahead of the one that judges the assertion.
	const ahead = Math.max(nbf ?? 0, iat ?? 0) - now;
	return { clientId: sub, jti, endsAt: Math.ceil(exp) + 2 * leeway, isForIssuer: aud === issuer, ahead };
}

/**
 * Null for what is meant for us alone. OIDC Core §9 has clients name the token endpoint, RFC 9126 §2 the endpoint of pushed
 * requests, and many do so at every endpoint; they are compared with those that we publish, never with where a request arrived.
 */
function audienceProblem(aud: unknown, typ: unknown, issuer: string): string | null {
	// RFC 7523bis §4: it names the issuer, and no list.
	if (followsRfc7523bis(typ)) return aud === issuer ? null : `aud has to be ${issuer}, as a string alone`;
	const isOurs = !isMisdirected(aud, [issuer, tokenEndpointOf(issuer), pushEndpointOf(issuer)]);
	return isOurs ? null : `aud has to be ${issuer} or ${tokenEndpointOf(issuer)}, and nothing beside it`;
}

/** Whether it is for anything but one of these alone. */
export function isMisdirected(aud: unknown, ours: readonly string[]): boolean {
	const [only, ...others] = Array.isArray(aud) ? (aud as readonly unknown[]) : [aud];
	return others.length > 0 || !ours.some((each) => each === only);
}

/** Whoever follows it says so by `typ` (RFC 7515 §4.1.9): a media type, in any case, which mostly leaves out `application/`. */
function followsRfc7523bis(typ: unknown): boolean {
	return typeof typ === "string" && /^(?:application\/)?client-authentication\+jwt$/i.test(typ);
}

/** RFC 7519 §2, NumericDate: it may have a fraction. */
export function isInstant(value: unknown): value is Seconds {
	return typeof value === "number" && Number.isFinite(value) && value >= 0;
}
