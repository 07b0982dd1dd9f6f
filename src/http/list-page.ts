import { isProblem, onceOnly, type Params } from "./body.ts";
import { problem } from "./problem.ts";

/** What of a list is asked for: `?cursor=` is the `next` of the page before, `?limit=` 1 to 100. */
export interface AskedPage {
	readonly cursor: string | null;
	readonly limit: number;
	/** Every parameter of the query, once. */
	readonly query: Params;
}

/** As the document has them. */
export const pageParameters = {
	cursor: { description: "The `next` of the page before, with the same filters." },
	limit: {
		description: "How many at most.",
		example: "20",
		schema: { type: "integer", minimum: 1, maximum: 100, default: 50 },
	},
} as const;

export function readListPage(url: URL): { ok: true; page: AskedPage } | { ok: false; response: Response } {
	const query = onceOnly(url.searchParams);
	if (isProblem(query)) {
		const { repeated, detail } = query;
		return { ok: false, response: wrongQuery(repeated === null ? detail : `${repeated} stands in the query twice.`) };
	}
	const limit = query.get("limit") ?? "50";
	if (!/^[1-9]\d?$|^100$/.test(limit)) return { ok: false, response: wrongQuery("limit is a number from 1 to 100.") };
	return { ok: true, page: { cursor: query.get("cursor") ?? null, limit: Number(limit), query } };
}

function wrongQuery(detail: string): Response {
	return problem(400, detail, { code: "wrong_query" });
}

export function wrongCursor(): Response {
	return problem(400, "The cursor is not one of this list: begin again without it.", { code: "wrong_cursor" });
}
