import { bounds } from "../../domain/bounds.ts";
import type { ClientRefusal } from "../../domain/client-change.ts";
import type { Client } from "../../domain/client.ts";
import type { Stored } from "../../domain/stored.ts";
import { identityScopes } from "../../domain/identity.ts";
import { etag, ifMatching, preconditionFailed } from "../../http/preconditions.ts";
import { problem } from "../../http/problem.ts";
import { json } from "../../http/reply.ts";
import type { Actor } from "../../operations/actor.ts";
import type { Call } from "../../endpoint/call.ts";
import { type Body, endpointFor, bodyEndpointFor } from "../guard/access.ts";
import { narrowedListEndpoint } from "../list-endpoint.ts";
import { conflict, malformed, nameTaken, notFound, overtaken, limitReached } from "../refusals.ts";
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
	shown,
} from "./integration-body.ts";
import { nullableOptions, optionsInWords } from "./option-members.ts";

const tag = "Integrations";
const unknown = "The account has no such integration.";
/** `GET /v1/integrations` (integrations:read) */
export const listIntegrationsEndpoint = narrowedListEndpoint("integrations:read", {
	tag,
	summary: "List the clients that the account has registered: integrations and applications",
	rows: "By name, also those that have ended (for 30 days, and until the last of their grants is revoked). `next` is null on the last page.",
	name: "IntegrationList",
	member: "integrations",
	schema: listedSchema,
	shape: operations.integrationList,
	find: (query, { accountId }, services) => operations.listIntegrations(accountId, query, services),
	show: ({ hasLogo, ...client }, services) => shown(client, hasLogo, now(services)),
});

/** `POST /v1/integrations` (integrations:write): contract 000, "Getting Started". */
async function createIntegration({ services }: Call, actor: Actor, body: Body<typeof createSchema>): Promise<Response> {
	const created = await operations.createIntegration(draftOf(body), null, actor, services);
	switch (created.kind) {
		case "created": {
			const { client, secret } = created;
			return json(201, { ...shown(client, client.logoSvg !== null, now(services)), client_secret: secret });
		}
		case "invalid":
			return malformed(created.problems);
		case "name_taken":
			return nameTaken("The account has an integration of that name.");
		case "full":
			return limitReached(bounds.clients);
		case "beyond":
			return refusedChange("beyond");
		case "stale_form":
			throw new Error("There was no form");
	}
}

const identityNames = Object.keys(identityScopes).map((name) => `\`${name}\``);

export const createIntegrationEndpoint = bodyEndpointFor("integrations:write", createIntegration, {
	tag,
	summary: "Register an integration, or another OAuth client",
	description:
		"`kind` is `integration` unless it says `application`, `client_type` is `confidential` unless it says `public`. " +
		"`rotation` is what happens to a refresh token when it is used: an integration keeps it unless told otherwise, an " +
		"application gets a new one each time, and a public client always does. `logo_svg` is SVG source as drawing " +
		"programs write it: the drawing alone is kept, at most 32 KiB; scripts, event handlers, embedded documents and pictures, " +
		"entities and references to anything outside are refused. With `acts_for_itself` " +
		"an application may also log in by its secret, in this account, which takes permissions that you have yourself; without " +
		"`redirect_urls` it does nothing else. " +
		"**`client_secret` is shown this once.**\n\n" +
		`An application may have identity scopes (${identityNames.join(", ")}), and these: ` +
		"`authentication` is `client_secret` (by HTTP Basic or in the body) unless it says `private_key_jwt` (RFC 7523), which takes " +
		`keys and gets no secret. ${optionsInWords}`,
	body: {
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
	return found ? json(200, whole(found, services), { etag: etag(found.client.rev) }) : notFound("integration");
}

export const readIntegrationEndpoint = endpointFor("integrations:read", readIntegration, {
	tag,
	summary: "Read one integration, and how often it is installed",
	description: "`ETag` is the version of what can be edited: it stays while others install or revoke it.",
	tagged: true,
	answers: {
		200: {
			description: "For one that has ended, `installs` counts what has still to be swept out of the ledgers.",
			schema: integrationSchema,
		},
		404: { description: unknown },
	},
});

/** `PATCH /v1/integrations/{client_id}` (integrations:write) */
async function changeIntegration(
	{ request, params, services }: Call,
	actor: Actor,
	body: Body<typeof changeSchema>,
): Promise<Response> {
	const edit = ifMatching(request, (client: Stored<Client>) => changedDraft(client, body));
	const changed = await operations.editIntegration(params.client_id ?? "", edit, actor, services);
	if (changed.kind === "invalid") return malformed(changed.problems);
	return changed.kind === "changed" ? shownWhole(changed.client, services) : refuse(changed);
}

export const changeIntegrationEndpoint = bodyEndpointFor("integrations:write", changeIntegration, {
	tag,
	summary: "Change an integration",
	tagged: true,
	description:
		`What is left out stays as it is; ${nullableOptions} are taken away by null. ` +
		"Everywhere within 30 seconds; what was granted " +
		"narrows with `scopes`, and never widens. `kind`, `client_type` and `authentication` cannot be changed.",
	body: {
		schema: changeSchema,
		example: { description: "Draws deployments beside errors.", redirect_urls: ["https://radar.example/done"] },
	},
	answers: {
		200: { description: "The integration as it is now.", schema: integrationSchema },
		400: { description: "`errors` names each field that is wrong, and why." },
		403: { description: "It would act for itself with permissions that you do not have." },
		404: { description: unknown },
		409: {
			description: "The account has an integration of that name, or this one has ended, or is changed all the time.",
		},
	},
});

/** `DELETE /v1/integrations/{client_id}` (integrations:delete); a second time it answers the same. */
async function endIntegration({ request, params, services }: Call, actor: Actor): Promise<Response> {
	const edit = ifMatching(request, () => ({}));
	const changed = await operations.endIntegration(params.client_id ?? "", edit, actor, services);
	return changed.kind === "changed" ? shownWhole(changed.client, services) : refuse(changed);
}

async function shownWhole(client: Stored<Client>, services: Services): Promise<Response> {
	const found = await operations.withInstalls(client, services);
	return json(200, whole(found, services), { etag: etag(client.rev) });
}

export const endIntegrationEndpoint = endpointFor("integrations:delete", endIntegration, {
	tag,
	summary: "End an integration, and everything that it was granted",
	tagged: true,
	description:
		"Nobody can install it any more, and its codes, tokens and secrets are refused, at the latest after 30 seconds. There is no way back. " +
		"Its grants leave the ledgers in the background: read the integration again to see how many are left.",
	answers: {
		200: { description: "The integration, `ended`. `installs` counts what ended with it.", schema: integrationSchema },
		404: { description: unknown },
		409: { description: "It is changed all the time." },
	},
});

/** Why it stays as it is, whatever was to be changed. */
export function refuse(unchanged: Exclude<operations.Changed, { kind: "changed" }>): Response {
	switch (unchanged.kind) {
		case "stale":
			return preconditionFailed();
		case "overtaken":
			return overtaken();
		case "name_taken":
			return nameTaken("The account has an integration of that name.");
		case "unknown":
			return notFound("integration");
		case "refused":
			return refusedChange(unchanged.reason);
	}
}

function refusedChange(reason: ClientRefusal): Response {
	switch (reason) {
		case "beyond":
			return problem(
				403,
				"It acts for itself with permissions that you do not have, or you may not change it any more.",
			);
		case "ended":
			return conflict("This integration has ended: create another.");
		case "no_secret":
			return conflict("This client has no secret to replace: it is public, or authenticates by its keys.");
		case "two_secrets":
			return conflict("Two secrets are good now. End the older one first, or wait until it expires.");
		case "no_previous_secret":
			return problem(404, "There is no older secret.");
		case "no_registration":
			return problem(404, "It has no registration access token.");
		case "above_ceiling":
			throw new Error("Only what a client says of itself has a ceiling");
	}
}

function whole({ client, grants, accounts }: operations.Integration, services: Services) {
	const { logoSvg, ...rest } = client;
	return { ...shown(rest, logoSvg !== null, now(services)), installs: { grants, accounts } };
}

function now(services: Services) {
	return { issuer: services.config.issuer, now: services.now() };
}
