import * as v from "valibot";
import { writeInstant } from "../../domain/instant.ts";
import type { DeploymentClient, GrantedIn } from "../../domain/ports/deployment-clients.ts";
import { described, instant, titled } from "../../http/described.ts";
import { pageParameters, readListPage, wrongCursor } from "../../http/list-page.ts";
import { problem } from "../../http/problem.ts";
import { empty, json } from "../../http/reply.ts";
import * as operations from "../../operations/clients/deployment-clients.ts";
import { endpointForOperator, notAnOperator } from "../guard/operator.ts";
import { next } from "../list-endpoint.ts";
import { notFound } from "../refusals.ts";

const tag = "Operation";

const accountSchema = titled(
	"AccountOfClient",
	v.object({
		id: described(v.string(), "The account's id."),
		slug: described(v.string(), "What names it in URLs."),
		name: described(v.string(), "As people call it."),
	}),
);

const members = {
	id: described(v.string(), "What names it in a path: its `client_id`, or where that is a URL, that in base64url."),
	client_id: described(v.string(), "What it calls itself: an id of ours, or the URL of its document."),
	name: described(v.string(), "What it is called."),
	kind: described(v.picklist(["integration", "application"]), "Of contract 000, or any other."),
	account: v.nullable(described(accountSchema, "Whose it is; null where it registered itself or is a document's.")),
	state: described(v.picklist(["active", "ended"]), "Whether anybody may use it."),
	registered_at: v.nullable(instant("When it registered itself; null where that was not noted.")),
	used_at: v.nullable(instant("When it was last used, to the hour; null where that is not noted.")),
	installs: described(v.number(), "How many have allowed it something that has not ended."),
};
const clientSchema = titled("DeploymentClient", v.object(members));

const grantedSchema = titled(
	"GrantedInAccount",
	v.object({
		account: described(accountSchema, "Where."),
		installs: described(v.number(), "How many people, keys and programs allowed it something there."),
		scopes: described(v.array(v.string()), "What they agreed to, all of it together."),
		last_at: instant("When the last of them did."),
	}),
);

const detailSchema = titled(
	"DeploymentClientDetail",
	v.object({
		...members,
		redirect_uris: described(v.array(v.string()), "Where it may be answered."),
		grant_types: described(v.array(v.string()), "The grant types that it may use."),
		scopes: described(v.array(v.string()), "What it registered for."),
		granted: described(
			v.array(grantedSchema),
			"By account, the first hundred by name. Never a secret, nor who it was.",
		),
	}),
);

/** `GET /v1/clients` */
export const listClientsEndpoint = endpointForOperator(
	async ({ url, services }) => {
		const asked = readListPage(url);
		if (!asked.ok) return asked.response;
		const found = await operations.listDeploymentClients(asked.page.query.get("search") ?? "", asked.page, services);
		if (!found) return wrongCursor();
		return json(200, { clients: found.rows.map(shown), next: found.next });
	},
	{
		tag,
		summary: "List the clients of the whole deployment",
		description:
			"By an operator's own login token: those of every account, those that registered themselves, and those of documents to which " +
			"somebody has consented. By name.",
		query: {
			search: { description: "A part of the name, in either case, or the whole `client_id`.", example: "portal" },
			...pageParameters,
		},
		answers: {
			200: {
				description: "A page of them.",
				schema: titled(
					"DeploymentClientList",
					v.object({ clients: described(v.array(clientSchema), "A page of them."), next }),
				),
			},
			400: { description: "A limit out of range, or a cursor that is not of this list." },
		},
	},
);

const path = { client_id: "The `id` of a listed client." };

/** `GET /v1/clients/{client_id}` */
export const readClientEndpoint = endpointForOperator(
	async ({ params, services }) => {
		const id = operations.clientIdOf(params.client_id ?? "");
		const found = id === null ? null : await operations.findDeploymentClient(id, services);
		return found ? json(200, detailOf(found)) : notFound("client");
	},
	{
		tag,
		summary: "Read a client of the deployment, and what it was granted",
		path,
		answers: {
			200: { description: "The client.", schema: detailSchema },
			404: { description: "There is no such client." },
		},
	},
);

/** `DELETE /v1/clients/{client_id}` */
export const endClientEndpoint = endpointForOperator(
	async ({ params, services }, by) => {
		const id = operations.clientIdOf(params.client_id ?? "");
		switch (id === null ? "unknown" : await operations.endForAll(id, by, services)) {
			case "ended":
				return empty(204);
			case "unknown":
				return notFound("client");
			case "not_permitted":
				return problem(403, notAnOperator, { code: "operator_needed" });
		}
	},
	{
		tag,
		summary: "End a client for the whole deployment",
		description:
			"Nobody may use it any more, and all that it was granted, in every account, counts no more: at once where this was done, " +
			"elsewhere within 30 seconds. There is no way back. One that is described by a document stays ended, whatever that says.",
		path,
		answers: {
			204: { description: "It has ended, now or before." },
			404: { description: "There is no such client." },
		},
	},
);

function shown(client: DeploymentClient) {
	const { id, name, kind, account, state, registeredAt, usedAt, installs } = client;
	return {
		id: operations.pathIdOf(id),
		client_id: id,
		name,
		kind,
		account,
		state,
		registered_at: writeInstant(registeredAt),
		used_at: writeInstant(usedAt),
		installs,
	};
}

function detailOf({ client, granted }: { readonly client: DeploymentClient; readonly granted: readonly GrantedIn[] }) {
	return {
		...shown(client),
		redirect_uris: client.redirectUris,
		grant_types: client.grantTypes,
		scopes: client.scope,
		granted: granted.map(({ account, installs, scope, lastAt }) => ({
			account,
			installs,
			scopes: scope,
			last_at: writeInstant(lastAt),
		})),
	};
}
