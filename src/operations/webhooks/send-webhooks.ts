import type { Seconds } from "../../domain/brands.ts";
import { thrown } from "../../domain/log-line.ts";
import type { Stored } from "../../domain/stored.ts";
import {
	answerRead,
	type DeliveryTry,
	type DisabledFor,
	excerptOf,
	judgeAnswer,
	nextTry,
	type WebhookDelivery,
	type WebhookEndpoint,
	webhookTimeoutMs,
} from "../../domain/webhook.ts";
import { entryOf } from "../audit.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";
import { signedHeaders } from "./sign-webhook.ts";

/** Of one run: what is left rings at once, so that nothing of one account goes on for long. */
const mostAtOnce = 20;
/** Connections to one endpoint. */
const connections = 2;
/** A try that nobody heard the end of counts as failed after this: longer than it may take. */
const lease: Seconds = 60;

/**
 * Sends an endpoint what is due by now, by whoever comes to it first: of two at once one gets each. Where it is overloaded, or does not
 * answer, the rest waits. Answers with when the next is due; null where nothing waits.
 */
export async function sendDueWebhooks(endpointId: string, services: Services): Promise<Seconds | null> {
	const { webhooks, webhookDeliveries } = portsOf(services);
	const endpoint = await webhooks.endpoint(endpointId);
	const account = endpoint && (await services.lookups.account(endpoint.accountId));
	if (!endpoint || endpoint.state === "off" || account?.state !== "active") {
		const reason = endpoint?.state === "on" ? "The account is suspended" : "The endpoint is disabled";
		await webhookDeliveries.giveUp(endpointId, services.now(), reason);
		return null;
	}
	const due = (await webhookDeliveries.due(endpointId, services.now(), mostAtOnce)).values();
	let [mayGoOn, hasFailed] = [true, false];
	const sendOn = async () => {
		for (const delivery of due) {
			if (!mayGoOn) return;
			try {
				mayGoOn = (await send(delivery, endpoint, services)) && mayGoOn;
			} catch (error) {
				// It waits for the end of its lease.
				services.log("webhook.failed", { endpoint: endpointId, ...thrown(error) });
				[mayGoOn, hasFailed] = [false, true];
			}
		}
	};
	await Promise.all(Array.from({ length: connections }, sendOn));
	const next = await webhookDeliveries.nextAt(endpointId);
	// Where a database takes no writes, not even the lease is there: an alarm would ring, in vain, without end.
	return next !== null && hasFailed ? Math.max(next, services.now() + lease) : next;
}

/** Whether the endpoint can be sent more. */
async function send(
	delivery: WebhookDelivery,
	endpoint: Stored<WebhookEndpoint>,
	services: Services,
): Promise<boolean> {
	const { webhookDeliveries } = portsOf(services);
	const began = services.now();
	if (!(await webhookDeliveries.claim(delivery, began + lease))) return true;
	const tries = delivery.tries + 1;
	const last = { ...(await tryOnce(delivery, endpoint, began, services)), at: services.now() };
	const judged = judgeAnswer(last.status, last.retryAfter, services.now());
	services.log("webhook.sent", {
		endpoint: endpoint.id,
		id: delivery.id,
		status: last.status,
		tries,
		reason: last.reason,
	});
	if (judged.kind === "delivered") {
		await webhookDeliveries.settle(delivery, { state: "delivered", nextAt: null, last });
		return true;
	}
	if (judged.kind === "gone") {
		await webhookDeliveries.settle(delivery, { state: "failed", nextAt: null, last });
		await disable(endpoint, "gone", services);
		return false;
	}
	const [chance = 0] = services.random(1);
	const nextAt = nextTry(tries, services.now(), judged.retryAfter, chance / 255);
	await webhookDeliveries.settle(delivery, { state: nextAt === null ? "failed" : "waiting", nextAt, last });
	if (nextAt === null && !(await webhookDeliveries.hasDelivered(endpoint.id, delivery.createdAt))) {
		await disable(endpoint, "failing", services);
		return false;
	}
	if (judged.pause > 0) await webhookDeliveries.postpone(endpoint.id, services.now() + judged.pause);
	return judged.pause === 0;
}

async function tryOnce(
	delivery: WebhookDelivery,
	endpoint: WebhookEndpoint,
	now: Seconds,
	services: Services,
): Promise<Omit<DeliveryTry, "at"> & { readonly retryAfter: string | null }> {
	const headers = await signedHeaders(endpoint, delivery, now, services);
	const none = { status: null, excerpt: "", retryAfter: null };
	if (!headers) return { ...none, reason: "Its secret cannot be opened any more: rotate it" };
	const limits = { maxBytes: answerRead, timeoutMs: webhookTimeoutMs };
	const answered = await services.outbound.deliver(endpoint.url, { headers, body: delivery.body }, limits);
	if (answered.status === null) return { ...none, reason: answered.reason };
	const { status, retryAfter, beginning } = answered;
	return { status, retryAfter, excerpt: excerptOf(beginning), reason: `It was answered with ${status}` };
}

/** Unless somebody has changed it meanwhile, who may have put it right. */
async function disable(endpoint: Stored<WebhookEndpoint>, disabledFor: DisabledFor, services: Services): Promise<void> {
	const { webhooks, webhookDeliveries } = portsOf(services);
	const { id, accountId, url, description } = endpoint;
	const { host } = new URL(url);
	const act = { action: "webhook.disable", target: id, detail: { host, reason: disabledFor } };
	const entry = entryOf({ subject: "system", accountId, address: null }, act, services);
	const written = await webhooks.edit({ ...endpoint, state: "off", disabledFor }, null, entry);
	if (written !== "written") return;
	await webhookDeliveries.giveUp(id, services.now(), "The endpoint was disabled");
	const detail = { reason: disabledFor, host, ...(description !== "" && { description }) };
	services.alertBell.ring("webhook_disabled", id, async () => [{ accountId, subject: id, target: "", detail }]);
}
