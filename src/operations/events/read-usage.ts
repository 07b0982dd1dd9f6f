import type { Seconds } from "../../domain/brands.ts";
import { beginningOf, day, daysKept, hour, hoursKept, summarize, type UsageSummary } from "../../domain/usage.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";

export type UsageStep = "hour" | "day";

/** Steps of UTC. `object` is a key, a client or an API of the account, or the account as a whole. */
export interface UsageQuery {
	readonly accountId: string;
	readonly object: string;
	readonly step: UsageStep;
	/** Null: the last 24 hours, or 30 days, of which the present one is the last. */
	readonly from: Seconds | null;
	readonly before: Seconds | null;
}

export interface ReadUsage extends UsageSummary {
	readonly from: Seconds;
	readonly before: Seconds;
}

/**
 * What was counted, what this isolate holds included. `too_long`: more steps than are kept. `backwards`: it ends before it begins.
 */
export async function readUsage(
	{ accountId, object, step, from: asked, before: until }: UsageQuery,
	services: Services,
): Promise<ReadUsage | "too_long" | "backwards"> {
	const { span, usual, kept } = steps[step];
	const before = roundedUp(until ?? services.now() + 1, span);
	const from = asked === null ? before - usual * span : beginningOf(span, asked);
	if (from >= before) return "backwards";
	if (before - from > kept) return "too_long";
	await services.usage.flush();
	const { usage } = portsOf(services);
	const of = [accountId, object, from, before] as const;
	const rows = await (step === "hour" ? usage.hours(...of) : usage.days(...of));
	return { from, before, ...summarize(rows, span, from, before) };
}

const steps = {
	hour: { span: hour, usual: 24, kept: hoursKept },
	day: { span: day, usual: 30, kept: daysKept },
} as const;

function roundedUp(instant: Seconds, span: Seconds): Seconds {
	return beginningOf(span, instant + span - 1);
}
