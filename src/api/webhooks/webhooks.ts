import * as v from "valibot";
import { nonceOf } from "../nonce-of.ts";
import { bounds } from "../../domain/bounds.ts";
import type { Stored } from "../../domain/stored.ts";
import { longestDescription, type WebhookEndpoint } from "../../domain/webhook.ts";
import { webhookEventTypes } from "../../domain/webhook-event.ts";
import type { Call } from "../../endpoint/call.ts";
import { writeInstant } from "../../domain/instant.ts";
import { described, instant, titled } from "../../http/described.ts";
import { etag, ifMatching, preconditionFailed } from "../../http/preconditions.ts";
import { empty, json } from "../../http/reply.ts";
import type { Actor } from "../../operations/actor.ts";
import * as operations from "../../operations/webhooks/endpoints.ts";
import { type Body, bodyEndpointFor, endpointFor } from "../guard/access.ts";
import { beyond, limitReached, malformed, notFound, overtaken } from "../refusals.ts";

const tag = "Webhooks";

const fields = {
	url: described(
		v.string("is a string"),
		"Where events are sent: an https URL of a public host, without a user name. A redirect is not followed.",
	),
	description: v.pipe(
		v.string("is a string"),
		v.metadata({ maxLength: longestDescription, description: "What people know it by; it may be empty." }),
	),
	event_types: described(
		v.nullable(v.array(v.picklist(webhookEventTypes, "is an event type of this document"), "is a list of event types")),
		"Which events, as `webhooks` of this document has them; null for all, those that come later too.",
	),
	enabled: described(v.boolean("is true or false"), "Whether anything is sent there."),
};

const endpointSchema = titled(
	"WebhookEndpoint",
	v.object({
		id: described(v.string(), "Its id."),
		...fields,
		disabled_for: described(
			v.nullable(v.picklist(["gone", "failing"])),
			"Why latchkey itself disabled it: it answered 410, or nothing came through for three days.",
		),
		created_at: instant("When it was made: it is told of what happens from then on."),
		previous_secret_expires_at: v.nullable(
			instant("Until when the secret of before signs too; null where it does not."),
		),
	}),
);
const secret = described(v.string(), "The secret, this once: `whsec_` and base64 of 32 bytes.");
const withSecretSchema = titled("WebhookEndpointWithSecret", v.object({ ...endpointSchema.pipe[0].entries, secret }));

const createSchema = titled(
	"CreateWebhookEndpoint",
	v.strictObject({
		url: fields.url,
		description: v.optional(fields.description),
		event_types: v.optional(fields.event_types),
	}),
);
const editSchema = titled("EditWebhookEndpoint", v.partial(v.strictObject(fields)));

/** `GET /v1/webhooks` (webhooks:read) */
async function listWebhooks({ services }: Call, { accountId }: Actor): Promise<Response> {
	const endpoints = await operations.listEndpoints(accountId, services);
	return json(200, { webhooks: endpoints.map((each) => shown(each, services.now())) });
}

export const listWebhooksEndpoint = endpointFor("webhooks:read", listWebhooks, {
	tag,
	summary: "List where the account is told of what happens in it",
	description:
		"Standard Webhooks: `webhooks` of this document has the events, and any library of that specification verifies them.",
	answers: {
		200: {
			description: `All of them, the first that was made first: ${bounds.webhooks.most} at most.`,
			schema: titled("WebhookEndpointList", v.object({ webhooks: described(v.array(endpointSchema), "All of them.") })),
		},
	},
});

/** `POST /v1/webhooks` (webhooks:write) */
async function createWebhook(call: Call, actor: Actor, body: Body<typeof createSchema>): Promise<Response> {
	const { services } = call;
	const { url, description = "", event_types: eventTypes = null } = body;
	const draft = { url, description, eventTypes };
	const created = await operations.createEndpoint(draft, nonceOf(call), actor, services);
	if (created.kind !== "written") return refuse(created);
	const { endpoint } = created;
	const answer = { ...shown(endpoint, services.now()), secret: created.secret };
	return json(201, answer, { location: `/v1/webhooks/${endpoint.id}`, etag: etag(endpoint.rev) });
}

export const createWebhookEndpoint = bodyEndpointFor("webhooks:write", createWebhook, {
	tag,
	repeatable: true,
	summary: "Have events sent to a URL",
	description: "It is told of what happens from now on, everywhere within 30 seconds. **`secret` is shown this once.**",
	body: {
		schema: createSchema,
		example: {
			url: "https://hooks.acme.example/latchkey",
			description: "Alerts to the chat",
			event_types: ["key.expiring", "code.replayed", "refresh.reused"],
		},
	},
	answers: {
		201: { description: "The endpoint, with its secret.", schema: withSecretSchema },
		400: { description: "`errors` names each field that is wrong, and why." },
		409: { description: `The account has ${bounds.webhooks.most} of them.` },
	},
});

const path = { id: "The endpoint." };
const unknown = { 404: { description: "The account has no such endpoint." } };

/** `GET /v1/webhooks/{id}` (webhooks:read) */
async function readWebhook({ params, services }: Call, actor: Actor): Promise<Response> {
	const endpoint = await operations.findEndpoint(params.id ?? "", actor, services);
	if (!endpoint) return notFound("endpoint");
	return json(200, shown(endpoint, services.now()), { etag: etag(endpoint.rev) });
}

export const readWebhookEndpoint = endpointFor("webhooks:read", readWebhook, {
	tag,
	summary: "Read an endpoint of webhooks",
	tagged: true,
	path,
	answers: { 200: { description: "The endpoint.", schema: endpointSchema }, ...unknown },
});

/** `PATCH /v1/webhooks/{id}` (webhooks:write) */
async function editWebhook(
	{ request, params, services }: Call,
	actor: Actor,
	{ url, description, event_types: eventTypes, enabled }: Body<typeof editSchema>,
): Promise<Response> {
	const state = enabled === undefined ? undefined : enabled ? "on" : "off";
	const edit = ifMatching(request, () => ({ url, description, eventTypes, state }) as const);
	const edited = await operations.editEndpoint(params.id ?? "", edit, actor, services);
	if (edited.kind !== "written") return refuse(edited);
	return json(200, shown(edited.endpoint, services.now()), { etag: etag(edited.endpoint.rev) });
}

export const editWebhookEndpoint = bodyEndpointFor("webhooks:write", editWebhook, {
	tag,
	summary: "Change an endpoint of webhooks",
	description:
		"What is left out stays. What waits for one that is disabled has failed: send it again once it is enabled. " +
		"What happens while it is disabled it is not told of.",
	tagged: true,
	path,
	body: { schema: editSchema, example: { event_types: null } },
	answers: {
		200: { description: "The endpoint, as it stands now.", schema: endpointSchema },
		400: { description: "`errors` names each field that is wrong, and why." },
		...unknown,
		409: { description: "Others change it all the time." },
	},
});

/** `DELETE /v1/webhooks/{id}` (webhooks:write) */
async function deleteWebhook({ request, params, services }: Call, actor: Actor): Promise<Response> {
	const edit = ifMatching(request, () => ({}));
	const { kind } = await operations.deleteEndpoint(params.id ?? "", edit, actor, services);
	return kind === "deleted" ? empty(204) : refuse({ kind });
}

export const deleteWebhookEndpoint = endpointFor("webhooks:write", deleteWebhook, {
	tag,
	summary: "Delete an endpoint of webhooks, with its log",
	tagged: true,
	path,
	answers: {
		204: { description: "Nothing is sent there any more." },
		...unknown,
	},
});

/** `POST /v1/webhooks/{id}/secrets` (webhooks:write) */
async function rotateSecret({ request, params, services }: Call, actor: Actor): Promise<Response> {
	const edit = ifMatching(request, () => ({}));
	const rotated = await operations.rotateEndpointSecret(params.id ?? "", edit, actor, services);
	if (rotated.kind !== "written") return refuse(rotated);
	const { endpoint } = rotated;
	return json(201, { ...shown(endpoint, services.now()), secret: rotated.secret }, { etag: etag(endpoint.rev) });
}

export const rotateWebhookSecretEndpoint = endpointFor("webhooks:write", rotateSecret, {
	tag,
	summary: "Replace the secret of an endpoint",
	description:
		"For 24 hours both sign: `webhook-signature` has two signatures then, with a space between. One that was replaced before ends " +
		"now. **`secret` is shown this once.**",
	tagged: true,
	path,
	answers: {
		201: { description: "The endpoint, with its new secret.", schema: withSecretSchema },
		...unknown,
		409: { description: "Others change it all the time." },
	},
});

function refuse(refusal: operations.EndpointRefused): Response {
	switch (refusal.kind) {
		case "invalid":
			return malformed(refusal.problems);
		case "full":
			return limitReached(bounds.webhooks);
		case "unknown":
			return notFound("endpoint");
		case "stale":
			return preconditionFailed();
		case "overtaken":
			return overtaken();
		case "not_permitted":
			return beyond("webhooks:write");
	}
}

function shown(endpoint: Stored<WebhookEndpoint>, now: number): v.InferOutput<typeof endpointSchema> {
	const { id, url, description, eventTypes, state, disabledFor, previous, createdAt } = endpoint;
	return {
		id,
		url,
		description,
		event_types: eventTypes && [...eventTypes],
		enabled: state === "on",
		disabled_for: disabledFor,
		created_at: writeInstant(createdAt),
		previous_secret_expires_at: previous && now < previous.until ? writeInstant(previous.until) : null,
	};
}
