import { readUtcSeconds } from "../domain/instant.ts";
import { dateTimeSchema } from "./described.ts";
import { atMost, bounds } from "../domain/bounds.ts";
import type { ListAsked, ListFilter, ListShape } from "../domain/list-query.ts";
import type { Params } from "./body.ts";
import type { Documentation } from "./documentation.ts";

/** By the parameter that it is about. */
export type ListErrors = Readonly<Record<string, string>>;

/**
 * What a query asks of a list. What is not of the list is not looked at here: a program's query was refused for it before
 * (known-query.ts).
 */
export function readListQuery<Shape extends ListShape>(
	shape: Shape,
	query: Params,
): { ok: true; asked: ListAsked<Shape> } | { ok: false; errors: ListErrors } {
	const errors: Record<string, string> = {};
	const read = <Value>(name: string, valueOf: (text: string) => Value | null, rule: string): Value | null => {
		const text = query.get(name);
		const value = text === undefined ? null : valueOf(text);
		if (text !== undefined && value === null) errors[name] = rule;
		return value;
	};
	const q = shape.search === null ? null : read("q", readText, textRule);
	const filters = Object.fromEntries(
		Object.entries(shape.filters).map(([name, filter]) => [name, read(name, readerOf(filter), ruleOf(filter))]),
	);
	const sorts = Object.keys(shape.sorts);
	const sort = read("sort", oneOf(sorts), `It is one of these: ${sorts.join(", ")}.`);
	if (Object.keys(errors).length > 0) return { ok: false, errors };
	// Each member was read as its filter demands.
	return { ok: true, asked: { q, filters, sort } as ListAsked<Shape> };
}

/** As the document has them. */
export function listParameters({ search, filters, sorts }: ListShape): NonNullable<Documentation["query"]> {
	const names = Object.keys(sorts);
	return {
		...(search !== null && { q: { description: search, schema: { type: "string", maxLength: bounds.listText.most } } }),
		...Object.fromEntries(
			Object.entries(filters).map(([name, filter]) => [name, { description: filter.doc, ...schemaOf(filter) }]),
		),
		...(names.length > 1 && {
			sort: {
				description: "The order; a minus turns it round. A cursor goes on in its own.",
				schema: { type: "string", enum: names },
			},
		}),
	};
}

const textRule = `It is a text of ${atMost(bounds.listText)}, and not empty.`;

function readText(text: string): string | null {
	const trimmed = text.trim();
	return trimmed !== "" && trimmed.length <= bounds.listText.most && !trimmed.includes("\0") ? trimmed : null;
}

function oneOf(names: readonly string[]): (text: string) => string | null {
	return (text) => names.find((name) => name === text) ?? null;
}

function readerOf(filter: ListFilter): (text: string) => string | number | true | null {
	switch (filter.kind) {
		case "choice":
			return oneOf(Object.keys(filter.choices));
		case "text":
			return readText;
		case "time":
			return readUtcSeconds;
		case "flag":
			return (text) => text === "true" || null;
	}
}

function ruleOf(filter: ListFilter): string {
	switch (filter.kind) {
		case "choice":
			return `It is one of these: ${Object.keys(filter.choices).join(", ")}.`;
		case "text":
			return textRule;
		case "time":
			return "A time is written in UTC, ending in Z or +00:00: 2026-01-31T08:00:00Z.";
		case "flag":
			return "It is true, or left out.";
	}
}

function schemaOf(filter: ListFilter) {
	switch (filter.kind) {
		case "choice":
			return { schema: { type: "string", enum: Object.keys(filter.choices) } };
		case "text":
			return filter.example === undefined ? {} : { example: filter.example };
		case "time":
			return { example: "2026-01-31T08:00:00Z", schema: dateTimeSchema };
		case "flag":
			return { schema: { type: "string", enum: ["true"] } };
	}
}
