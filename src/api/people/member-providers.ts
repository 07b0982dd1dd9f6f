import * as v from "valibot";
import type { Call } from "../../endpoint/call.ts";
import { described, titled } from "../../http/described.ts";
import { empty, json } from "../../http/reply.ts";
import type { Actor } from "../../operations/actor.ts";
import { listMemberProviders, unlinkMember } from "../../operations/people/my-providers.ts";
import { findMember } from "../../operations/people/people.ts";
import { endpointForAdministrator } from "../guard/administrator.ts";
import { notFound } from "../refusals.ts";

const person = "The person, by the `sub` of their tokens.";

const providerSchema = titled(
	"MemberProvider",
	v.object({
		id: described(v.string(), "The provider's id."),
		name: described(v.string(), "What it is called."),
	}),
);

/** `GET /v1/people/{id}/providers` */
async function listProviders({ params, services }: Call, actor: Actor): Promise<Response> {
	const member = await findMember(params.id ?? "", actor, services);
	if (!member) return notFound("person");
	const providers = await listMemberProviders(member.id, actor, services);
	return json(200, { providers: providers.map(({ id, name }) => ({ id, name })) });
}

export const listMemberProvidersEndpoint = endpointForAdministrator(listProviders, {
	tag: "People",
	summary: "List the account's providers that a person is linked to",
	description: "What else they come in by is none of the account's.",
	path: { id: person },
	answers: {
		200: {
			description: "All of them.",
			schema: titled(
				"MemberProviders",
				v.object({
					providers: described(v.array(providerSchema), "All of them."),
				}),
			),
		},
		404: { description: "Nobody of that id belongs to the account." },
	},
});

/** `DELETE /v1/people/{id}/providers/{provider}` */
async function unlink({ params, services }: Call, actor: Actor): Promise<Response> {
	const outcome = await unlinkMember(params.id ?? "", params.provider ?? "", actor, services);
	return outcome === "unlinked" ? empty(204) : notFound("link to a provider");
}

export const unlinkMemberEndpoint = endpointForAdministrator(unlink, {
	tag: "People",
	summary: "Unlink a person from a provider of the account",
	description:
		"It signs them in no more, and every browser that they came in with through it is signed out. Who is to stay out is removed from the " +
		"account: otherwise the provider may let them in again just in time.",
	path: { id: person, provider: "The provider's id." },
	answers: {
		204: { description: "They are not linked any more." },
		404: { description: "Nobody of that id belongs to the account, or they are not linked to it." },
	},
});
