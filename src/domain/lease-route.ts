import type { Milliseconds } from "./brands.ts";
import type { Load } from "./replica-load.ts";

// Whom an isolate asks whether something still counts: the subject's home, or the replica near by. It is only ever a matter of
// time, never of truth: each lease is recalled, wherever it was given. So all is measured here, and nothing configured.

/** What is known of a subject's home, by the last check that went there. */
export interface HomeAsked {
	readonly took: Milliseconds;
	/** When the subject was last asked about, wherever. */
	readonly askedAt: Milliseconds;
}

/** What is known of the replicas of the isolate's colo. */
export interface Nearby {
	/** How many bits of a subject's digest choose the replica: with 0 there is one for the whole colo. */
	readonly bits: number;
	readonly bitsSince: Milliseconds;
	/** How long one took that answered by itself; for ever, where it failed. */
	readonly took: Milliseconds;
	readonly tookAt: Milliseconds;
}

/** What is remembered for: a subject that is asked about less often is not worth a lease. */
const remembered: Milliseconds = 10_000;

/** A call within a colo, where none was measured of late. */
const usualTook: Milliseconds = 5;

/** 256 objects in one colo. */
const mostBits = 8;

export const nothingNearby: Nearby = { bits: 0, bitsSince: -Infinity, took: usualTook, tookAt: -Infinity };

/**
 * Whether a check is for the replica. The first of a subject goes home and is timed; so does each that is nearer to the home than
 * to a replica: seldom-used subjects, and callers near the home, cost no lease.
 */
export function isForReplica(home: HomeAsked | undefined, nearby: Nearby, now: Milliseconds): boolean {
	if (home === undefined || now - home.askedAt >= remembered) return false;
	return home.took > (now - nearby.tookAt < remembered ? nearby.took : usualTook);
}

/** How long to wait for a replica that may have to ask the home itself, before the home is asked directly. */
export function patience({ took }: HomeAsked): Milliseconds {
	return 2 * took + 100;
}

/** After a replica's answer; `took` is null where it had asked the home. */
export function answered(nearby: Nearby, load: Load, took: Milliseconds | null, now: Milliseconds): Nearby {
	const timed = took === null ? nearby : { ...nearby, took: smoothed(nearby, took, now), tookAt: now };
	const bits = Math.min(mostBits, Math.max(0, nearby.bits + { quiet: -1, even: 0, busy: 1 }[load]));
	// One step at a time: those who were asked before it say for a while what they would have said.
	if (bits === nearby.bits || now - nearby.bitsSince < remembered) return timed;
	return { ...timed, bits, bitsSince: now };
}

/** After one that failed or let itself be waited for: for a while the home is nearer. */
export function failed(nearby: Nearby, now: Milliseconds): Nearby {
	return { ...nearby, took: Infinity, tookAt: now };
}

/** `SIN/2/01`: the colo, the bits, and the first bits of SHA-256(subject). */
export function replicaName(colo: string, bits: number, digest: Uint8Array): string {
	const [first = 0] = digest;
	return `${colo}/${bits}/${first.toString(2).padStart(8, "0").slice(0, bits)}`;
}

/** How Cloudflare names its places: the IATA code of an airport near by. Null for anything else, which names no replica. */
export function readColo(text: unknown): string | null {
	return typeof text === "string" && /^[A-Z]{3}$/.test(text) ? text : null;
}

function smoothed({ took, tookAt }: Nearby, last: Milliseconds, now: Milliseconds): Milliseconds {
	return now - tookAt < remembered && Number.isFinite(took) ? took + (last - took) / 8 : last;
}
