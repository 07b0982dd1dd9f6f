import type { AlertColumn } from "../../domain/ports/alerts.ts";
import type { Alert, AlertKind } from "../../domain/alert.ts";
import type { Event, EventColumn } from "../../domain/event.ts";
import type { Condition, Found, Position } from "../../domain/search.ts";
import { readCursor, writeCursor } from "../cursor.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/** What is asked for, in the unit of the store: milliseconds for events, seconds for alerts. */
export interface SearchQuery<Column extends string> {
	readonly conditions: readonly Condition<Column>[];
	readonly from: number | null;
	readonly before: number | null;
	/** Of the page before, with the same conditions and range. */
	readonly cursor: string | null;
	readonly limit: number;
}

export interface SearchPage<Row> {
	readonly rows: readonly Row[];
	readonly next: string | null;
}

/** Events and change events of an account, newest first. Null for a cursor that is not of this search. */
export function searchEvents(
	query: SearchQuery<EventColumn>,
	accountId: string,
	services: Services,
): Promise<SearchPage<Event> | null> {
	return page("events", query, accountId, services, (after) =>
		portsOf(services).events.search({ ...query, accountId, after }, null),
	);
}

/** Alerts of an account, newest first; `kind` null is all of them. Null for a cursor that is not of this search. */
export function searchAlerts(
	query: SearchQuery<AlertColumn>,
	kind: AlertKind | null,
	accountId: string,
	services: Services,
): Promise<SearchPage<Alert> | null> {
	return page(`alerts ${kind ?? ""}`, query, accountId, services, (after) =>
		portsOf(services).alerts.search({ ...query, accountId, after }, kind),
	);
}

async function page<Row>(
	of: string,
	{ conditions, from, before, cursor }: SearchQuery<string>,
	accountId: string,
	{ serverKeys }: Services,
	look: (after: Position | null) => Promise<Found<Row>>,
): Promise<SearchPage<Row> | null> {
	const list = `search ${of} ${JSON.stringify([accountId, conditions, from, before])}`;
	const position = cursor === null ? [] : await readCursor(cursor, list, serverKeys);
	if (!position) return null;
	const [at, id] = position;
	const { rows, next } = await look(at === undefined ? null : { at: Number(at), id: String(id) });
	return { rows, next: next && (await writeCursor(list, [next.at, next.id], serverKeys)) };
}
