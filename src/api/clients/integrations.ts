import * as v from "valibot";
import type { ClientRefusal } from "../../domain/client-change.ts";
import { readListPage, wrongCursor } from "../../http/list-page.ts";
import { problem } from "../../http/problem.ts";
import { readJson } from "../../http/read-json.ts";
import { json } from "../../http/reply.ts";
import type { Actor } from "../../operations/actor.ts";
import type { Call } from "../../endpoint/call.ts";
import { endpointFor } from "../guard/access.ts";
import * as operations from "../../operations/clients/integrations.ts";
import type { Services } from "../../operations/services.ts";
import {
	changedDraft,
	changeSchema,
	createdSchema,
	createSchema,
	draftOf,
	integrationSchema,
	listedSchema,
	malformed,
	shown,
} from "./integration-body.ts";

const tag = "Integrations";
const unknown = "The account has no such integration.";
const listSchema = v.object({ integrations: v.array(listedSchema), next: v.nullable(v.string()) });

/** `GET /v1/integrations` (integrations:read) */
async function listIntegrations({ url, services }: Call, actor: Actor): Promise<Response> {
	const asked = readListPage(url);
	if (!asked.ok) return asked.response;
	const found = await operations.listIntegrations(actor.accountId, asked.page, services);
	if (!found) return wrongCursor();
	const integrations = found.rows.map(({ hasLogo, ...client }) => shown(client, hasLogo, now(services)));
	return json(200, { integrations, next: found.next });
}

export const listIntegrationsEndpoint = endpointFor("integrations:read", listIntegrations, {
	tag,
	summary: "List the clients that the account has registered: integrations and applications",
	query: {
		cursor: { description: "The `next` of the page before." },
		limit: { description: "1 to 100; 50 where it is left out.", example: "20" },
	},
	answers: {
		200: {
			description:
				"By name, also those that have ended (for 30 days, and until the last of their grants is revoked). `next` is null on the last page.",
			schema: listSchema,
		},
		400: { description: "A limit out of range, or a cursor that is not of this list." },
	},
});

/** `POST /v1/integrations` (integrations:write): contract 000, "Getting Started". */
async function createIntegration({ request, services }: Call, actor: Actor): Promise<Response> {
	const body = await readJson(request, createSchema);
	if (!body.ok) return body.response;
	const created = await operations.createIntegration(draftOf(body.value), null, actor, services);
	switch (created.kind) {
		case "created": {
			const { client, secret } = created;
			return json(201, { ...shown(client, client.logoSvg !== null, now(services)), client_secret: secret });
		}
		case "invalid":
			return malformed(created.problems);
		case "name_taken":
			return nameTaken();
		case "beyond":
			return refusedChange("beyond");
		case "stale_form":
			throw new Error("There was no form");
	}
}

export const createIntegrationEndpoint = endpointFor("integrations:write", createIntegration, {
	tag,
	summary: "Register an integration, or another OAuth client",
	description:
		"`kind` is `integration` unless it says `application`, `client_type` is `confidential` unless it says `public`. " +
		"`rotation` is what happens to a refresh token when it is used: an integration keeps it unless told otherwise, an " +
		"application gets a new one each time, and a public client always does. `logo_svg` is SVG source as drawing " +
		"programs write it: the drawing alone is kept, at most 32 KiB; scripts, event handlers, embedded documents and pictures, " +
		"entities and references to anything outside are refused. With `acts_for_itself` " +
		"an application may also log in by its secret, in this account, which takes permissions that you have yourself. " +
		"**`client_secret` is shown this once.**\n\n" +
		"An application may have identity scopes (`openid`, `profile`, `email`, `address`, `phone`, `offline_access`), and these: " +
		"`authentication` is `client_secret` (by HTTP Basic or in the body) unless it says `private_key_jwt` (RFC 7523), which takes " +
		"`jwks` (public keys, at most 16 KiB) or `jwks_uri`, and gets no secret. `require_pkce` is true unless it says otherwise, and " +
		"always for a public client. `post_logout_redirect_urls` are those that people may return to after signing out, exactly. " +
		"`id_token_signed_response_alg` is `RS256` where it is left out. `resources` (RFC 8707) are what it serves itself: it may " +
		"introspect the tokens that name one of them as audience.",
	body: {
		media: ["application/json"],
		schema: createSchema,
		example: {
			name: "Deploy Radar",
			description: "Draws your deployments beside your errors.",
			logo_svg: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4"/></svg>',
			redirect_urls: ["https://radar.example/installed"],
			kind: "integration",
			client_type: "confidential",
			scopes: ["environments:read", "events:read"],
			rotation: "keep",
			access_token_ttl: 86_400,
		},
	},
	answers: {
		201: { description: "The client with its id and, this once, its secret.", schema: createdSchema },
		400: { description: "`errors` names each field that is wrong, and why." },
		403: { description: "It would act for itself with permissions that you do not have." },
		409: { description: "The account has an integration of that name." },
	},
});

/** `GET /v1/integrations/{client_id}` (integrations:read) */
async function readIntegration({ params, services }: Call, actor: Actor): Promise<Response> {
	const found = await operations.findIntegration(params.client_id ?? "", actor.accountId, services);
	return found ? json(200, whole(found, services)) : notFound();
}

export const readIntegrationEndpoint = endpointFor("integrations:read", readIntegration, {
	tag,
	summary: "Read one integration, and how often it is installed",
	answers: {
		200: {
			description: "For one that has ended, `installs` counts what has still to be swept out of the ledgers.",
			schema: integrationSchema,
		},
		404: { description: unknown },
	},
});

/** `PATCH /v1/integrations/{client_id}` (integrations:write) */
async function changeIntegration({ request, params, services }: Call, actor: Actor): Promise<Response> {
	const body = await readJson(request, changeSchema);
	if (!body.ok) return body.response;
	const id = params.client_id ?? "";
	const found = await operations.findIntegration(id, actor.accountId, services);
	if (!found) return notFound();
	const changed = await operations.editIntegration(id, changedDraft(found.client, body.value), actor, services);
	switch (changed.kind) {
		case "changed":
			return json(200, whole({ ...found, client: changed.client }, services));
		case "invalid":
			return malformed(changed.problems);
		case "name_taken":
			return nameTaken();
		case "unknown":
			return notFound();
		case "refused":
			return refusedChange(changed.reason);
	}
}

export const changeIntegrationEndpoint = endpointFor("integrations:write", changeIntegration, {
	tag,
	summary: "Change an integration",
	description:
		"What is left out stays as it is; `jwks` and `jwks_uri` are taken away by null. Everywhere within 30 seconds; what was granted " +
		"narrows with `scopes`, and never widens. `kind`, `client_type` and `authentication` cannot be changed.",
	body: {
		media: ["application/json"],
		schema: changeSchema,
		example: { description: "Draws deployments beside errors.", redirect_urls: ["https://radar.example/done"] },
	},
	answers: {
		200: { description: "The integration as it is now.", schema: integrationSchema },
		400: { description: "`errors` names each field that is wrong, and why." },
		403: { description: "It would act for itself with permissions that you do not have." },
		404: { description: unknown },
		409: { description: "The account has an integration of that name, or this one has ended." },
	},
});

/** `DELETE /v1/integrations/{client_id}` (integrations:delete); a second time it answers the same. */
async function endIntegration({ params, services }: Call, actor: Actor): Promise<Response> {
	const id = params.client_id ?? "";
	const found = await operations.findIntegration(id, actor.accountId, services);
	const changed = found && (await operations.endIntegration(id, actor, services));
	if (!found || changed?.kind !== "changed") return notFound();
	return json(200, whole({ ...found, client: changed.client }, services));
}

export const endIntegrationEndpoint = endpointFor("integrations:delete", endIntegration, {
	tag,
	summary: "End an integration, and everything that it was granted",
	description:
		"Nobody can install it any more, and its codes, tokens and secrets are refused, at the latest after 30 seconds. There is no way back. " +
		"Its grants leave the ledgers in the background: read the integration again to see how many are left.",
	answers: {
		200: { description: "The integration, `ended`. `installs` counts what ended with it.", schema: integrationSchema },
		404: { description: unknown },
	},
});

export function notFound(): Response {
	return problem({ status: 404, title: "Not Found", detail: "There is no such integration." });
}

export function refusedChange(reason: ClientRefusal): Response {
	switch (reason) {
		case "beyond": {
			const detail = "It acts for itself, and has permissions that you do not have.";
			return problem({ status: 403, title: "Forbidden", detail });
		}
		case "ended":
			return conflict("This integration has ended.");
		case "no_secret":
			return conflict("This client has no secret: it is public, or authenticates by its keys.");
		case "two_secrets":
			return conflict("Two secrets are good now. End the older one first, or wait until it expires.");
		case "no_previous_secret":
			return problem({ status: 404, title: "Not Found", detail: "There is no older secret." });
	}
}

function nameTaken(): Response {
	const detail = "The account has an integration of that name.";
	return problem({ status: 409, title: "Conflict", detail, more: { errors: [{ field: "name", detail }] } });
}

function conflict(detail: string): Response {
	return problem({ status: 409, title: "Conflict", detail });
}

function whole({ client, grants, accounts }: operations.Integration, services: Services) {
	const { logoSvg, ...rest } = client;
	return { ...shown(rest, logoSvg !== null, now(services)), installs: { grants, accounts } };
}

function now(services: Services) {
	return { issuer: services.config.issuer, now: services.now() };
}
