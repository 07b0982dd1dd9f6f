import * as v from "valibot";
import { described, titled } from "../http/described.ts";
import type { Permission } from "../domain/permission.ts";
import type { Endpoint } from "../endpoint/endpoint.ts";
import type { Documentation } from "../http/documentation.ts";
import { pageParameters, readListPage, wrongCursor } from "../http/list-page.ts";
import { listParameters, readListQuery } from "../http/list-query.ts";
import type { ListShape } from "../domain/list-query.ts";
import { fieldProblem } from "../http/problem.ts";
import { json } from "../http/reply.ts";
import type { Actor } from "../operations/actor.ts";
import type { ListedPage, ListedQuery, ListPage, ListQuery } from "../operations/list.ts";
import type { Services } from "../operations/services.ts";
import { endpointFor } from "./guard/access.ts";
import { endpointForAdministrator } from "./guard/administrator.ts";

interface Described<Row> extends Pick<Documentation, "tag" | "summary" | "description"> {
	/** What the answer is called in the document. */
	readonly name: string;
	/** The member of the answer that has the rows. */
	readonly member: string;
	readonly schema: v.GenericSchema;
	/** What is in it, in which order. */
	readonly rows: string;
	readonly show: (row: Row, services: Services) => unknown;
}

interface List<Row> extends Described<Row> {
	/** Null for a cursor that is not of this list. */
	readonly find: (query: ListQuery, actor: Actor, services: Services) => Promise<ListPage<Row> | null>;
}

interface NarrowedList<Shape extends ListShape, Row> extends Described<Row> {
	readonly shape: Shape;
	/** Null for a cursor that is not of this list. */
	readonly find: (query: ListedQuery<Shape>, actor: Actor, services: Services) => Promise<ListedPage<Row> | null>;
}

/** Where the next page begins. */
export const next = v.nullable(described(v.string(), "The `cursor` of the next page; null on the last."));

/** A list of the account's, a page at a time. */
export function listEndpoint<Row>(permission: Permission, list: List<Row>): Endpoint {
	const { name, member, schema, rows, find, show, ...doc } = list;
	return endpointFor(
		permission,
		async ({ url, services }, actor) => {
			const asked = readListPage(url);
			if (!asked.ok) return asked.response;
			const found = await find(asked.page, actor, services);
			if (!found) return wrongCursor();
			return json(200, { [member]: found.rows.map((row) => show(row, services)), next: found.next });
		},
		{
			...doc,
			query: pageParameters,
			answers: {
				200: {
					description: rows,
					schema: titled(name, v.object({ [member]: described(v.array(schema), "A page of them."), next })),
				},
				400: { description: "A limit out of range, or a cursor that is not of this list." },
			},
		},
	);
}

export const previous = v.nullable(described(v.string(), "The `cursor` of the page before; null on the first."));
const total = v.nullable(
	described(
		v.pipe(v.number(), v.integer()),
		"How many there are in all, as the filters say; null where they are more than 1,000 and were not counted.",
	),
);

/** A list of the account's that can be searched, filtered and sorted, a page at a time, both ways. */
export function narrowedListEndpoint<Shape extends ListShape, Row>(
	needs: Permission | "admin",
	list: NarrowedList<Shape, Row>,
): Endpoint {
	const { name, member, schema, rows, shape, find, show, ...doc } = list;
	const endpointOf = (...of: Parameters<typeof endpointForAdministrator>) =>
		needs === "admin" ? endpointForAdministrator(...of) : endpointFor(needs, ...of);
	return endpointOf(
		async ({ url, services }, actor) => {
			const asked = readListPage(url);
			if (!asked.ok) return asked.response;
			const { query, ...page } = asked.page;
			const narrowed = readListQuery(shape, query);
			if (!narrowed.ok) return refuseQuery(narrowed.errors);
			const found = await find({ ...page, ...narrowed.asked }, actor, services);
			if (!found) return wrongCursor();
			const shown = { [member]: found.rows.map((row) => show(row, services)) };
			return json(200, { ...shown, next: found.next, previous: found.previous, total: found.total });
		},
		{
			...doc,
			query: { ...pageParameters, ...listParameters(shape) },
			answers: {
				200: {
					description: rows,
					schema: titled(
						name,
						v.object({ [member]: described(v.array(schema), "A page of them."), next, previous, total }),
					),
				},
				400: {
					description: "A limit, filter or order that is none, or a cursor that is not of this list as it is narrowed.",
				},
			},
		},
	);
}

export function refuseQuery(errors: Readonly<Record<string, string>>): Response {
	const [[field, detail] = ["query", ""]] = Object.entries(errors);
	return fieldProblem("wrong_query", field, detail, `${field}: ${detail}`);
}
