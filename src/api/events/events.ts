import * as v from "valibot";
import { dateTimeSchema, described, titled } from "../../http/described.ts";
import { endpointForEnvironment } from "../guard/environment.ts";
import { notIngested } from "../refusals.ts";
import { atMost, bounds } from "../../domain/bounds.ts";
import type { Environment } from "../../domain/environment.ts";
import { readText } from "../../http/body.ts";
import { problem } from "../../http/problem.ts";
import { json } from "../../http/reply.ts";
import type { Call } from "../../endpoint/call.ts";
import { ingestEvents } from "../../operations/events/ingest-events.ts";
import { readEvents } from "./event-body.ts";

/** A request may carry this much. */
const maxEventsBytes = 256 * 1024;

/** `POST /v1/events`: one event, or an array of at most 100, as JSON under any content type. 202 with the number taken; all or none. */
async function postEvents({ request, services }: Call, environment: Environment): Promise<Response> {
	const body = await readText(request, maxEventsBytes);
	if (!body.ok) return problem(body.error.status, `${body.error.detail}.`);
	const events = readEvents(body.text);
	if (typeof events === "string") return problem(400, events);
	const ingested = await ingestEvents(environment, events, services);
	return ingested.kind === "stored" ? json(202, { accepted: events.length }) : notIngested(ingested);
}

const eventSchema = titled(
	"Event",
	v.looseObject({
		timestamp: v.optional(
			v.pipe(
				v.string(),
				v.metadata({ ...dateTimeSchema, description: "When it happened; when it is taken where it does not say." }),
			),
		),
	}),
);

const acceptedSchema = titled("Accepted", v.object({ accepted: described(v.number(), "How many events were taken.") }));

export const postEventsEndpoint = endpointForEnvironment(postEvents, {
	tag: "Events",
	summary: "Send events to an environment",
	description: `One event (any JSON object), or an array of ${atMost(bounds.events)}; at most 256 KiB in all, and ${bounds.jsonLevels.most} levels deep. \`timestamp\`, where an event has one, is an ISO 8601 date and time with Z or an offset. An environment stores what EVENTS_PER_HOUR allows, each KiB of an event that is begun counting as one. The credential is the public key of an environment, or one that has \`events:write\` together with \`?environment=\`.`,
	body: {
		media: ["application/json"],
		schema: v.union([eventSchema, v.pipe(v.array(eventSchema), v.maxLength(bounds.events.most))]),
		example: { timestamp: "2026-01-15T17:57:22Z", message: "deployed", service: "checkout" },
	},
	answers: {
		202: { description: "All of them were taken.", schema: acceptedSchema },
		413: { description: "The body is larger than 256 KiB." },
	},
});
