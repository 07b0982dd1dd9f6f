import * as v from "valibot";
import { writeInstant, writeUtc } from "../../domain/instant.ts";
import { described, instant, titled } from "../../http/described.ts";
import type { AlertColumn } from "../../domain/ports/alerts.ts";
import { alertTitles } from "../../domain/alert-words.ts";
import type { EventColumn, StoredEvent } from "../../domain/event.ts";
import type { Documentation } from "../../http/documentation.ts";
import { json } from "../../http/reply.ts";
import type { Actor } from "../../operations/actor.ts";
import type { Call } from "../../endpoint/call.ts";
import { endpointFor } from "../guard/access.ts";
import { searchAlerts, searchEvents } from "../../operations/events/search.ts";
import { alertAnswer, alertSchema } from "./alert-answer.ts";
import { readSearch, searchSchema, wrongSearchCursor } from "./search-body.ts";
import type { SearchFields } from "./search-filters.ts";

const eventFields: SearchFields<EventColumn> = {
	named: new Map([
		["id", { where: { column: "id" }, kind: "text" }],
		["type", { where: { column: "type" }, kind: "text" }],
		["environment", { where: { column: "environment" }, kind: "text" }],
		["timestamp", { where: { column: "occurred_at" }, kind: "time" }],
		["received_at", { where: { column: "received_at" }, kind: "time", unit: 1000 }],
		["event_name", { where: { path: ["event_name"] }, kind: "text" }],
		["event_state", { where: { path: ["event_state"] }, kind: "text" }],
	]),
	prefix: "data",
};

const alertFields: SearchFields<AlertColumn> = {
	named: new Map([
		["id", { where: { column: "id" }, kind: "text" }],
		["kind", { where: { column: "kind" }, kind: "text" }],
		["subject", { where: { column: "subject" }, kind: "text" }],
		["target", { where: { column: "target" }, kind: "text" }],
		["count", { where: { column: "count" }, kind: "number" }],
		["first_seen", { where: { column: "first_at" }, kind: "time", unit: 1000 }],
		["last_seen", { where: { column: "last_at" }, kind: "time", unit: 1000 }],
	]),
	prefix: "detail",
};

/** `POST /api/public/event/search` (contract 004; events:read): events and change events, newest first. */
async function postEventSearch({ request, services }: Call, { accountId }: Actor): Promise<Response> {
	const asked = await readSearch(request, eventFields, 1);
	if (!asked.ok) return asked.response;
	const found = await searchEvents(asked.query, accountId, services);
	if (!found) return wrongSearchCursor();
	return json(200, { events: found.rows.flatMap(eventAnswer), next: found.next, next_cursor: found.next });
}

/** `POST /api/public/alert/search` (contract 004; alerts:read): what latchkey itself noticed, newest first. */
async function postAlertSearch({ request, services }: Call, { accountId }: Actor): Promise<Response> {
	const asked = await readSearch(request, alertFields, 1000);
	if (!asked.ok) return asked.response;
	const found = await searchAlerts(asked.query, { kind: null, acknowledged: null }, accountId, services);
	if (!found) return wrongSearchCursor();
	return json(200, { alerts: found.rows.map(alertAnswer), next: found.next, next_cursor: found.next });
}

/** Nothing of one that cannot be read, so that the others are found. */
function eventAnswer({ id, type, environment, occurredAt, receivedAt, body }: StoredEvent) {
	if (body === null) return [];
	const event = {
		id,
		type,
		environment: environment === "" ? null : environment,
		timestamp: writeUtc(occurredAt),
		received_at: writeInstant(receivedAt),
		data: JSON.parse(body) as unknown,
	};
	return [event];
}

const rules =
	"All filters have to hold. `eq`, `neq`, `contains` (a part of a text, with regard to case) and `in` (an array) compare texts; numbers also have `gt`, `gte`, `lt`, `lte`, and times have these four alone. `from` is included, `to` is not. At most 20 filters and 100 rows; `next` goes on with the same filters and range, and is null at the end. A page may have fewer rows than `limit` and yet not be the last. The content type of the request is not looked at.";

const namesRule =
	'a dot or a backslash within a name is written `\\.` or `\\\\` (in JSON: `"data.labels.app\\\\.io/name"`)';

const answers = (list: string, rows: v.GenericSchema, name: string, permission: string): Documentation["answers"] => ({
	200: {
		description: "Newest first.",
		schema: titled(
			list,
			v.object({
				[name]: described(v.array(rows), "A page of them."),
				next: v.nullable(described(v.string(), "The `cursor` of the next page; null at the end.")),
				next_cursor: v.nullable(described(v.string(), "The same, as it was called before.")),
			}),
		),
	},
	400: {
		description: "An unknown field or operator, a time that is not in UTC, or a cursor that is not of this search.",
	},
	401: { description: "The credential is missing, not valid or expired." },
	403: { description: `The credential lacks ${permission}.` },
});

export const postEventSearchEndpoint = endpointFor("events:read", postEventSearch, {
	tag: "Search",
	summary: "Search events and change events",
	description: `Fields: ${[...eventFields.named.keys()].map((name) => `\`${name}\``).join(", ")}, and \`data.<member>\` for any member of the event, by the names on the way to it (\`data.attributes.env\`); ${namesRule}. \`type\` is \`event\` or \`change_event\`. ${rules}`,
	body: {
		media: ["application/json"],
		schema: searchSchema,
		example: {
			filters: [{ field: "data.attributes.env", operator: "eq", value: "production" }],
			from: "2021-07-20T23:45:06.342716+00:00",
			limit: 20,
		},
	},
	answers: answers(
		"EventList",
		titled(
			"StoredEvent",
			v.object({
				id: described(v.string(), "Its id."),
				type: described(v.picklist(["event", "change_event"]), "What it is."),
				environment: v.nullable(described(v.string(), "`workspace/name`; null for a change event.")),
				timestamp: instant("When it happened."),
				received_at: instant("When it was taken."),
				data: described(v.record(v.string(), v.unknown()), "The event as it was sent."),
			}),
		),
		"events",
		"events:read",
	),
});

export const postAlertSearchEndpoint = endpointFor("alerts:read", postAlertSearch, {
	tag: "Search",
	summary: "Search alerts",
	description: `What latchkey itself noticed, counted by kind, subject and hour: ${Object.keys(alertTitles)
		.map((kind) => `\`${kind}\``)
		.join(
			", ",
		)}. Fields: ${[...alertFields.named.keys()].map((name) => `\`${name}\``).join(", ")}, and \`detail.<member>\`; ${namesRule}. ${rules}`,
	body: {
		media: ["application/json"],
		schema: searchSchema,
		example: { filters: [{ field: "kind", operator: "in", value: ["failed_logins", "dead_key_used"] }] },
	},
	answers: answers("AlertList", alertSchema, "alerts", "alerts:read"),
});
