import { readUtcSeconds } from "../../domain/instant.ts";
import type { EventColumn, StoredEvent } from "../../domain/event.ts";
import { type Condition, readMember } from "../../domain/search.ts";
import { page } from "../../http/reply.ts";
import { readJsonText } from "../../json-text.ts";
import { findEvent, removeEvent } from "../../operations/events/remove-event.ts";
import { searchEvents } from "../../operations/events/search.ts";
import { doneAt, nextUrl } from "../frame/address.ts";
import { notForRole, notThere } from "../frame/refusal.ts";
import { inConsole, type Visit } from "../frame/visit.ts";
import { type EventField, eventDeletionView, eventsView } from "./events.tsx";

/** `GET /console/:slug/events`: the newest first, those alone that have this member with this value, before this instant. */
export const eventsPage = inConsole("events", "events:read", async (visit) => {
	const { url, services, account, frame } = visit;
	const typed = (field: EventField) => (url.searchParams.get(field) ?? "").trim();
	const filter = { member: typed("member"), value: typed("value"), before: typed("before") };
	const conditions = conditionsOf(filter);
	const before = filter.before === "" ? null : readUtcSeconds(filter.before);
	const errors = {
		...(!conditions && { member: "Write the names on the way to it, with dots between: attributes.env" }),
		...(before === null &&
			filter.before !== "" && { before: "Write a time in UTC, ending in Z: 2026-01-31T08:00:00Z." }),
	};
	const shown = { frame, filter, errors };
	if (!conditions || Object.keys(errors).length > 0) {
		return page(400, eventsView({ ...shown, events: [], nextUrl: null }));
	}
	const cursor = url.searchParams.get("cursor");
	const query = { conditions, from: null, before: before === null ? null : before * 1000, cursor, limit: 25 };
	const found = await searchEvents(query, account.id, services);
	if (!found) return notThere(visit);
	const kept = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ""));
	return page(200, eventsView({ ...shown, events: found.rows, nextUrl: nextUrl(visit, found.next, kept) }));
});

/** `GET /console/:slug/events/:id/delete` */
export const eventDeletionPage = inConsole("events", "events:read", (visit) =>
	withEvent(visit, async (event) => {
		const cancelUrl = `${visit.frame.base}/events`;
		const action = `${cancelUrl}/${encodeURIComponent(event.id)}/delete`;
		return page(200, eventDeletionView({ frame: visit.frame, event, action, cancelUrl }));
	}),
);

/** `POST /console/:slug/events/:id/delete` */
export const deleteEventPage = inConsole("events", "events:read", (visit) =>
	withEvent(visit, async ({ id, type }) => {
		const { actor, services, frame } = visit;
		const outcome = await removeEvent(id, type, actor, services);
		return outcome === "removed" ? doneAt(`${frame.base}/events`, "deleted") : notThere(visit, "event");
	}),
);

/** Each type has its own permission to delete. */
async function withEvent(visit: Visit, handle: (event: StoredEvent) => Promise<Response>): Promise<Response> {
	const event = await findEvent(visit.params.id ?? "", visit.actor, visit.services);
	if (!event) return notThere(visit, "event");
	const needed = `${event.type}s:delete` as const;
	if (visit.actor.permissions.includes(needed)) return handle(event);
	return notForRole(visit, `This needs the permission ${needed}. Ask an administrator of ${visit.account.name}.`);
}

/** A value that reads as a number or a boolean is looked for as both. Null for what is no member. */
function conditionsOf({ member, value }: Readonly<Record<EventField, string>>): Condition<EventColumn>[] | null {
	if (member === "") return [];
	const path = readMember(member);
	if (!path) return null;
	const read = readJsonText(value);
	const other = read.ok && (typeof read.value === "number" || typeof read.value === "boolean") ? [read.value] : [];
	return [{ path, test: { operator: "in", value: [value, ...other] } }];
}
