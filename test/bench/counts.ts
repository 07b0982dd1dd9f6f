/** Calls to storage, by where they go. */
export interface Counts {
	ledger: number;
	kv: number;
	d1: number;
	/** Key ring and limiter. */
	other: number;
}

/** Where the counting build tells what it has counted since it was last asked. */
export const countsPath = "/bench/counts";

export function noCounts(): Counts {
	return { ledger: 0, kv: 0, d1: 0, other: 0 };
}
