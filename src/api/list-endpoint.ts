import * as v from "valibot";
import { described, titled } from "../http/described.ts";
import type { Permission } from "../domain/permission.ts";
import type { Endpoint } from "../endpoint/endpoint.ts";
import type { Documentation } from "../http/documentation.ts";
import { pageParameters, readListPage, wrongCursor } from "../http/list-page.ts";
import { json } from "../http/reply.ts";
import type { Actor } from "../operations/actor.ts";
import type { ListPage, ListQuery } from "../operations/list.ts";
import type { Services } from "../operations/services.ts";
import { endpointFor } from "./guard/access.ts";

interface List<Row> extends Pick<Documentation, "tag" | "summary" | "description"> {
	/** What the answer is called in the document. */
	readonly name: string;
	/** The member of the answer that has the rows. */
	readonly member: string;
	readonly schema: v.GenericSchema;
	/** What is in it, in which order. */
	readonly rows: string;
	/** Null for a cursor that is not of this list. */
	readonly find: (query: ListQuery, actor: Actor, services: Services) => Promise<ListPage<Row> | null>;
	readonly show: (row: Row, services: Services) => unknown;
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
