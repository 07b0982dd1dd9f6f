import type { StoredEvent } from "../../domain/event.ts";
import type { Limited } from "../../domain/limit.ts";
import type { Actor } from "../actor.ts";
import { type ListPage, type ListQuery, pageOf } from "../list.ts";
import { partOfSearch } from "./search.ts";
import { eventIdOf } from "./event-id.ts";
import { unitsOf } from "./event-quota.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/** Contract 002: something was done to a system, and began or ended. */
export interface ChangeEvent {
	/** Epoch milliseconds. */
	readonly occurredAt: number;
	readonly name: string;
	readonly state: "start" | "stop";
	readonly attributes: Readonly<Record<string, string>>;
}

export type ChangeEventPut = { kind: "stored" } | Limited;

/** RFC 9110 §9.3.4: a PUT that is sent again is the same change event, so its id comes from what it says. */
export async function putChangeEvent(event: ChangeEvent, actor: Actor, services: Services): Promise<ChangeEventPut> {
	const { accountId } = actor;
	const { occurredAt, name, state } = event;
	const attributes = Object.entries(event.attributes).toSorted(([a], [b]) => (a < b ? -1 : 1));
	const body = JSON.stringify({ event_name: name, event_state: state, attributes: Object.fromEntries(attributes) });
	const retryAfter = await services.eventQuota.take(accountId, unitsOf([body]));
	if (retryAfter > 0) return { kind: "limited", limit: services.eventQuota.limit, retryAfter };
	await portsOf(services).events.put({
		id: await eventIdOf(`${accountId} ${occurredAt} ${body}`),
		accountId,
		type: "change_event",
		environmentId: "",
		environment: "",
		receivedAt: services.now(),
		occurredAt,
		body,
	});
	return { kind: "stored" };
}

export interface ChangeEventQuery extends ListQuery {
	/** Epoch milliseconds: from this one on, and before that one. */
	readonly from: number | null;
	readonly before: number | null;
}

/** The account's change events, newest first. Null for a cursor that is not of this list. */
export async function listChangeEvents(
	query: ChangeEventQuery,
	{ accountId }: Actor,
	services: Services,
): Promise<ListPage<StoredEvent> | null> {
	const { from, before, limit } = query;
	const list = `change_events ${JSON.stringify([accountId, from, before])}`;
	return pageOf(list, query.cursor, services, (cursor) =>
		partOfSearch(cursor, (after) => {
			const search = { accountId, conditions: [], from, before, after, limit };
			return portsOf(services).events.search(search, "change_event");
		}),
	);
}
