import type { Seconds } from "./brands.ts";
import { keyRefusals } from "./key-refusals.ts";

/** What of a deployment's work is counted, in the order in which it is shown. */
export const deeds = ["sign_in", "login", "token", "check"] as const;
export type Deed = (typeof deeds)[number];

/** Why something was refused, where it is known whose it was: of what a stranger made up there is nobody to tell. */
export const refusalReasons = [
	...keyRefusals,
	"unknown_code",
	"inactive_token",
	"token_expired",
	"token_ended",
	"missing_permission",
	"invalid_client",
	"invalid_grant",
	"invalid_scope",
	"invalid_target",
	"invalid_request",
	"unauthorized_client",
	"access_denied",
	"expired_token",
	"invalid_dpop_proof",
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** As it is stored, by these names. */
export type Usage = Deed | RefusalReason;

export function isUsage(text: string): text is Usage {
	return known.has(text);
}

const known: ReadonlySet<string> = new Set([...deeds, ...refusalReasons]);

/** Whose it was: an account, and which of its keys, clients and APIs had a part in it. */
export interface Party {
	readonly accountId: string;
	readonly objects: readonly string[];
}

/** The object of a row that counts for an account as a whole. */
export const wholeAccount = "";

export interface UsageRow {
	/** The beginning of its hour or day, in UTC. */
	readonly at: Seconds;
	readonly what: Usage;
	readonly count: number;
}

/** What is added to a row. */
export interface UsageCell extends UsageRow {
	readonly accountId: string;
	readonly object: string;
}

export const hour: Seconds = 3600;
export const day: Seconds = 86_400;

/** For how long each hour is kept by itself; then its day is. */
export const hoursKept: Seconds = 8 * day;
/** Thirteen months, so that a month can be compared with that of the year before. */
export const daysKept: Seconds = 400 * day;

export function beginningOf(span: Seconds, instant: Seconds): Seconds {
	return instant - (instant % span);
}

/** What is counted of one thing at an hour or on a day. */
export interface UsagePoint {
	readonly at: Seconds;
	readonly deeds: Readonly<Record<Deed, number>>;
	/** All refusals, whatever their reason. */
	readonly refused: number;
}

export interface UsageSummary {
	/** One for each hour or day of the span, those without anything too. */
	readonly points: readonly UsagePoint[];
	readonly totals: Readonly<Record<Deed, number>>;
	readonly refused: number;
	/** By reason, the most frequent first; those that there were. */
	readonly reasons: readonly { readonly reason: RefusalReason; readonly count: number }[];
}

/** `step` is an hour or a day; a row of an hour counts for its day. */
export function summarize(rows: readonly UsageRow[], step: Seconds, from: Seconds, before: Seconds): UsageSummary {
	const points = new Map<Seconds, UsagePoint>();
	for (let at = beginningOf(step, from); at < before; at += step) points.set(at, { at, deeds: nothing, refused: 0 });
	const reasons = new Map<RefusalReason, number>();
	for (const { at: when, what, count } of rows) {
		const at = beginningOf(step, when);
		const point = points.get(at);
		if (!point) continue;
		points.set(at, raised(point, what, count));
		if (!isDeed(what)) reasons.set(what, (reasons.get(what) ?? 0) + count);
	}
	const all = [...points.values()];
	const refused = all.reduce((sum, point) => sum + point.refused, 0);
	const sum = (deed: Deed) => all.reduce((total, point) => total + point.deeds[deed], 0);
	return {
		points: all,
		totals: { sign_in: sum("sign_in"), login: sum("login"), token: sum("token"), check: sum("check") },
		refused,
		reasons: [...reasons].map(([reason, count]) => ({ reason, count })).toSorted((a, b) => b.count - a.count),
	};
}

function raised({ at, deeds: done, refused }: UsagePoint, what: Usage, count: number): UsagePoint {
	if (!isDeed(what)) return { at, deeds: done, refused: refused + count };
	return { at, deeds: { ...done, [what]: done[what] + count }, refused };
}

export function isDeed(what: Usage): what is Deed {
	return deeds.some((deed) => deed === what);
}

const nothing: UsagePoint["deeds"] = { sign_in: 0, login: 0, token: 0, check: 0 };
