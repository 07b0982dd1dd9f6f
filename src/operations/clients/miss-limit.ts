import type { Seconds } from "../../domain/brands.ts";

/**
 * Client ids of ours carry a MAC, so that invented ones look nothing up; URLs (Client ID Metadata Documents) cannot. A flood
 * of invented URLs must not become a flood of queries: an isolate looks for so many in vain, and then for none for a while.
 */
export interface MissLimit {
	/** Whether an id that is not remembered may be looked for. */
	mayLook(): boolean;
	/** One more was looked for in vain. */
	missed(): void;
}

/** In vain, and in how long: a person who mistypes needs one, a flood thousands. */
const most = 100;
const span: Seconds = 10;

export function createMissLimit(now: () => Seconds): MissLimit {
	let misses = 0;
	let endsAt: Seconds = 0;
	return {
		mayLook: () => misses < most || now() >= endsAt,
		missed() {
			if (now() >= endsAt) {
				misses = 0;
				endsAt = now() + span;
			}
			misses++;
		},
	};
}
