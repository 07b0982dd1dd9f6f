import { bounds } from "./bounds.ts";
import { isWithin, parseScope } from "./scope.ts";
import type { Seconds } from "./brands.ts";

/**
 * A session: the current login token of one subject under one credential, account and `session_id` (contract 001). It
 * keeps the exact payload, so that signing it again (Ed25519 is deterministic) gives the same token everywhere.
 */
export interface Session {
	/** One incarnation: what comes back after a revocation is another. The token names it as `sid`. */
	readonly sid: string;
	/** The access code's id, or what else was proved: `password`, `client_secret`. */
	readonly credential: string;
	readonly accountId: string;
	/** As the caller named it; empty where it named none. */
	readonly sessionId: string;
	readonly scope: string;
	/** The JSON text of the token's claims, to be signed as it is. */
	readonly payload: string;
	/** The token's id: revoked alone, it is not handed out again. */
	readonly jti: string;
	readonly kid: string;
	readonly startedAt: Seconds;
	readonly issuedAt: Seconds;
	readonly expiresAt: Seconds;
}

/** What the edge would mint, were there nothing to reuse. `claims` lacks the `sid` alone. */
export interface SessionOffer {
	readonly scope: string;
	readonly claims: Readonly<Record<string, string | number>> & { readonly jti: string };
	readonly kid: string;
	readonly sid: string;
	readonly issuedAt: Seconds;
	readonly expiresAt: Seconds;
}

export interface SessionRequest {
	readonly credential: string;
	readonly accountId: string;
	readonly sessionId: string;
	/** Contract 001, "refresh before expiration": less than this left asks for a new token. */
	readonly minTtl: Seconds;
	/** Keys that may still sign; a token under another was withdrawn with it. */
	readonly kids: readonly string[];
	/** What was started before this instant no longer counts. */
	readonly notBefore: Seconds;
	readonly offer: SessionOffer;
}

/** At most this many live sessions of one subject (DESIGN §3.4). */
export const sessionsPerSubject = bounds.sessions.most;

export type SessionVerdict =
	| { kind: "same"; session: Session }
	/** A fresh token in the same session: the earlier one lives to its own end. */
	| { kind: "renewed"; session: Session }
	/** Another session takes its place: nothing, a narrower scope or an ended standing stood before it. */
	| { kind: "started"; session: Session };

export function continueSession(current: Session | null, request: SessionRequest, now: Seconds): SessionVerdict {
	const { offer } = request;
	if (!current || now >= current.expiresAt || current.startedAt < request.notBefore) {
		return { kind: "started", session: fromOffer(request, offer.sid, now) };
	}
	const left = current.expiresAt - now;
	const signable = request.kids.includes(current.kid);
	if (current.scope === offer.scope && signable && left >= request.minTtl) return { kind: "same", session: current };
	const narrowed = narrows(current, offer);
	if (narrowed || !signable) return { kind: "started", session: fromOffer(request, offer.sid, now) };
	return { kind: "renewed", session: { ...fromOffer(request, current.sid, now), startedAt: current.startedAt } };
}

/** Whether an offer permits less than the session did. */
export function narrows(current: Session, offer: SessionOffer): boolean {
	return !isWithin(scopeOf(current.scope), scopeOf(offer.scope));
}

/** Where a session is found again: one row for each credential, account and `session_id`. */
export function sessionLookup(parts: Pick<Session, "credential" | "accountId" | "sessionId">): string {
	return `${parts.credential} ${parts.accountId} ${parts.sessionId}`;
}

function fromOffer(request: SessionRequest, sid: string, now: Seconds): Session {
	const { credential, accountId, sessionId, offer } = request;
	const { scope, kid, claims, issuedAt, expiresAt } = offer;
	const payload = JSON.stringify({ ...claims, sid });
	const { jti } = claims;
	return { sid, credential, accountId, sessionId, scope, payload, jti, kid, startedAt: now, issuedAt, expiresAt };
}

function scopeOf(text: string) {
	return text === "" ? [] : (parseScope(text) ?? []);
}
