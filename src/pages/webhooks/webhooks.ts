import { randomId } from "../../crypto/random.ts";
import { bounds, isFull } from "../../domain/bounds.ts";
import { isNarrowed } from "../../domain/list-query.ts";
import type { Stored } from "../../domain/stored.ts";
import { deliveryStates, type WebhookEndpoint } from "../../domain/webhook.ts";
import { webhookEvents, webhookEventTypes } from "../../domain/webhook-event.ts";
import { rateLimitHeaders } from "../../http/rate-limit.ts";
import { page } from "../../http/reply.ts";
import { isFormNonce } from "../../operations/form-nonce.ts";
import { deliveryList, listDeliveries, sendAgain, sendTestEvent } from "../../operations/webhooks/deliveries.ts";
import * as operations from "../../operations/webhooks/endpoints.ts";
import { chosenValues } from "../../ui/choices.tsx";
import { tryAgain } from "../../ui/instant.tsx";
import { doneAt } from "../frame/address.ts";
import {
	changedAllTheTime,
	drawnFrom,
	drawnOf,
	isConflict,
	isDrawnFrom,
	savedMeanwhile,
	settle,
} from "../frame/drawn.ts";
import { around, readList } from "../frame/list.ts";
import { notForRole, notThere, refuseVisit, sentAlready } from "../frame/refusal.ts";
import { inConsole, onlyAdministrators, type Visit } from "../frame/visit.ts";
import {
	deleteWebhookView,
	rotateWebhookView,
	type WebhookFormProps,
	webhookFormView,
	type WebhookFormValues,
	webhookLogView,
	webhookSecretView,
	webhooksView,
} from "./webhooks.tsx";

/** `GET /console/:slug/settings/webhooks` */
export const webhooksPage = inConsole("settings", "webhooks:read", async ({ frame, actor, services }) => {
	return page(200, webhooksView({ frame, endpoints: await operations.listEndpoints(actor.accountId, services) }));
});

/** `GET`, `POST …/webhooks/new` */
export const newWebhookPage = inConsole("settings", "webhooks:write", async (visit) => {
	const { services, actor, form, frame } = visit;
	const show = (status: number, values: WebhookFormValues, nonce: string, more: Partial<WebhookFormProps> = {}) =>
		page(
			status,
			webhookFormView({ frame, endpoint: null, fields: { nonce }, values, errors: {}, events: choosable, ...more }),
		);
	if (!visit.isPost) return show(200, blank, randomId(services.random));
	const nonce = form.get("nonce");
	if (!isFormNonce(nonce)) return sentAlready(visit);
	const values = typedIn(form);
	const created = await operations.createEndpoint(draftOf(values), nonce, actor, services);
	if (created.kind !== "written") return refused(visit, created, (status, more) => show(status, values, nonce, more));
	return secretPage(visit, created);
});

/** `GET`, `POST …/webhooks/:id` */
export const webhookPage = inConsole("settings", "webhooks:write", async (visit) => {
	const { services, actor, form, frame } = visit;
	const there = await findEndpoint(visit);
	if (!there) return notThere(visit, "endpoint");
	const show = (status: number, values: WebhookFormValues, more: Partial<WebhookFormProps> = {}) =>
		page(
			status,
			webhookFormView({
				frame,
				endpoint: there,
				fields: drawnOf(form),
				values,
				errors: {},
				events: choosable,
				...more,
			}),
		);
	const before = valuesOf(there);
	if (!visit.isPost) return show(200, before, { fields: await drawnFrom(before) });
	const values = typedIn(form);
	const settled = (now: WebhookEndpoint) => settle(form, values, valuesOf(now));
	const edit = async (now: Stored<WebhookEndpoint>) => {
		const { conflicts, values: all } = await settled(now);
		if (isConflict(conflicts)) return "stale";
		return { ...draftOf(all), state: all.state === "on" ? "on" : "off" } as const;
	};
	const written = await operations.editEndpoint(there.id, edit, actor, services);
	if (written.kind === "written") return doneAt(urlOf(visit), "saved");
	if (written.kind !== "stale") return refused(visit, written, (status, more) => show(status, values, more));
	const now = await findEndpoint(visit);
	if (!now) return notThere(visit, "endpoint");
	const { values: merged, conflicts } = await settled(now);
	const fields = await drawnFrom(valuesOf(now));
	return show(409, merged, { fields, errors: conflicts, problem: savedMeanwhile });
});

/** `GET …/webhooks/:id/log` */
export const webhookLogPage = inConsole("settings", "webhooks:read", async (visit) => {
	const { services, url, frame } = visit;
	const endpoint = await findEndpoint(visit);
	if (!endpoint) return notThere(visit, "endpoint");
	const list = readList(deliveryList, url);
	const { asked, cursor } = list;
	const found = asked && (await listDeliveries(endpoint, { ...asked, cursor, limit: 20 }, services));
	if (asked && !found) return notThere(visit);
	const { controls, previousUrl, nextUrl } = around(deliveryList, url, list, found);
	return page(
		asked ? 200 : 400,
		webhookLogView({
			frame,
			endpoint,
			now: services.now(),
			states: deliveryStates,
			deliveries: found?.rows ?? [],
			// It is not counted, no more than the audit log is.
			controls: { ...controls, total: null },
			isNarrowed: asked === null || isNarrowed(asked) || cursor !== null,
			previousUrl,
			nextUrl,
		}),
	);
});

/** `POST …/webhooks/:id/test` */
export const testWebhookPage = inConsole("settings", "webhooks:write", async (visit) => {
	const { params, actor, services } = visit;
	return sent(visit, await sendTestEvent(params.id ?? "", actor, services));
});

/** `POST …/webhooks/:id/log/:delivery_id/send` */
export const sendAgainPage = inConsole("settings", "webhooks:write", async (visit) => {
	const { params, actor, services } = visit;
	return sent(visit, await sendAgain(params.id ?? "", params.delivery_id ?? "", actor, services));
});

function sent(visit: Visit, outcome: Awaited<ReturnType<typeof sendAgain>>): Response {
	if (outcome.kind === "unknown") return notThere(visit, "event");
	if (outcome.kind === "limited") {
		const again = `As many were sent as may be in an hour. ${tryAgain(outcome.retryAfter)}`;
		const limited = refuseVisit(visit, 429, "Not sent", again);
		for (const [name, value] of Object.entries(rateLimitHeaders(outcome))) limited.headers.set(name, value);
		return limited;
	}
	if (outcome.kind === "off") return refuseVisit(visit, 409, "Not sent", "The endpoint is disabled. Enable it first.");
	// One that waits already is as good.
	return doneAt(`${urlOf(visit)}/log`, "sent");
}

/** `GET`, `POST …/webhooks/:id/secret` */
export const rotateWebhookPage = inConsole("settings", "webhooks:write", async (visit) => {
	const { actor, services, form, frame } = visit;
	const there = await findEndpoint(visit);
	if (!there) return notThere(visit, "endpoint");
	if (!visit.isPost) {
		return page(200, rotateWebhookView({ frame, endpoint: there, fields: await drawnFrom(secretOf(there)) }));
	}
	// The same form again would replace the secret that it has just shown.
	const edit = async (now: WebhookEndpoint) => ((await isDrawnFrom(form, secretOf(now))) ? {} : "stale");
	const rotated = await operations.rotateEndpointSecret(there.id, edit, actor, services);
	if (rotated.kind === "written") return secretPage(visit, rotated);
	if (rotated.kind === "stale") {
		return refuseVisit(visit, 409, "Out of date", "The secret was replaced since you were asked. Nothing was done.");
	}
	return refused(visit, rotated, (status) => refuseVisit(visit, status, "Not replaced", changedAllTheTime));
});

/** `GET`, `POST …/webhooks/:id/delete` */
export const deleteWebhookPage = inConsole("settings", "webhooks:write", async (visit) => {
	const { actor, services, frame } = visit;
	const there = await findEndpoint(visit);
	if (!there) return notThere(visit, "endpoint");
	if (!visit.isPost) return page(200, deleteWebhookView({ frame, endpoint: there }));
	const { kind } = await operations.deleteEndpoint(there.id, () => ({}), actor, services);
	if (kind === "not_permitted") return notForRole(visit, onlyAdministrators);
	return kind === "deleted" ? doneAt(baseOf(visit), "deleted") : notThere(visit, "endpoint");
});

function secretPage(
	{ frame }: Visit,
	{ endpoint, secret }: Extract<operations.SecretGiven, { kind: "written" }>,
): Response {
	return page(200, webhookSecretView({ frame, endpoint, secret }));
}

const choosable = webhookEventTypes.map((type) => ({ type, says: webhookEvents[type].says }));

const blank: WebhookFormValues = { url: "", description: "", which: "all", events: [], state: "on" };

function refused(
	visit: Visit,
	refusal: operations.EndpointRefused,
	again: (status: number, more: Pick<WebhookFormProps, "errors" | "problem">) => Response,
): Response {
	switch (refusal.kind) {
		case "invalid":
			return again(400, {
				errors: Object.fromEntries(
					refusal.problems.map(({ field, detail }) => [field === "event_types" ? "events" : field, detail]),
				),
			});
		case "full":
			return again(409, { errors: {}, problem: isFull(bounds.webhooks) });
		case "stale":
		case "overtaken":
			return again(409, { errors: {}, problem: changedAllTheTime });
		case "not_permitted":
			return notForRole(visit, onlyAdministrators);
		case "unknown":
			return notThere(visit, "endpoint");
	}
}

function typedIn(form: Visit["form"]): WebhookFormValues {
	return {
		url: form.get("url") ?? "",
		description: form.get("description") ?? "",
		which: form.get("which") === "chosen" ? "chosen" : "all",
		events: chosenValues(form, "events"),
		state: form.get("state") === "off" ? "off" : "on",
	};
}

function draftOf({ url, description, which, events }: WebhookFormValues) {
	return { url, description, eventTypes: which === "all" ? null : events };
}

function valuesOf({ url, description, eventTypes, state }: WebhookEndpoint): WebhookFormValues {
	return { url, description, which: eventTypes === null ? "all" : "chosen", events: eventTypes ?? [], state };
}

function secretOf({ sealedSecret }: WebhookEndpoint): { readonly secret: string } {
	return { secret: sealedSecret };
}

function findEndpoint({ params, actor, services }: Visit): Promise<Stored<WebhookEndpoint> | null> {
	return operations.findEndpoint(params.id ?? "", actor, services);
}

function urlOf(visit: Visit): string {
	return `${baseOf(visit)}/${visit.params.id ?? ""}`;
}

function baseOf({ frame }: Visit): string {
	return `${frame.base}/settings/webhooks`;
}
