import type { Seconds } from "../brands.ts";
import type { Limit } from "../limit.ts";

/** Exact counts of attempts, by the hash of what is protected. */
export interface Limiter {
	/** Zero where so many attempts may be made (they are counted, all or none), else the seconds until they may. */
	take(name: string, limit: Limit, attempts?: number): Promise<Seconds>;
	giveBack(name: string): Promise<void>;
}
