import { bounds } from "./bounds.ts";
import { isWithin, parseScope } from "./scope.ts";
import type { Sealed, Seconds } from "./brands.ts";

/**
 * A session: the current login token of one subject under one credential, account and `session_id` (contract 001). It
 * keeps the exact payload, and the signature beside it under a seal, which are the same token everywhere.
 */
export interface Session {
	/** One incarnation: what comes back after a revocation is another. The token names it as `sid`. */
	readonly sid: string;
	/** The access code's id, or what else was proved: `password`, `client_secret`. */
	readonly credential: string;
	readonly accountId: string;
	/** As the caller named it; empty where it named none. */
	readonly sessionId: string;
	/** The registered API that its tokens are for; left out: latchkey itself. */
	readonly resource?: string;
	readonly scope: string;
	/** The JSON text of the token's claims, to be signed as it is. */
	readonly payload: string;
	/** The token's id: revoked alone, it is not handed out again. */
	readonly jti: string;
	readonly kid: string;
	/** Left out where signing the payload again gives the same: what was kept of Ed25519. */
	readonly signature?: Sealed;
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
	/**
	 * Of the token with this `sid`: the offer's own, or that of the session that it would renew. (An edge of before offers none, and
	 * means Ed25519; or null, and means a {@link ScopeOffer}.)
	 */
	readonly signature?: { readonly sid: string; readonly sealed: Sealed } | null;
	readonly issuedAt: Seconds;
	readonly expiresAt: Seconds;
}

/** Of an edge that takes it that there is a session good for the answer: what that has to permit, and nothing to mint. */
type ScopeOffer = Pick<SessionOffer, "scope"> & { readonly signature: null };

export interface SessionRequest {
	readonly credential: string;
	readonly accountId: string;
	readonly sessionId: string;
	readonly resource?: string;
	/** Contract 001, "refresh before expiration": less than this left asks for a new token. */
	readonly minTtl: Seconds;
	/** Keys that may still sign; a token under another was withdrawn with it. */
	readonly kids: readonly string[];
	/** What was started before this instant no longer counts. */
	readonly notBefore: Seconds;
	readonly offer: SessionOffer | ScopeOffer;
}

/** At most this many live sessions of one subject (DESIGN §3.4). */
export const sessionsPerSubject = bounds.sessions.most;

export type SessionVerdict =
	| { kind: "same"; session: Session }
	/** A fresh token in the same session: the earlier one lives to its own end. */
	| { kind: "renewed"; session: Session }
	/** Another session takes its place: nothing, a narrower scope or an ended standing stood before it. */
	| { kind: "started"; session: Session }
	/** Come again with an offer, signed with this `sid`; null: with a `sid` of its own. */
	| { kind: "unsigned"; sid: string | null };

export function continueSession(current: Session | null, request: SessionRequest, now: Seconds): SessionVerdict {
	const { offer } = request;
	const started = () => mint("started", request, { sid: "sid" in offer ? offer.sid : null, startedAt: now });
	if (!current || now >= current.expiresAt || current.startedAt < request.notBefore) return started();
	const left = current.expiresAt - now;
	const signable = request.kids.includes(current.kid);
	if (current.scope === offer.scope && signable && left >= request.minTtl) return { kind: "same", session: current };
	const narrowed = narrows(current, offer);
	return narrowed || !signable ? started() : mint("renewed", request, current);
}

/** Whether an offer permits less than the session did. */
export function narrows(current: Session, offer: Pick<SessionOffer, "scope">): boolean {
	// A scope is written in one way: mostly the two are the same, and nothing has to be read.
	return current.scope !== offer.scope && !isWithin(scopeOf(current.scope), scopeOf(offer.scope));
}

/**
 * Where a session is found again: one row for each credential, account, `session_id` and API. None of them has a line break in
 * it.
 */
export function sessionLookup(parts: Pick<Session, "credential" | "accountId" | "sessionId" | "resource">): string {
	const { credential, accountId, sessionId, resource } = parts;
	return `${credential} ${accountId} ${sessionId}${resource === undefined ? "" : `\n${resource}`}`;
}

/** The payload of a login token: what is signed at the edge, and what the ledger keeps. */
export function sessionPayload({ claims }: Pick<SessionOffer, "claims">, sid: string): string {
	return JSON.stringify({ ...claims, sid });
}

function mint(
	kind: "started" | "renewed",
	{ credential, accountId, sessionId, resource, offer }: SessionRequest,
	{ sid, startedAt }: { readonly sid: string | null; readonly startedAt: Seconds },
): SessionVerdict {
	if (sid === null || !("claims" in offer)) return { kind: "unsigned", sid };
	const { scope, kid, signature, issuedAt, expiresAt } = offer;
	// What was signed for one incarnation vouches for no other: one that was revoked does not come back by it.
	if (signature === null || (signature && signature.sid !== sid)) return { kind: "unsigned", sid };
	const named = { sid, credential, accountId, sessionId, ...(resource !== undefined && { resource }), scope };
	const minted = { payload: sessionPayload(offer, sid), jti: offer.claims.jti, kid, startedAt, issuedAt, expiresAt };
	return { kind, session: { ...named, ...minted, ...(signature && { signature: signature.sealed }) } };
}

function scopeOf(text: string) {
	return parseScope(text) ?? [];
}
