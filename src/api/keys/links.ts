import * as v from "valibot";
import { writeInstant } from "../../domain/instant.ts";
import { described, instant, titled } from "../../http/described.ts";
import { bounds } from "../../domain/bounds.ts";
import { empty, json } from "../../http/reply.ts";
import type { Actor } from "../../operations/actor.ts";
import type { Call } from "../../endpoint/call.ts";
import { type Body, endpointFor, bodyEndpointFor } from "../guard/access.ts";
import { findOwnKey } from "../../operations/keys/find-managed-key.ts";
import * as operations from "../../operations/keys/links.ts";
import { accountName } from "../../operations/keys/manage-key.ts";
import type { Services } from "../../operations/services.ts";
import * as fields from "./fields.ts";
import { conflict, notFound, overtaken, limitReached } from "../refusals.ts";
import { policyNeeded, refusePolicies } from "./refusals.ts";
import { keySchema, showKey } from "./shapes.ts";

const createSchema = titled(
	"CreateLink",
	v.strictObject({
		key_id: described(v.string("is a string"), "The id of the other account's key."),
		policies: fields.policies,
	}),
);

/** `POST /v1/links` (keys:write): another account's key, into the caller's account. */
async function createLink({ services }: Call, actor: Actor, body: Body<typeof createSchema>): Promise<Response> {
	const { key_id: keyId, policies } = body;
	const linked = await operations.createLink({ keyId, policies }, actor, services);
	switch (linked.kind) {
		case "linked":
			return json(201, showKey(linked.key), { location: `/v1/keys/${linked.key.row.id}` });
		case "unknown":
			// One answer for whatever is wrong with the id: nobody learns here which keys there are.
			return notFound("API key");
		case "already":
			return conflict("This key is linked already, by other policies. Edit the link instead.");
		case "full":
			return limitReached(bounds.links);
		case "policy_needed":
			return policyNeeded();
		case "beyond":
		case "unknown_policy":
			return refusePolicies(linked);
	}
}

export const createLinkEndpoint = bodyEndpointFor("keys:write", createLink, {
	tag: "Links",
	repeatable: true,
	summary: "Link an existing API key of another account",
	description: "It gives whoever holds an access code of that key what these policies permit, in this account.",
	body: {
		schema: createSchema,
		example: { key_id: "key_any_AAAAAAAAQACAAAAAAAAAAA", policies: ["AAAAAAAAAAAAAAAAAAAAAA"] },
	},
	answers: {
		201: { description: "The linked key.", schema: keySchema },
		400: { description: "No policy, or one that is not of the account." },
		403: { description: "A policy that permits more than the caller may do." },
		404: { description: "No key that could be linked." },
		409: { description: "The key is linked already, or too often." },
	},
});

const editSchema = titled(
	"EditLink",
	v.strictObject({ policies: v.optional(fields.policies), enabled: v.optional(fields.enabled) }),
);

/** `PATCH /v1/links/{keyId}` (keys:write), by the account that linked the key. */
async function editLink({ params, services }: Call, actor: Actor, body: Body<typeof editSchema>): Promise<Response> {
	const edited = await operations.editLink(params.keyId ?? "", () => body, actor, services);
	switch (edited.kind) {
		case "edited":
			return json(200, showKey(edited.key));
		case "unknown":
			return notFound("link");
		case "policy_needed":
			return policyNeeded();
		case "stale":
		case "overtaken":
			return overtaken();
		case "beyond":
		case "unknown_policy":
			return refusePolicies(edited);
	}
}

export const editLinkEndpoint = bodyEndpointFor("keys:write", editLink, {
	tag: "Links",
	summary: "Edit what a linked key may do in this account, or disable the link",
	description: "The owner has a switch of its own: the key opens this account while both are on.",
	body: { schema: editSchema, example: { enabled: false } },
	answers: {
		200: { description: "The linked key, as it stands now.", schema: keySchema },
		400: { description: "No policy, or one that is not of the account." },
		403: { description: "A policy that permits more than the caller may do." },
		404: { description: "The account has not linked such a key." },
		409: { description: "The link is changed all the time." },
	},
});

/** `DELETE /v1/links/{keyId}` (keys:delete), by the account that linked the key. */
async function deleteLink({ params, services }: Call, actor: Actor): Promise<Response> {
	const removed = await operations.removeLink(params.keyId ?? "", actor, services);
	return removed === "removed" ? empty(204) : notFound("link");
}

export const deleteLinkEndpoint = endpointFor("keys:delete", deleteLink, {
	tag: "Links",
	summary: "Remove a link from this account",
	answers: { 204: { description: "Removed." }, 404: { description: "The account has not linked such a key." } },
});

const ownersLinkSchema = titled(
	"LinkToKey",
	v.object({
		account: described(
			titled(
				"LinkingAccount",
				v.object({
					id: described(v.string(), "The account's id."),
					name: described(v.string(), "What it is called."),
				}),
			),
			"The account that linked the key.",
		),
		enabled: described(v.boolean(), "Whether the key opens that account."),
		switched_off_by: described(v.array(v.picklist(["owner", "linker"])), "The sides that have disabled it."),
		created_at: instant("When it was linked."),
	}),
);
const linksSchema = titled("LinkToKeyList", v.object({ links: described(v.array(ownersLinkSchema), "All of them.") }));

/** `GET /v1/keys/{id}/links` (keys:read), by the account that owns the key. */
async function listKeyLinks({ params, services }: Call, { accountId }: Actor): Promise<Response> {
	const key = await findOwnKey(params.id ?? "", accountId, services);
	if (!key) return notFound("API key");
	const links = await operations.listLinks(key, services);
	return json(200, { links: await Promise.all(links.map((link) => showLink(link, services))) });
}

export const listKeyLinksEndpoint = endpointFor("keys:read", listKeyLinks, {
	tag: "Links",
	summary: "List the accounts that have linked a key of this account, at most 100",
	answers: {
		200: { description: "The links.", schema: linksSchema },
		404: { description: "The account owns no such key." },
	},
});

const switchSchema = titled("SwitchLink", v.strictObject({ enabled: fields.enabled }));

/** `PATCH /v1/keys/{id}/links/{account}` (keys:write), by the account that owns the key. */
async function editKeyLink(
	{ params, services }: Call,
	actor: Actor,
	body: Body<typeof switchSchema>,
): Promise<Response> {
	const place = { keyId: params.id ?? "", accountId: params.linker ?? "" };
	const edited = await operations.setLinkEnabled(place, body.enabled, actor, services);
	const links = edited === "unknown" ? [] : await operations.listLinks(edited, services);
	const link = links.find((each) => each.accountId === place.accountId);
	return link ? json(200, await showLink(link, services)) : notFound("link");
}

export const editKeyLinkEndpoint = bodyEndpointFor("keys:write", editKeyLink, {
	tag: "Links",
	summary: "Disable another account's link to a key of this account, or enable it again",
	description: "The link works while both sides have it on.",
	body: { schema: switchSchema, example: { enabled: false } },
	answers: {
		200: { description: "The link, as it stands now.", schema: ownersLinkSchema },
		400: { description: "A member that is missing or malformed." },
		404: { description: "The account owns no such key, or it is not linked there." },
	},
});

/** `DELETE /v1/keys/{id}/links/{account}` (keys:delete), by the account that owns the key. */
async function deleteKeyLink({ params, services }: Call, actor: Actor): Promise<Response> {
	const place = { keyId: params.id ?? "", accountId: params.linker ?? "" };
	const removed = await operations.cutLink(place, actor, services);
	return removed === "removed" ? empty(204) : notFound("link");
}

export const deleteKeyLinkEndpoint = endpointFor("keys:delete", deleteKeyLink, {
	tag: "Links",
	summary: "Remove another account's link to a key of this account",
	answers: {
		204: { description: "Removed." },
		404: { description: "The account owns no such key, or it is not linked there." },
	},
});

async function showLink({ accountId, createdAt, off }: operations.OwnersLink, services: Services) {
	const account = await accountName(accountId, services);
	return { account, enabled: off.length === 0, switched_off_by: off, created_at: writeInstant(createdAt) };
}
