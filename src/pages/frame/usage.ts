import { readUtcSeconds } from "../../domain/instant.ts";
import { beginningOf, day, daysKept, hoursKept } from "../../domain/usage.ts";
import type { Call } from "../../endpoint/call.ts";
import { readUsage, type UsageStep } from "../../operations/events/read-usage.ts";
import type { UsageProps } from "./usage.tsx";
import type { Frame } from "./frame.ts";

/** What of a page's address says which hours or days it tells of: `?by=day&to=2026-01-31`, whose last day that is. */
export async function usageFor(
	{ accountId, object }: { readonly accountId: string; readonly object: string },
	path: string,
	{ services, url, frame }: Pick<Call, "services" | "url"> & { readonly frame: Pick<Frame, "now"> },
): Promise<UsageProps> {
	const step: UsageStep = url.searchParams.get("by") === "day" ? "day" : "hour";
	const [span, kept] = step === "day" ? [30 * day, daysKept] : [day, hoursKept];
	const last = readUtcSeconds(`${url.searchParams.get("to") ?? ""}T00:00:00Z`);
	const isThere = last !== null && last <= frame.now && last > frame.now - kept;
	const before = isThere ? last + day : null;
	const asked = { accountId, object, step };
	const found = await readUsage({ ...asked, from: before === null ? null : before - span, before }, services);
	if (typeof found === "string") throw new Error(`Whole days of what is kept: ${found}`);
	const ending = (instant: number) => `${path}?by=${step}&to=${dateOf(instant)}`;
	const earlier = found.from - 1;
	return {
		...found,
		step,
		hoursUrl: path,
		daysUrl: `${path}?by=day`,
		earlierUrl: beginningOf(day, earlier) - span > frame.now - kept - day ? ending(earlier) : null,
		laterUrl: before === null ? null : before + span > frame.now ? `${path}?by=${step}` : ending(before + span - 1),
	};
}

function dateOf(instant: number): string {
	return new Date(instant * 1000).toISOString().slice(0, 10);
}
