import { randomId } from "../../crypto/random.ts";
import type { Limited, NamedLimit } from "../../domain/limit.ts";
import type { ListShape, Position } from "../../domain/list-query.ts";
import type { Stored } from "../../domain/stored.ts";
import { deliveryStates, type WebhookDelivery, type WebhookEndpoint } from "../../domain/webhook.ts";
import { testEventType, webhookBody, webhookEventTypes } from "../../domain/webhook-event.ts";
import type { Actor } from "../actor.ts";
import { audit, entryOf } from "../audit.ts";
import { takeTurn } from "../limits.ts";
import { type ListedPage, type ListedQuery, listedPageOf } from "../list.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";
import { findEndpoint } from "./endpoints.ts";
import { deliveryOf } from "./queue-events.ts";

/** What may be asked of the log of an endpoint. */
export const deliveryList = {
	list: "webhook deliveries",
	rows: ["delivery", "deliveries"],
	search: null,
	filters: {
		state: {
			kind: "choice",
			label: "State",
			doc: "`waiting`: it is tried, again and again; `failed`: it is not tried any more.",
			choices: deliveryStates,
		},
		type: {
			kind: "choice",
			label: "Event",
			doc: "The type of the event.",
			choices: Object.fromEntries([...webhookEventTypes, testEventType].map((type) => [type, type])),
		},
	},
	sorts: { "-created": "Newest first" },
} as const satisfies ListShape;

export type DeliveryQuery = ListedQuery<typeof deliveryList>;

/** The log of an endpoint, newest first. Null for a cursor that is not of it with these filters. */
export function listDeliveries(
	{ id }: WebhookEndpoint,
	query: DeliveryQuery,
	services: Services,
): Promise<ListedPage<WebhookDelivery> | null> {
	return listedPageOf(deliveryList, id, query, services, positionOf, async ({ after, isBack }) => {
		const place = after && { at: Number(after[0]), id: String(after[1]) };
		const { webhookDeliveries } = portsOf(services);
		const { rows, next } = await webhookDeliveries.list(id, query.filters, place, query.limit, isBack);
		return { rows, next: next && [next.at, next.id], total: null, turn: after };
	});
}

function positionOf({ createdAt, id }: WebhookDelivery): Position {
	return [createdAt, id];
}

export function findDelivery(
	{ id: endpointId }: WebhookEndpoint,
	id: string,
	services: Services,
): Promise<WebhookDelivery | null> {
	return portsOf(services).webhookDeliveries.find(endpointId, id);
}

/** What is sent by hand bounds itself by nothing: a program that asks for it all day would have us knock at a stranger's door, and fill the log. */
const tests: NamedLimit = { name: "webhook-test", attempts: 60, window: 3600 };
/** As many as may have failed at once for want of room. */
const again: NamedLimit = { name: "webhook-again", attempts: 1000, window: 3600 };

type Sent =
	| { readonly kind: "sent"; readonly delivery: WebhookDelivery }
	| { readonly kind: "unknown" | "off" | "waiting" }
	| Limited;

/** Under the same id, and from the beginning of its tries: it goes out beside the answer. */
export async function sendAgain(endpointId: string, id: string, actor: Actor, services: Services): Promise<Sent> {
	const { webhookDeliveries } = portsOf(services);
	const endpoint = await findEndpoint(endpointId, actor, services);
	if (!endpoint) return { kind: "unknown" };
	if (endpoint.state === "off") return { kind: "off" };
	const limited = await takeTurn({ limit: again, of: endpoint.accountId }, services);
	if (limited) return limited;
	const isSent = await webhookDeliveries.sendAgain(endpointId, id, services.now());
	const delivery = await webhookDeliveries.find(endpointId, id);
	if (!delivery) return { kind: "unknown" };
	if (!isSent) return { kind: "waiting" };
	await note("webhook.send_again", endpoint, delivery, actor, services);
	await services.webhookAlarm(endpointId, services.now());
	return { kind: "sent", delivery };
}

/** An event that says nothing, for this endpoint alone. */
export async function sendTestEvent(endpointId: string, actor: Actor, services: Services): Promise<Sent> {
	const endpoint = await findEndpoint(endpointId, actor, services);
	if (!endpoint) return { kind: "unknown" };
	if (endpoint.state === "off") return { kind: "off" };
	const limited = await takeTurn({ limit: tests, of: endpoint.accountId }, services);
	if (limited) return limited;
	const at = services.now();
	const body = webhookBody(testEventType, at, { account_id: endpoint.accountId, webhook_id: endpoint.id });
	const message = { id: `msg_${randomId(services.random)}`, type: testEventType, at, body } as const;
	const delivery = deliveryOf(message, endpoint, at);
	await portsOf(services).webhookDeliveries.add([delivery], []);
	await note("webhook.test", endpoint, delivery, actor, services);
	await services.webhookAlarm(endpointId, at);
	return { kind: "sent", delivery };
}

function note(
	action: string,
	{ id: target }: Stored<WebhookEndpoint>,
	{ id, type }: WebhookDelivery,
	actor: Actor,
	services: Services,
): Promise<void> {
	return audit(entryOf(actor, { action, target, detail: { message: id, type } }, services), services);
}
