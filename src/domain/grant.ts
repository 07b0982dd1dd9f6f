import type { IdentityTerms } from "./identity.ts";
import type { Scope } from "./scope.ts";
import { type Hash, isSameHash, type Seconds } from "./brands.ts";

/**
 * A grant: what one subject allowed one client (or one generated token pair) in one account, from consent to purge. It is
 * the refresh-token family of RFC 9700 §4.14.2. Every rule is a pure function `(grant, command, now) → verdict`; a verdict that carries a `grant`
 * asks for it to be stored, and one that does not has changed nothing.
 */
export type Grant = (CodeGrantTerms & OpenGrant) | (GrantTerms & (ActiveGrant | RevokedGrant));

/** What was agreed to; it never changes. */
export interface GrantTerms {
	/** 22 characters of base64url: 16 random bytes. */
	readonly id: string;
	readonly clientId: string;
	readonly accountId: string;
	readonly scope: Scope;
	/** What of the scope nobody here gives a meaning to: it was passed on for a resource that nobody registered. Left out: none. */
	readonly unchecked?: Scope;
	/** RFC 8707: the resources that its access tokens may name as audience. Left out: latchkey itself. */
	readonly resource?: readonly string[];
	/** Left out where `openid` was not asked for. */
	readonly identity?: IdentityTerms;
	readonly rotation: "keep" | "rotate";
	/** What the person calls it who generated a token pair; left out where they gave it no name. */
	readonly name?: string;
	readonly createdAt: Seconds;
	/** Null where no code opens it: a token pair's grant begins active. */
	readonly code: CodeTerms | null;
}

/** A grant that waits, or waited, for its code. */
export interface CodeGrantTerms extends GrantTerms {
	readonly code: CodeTerms;
}

/** The grant of a token pair (contract 002). It always rotates: whoever holds the pair has no secret besides. */
export interface PairTerms extends GrantTerms {
	readonly rotation: "rotate";
	readonly code: null;
}

/** RFC 6749 §4.1.3, RFC 7636 §4.6: what the redemption has to match. */
interface CodeTerms {
	readonly hash: Hash;
	readonly expiresAt: Seconds;
	readonly redirectUri: string;
	/** Whether the authorization request named the redirect URI, so that the token request must name it too. */
	readonly redirectUriNamed: boolean;
	/** base64url(SHA-256(code_verifier)), or null where the request had none. */
	readonly codeChallenge: string | null;
	/** RFC 9449 §10: the thumbprint of the key that has to be proven to redeem it. Left out: none has. */
	readonly senderKey?: string;
	/** The grants that this one has all of, and more (step-up.ts): they end when the code is redeemed. */
	readonly replaces?: readonly string[];
}

interface OpenGrant {
	readonly phase: "open";
}

export interface ActiveGrant {
	readonly phase: "active";
	/** The attempt that redeemed the code: the same one again is the edge repeating a call that broke. Null without a code. */
	readonly attempt: string | null;
	/** The absolute end of the family. */
	readonly expiresAt: Seconds;
	/** Null for a client that does not use refresh tokens. */
	readonly refresh: RefreshFamily | null;
}

interface RefreshFamily {
	/** 1 at redemption; raised by each rotation. A `keep` grant stays at 1. */
	readonly generation: number;
	readonly hash: Hash;
	/** RFC 9449 §5: the thumbprint of the key that has to be proven at each refresh. Left out: none has. */
	readonly senderKey?: string;
	/** The generation from which on it has to be, where not from the first. */
	readonly boundFrom?: number;
	/** The span without use after which a rotating family ends, and the instant when it does. */
	readonly idleTtl: Seconds;
	readonly idleExpiresAt: Seconds;
	readonly previous: Replaced | null;
}

/** The token that the current one replaced: whoever comes with it again gets the current one again for a while (refresh.ts). */
export interface Replaced {
	readonly hash: Hash;
	readonly rotatedAt: Seconds;
	readonly keyVersion: number;
	/** Whether the client proved itself in the request that replaced it. */
	readonly isProven?: boolean;
}

export interface RevokedGrant {
	readonly phase: "revoked";
	readonly revokedAt: Seconds;
	readonly reason: RevocationReason;
}

export type RevocationReason =
	| "code_replayed"
	| "refresh_token_reused"
	| "client_request"
	| "subject_request"
	/** The sign-in that it was given in has ended. */
	| "signed_out"
	/** Another grant has all of it. */
	| "replaced";

/** Contract 000: "The temporary authorization code is valid for 3 minutes." */
export const codeTtl: Seconds = 180;
/** FAPI 2.0 §5.3.2.1 (11) */
export const codeTtlOfFapi: Seconds = 60;

/** How long the form of a token pair that is sent twice shows the same pair. */
export const formRepeatWindow: Seconds = 20;

/** Kept after a revocation for as long as an access token may live, so that what happened can still be told. */
export const tombstoneTtl: Seconds = 86_400 + 3600;

/** An unredeemed grant outlives its code by this much: a late code is told apart from an unknown one. */
const openGrace: Seconds = 600;

export interface Redeem {
	readonly codeHash: Hash;
	readonly clientId: string;
	/** Null where the request named none. */
	readonly redirectUri: string | null;
	/** Computed from the verifier that was presented; null where none was. */
	readonly codeChallenge: string | null;
	/** The thumbprint of the key that the client proved to have; null, as where an edge of before says nothing, for none. */
	readonly senderKey?: string | null;
	readonly attempt: string;
	readonly lifetime: Seconds;
	readonly refresh: FirstRefresh | null;
	/** Grants older than this no longer count (see standing.ts). */
	readonly notBefore: Seconds;
}

/** The first refresh token of a family. */
interface FirstRefresh {
	readonly hash: Hash;
	readonly idleTtl: Seconds;
	/** Of a client that did not authenticate: the thumbprint of the key that it proved to have. */
	readonly senderKey?: string;
}

export type Redemption =
	| { kind: "redeemed"; grant: GrantTerms & ActiveGrant }
	/** The same attempt again, after a broken call: the same answer, nothing to store. */
	| { kind: "repeated"; expiresAt: Seconds }
	/** RFC 6749 §4.1.2: used twice; the grant ends. */
	| { kind: "replayed"; grant: GrantTerms & RevokedGrant }
	| { kind: "mismatch" | "expired" | "revoked" };

export function redeem(grant: Grant, command: Redeem, now: Seconds): Redemption {
	if (bindingProblem(grant, command) !== null) return { kind: "mismatch" };
	if (grant.phase === "revoked") return { kind: "revoked" };
	if (grant.phase === "active") {
		if (grant.attempt === command.attempt) return { kind: "repeated", expiresAt: grant.expiresAt };
		// RFC 6749 §4.1.2: a code used more than once MUST be denied, and what it gave SHOULD be revoked.
		return { kind: "replayed", grant: revoked(grant, "code_replayed", now) };
	}
	if (now >= grant.code.expiresAt) return { kind: "expired" };
	if (grant.createdAt < command.notBefore) return { kind: "revoked" };
	return {
		kind: "redeemed",
		grant: {
			...termsOf(grant),
			phase: "active",
			attempt: command.attempt,
			expiresAt: now + command.lifetime,
			// A kept token leaves no trace of its use, so that only the absolute end can be measured.
			refresh:
				command.refresh && beginFamily(command.refresh, grant.rotation === "keep" ? command.lifetime : null, now),
		},
	};
}

export interface Activate {
	readonly lifetime: Seconds;
	/** Null for what an issuer vouched for: whoever has an assertion comes with another (RFC 7521 §4.1). */
	readonly refresh: FirstRefresh | null;
}

export type Activation =
	| { kind: "activated"; grant: PairTerms & ActiveGrant }
	/** The same pair again, from a form that was sent twice: nothing to store, and the tokens may be shown once more. */
	| { kind: "repeated"; expiresAt: Seconds }
	/** The id is in use: a form that is sent again later, when its tokens are not to be shown any more. */
	| { kind: "taken" };

/** Opens the grant of a token pair, or of an assertion: nobody has to redeem a code for it. `current` is what its id names already, or null. */
export function activate(current: Grant | null, pair: PairTerms, command: Activate, now: Seconds): Activation {
	if (!current) {
		const family = command.refresh && beginFamily(command.refresh, null, now);
		const active = { phase: "active", attempt: null, expiresAt: now + command.lifetime, refresh: family } as const;
		return { kind: "activated", grant: { ...pair, ...active } };
	}
	const isSame =
		current.phase === "active" &&
		current.code === null &&
		isSameFamily(current.refresh, command.refresh) &&
		now < current.createdAt + formRepeatWindow;
	return isSame ? { kind: "repeated", expiresAt: current.expiresAt } : { kind: "taken" };
}

function isSameFamily(current: RefreshFamily | null, first: Activate["refresh"]): boolean {
	if (!current || !first) return current === first;
	return current.generation === 1 && isSameHash(current.hash, first.hash);
}

/** Which of the code's bindings a request does not meet, or null. The edge asks too, before it signs. */
export function bindingProblem(
	grant: Pick<GrantTerms, "clientId" | "code">,
	request: Pick<Redeem, "codeHash" | "clientId" | "redirectUri" | "codeChallenge" | "senderKey">,
): "code" | "client" | "redirect_uri" | "code_verifier" | "sender_key" | null {
	if (!grant.code || !isSameHash(grant.code.hash, request.codeHash)) return "code";
	if (grant.clientId !== request.clientId) return "client";
	// RFC 6749 §4.1.3: required, and identical, if the authorization request named one; never different from it.
	if (request.redirectUri === null ? grant.code.redirectUriNamed : request.redirectUri !== grant.code.redirectUri)
		return "redirect_uri";
	// RFC 9700 §4.8.2: a verifier without a challenge is a downgrade, as a challenge without a verifier is.
	if (grant.code.codeChallenge !== request.codeChallenge) return "code_verifier";
	// RFC 9449 §10: the key that the authorization request was made with, and no other.
	if (grant.code.senderKey !== undefined && grant.code.senderKey !== request.senderKey) return "sender_key";
	return null;
}

/** Null where there is nothing left to end. Any phase may be revoked; a tombstone stays as it is. */
export function revoke(grant: Grant, reason: RevocationReason, now: Seconds): (GrantTerms & RevokedGrant) | null {
	return grant.phase === "revoked" ? null : revoked(grant, reason, now);
}

/** What becomes of an earlier grant where the code of a later one is redeemed; null where that does not concern it. */
export function replacedBy(earlier: Grant, later: GrantTerms, now: Seconds): (GrantTerms & RevokedGrant) | null {
	const isReplaced =
		later.code?.replaces?.includes(earlier.id) &&
		earlier.clientId === later.clientId &&
		earlier.accountId === later.accountId;
	return isReplaced && earlier.phase === "active" ? revoked(earlier, "replaced", now) : null;
}

/** What becomes of a grant where its sign-in ends; null where that does not concern it. */
export function signedOut(grant: Grant, now: Seconds): (GrantTerms & RevokedGrant) | null {
	if (grant.phase === "revoked") return grant.reason === "signed_out" ? grant : null;
	// A code that waits: whoever redeemed it later would have somebody signed in, and never be told that they are not.
	const goesToo = grant.phase === "open" || grant.identity?.endsWithSignIn === true;
	return goesToo ? revoked(grant, "signed_out", now) : null;
}

/** Whether what was issued under the grant still counts. */
export function isLive(grant: Grant, notBefore: Seconds, now: Seconds): grant is GrantTerms & ActiveGrant {
	return grant.phase === "active" && now < grant.expiresAt && grant.createdAt >= notBefore;
}

/** What a list says of a grant: its code waits, it counts, or it never will (again). */
export type GrantState = "pending" | "live" | "gone";

export function stateOf(grant: Grant, now: Seconds): GrantState {
	if (grant.phase === "open") return now < grant.code.expiresAt ? "pending" : "gone";
	return isLive(grant, 0, now) ? "live" : "gone";
}

/** The sign-in that concerns a grant, or its client, when it ends; null where none does. */
export function signInOf({ identity }: GrantTerms): string | null {
	return identity?.isTold || identity?.endsWithSignIn ? identity.sid : null;
}

/** When the row can go. After it an authentic token finds nothing, which refuses it as well. */
export function purgeAt(grant: Grant): Seconds {
	switch (grant.phase) {
		case "open":
			return grant.code.expiresAt + openGrace;
		case "active":
			// Its client may keep somebody signed in for longer than it has tokens.
			return grant.identity?.isTold ? Math.max(grant.expiresAt, grant.createdAt + tombstoneTtl) : grant.expiresAt;
		case "revoked":
			return grant.revokedAt + tombstoneTtl;
	}
}

function beginFamily(first: FirstRefresh, kept: Seconds | null, now: Seconds): RefreshFamily {
	const { idleTtl } = first;
	return { generation: 1, ...first, idleExpiresAt: now + (kept ?? idleTtl), previous: null };
}

export function revoked(grant: Grant, reason: RevocationReason, now: Seconds): GrantTerms & RevokedGrant {
	return { ...termsOf(grant), phase: "revoked", revokedAt: now, reason };
}

export function termsOf(grant: GrantTerms): GrantTerms {
	const { id, clientId, accountId, scope, unchecked, resource, identity, rotation, createdAt, code } = grant;
	const optional = { ...(unchecked && { unchecked }), ...(resource && { resource }), ...(identity && { identity }) };
	return { id, clientId, accountId, scope, ...optional, rotation, createdAt, code };
}
