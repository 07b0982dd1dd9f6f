import type { Seconds } from "./brands.ts";
import { type Limited, take, type Tally } from "./limit.ts";
import { isWithin } from "./network.ts";

/** What an account demands of the use of a key beside a good code; whatever is left out is not limited. */
export interface KeyLimits {
	readonly expiresAt?: Seconds;
	/** Where it may be used from, as `readNetwork` writes them. */
	readonly networks?: readonly string[];
	readonly rate?: KeyRate;
	/** How often it may be used, from when that was said. */
	readonly uses?: number;
}

const ratePeriods = { minute: 60, hour: 3600, day: 86_400 } as const satisfies Readonly<Record<string, Seconds>>;

type RatePeriod = keyof typeof ratePeriods;
export const ratePeriodNames = ["minute", "hour", "day"] as const satisfies readonly RatePeriod[];

export interface KeyRate {
	readonly uses: number;
	readonly per: RatePeriod;
}

/** The largest number of uses that can be said, in all or in a period. */
export const mostUses = 1_000_000_000;

/** What of a key's state its limits are judged by. The counts are the ledger's alone: counting raises no `rev`. */
export interface LimitedKey {
	readonly limits?: KeyLimits;
	/** Uses, of those that there may be. */
	readonly spent?: number;
	/** Uses in the period that runs. */
	readonly tally?: Tally;
}

/** What is left of what is counted, after the use that is told of it. Not there for a key of which nothing is. */
export interface UsesLeft {
	readonly uses?: number;
	readonly rate?: KeyRate & { readonly left: number; readonly endsAt: Seconds };
}

export type LimitRefusal = "key_expired" | "network_refused" | "rate_limited" | "uses_spent";

export function hasExpired({ limits }: LimitedKey, now: Seconds): boolean {
	return limits?.expiresAt !== undefined && now >= limits.expiresAt;
}

/** Where nobody knows where a use comes from, it comes from none of the networks. */
export function isFromElsewhere({ limits }: LimitedKey, from: string | null): boolean {
	return limits?.networks !== undefined && (from === null || !isWithin(from, limits.networks));
}

type Spent<Key> =
	| { readonly kind: "spent"; readonly key: Key }
	| { readonly kind: "refused"; readonly reason: "rate_limited"; readonly limited: Omit<Limited, "kind"> }
	| { readonly kind: "refused"; readonly reason: "uses_spent" };

/** One more use, counted before it is made; the key as it is where nothing of it is counted. */
export function spendUse<Key extends LimitedKey>(key: Key, now: Seconds): Spent<Key> {
	const { limits = {}, spent = 0, tally = null } = key;
	const { uses, rate } = limits;
	if (uses === undefined && !rate) return { kind: "spent", key };
	// First what will not be otherwise later on.
	if (uses !== undefined && spent >= uses) return { kind: "refused", reason: "uses_spent" };
	const limit = rate && { name: "api-key", attempts: rate.uses, window: ratePeriods[rate.per] };
	const taken = limit && take(tally, limit, now);
	if (limit && taken?.kind === "exhausted") {
		return { kind: "refused", reason: "rate_limited", limited: { limit, retryAfter: taken.retryAfter } };
	}
	const counted = {
		...(uses !== undefined && { spent: spent + 1 }),
		...(taken?.kind === "taken" && { tally: taken.tally }),
	};
	return { kind: "spent", key: { ...key, ...counted } };
}

/** Null where nothing is counted. */
export function usesLeft({ limits = {}, spent = 0, tally }: LimitedKey, now: Seconds): UsesLeft | null {
	const { uses, rate } = limits;
	if (uses === undefined && !rate) return null;
	const running = tally && now < tally.endsAt ? tally : null;
	return {
		...(uses !== undefined && { uses: Math.max(0, uses - spent) }),
		...(rate && {
			rate: {
				...rate,
				left: Math.max(0, rate.uses - (running?.count ?? 0)),
				endsAt: running?.endsAt ?? now + ratePeriods[rate.per],
			},
		}),
	};
}

/** Other limits for a key. What is counted goes on where its own limit stays as it was, and begins anew with another. */
export function withLimits<Key extends LimitedKey>(key: Key, limits: KeyLimits | null): Key {
	const { limits: before, spent, tally, ...rest } = key;
	const isSameRate = before?.rate && limits?.rate && isSame(before.rate, limits.rate);
	return {
		...rest,
		...(limits && isAny(limits) && { limits }),
		...(spent !== undefined && limits?.uses !== undefined && limits.uses === before?.uses && { spent }),
		...(tally && isSameRate && { tally }),
	} as Key;
}

export function isSameLimits(one: KeyLimits | null | undefined, other: KeyLimits | null | undefined): boolean {
	return isSame(inOrder(one), inOrder(other));
}

function isAny(limits: KeyLimits): boolean {
	return Object.keys(limits).length > 0;
}

function inOrder(limits: KeyLimits | null | undefined): unknown {
	const { expiresAt, networks, rate, uses } = limits ?? {};
	return [expiresAt, networks?.toSorted(), rate && [rate.uses, rate.per], uses];
}

function isSame(one: unknown, other: unknown): boolean {
	return JSON.stringify(one) === JSON.stringify(other);
}
