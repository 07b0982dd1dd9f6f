import type { Seconds } from "./brands.ts";

/**
 * Whether a client, an account or a membership is still there. Ending one is a single write in the register, while its
 * grants lie in many ledgers: so each use of a credential compares, and nobody waits for a sweep (DESIGN §3.6).
 */
export interface Standing {
	readonly state: "active" | "ended";
	/** What was granted before this instant no longer counts. */
	readonly notBefore: Seconds;
}

/** Null when any of them has ended (or never was), else the latest instant before which nothing counts. */
export function joinStandings(
	standings: readonly ({ readonly state: string; readonly notBefore: Seconds } | null)[],
): { notBefore: Seconds } | null {
	let notBefore = 0;
	for (const standing of standings) {
		if (standing?.state !== "active") return null;
		notBefore = Math.max(notBefore, standing.notBefore);
	}
	return { notBefore };
}
