import type { Seconds } from "./brands.ts";

/**
 * An authorization request that its client pushed (RFC 9126). Nothing is stored of it: it stands, sealed, in the `request_uri`
 * itself.
 */
export interface PushedRequest {
	/** Random: what its use is counted by. */
	readonly id: string;
	/** As a query, without what its client authenticated by. */
	readonly query: string;
	readonly expiresAt: Seconds;
	/** When a person came with it; null while nobody has. */
	readonly openedAt: Seconds | null;
}

/** RFC 9126 §2.2: how long a client has to send the person on. */
export const pushedTtl: Seconds = 60;

/** How long a person who came in time may take to sign in and to decide. */
const decisionTtl: Seconds = 3600;

/** RFC 9126 §4, §7.3: good once. No copy of it that anybody opened is good longer than this from when the first was used. */
export const usedFor: Seconds = pushedTtl + decisionTtl + 60;

/** RFC 9126 §4: what a person who came in time goes on with, however often they load the page; null for what is over. */
export function openPushed(pushed: PushedRequest, now: Seconds): PushedRequest | null {
	if (now >= pushed.expiresAt) return null;
	return pushed.openedAt === null ? { ...pushed, openedAt: now, expiresAt: now + decisionTtl } : pushed;
}
