import * as v from "valibot";
import { deliveryStates, type DeliveryState, type WebhookDelivery } from "../../domain/webhook.ts";
import type { Call } from "../../endpoint/call.ts";
import { writeInstant } from "../../domain/instant.ts";
import { described, instant, titled } from "../../http/described.ts";
import { pageParameters, readListPage, wrongCursor } from "../../http/list-page.ts";
import { listParameters, readListQuery } from "../../http/list-query.ts";
import { problem } from "../../http/problem.ts";
import { rateLimitHeaders } from "../../http/rate-limit.ts";
import { json } from "../../http/reply.ts";
import type { Actor } from "../../operations/actor.ts";
import * as operations from "../../operations/webhooks/deliveries.ts";
import { findEndpoint } from "../../operations/webhooks/endpoints.ts";
import { endpointFor } from "../guard/access.ts";
import { next, previous, refuseQuery } from "../list-endpoint.ts";
import { conflict, notFound } from "../refusals.ts";

const tag = "Webhooks";

const trySchema = titled(
	"WebhookTry",
	v.object({
		at: instant("When it ended."),
		status: described(v.nullable(v.number()), "What the endpoint answered with; null where it did not."),
		reason: described(v.string(), "The same in words."),
		answer: described(v.string(), "How the answer begins: 300 characters at most."),
	}),
);

const deliverySchema = titled(
	"WebhookDelivery",
	v.object({
		id: described(v.string(), "What it has as `webhook-id`, at each endpoint and at each try."),
		type: described(v.string(), "The type of the event."),
		created_at: instant("When it was made."),
		state: described(
			v.picklist(Object.keys(deliveryStates) as DeliveryState[]),
			"`waiting`: it is tried until it is taken; `failed`: it is not tried any more.",
		),
		tries: described(v.number(), "How often it was sent since it was last asked for."),
		next_try_at: v.nullable(instant("When it is sent next, or sooner; null where it is not.")),
		last_try: described(v.nullable(trySchema), "What became of the last try; null before the first."),
		payload: described(v.string(), "What is sent: JSON, as it is signed."),
	}),
);

const path = { id: "The endpoint.", delivery_id: "The `webhook-id` of the event." };

/** `GET /v1/webhooks/{id}/deliveries` (webhooks:read) */
async function listDeliveries({ url, params, services }: Call, actor: Actor): Promise<Response> {
	const asked = readListPage(url);
	if (!asked.ok) return asked.response;
	const { query, ...page } = asked.page;
	const narrowed = readListQuery(operations.deliveryList, query);
	if (!narrowed.ok) return refuseQuery(narrowed.errors);
	const endpoint = await findEndpoint(params.id ?? "", actor, services);
	if (!endpoint) return notFound("endpoint");
	const found = await operations.listDeliveries(endpoint, { ...page, ...narrowed.asked }, services);
	if (!found) return wrongCursor();
	return json(200, { deliveries: found.rows.map(shown), next: found.next, previous: found.previous });
}

export const listDeliveriesEndpoint = endpointFor("webhooks:read", listDeliveries, {
	tag,
	summary: "List what was sent to an endpoint, and what became of it",
	query: { ...pageParameters, ...listParameters(operations.deliveryList) },
	path: { id: path.id },
	answers: {
		200: {
			description: "Newest first, of 30 days. A page may have fewer than `limit` and yet not be the last.",
			schema: titled(
				"WebhookDeliveryList",
				v.object({ deliveries: described(v.array(deliverySchema), "A page of them."), next, previous }),
			),
		},
		400: { description: "A limit or filter that is none, or a cursor that is not of this list as it is narrowed." },
		404: { description: "The account has no such endpoint." },
	},
});

/** `GET /v1/webhooks/{id}/deliveries/{delivery_id}` (webhooks:read) */
async function readDelivery({ params, services }: Call, actor: Actor): Promise<Response> {
	const endpoint = await findEndpoint(params.id ?? "", actor, services);
	const delivery = endpoint && (await operations.findDelivery(endpoint, params.delivery_id ?? "", services));
	return delivery ? json(200, shown(delivery)) : notFound("delivery");
}

const unknown = { 404: { description: "The account has no such endpoint, or its log no such event." } };

export const readDeliveryEndpoint = endpointFor("webhooks:read", readDelivery, {
	tag,
	summary: "Read what became of an event at an endpoint",
	path,
	answers: { 200: { description: "The delivery.", schema: deliverySchema }, ...unknown },
});

/** `POST /v1/webhooks/{id}/deliveries/{delivery_id}/send` (webhooks:write) */
async function sendAgain({ params, services }: Call, actor: Actor): Promise<Response> {
	const { id = "", delivery_id: deliveryId = "" } = params;
	return answer(await operations.sendAgain(id, deliveryId, actor, services), "delivery");
}

export const sendAgainEndpoint = endpointFor("webhooks:write", sendAgain, {
	tag,
	summary: "Send an event to an endpoint again",
	description: "Under the same `webhook-id`, and as often as a new one where it fails. It goes out beside the answer.",
	path,
	answers: {
		202: { description: "It waits to be sent.", schema: deliverySchema },
		...unknown,
		409: { description: "The endpoint is disabled, or the event waits already." },
		429: { description: "A thousand were sent again in an hour; `Retry-After` says when to try again." },
	},
});

/** `POST /v1/webhooks/{id}/test` (webhooks:write) */
async function sendTest({ params, services }: Call, actor: Actor): Promise<Response> {
	return answer(await operations.sendTestEvent(params.id ?? "", actor, services), "endpoint");
}

export const sendTestEndpoint = endpointFor("webhooks:write", sendTest, {
	tag,
	summary: "Send a test event to an endpoint",
	description:
		"Of the type `webhook.test`, to this endpoint alone, whatever it has chosen. It goes out beside the answer.",
	path: { id: path.id },
	answers: {
		202: { description: "It waits to be sent.", schema: deliverySchema },
		404: { description: "The account has no such endpoint." },
		409: { description: "The endpoint is disabled." },
		429: { description: "Sixty were sent in an hour; `Retry-After` says when to try again." },
	},
});

function answer(sent: Awaited<ReturnType<typeof operations.sendAgain>>, what: string): Response {
	switch (sent.kind) {
		case "sent":
			return json(202, shown(sent.delivery));
		case "unknown":
			return notFound(what);
		case "off":
			return conflict("The endpoint is disabled: enable it first.");
		case "waiting":
			return conflict("It waits to be sent already.");
		case "limited":
			return problem(429, "As many were sent as may be in an hour. Try again later.", {
				headers: rateLimitHeaders(sent),
			});
	}
}

function shown(delivery: WebhookDelivery): v.InferOutput<typeof deliverySchema> {
	const { id, type, body, createdAt, state, tries, nextAt, last } = delivery;
	return {
		id,
		type,
		created_at: writeInstant(createdAt),
		state,
		tries,
		next_try_at: writeInstant(nextAt),
		last_try: last && { at: writeInstant(last.at), status: last.status, reason: last.reason, answer: last.excerpt },
		payload: body,
	};
}
