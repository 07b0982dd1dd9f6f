import * as v from "valibot";
import { dateTimeSchema, described, titled } from "../../http/described.ts";
import { accountParameter, mayDo } from "../guard/access.ts";
import { publicKeyPrefix } from "../../crypto/public-key.ts";
import { atMost, bounds } from "../../domain/bounds.ts";
import type { Environment } from "../../domain/environment.ts";
import { readText } from "../../http/body.ts";
import { bearerChallenge, placeOf } from "../../http/challenge.ts";
import { readCredential } from "../../http/presented-credential.ts";
import { problem } from "../../http/problem.ts";
import { json } from "../../http/reply.ts";
import { rateLimitHeaders } from "../../http/rate-limit.ts";
import type { Actor } from "../../operations/actor.ts";
import type { Call } from "../../endpoint/call.ts";
import { endpoint } from "../../endpoint/endpoint.ts";
import { checkPublicKey } from "../../operations/checks/check-public-key.ts";
import { environmentByName, ingestEvents } from "../../operations/events/ingest-events.ts";
import { readEvents } from "./event-body.ts";

/** A request may carry this much. */
const maxEventsBytes = 256 * 1024;

const needed = "events:write";

/**
 * `POST /v1/events`: one event, or an array of at most 100, as JSON under any content type. With the public key of an
 * environment in `x-api-key` or `?apiKey=`, or with a credential that has events:write and `?environment=workspace/name`.
 * 202 with the number taken; all or none.
 */
async function postEvents(call: Call): Promise<Response> {
	const { request, url, services } = call;
	const presented = readCredential(request, url);
	const isPublic = presented.kind === "api_key" && presented.value.startsWith(publicKeyPrefix);
	if (presented.kind !== "none" && !isPublic) return withPermission(call);
	const environment = isPublic ? await checkPublicKey(presented.value, services) : null;
	if (!environment) {
		const detail =
			"Send the public key of an environment as x-api-key. This one is missing, wrong or not valid any more.";
		// RFC 9110 §11.6.1: both ways in. A client that knows of one challenge alone reads the first.
		const { "www-authenticate": bearer } = bearerChallenge(placeOf(call), { scope: needed });
		return problem(401, detail, { headers: { "www-authenticate": `${bearer}, ApiKey realm="latchkey"` } });
	}
	return take(call, environment);
}

const withPermission = mayDo(needed, async (call: Call, { accountId }: Actor) => {
	const named = call.url.searchParams.getAll("environment");
	const [name] = named;
	if (name === undefined || named.length > 1) {
		return problem(400, "Say once which environment the events are of: ?environment=workspace/name.");
	}
	const environment = await environmentByName(accountId, name, call.services);
	if (!environment) return problem(404, "The account has no enabled environment of that name.");
	return take(call, environment);
});

async function take({ request, services }: Call, environment: Environment): Promise<Response> {
	const body = await readText(request, maxEventsBytes);
	if (!body.ok) return problem(body.error.status, `${body.error.detail}.`);
	const events = readEvents(body.text);
	if (typeof events === "string") return problem(400, events);
	const ingested = await ingestEvents(environment, events, services);
	if (ingested.kind === "limited") {
		const detail = "This environment has stored as much as it may in an hour. Try again later.";
		return problem(429, detail, { headers: rateLimitHeaders(ingested) });
	}
	return json(202, { accepted: events.length });
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

export const postEventsEndpoint = endpoint(
	postEvents,
	{
		tag: "Events",
		summary: "Send events to an environment",
		description: `One event (any JSON object), or an array of ${atMost(bounds.events)}; at most 256 KiB in all, and ${bounds.jsonLevels.most} levels deep. \`timestamp\`, where an event has one, is an ISO 8601 date and time with Z or an offset. An environment stores what EVENTS_PER_HOUR allows, each KiB of an event that is begun counting as one. The credential is the public key of an environment, or one that has \`events:write\` together with \`?environment=\`.`,
		credentials: ["public_key", "public_key_query", "bearer", "access_code", "access_code_query", "last9"],
		query: {
			account: accountParameter,
			environment: {
				description: "`workspace/name`; needed, and read, only without a public key.",
				example: "my-workspace/prod",
			},
		},
		body: {
			media: ["application/json"],
			schema: v.union([eventSchema, v.pipe(v.array(eventSchema), v.maxLength(bounds.events.most))]),
			example: { timestamp: "2026-01-15T17:57:22Z", message: "deployed", service: "checkout" },
		},
		answers: {
			202: { description: "All of them were taken.", schema: acceptedSchema },
			400: { description: "What is wrong with the events. None was taken." },
			401: { description: "The credential is missing, wrong or not valid any more." },
			403: { description: "The credential lacks events:write." },
			404: { description: "There is no such environment." },
			413: { description: "The body is larger than 256 KiB." },
			429: { description: "The environment is full for this hour; `Retry-After` says when." },
		},
	},
	needed,
);
