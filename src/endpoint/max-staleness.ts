import * as v from "valibot";
import { bounds } from "../domain/bounds.ts";
import type { Seconds } from "../domain/brands.ts";
import { isMaxStaleness } from "../domain/max-staleness.ts";
import type { Params } from "../http/body.ts";

// `max_staleness`: how old an answer may be that says whether a credential is still good.

/** In a body of parameters, where a number is text. */
export const maxStalenessSchema = v.optional(
	v.pipe(
		v.number(),
		v.integer(),
		v.minValue(0),
		v.maxValue(bounds.staleness.most),
		v.description(
			"How old the answer may be, in seconds. With 0, as where it is left out, nothing counts that was revoked before.",
		),
	),
);

export const maxStalenessRule = `max_staleness must be whole seconds from 0 to ${bounds.staleness.most}`;

/** Null where nothing is said of it. */
export function readMaxStaleness(text: string | undefined): Seconds | "not_one" | null {
	if (text === undefined) return null;
	const value = /^\d{1,2}$/.test(text) ? Number(text) : null;
	return isMaxStaleness(value) ? value : "not_one";
}

/** Why it is refused where something is given out, in either spelling; null where nobody asked. */
export function staleAsked(params: Params): string | null {
	const name = ["max_staleness", "maxStaleness"].find((each) => params.has(each));
	return name === undefined ? null : `${name} is not taken here: tokens are given out by what holds now`;
}
