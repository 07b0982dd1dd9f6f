import type { Seconds } from "./brands.ts";
import { isInstant, isMisdirected, leeway, tokenEndpointOf } from "./client-assertion.ts";
import { matchesPattern } from "./claim-pattern.ts";
import { parseScope, type Scope } from "./scope.ts";
import { senderKeyOf } from "./sender-key.ts";
import type { ClaimRule, IssuerKind, TrustedIssuer } from "./trusted-issuer.ts";

// RFC 7523 §2.1: a JWT of somebody else's as an authorization grant. A string is what is wrong, for whoever sent it.

/** Of an ID-JAG: what a stranger wrote, in which nothing but its form was looked at. */
type Claims = Readonly<Record<string, unknown>>;

/** How far ahead `exp` may be (RFC 7523 §3 (4)): a cluster's tokens live for an hour mostly, some for a day. */
const maxLifetimes: Readonly<Record<IssuerKind, Seconds>> = { identity_provider: 3600, workload: 86_400 };

const longest = 256;

/** What every assertion says, whoever vouches for whatever. */
export interface JwtGrant {
	readonly issuer: string;
	readonly subject: string;
	/** Null for a workload's that has none: it is known by its text then. */
	readonly jti: string | null;
	/** When it can be forgotten. */
	readonly endsAt: Seconds;
}

/** RFC 7515 §4.1.9: a media type, in any case, which may leave out `application/`. Null for none. */
export function kindOf(typ: unknown): IssuerKind | null {
	if (typ === undefined) return "workload";
	const name = typeof typ === "string" ? typ.toLowerCase().replace(/^application\//, "") : "";
	// Identity Assertion JWT Authorization Grant §3.1: exactly this, so that no id_token passes for one (RFC 8725 §3.11).
	if (name === "oauth-id-jag+jwt") return "identity_provider";
	return name === "jwt" ? "workload" : null;
}

/** RFC 7523 §3, but for who signed it. */
export function checkGrant(
	kind: IssuerKind,
	claims: Claims,
	{ issuer, now }: { readonly issuer: string; readonly now: Seconds },
): JwtGrant | string {
	const { iss, sub, aud, exp, nbf, iat, jti } = claims;
	const isProvider = kind === "identity_provider";
	if (typeof iss !== "string" || iss === "") return "iss is missing";
	if (typeof sub !== "string" || sub === "" || sub.length > longest) return "sub is missing, or too long";
	// For an ID-JAG the issuer alone, as a string or a list of one; the token endpoint is for what RFC 7523 §3 (3) allows it.
	if (isMisdirected(aud, isProvider ? [issuer] : [issuer, tokenEndpointOf(issuer)])) {
		return `aud has to be ${issuer}, and nothing beside it`;
	}
	if (!isInstant(exp)) return "exp is missing, or no number";
	if (exp + leeway <= now) return "The assertion has expired";
	const most = maxLifetimes[kind];
	if (exp > now + most + leeway) return `exp is more than ${most} seconds ahead`;
	if (nbf !== undefined && !(isInstant(nbf) && nbf <= now + leeway)) return "The assertion is not valid yet";
	if (isProvider && iat === undefined) return "iat is missing";
	if (iat !== undefined && !(isInstant(iat) && iat <= now + leeway)) return "iat is in the future";
	if (jti === undefined && isProvider) return "jti is missing";
	if (jti !== undefined && (typeof jti !== "string" || jti === "" || jti.length > longest)) {
		return `jti has to be a text of 1 to ${longest} characters`;
	}
	return { issuer: iss, subject: sub, jti: jti ?? null, endsAt: Math.ceil(exp) + 2 * leeway };
}

/** What an ID-JAG lets its client have. */
export interface IdJag {
	/** RFC 8707, as it is written there. */
	readonly resource: readonly string[];
	/** Null where it names none. */
	readonly scope: Scope | null;
	/** What the subject is called, by the claim that its issuer's terms name. */
	readonly who: { readonly claim: TrustedIssuer["subject"]; readonly value: string };
}

/** Identity Assertion JWT Authorization Grant §3.1, §4.4.1: whether this client may have what the issuer vouches for. */
export function readIdJag(
	claims: Claims,
	trusted: Pick<TrustedIssuer, "subject" | "tenant">,
	{ clientId, senderKey }: { readonly clientId: string; readonly senderKey: string | null },
): IdJag | string {
	const { client_id, resource, scope, tenant, cnf, authorization_details, act, email, email_verified, aud_sub } =
		claims;
	if (client_id !== clientId) return "client_id is not that of the client";
	if ((tenant ?? null) !== trusted.tenant) return "tenant is not the one that the account trusts";
	// What would narrow it, or say who acts, must not be passed over.
	if (authorization_details !== undefined) return "authorization_details are not understood here";
	if (act !== undefined) return "act is not understood here";
	const bound = senderKeyOf(cnf);
	if (bound === undefined) return "cnf is not understood here";
	// RFC 9449: one that is bound needs the proof of that key.
	if (bound !== null && bound !== senderKey) return "Proof of possession of the key in cnf is required";
	const named: readonly unknown[] = Array.isArray(resource) ? resource : [resource];
	if (named.length === 0 || !named.every((each) => typeof each === "string")) return "resource is missing";
	const values = scope === undefined ? null : typeof scope === "string" ? parseScope(scope) : null;
	if (scope !== undefined && !values) return "scope is malformed";
	// An address that its own issuer has not verified is anybody's.
	const value = trusted.subject === "email" ? (email_verified === false ? undefined : email) : aud_sub;
	if (typeof value !== "string" || value === "") return `${trusted.subject} is missing, or not verified`;
	return { resource: named, scope: values, who: { claim: trusted.subject, value } };
}

/** Whether one of these rules says that this workload is the client. */
export function isWorkload(claims: Claims, rules: readonly ClaimRule[], clientId: string): boolean {
	return rules.some(({ client, claims: patterns }) => {
		const all = Object.entries(patterns);
		// No rule is no reason.
		if (client !== clientId || all.length === 0) return false;
		return all.every(([name, pattern]) => Object.hasOwn(claims, name) && matchesPattern(claims[name], pattern));
	});
}
