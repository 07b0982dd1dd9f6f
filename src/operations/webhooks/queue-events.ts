import { sha256 } from "../../crypto/digest.ts";
import { thrown } from "../../domain/log-line.ts";
import type { NumberedEntry } from "../../domain/ports/audit-log.ts";
import type { Alert } from "../../domain/alert.ts";
import { mostWaiting, wants, type WebhookDelivery, type WebhookEndpoint } from "../../domain/webhook.ts";
import {
	dataOfAlert,
	dataOfEntry,
	eventOfAction,
	eventOfAlert,
	webhookBody,
	type WebhookEventType,
	type WebhookMessage,
} from "../../domain/webhook-event.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";

// An event is never lost: what happened stands in the outbox, written with the entry or the alert itself, until a delivery to each
// endpoint that wants it is written. Both may be done twice, by two at once or after a kill: a message has its id by what it tells of.

/** Of one look: more than this waits only after a long absence. */
const slice = 100;
/** Slices of an account, and accounts, of one run. */
const most = 20;

/** A message of an event, whose type is one that can be chosen. */
interface Told extends WebhookMessage {
	readonly type: WebhookEventType;
}

/** What an account's outboxes have goes on its way to its endpoints. */
export async function queueEvents(accountId: string, services: Services): Promise<void> {
	const { webhooks, webhookDeliveries } = portsOf(services);
	const endpoints = await webhooks.list(accountId);
	const reached = new Set<string>();
	for (let round = 0; round < most; round++) {
		const [entries, alerts] = await Promise.all([
			webhooks.untold(accountId, slice),
			webhookDeliveries.untold(accountId, slice),
		]);
		if (entries.length === 0 && alerts.length === 0) break;
		const messages = await Promise.all([...entries.map(messageOfEntry), ...alerts.map(messageOfAlert)]);
		const waiting = await webhookDeliveries.waiting(accountId);
		const deliveries = deliveriesOf(
			messages.filter((each) => each !== null),
			endpoints,
			waiting,
			services.now(),
		);
		if (deliveries.length > 0 || alerts.length > 0) {
			await webhookDeliveries.add(
				deliveries,
				alerts.map(({ id }) => id),
			);
		}
		if (entries.length > 0) await webhooks.told(entries.map(({ id }) => id));
		for (const { endpointId } of deliveries) reached.add(endpointId);
	}
	for (const endpointId of reached) await services.webhookAlarm(endpointId, services.now());
}

/** What was left by whoever was killed, or whose alarm was lost. */
export async function catchUpWebhooks(services: Services): Promise<void> {
	const { webhooks, webhookDeliveries } = portsOf(services);
	const accounts = [await webhooks.waitingAccounts(most), await webhookDeliveries.waitingAccounts(most)].flat();
	for (const accountId of new Set(accounts)) {
		try {
			await queueEvents(accountId, services);
		} catch (error) {
			services.log("webhooks.failed", { account: accountId, ...thrown(error) });
		}
	}
	const due = await webhookDeliveries.dueEndpoints(services.now(), most * slice);
	for (const endpointId of due) await services.webhookAlarm(endpointId, services.now());
}

/** An endpoint is told of what happened since it was made. */
function deliveriesOf(
	messages: readonly Told[],
	endpoints: readonly WebhookEndpoint[],
	waiting: ReadonlyMap<string, number>,
	now: number,
): readonly WebhookDelivery[] {
	return endpoints.flatMap((endpoint) => {
		const room = mostWaiting - (waiting.get(endpoint.id) ?? 0);
		const wanted = messages.filter(({ type, at }) => wants(endpoint, type) && endpoint.createdAt <= at);
		return wanted.map((message, index) => deliveryOf(message, endpoint, now, index < room));
	});
}

/** One that there is no room for has failed at once, and can be sent by hand. */
export function deliveryOf(
	{ id, type, body }: WebhookMessage,
	{ id: endpointId, accountId }: Pick<WebhookEndpoint, "id" | "accountId">,
	now: number,
	hasRoom = true,
): WebhookDelivery {
	const reason = `${mostWaiting} others waited for this endpoint`;
	return {
		endpointId,
		id,
		accountId,
		type,
		body,
		createdAt: now,
		state: hasRoom ? "waiting" : "failed",
		tries: 0,
		nextAt: hasRoom ? now : null,
		last: hasRoom ? null : { at: now, status: null, reason, excerpt: "" },
	};
}

async function messageOfEntry(entry: NumberedEntry): Promise<Told | null> {
	const type = eventOfAction(entry.action);
	if (type === null) return null;
	const id = await messageId(["entry", entry.accountId, entry.id, entry.at, entry.action, entry.target]);
	return { id, type, at: entry.at, body: webhookBody(type, entry.at, dataOfEntry(entry)) };
}

async function messageOfAlert(alert: Alert): Promise<Told | null> {
	const type = eventOfAlert(alert.kind);
	if (type === null) return null;
	const id = await messageId(["alert", alert.id]);
	return { id, type, at: alert.firstAt, body: webhookBody(type, alert.firstAt, dataOfAlert(alert)) };
}

/** The same for the same event, whoever makes a message of it. */
async function messageId(of: readonly unknown[]): Promise<string> {
	return `msg_${(await sha256(JSON.stringify(["webhook", ...of]))).slice(0, 27)}`;
}
