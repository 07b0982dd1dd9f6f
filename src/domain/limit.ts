import type { Seconds } from "./brands.ts";

/** An exact count of attempts in a fixed window, for what protects a secret (DESIGN §3.8). */
export interface Limit {
	readonly attempts: number;
	readonly window: Seconds;
}

/** A limit under the name that those who met it are told. */
export interface NamedLimit extends Limit {
	readonly name: string;
}

/** One attempt, and what it counts against: the limit of one network, name, account. */
export interface Turn {
	readonly limit: NamedLimit;
	readonly of: string;
}

/** As much was done as may be in this window: nothing more was, and nothing counted. */
export interface Limited {
	readonly kind: "limited";
	readonly limit: NamedLimit;
	readonly retryAfter: Seconds;
}

export interface Tally {
	readonly count: number;
	readonly endsAt: Seconds;
}

export type Take = { kind: "taken"; tally: Tally } | { kind: "exhausted"; retryAfter: Seconds };

/** Counts attempts before they are made, all or none: a hundred at once are a hundred. */
export function take(tally: Tally | null, limit: Limit, now: Seconds, attempts = 1): Take {
	const open = tally && now < tally.endsAt ? tally : { count: 0, endsAt: now + limit.window };
	if (open.count + attempts > limit.attempts) return { kind: "exhausted", retryAfter: open.endsAt - now };
	return { kind: "taken", tally: { ...open, count: open.count + attempts } };
}

/** A good attempt is not held against whoever made it. */
export function giveBack(tally: Tally | null, now: Seconds): Tally | null {
	return tally && now < tally.endsAt && tally.count > 1 ? { ...tally, count: tally.count - 1 } : null;
}
