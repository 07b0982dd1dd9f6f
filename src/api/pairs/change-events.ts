import * as v from "valibot";
import { readInstant, writeInstant, writeUtc } from "../../domain/instant.ts";
import { dateTimeSchema, described, instant, titled } from "../../http/described.ts";
import { bounds, moreThan } from "../../domain/bounds.ts";
import type { StoredEvent } from "../../domain/event.ts";
import { readText } from "../../http/body.ts";
import type { Documentation } from "../../http/documentation.ts";
import { pageParameters, readListPage } from "../../http/list-page.ts";
import { parseJson } from "../../http/read-json.ts";
import { json } from "../../http/reply.ts";
import { rateLimitHeaders } from "../../http/rate-limit.ts";
import type { Actor } from "../../operations/actor.ts";
import type { Call } from "../../endpoint/call.ts";
import { pairEndpoint } from "./pair-error.ts";
import { listChangeEvents, putChangeEvent } from "../../operations/events/change-events.ts";
import { removeEvent } from "../../operations/events/remove-event.ts";
import { pairError, pairErrorSchema } from "./pair-error.ts";

/** The largest change event, as it is sent. */
const maxChangeEventBytes = 64 * 1024;

const timeRule =
	"must be an ISO 8601 date and time with Z or an offset, such as 2024-01-15T17:57:22+05:30: without one nobody knows which instant is meant";

const objectRule = "must be an object of strings";

/** One line of text: no control characters. */
// Not \p{Cc}: the document has this pattern, and few tools for JSON Schema know properties of characters.
// oxlint-disable-next-line no-control-regex -- they are what is refused
const printable = /^[^\u0000-\u001f\u007f-\u009f]*$/u;
const text = (most: number) =>
	v.pipe(
		v.string("must be a string"),
		v.maxLength(most, `is longer than ${most} characters`),
		v.regex(printable, "has control characters"),
	);

const attributeName = v.pipe(text(100), v.regex(/\D/, "must be an object of strings, with names"));
const attributeValue = text(1000);

const changeEventSchema = titled(
	"ChangeEvent",
	v.strictObject({
		timestamp: v.pipe(
			v.string(timeRule),
			v.check((sent) => readInstant(sent) !== null, timeRule),
			v.metadata({ ...dateTimeSchema, description: "When it happened, with Z or an offset." }),
		),
		event_name: v.pipe(text(100), v.nonEmpty("is empty"), v.description("What happens.")),
		event_state: described(v.picklist(["start", "stop"], "must be start or stop"), "Whether it begins or ends."),
		attributes: v.optional(
			v.pipe(
				// A list would have numbers for names.
				v.record(attributeName, attributeValue, objectRule),
				v.maxEntries(bounds.attributes.most, `has ${moreThan(bounds.attributes)}`),
				v.description("What else to know of it, as texts."),
			),
			{},
		),
	}),
);

/**
 * The same, as it is read: valibot's record leaves out members that are called `__proto__`, `prototype` or `constructor`, and
 * an attribute may be called anything. What `JSON.parse` made of such a name is a member like others.
 */
const sentSchema = v.strictObject({
	...changeEventSchema.entries,
	attributes: v.pipe(
		v.optional(v.unknown(), {}),
		v.rawTransform(({ dataset: { value }, addIssue, NEVER }): Readonly<Record<string, string>> => {
			const refuse = (message: string, path?: [v.IssuePathItem]) => {
				addIssue({ message, path });
				return NEVER;
			};
			if (typeof value !== "object" || value === null) return refuse(objectRule);
			const sent = Object.entries(value);
			if (sent.length > bounds.attributes.most) return refuse(`has ${moreThan(bounds.attributes)}`);
			for (const [name, each] of sent) {
				const [issue] = v.safeParse(attributeName, name).issues ?? v.safeParse(attributeValue, each).issues ?? [];
				if (issue) {
					const at = { type: "unknown", origin: "value", input: value, key: name.slice(0, 100), value: each } as const;
					return refuse(issue.message, [at]);
				}
			}
			return value as Readonly<Record<string, string>>;
		}),
	),
});

/** `PUT /api/v4/organizations/:org/change_events` (contract 002; change_events:write). Sent again, it is the same one. */
async function putChangeEvents({ request, services }: Call, actor: Actor): Promise<Response> {
	const body = await readText(request, maxChangeEventBytes);
	if (!body.ok) return pairError(body.error.status, body.error.detail);
	const sent = parseJson(body.text, sentSchema);
	if (!sent.ok) return pairError(400, sent.detail);
	const { timestamp, event_name: name, event_state: state, attributes } = sent.value;
	const occurredAt = readInstant(timestamp);
	if (occurredAt === null) return pairError(400, `timestamp: ${timeRule}`);
	const put = await putChangeEvent({ occurredAt, name, state, attributes }, actor, services);
	if (put.kind === "limited") {
		const detail = "This organization has stored as much as it may in an hour: try again later";
		return pairError(429, detail, rateLimitHeaders(put));
	}
	return json(200, { message: "success" });
}

/** `GET /api/v4/organizations/:org/change_events` (change_events:read) `?from=&to=&cursor=&limit=` */
async function getChangeEvents({ url, services }: Call, actor: Actor): Promise<Response> {
	const asked = readListPage(url);
	if (!asked.ok) return pairError(400, "limit is 1 to 100, and no parameter may stand in the query twice");
	const { query, cursor, limit } = asked.page;
	const strange = [...query.keys()].find((name) => !known.has(name));
	if (strange !== undefined) return pairError(400, "The query takes from, to, cursor and limit");
	const [from, before] = ["from", "to"].map((name) => {
		// A `+` that was not encoded arrives as a space.
		const sent = query.get(name)?.replace(/ (?=\d\d:\d\d$)/, "+");
		return sent === undefined ? null : (readInstant(sent) ?? Number.NaN);
	});
	if (Number.isNaN(from)) return pairError(400, `from: ${timeRule}`);
	if (Number.isNaN(before)) return pairError(400, `to: ${timeRule}`);
	const found = await listChangeEvents({ from: from ?? null, before: before ?? null, cursor, limit }, actor, services);
	if (!found) return pairError(400, "The cursor is not one of this list: begin again without it");
	return json(200, { change_events: found.rows.flatMap(answer), next: found.next, next_cursor: found.next });
}

/** `apiKey` may be the credential (contract 003). */
const known = new Set(["from", "to", "cursor", "limit", "apiKey"]);

/** `DELETE /api/v4/organizations/:org/change_events/:id` (change_events:delete) */
async function deleteChangeEvent({ params, services }: Call, actor: Actor): Promise<Response> {
	const outcome = await removeEvent(params.id ?? "", "change_event", actor, services);
	return outcome === "removed" ? json(200, { message: "success" }) : pairError(404, "There is no such change event");
}

/** Nothing of one that cannot be read. */
function answer({ id, occurredAt, receivedAt, body }: StoredEvent) {
	if (body === null) return [];
	const data = JSON.parse(body) as Record<"event_name" | "event_state" | "attributes", unknown>;
	return [{ id, timestamp: writeUtc(occurredAt), ...data, received_at: writeInstant(receivedAt) }];
}

const refusals: Documentation["answers"] = {
	400: { description: "Two credentials that differ.", schema: pairErrorSchema },
	401: {
		description: "The token is missing, not valid, or expired: `Authorization token is expired`.",
		schema: pairErrorSchema,
	},
	403: { description: "The token is of another organization, or of another scope.", schema: pairErrorSchema },
};
const success = titled("Success", v.object({ message: described(v.literal("success"), "That it is done.") }));

export const putChangeEventsEndpoint = pairEndpoint("change_events:write", putChangeEvents, {
	tag: "Change events",
	summary: "Put a change event",
	description: `With a write token. The token goes into \`X-LAST9-API-TOKEN: Bearer …\`, or into \`Authorization\`. The same change event sent again stays one. At most 64 KiB, ${bounds.attributes.most} attributes, and what EVENTS_PER_HOUR allows.`,
	body: {
		media: ["application/json"],
		schema: changeEventSchema,
		example: {
			timestamp: "2024-01-15T17:57:22+05:30",
			event_name: "new_deployment",
			event_state: "start",
			attributes: { env: "production", k8s_cluster: "prod-us-east-1", app: "backend-api" },
		},
	},
	answers: {
		200: { description: "It is stored.", schema: success },
		400: { description: "What is wrong with the change event.", schema: pairErrorSchema },
		413: { description: "The body is larger than 64 KiB.", schema: pairErrorSchema },
		...refusals,
		429: { description: "As much is stored as may be in an hour; `Retry-After` says when.", schema: pairErrorSchema },
	},
});

export const getChangeEventsEndpoint = pairEndpoint("change_events:read", getChangeEvents, {
	tag: "Change events",
	summary: "List the organization's change events, newest first",
	description: "With a read token.",
	query: {
		from: {
			description: "From this time on, with Z or an offset.",
			example: "2024-01-15T00:00:00Z",
			schema: dateTimeSchema,
		},
		to: { description: "Before this time, with Z or an offset.", schema: dateTimeSchema },
		...pageParameters,
		cursor: { description: "The `next` of the page before, with the same range." },
	},
	answers: {
		200: {
			description: "`next` is null on the last page.",
			schema: titled(
				"ChangeEventList",
				v.object({
					change_events: described(
						v.array(
							titled(
								"StoredChangeEvent",
								v.object({
									id: described(v.string(), "Its id."),
									timestamp: instant("When it happened."),
									event_name: described(v.string(), "What happens."),
									event_state: described(v.picklist(["start", "stop"]), "Whether it begins or ends."),
									attributes: described(v.record(v.string(), v.string()), "What else to know of it."),
									received_at: instant("When it was taken."),
								}),
							),
						),
						"A page of them.",
					),
					next: v.nullable(described(v.string(), "The `cursor` of the next page; null on the last.")),
					next_cursor: v.nullable(described(v.string(), "The same, as it was called before.")),
				}),
			),
		},
		400: { description: "A time without an offset, or a cursor of another list.", schema: pairErrorSchema },
		...refusals,
	},
});

export const deleteChangeEventEndpoint = pairEndpoint("change_events:delete", deleteChangeEvent, {
	tag: "Change events",
	summary: "Delete a change event",
	description: "With a delete token.",
	answers: {
		200: { description: "It is gone.", schema: success },
		...refusals,
		404: { description: "The organization has no such change event.", schema: pairErrorSchema },
	},
});
