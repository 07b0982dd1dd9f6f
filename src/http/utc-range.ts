import { readUtcSeconds } from "../domain/instant.ts";
import { dateTimeSchema } from "./described.ts";
import type { Params } from "./body.ts";
import { fieldProblem } from "./problem.ts";

/** As the document has them. */
export const rangeParameters = {
	from: { description: "From this time on, in UTC.", example: "2026-01-31T08:00:00Z", schema: dateTimeSchema },
	to: { description: "Before this time, in UTC.", schema: dateTimeSchema },
} as const;

interface UtcRange {
	readonly from: number | null;
	readonly to: number | null;
}

/** `?from=` and `?to=`, in epoch seconds; null is open. */
export function readUtcRange(query: Params): { ok: true; range: UtcRange } | { ok: false; response: Response } {
	const [from, to] = (["from", "to"] as const).map((name) => {
		const text = query.get(name);
		return text === undefined ? null : (readUtcSeconds(text) ?? wrong(name));
	});
	if (from instanceof Response) return { ok: false, response: from };
	if (to instanceof Response) return { ok: false, response: to };
	return { ok: true, range: { from: from ?? null, to: to ?? null } };
}

function wrong(name: string): Response {
	return fieldProblem("wrong_query", name, "A time is written in UTC, ending in Z or +00:00: 2026-01-31T08:00:00Z.");
}
