import type { AlertColumn, AlertFilter } from "../../domain/ports/alerts.ts";
import type { Alert } from "../../domain/alert.ts";
import type { EventColumn, StoredEvent } from "../../domain/event.ts";
import type { Condition, Found, SearchPosition } from "../../domain/search.ts";
import type { Position } from "../../domain/list-query.ts";
import { type ListPage, type ListQuery, pageOf } from "../list.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/** What is asked for, in the unit of the store: milliseconds for events, seconds for alerts. */
export interface SearchQuery<Column extends string> extends ListQuery {
	readonly conditions: readonly Condition<Column>[];
	readonly from: number | null;
	readonly before: number | null;
}

/** Events and change events of an account, newest first. Null for a cursor that is not of this search. */
export function searchEvents(
	query: SearchQuery<EventColumn>,
	accountId: string,
	services: Services,
): Promise<ListPage<StoredEvent> | null> {
	return page("events", query, accountId, services, (after) =>
		portsOf(services).events.search({ ...query, accountId, after }, null),
	);
}

/** Alerts of an account, newest first. Null for a cursor that is not of this search. */
export function searchAlerts(
	query: SearchQuery<AlertColumn>,
	filter: AlertFilter,
	accountId: string,
	services: Services,
): Promise<ListPage<Alert> | null> {
	return page(`alerts ${filter.kind ?? ""} ${filter.acknowledged ?? ""}`, query, accountId, services, (after) =>
		portsOf(services).alerts.search({ ...query, accountId, after }, filter),
	);
}

async function page<Row>(
	of: string,
	{ conditions, from, before, cursor }: SearchQuery<string>,
	accountId: string,
	services: Services,
	look: (after: SearchPosition | null) => Promise<Found<Row>>,
): Promise<ListPage<Row> | null> {
	const list = `search ${of} ${JSON.stringify([accountId, conditions, from, before])}`;
	return pageOf(list, cursor, services, (after) => partOfSearch(after, look));
}

/** A store's search as a part of a list: both go on from a time and an id. */
export async function partOfSearch<Row>(
	after: Position | null,
	look: (after: SearchPosition | null) => Promise<Found<Row>>,
) {
	const { rows, next } = await look(after && { at: Number(after[0]), id: String(after[1]) });
	return { rows, next: next && [next.at, next.id] };
}
