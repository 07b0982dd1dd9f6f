import * as v from "valibot";
import { readUtc } from "../../domain/instant.ts";
import { dateTimeSchema, described, titled } from "../../http/described.ts";
import { bounds, moreThan } from "../../domain/bounds.ts";
import { problem } from "../../http/problem.ts";
import { readJson } from "../../http/read-json.ts";
import type { SearchQuery } from "../../operations/events/search.ts";
import { type FilterProblem, readFilters, type SearchFields, utcRule } from "./search-filters.ts";

const scalar = v.union(
	[v.pipe(v.string(), v.maxLength(500, "is longer than 500 characters")), v.pipe(v.number(), v.finite()), v.boolean()],
	"must be a text of at most 500 characters, a number or a boolean",
);

/** Contract 004 documents `filters`; what stands in them, and the rest, is ours. */
export const searchSchema = titled(
	"Search",
	v.strictObject({
		filters: v.optional(
			v.pipe(
				v.array(
					titled(
						"SearchFilter",
						v.strictObject({
							field: described(v.string("must be a string"), "What is compared."),
							operator: described(v.string("must be a string"), "How: one of those that the field has."),
							value: described(
								v.union(
									[
										scalar,
										v.pipe(
											v.array(scalar),
											v.maxLength(bounds.filterValues.most, `has ${moreThan(bounds.filterValues)}`),
										),
									],
									`must be a text of at most 500 characters, a number, a boolean, or an array of at most ${bounds.filterValues.most} of them`,
								),
								"With what.",
							),
						}),
					),
					"must be an array of filters: { field, operator, value }",
				),
				v.maxLength(bounds.filters.most, `has ${moreThan(bounds.filters)}`),
				v.description("All of them have to hold."),
			),
			[],
		),
		from: v.optional(
			v.pipe(v.string(utcRule), v.metadata({ ...dateTimeSchema, description: "From this time on, in UTC." })),
		),
		to: v.optional(
			v.pipe(v.string(utcRule), v.metadata({ ...dateTimeSchema, description: "Before this time, in UTC." })),
		),
		cursor: v.optional(described(v.string("must be a string"), "The `next` of the page before.")),
		limit: v.optional(
			v.pipe(
				v.number("must be a number"),
				v.integer("must be a whole number"),
				v.minValue(1, "must be 1 to 100"),
				v.maxValue(100, "must be 1 to 100"),
				v.description("How many at most."),
			),
			50,
		),
	}),
);

/** A search as it was sent, or the refusal to answer with. `unit`: how many milliseconds one unit of the store has. */
export async function readSearch<Column extends string>(
	request: Request,
	fields: SearchFields<Column>,
	unit: number,
): Promise<{ ok: true; query: SearchQuery<Column> } | { ok: false; response: Response }> {
	const body = await readJson(request, searchSchema);
	if (!body.ok) return body;
	const { filters, cursor, limit } = body.value;
	const read = readFilters(filters, fields);
	const problems: FilterProblem[] = read.ok ? [] : [...read.problems];
	const [from, before] = (["from", "to"] as const).map((name) => {
		const text = body.value[name];
		const time = text === undefined ? null : readUtc(text);
		if (text !== undefined && time === null) problems.push({ field: name, detail: utcRule });
		return time === null ? null : time / unit;
	});
	if (!read.ok || problems.length > 0) return { ok: false, response: malformed(problems) };
	const { conditions } = read;
	return { ok: true, query: { conditions, from: from ?? null, before: before ?? null, cursor: cursor ?? null, limit } };
}

export function wrongSearchCursor(): Response {
	const detail = "The cursor is not one of this search: send the same filters, from and to, or begin again without it.";
	return malformed([{ field: "cursor", detail }]);
}

function malformed(errors: readonly FilterProblem[]): Response {
	const detail = errors.map((each) => `${each.field}: ${each.detail}`).join("; ");
	return problem(400, detail, { code: "wrong_members", more: { errors } });
}
