import { bounds } from "./bounds.ts";
import type { Seconds } from "./brands.ts";

/** How old an answer may be, in whole seconds, for its caller to choose; nothing is younger than 0, so that the ledger is asked. */
export function isMaxStaleness(value: unknown): value is Seconds {
	return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= bounds.staleness.most;
}
