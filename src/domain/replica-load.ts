import type { Milliseconds } from "./brands.ts";

/** How much a replica has to do. */
export type Load = "quiet" | "even" | "busy";

/** How many a replica was asked in a span of ten seconds, and what that made of it. */
export interface Asked {
	readonly since: Milliseconds;
	readonly count: number;
	readonly load: Load;
}

const span: Milliseconds = 10_000;

/**
 * In one span. Cloudflare's limit of one object is about 1,000 requests a second. Whoever is quiet has less than a quarter of what makes it busy,
 * so that two who become one again are not busy at once.
 */
const loads = { quiet: 1000, busy: 5000 } as const;

export function firstAsked(now: Milliseconds): Asked {
	return { since: now, count: 0, load: "even" };
}

/** One more. What was counted in a whole span holds for the next. */
export function asked(before: Asked, now: Milliseconds): Asked {
	const { since, count, load } = before;
	const isOver = now - since >= span;
	if (!isOver) return { since, count: count + 1, load: count + 1 > loads.busy ? "busy" : load };
	return { since: now, count: 1, load: count < loads.quiet ? "quiet" : count > loads.busy ? "busy" : "even" };
}
