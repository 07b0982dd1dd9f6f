import type { Documentation } from "./documentation.ts";
import { fieldProblem } from "./problem.ts";

/** Contract 003: wherever a credential opens something, it may be in the query. */
const credential = "apiKey";

/**
 * The refusal of a query that has what is not documented; null where it has nothing of the kind. A filter that is misspelt,
 * or is none of this list, would find everything.
 */
export function refuseUnknownQuery(url: URL, query: Documentation["query"] = {}): Response | null {
	if (url.search === "") return null;
	const isKnown = (name: string) => name === credential || Object.hasOwn(query, name);
	if ([...url.searchParams.keys()].every(isKnown)) return null;
	const names = Object.keys(query).join(", ");
	const detail = `The query has a parameter that is not known here: ${names === "" ? "it takes none" : `there are ${names}`}.`;
	return fieldProblem("wrong_query", "query", detail);
}
