import { isDeepStrictEqual } from "node:util";
import type { Members } from "./call.ts";

/** What became of a thing of the plan: what is there already stays as it is, but for what an operator decides. */
export type State = "made" | "there" | "differs" | "changed";

/** The members in which what is there is not as it is wanted. The order of a list means nothing. */
export function differences(wanted: Members, found: Members): string[] {
	return Object.keys(wanted).filter((name) => !isDeepStrictEqual(tidy(wanted[name]), tidy(found[name])));
}

function tidy(value: unknown): unknown {
	return Array.isArray(value) ? value.map(String).toSorted() : value;
}
