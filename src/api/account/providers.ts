import * as v from "valibot";
import { writeInstant } from "../../domain/instant.ts";
import type { Person } from "../../domain/person.ts";
import type { Call } from "../../endpoint/call.ts";
import { endpoint } from "../../endpoint/endpoint.ts";
import { described, instant, titled } from "../../http/described.ts";
import { empty, json } from "../../http/reply.ts";
import { listMyProviders, type MyProvider, unlinkProvider } from "../../operations/people/my-providers.ts";
import { unconditionally } from "../guard/access.ts";
import { notFound } from "../refusals.ts";
import { forPerson } from "./for-person.ts";

const providerSchema = titled(
	"MyProvider",
	v.object({
		id: described(v.string(), "The provider's id."),
		name: described(v.string(), "What it is called."),
		account: described(v.nullable(v.string()), "The name of the account whose it is; null for the whole deployment's."),
		linked_at: v.nullable(instant("When you linked it, or it let you in first; null where it is not linked.")),
		last_used_at: v.nullable(instant("When you last came in through it; null where you never did.")),
	}),
);

/** `GET /v1/profile/providers` */
async function listProviders({ services }: Call, person: Person): Promise<Response> {
	const providers = await listMyProviders({ person, within: null }, services);
	return json(200, { providers: providers.map(shown) });
}

/** `DELETE /v1/profile/providers/{id}`: as on the page, whoever did not mean it links it again. */
async function unlink({ params, address, services }: Call, person: Person): Promise<Response> {
	const all = await listMyProviders({ person, within: null }, services);
	const mine = all.find(({ provider, linked }) => provider.id === params.id && linked !== null);
	const outcome = mine ? await unlinkProvider(mine, person, address, services) : "unknown";
	return outcome === "unlinked" ? empty(204) : notFound("linked provider");
}

function shown({ provider: { id, name }, accountName, linked }: MyProvider): v.InferOutput<typeof providerSchema> {
	const { at = null, lastUsedAt = null } = linked ?? {};
	return { id, name, account: accountName, linked_at: writeInstant(at), last_used_at: writeInstant(lastUsedAt) };
}

const asked = {
	400: { description: "Two credentials that differ." },
	401: { description: "No login token, or one that is not valid any more." },
	403: { description: "The login token of a key, not of a person." },
};
const common = { tag: "Profile", credentials: ["bearer"], login: "own" } as const;

export const listMyProvidersEndpoint = endpoint(forPerson(listProviders), {
	...common,
	summary: "List the providers that you may come in through",
	description:
		"By a person's own login token. Those of the deployment and of each account of yours, linked or not. They are linked in the console, " +
		"since you sign in there for it.",
	answers: {
		200: {
			description: "All of them.",
			schema: titled("MyProviders", v.object({ providers: described(v.array(providerSchema), "All of them.") })),
		},
		...asked,
	},
});

export const unlinkProviderEndpoint = endpoint(forPerson(unconditionally(unlink)), {
	...common,
	summary: "Unlink a provider",
	description:
		"By a person's own login token. It signs you in no more, and every browser that you came in with through it is signed out.",
	path: { id: "The provider's `id`." },
	answers: {
		204: { description: "It is unlinked." },
		...asked,
		404: { description: "You are linked to no provider of that id." },
	},
});
