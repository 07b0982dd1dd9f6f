import type { Seconds } from "../brands.ts";
import type { Limit } from "../limit.ts";

/** Exact counts of attempts, by the hash of what is protected. */
export interface Limiter {
	/** Zero where the attempt may be made (it is counted), else the seconds until it may. */
	take(name: string, limit: Limit): Promise<Seconds>;
	giveBack(name: string): Promise<void>;
}
