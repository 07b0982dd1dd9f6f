import { empty } from "../../http/reply.ts";
import type { Actor } from "../../operations/actor.ts";
import type { Call } from "../../endpoint/call.ts";
import { endTokensOfKey } from "../../operations/keys/end-tokens.ts";
import { endpointFor } from "../guard/access.ts";
import { notFound } from "../refusals.ts";

/** `DELETE /v1/keys/{id}/tokens` (keys:delete) */
async function endAll({ params, services }: Call, actor: Actor): Promise<Response> {
	const ended = await endTokensOfKey(params.id ?? "", actor, services);
	return ended === "ended" ? empty(204) : notFound("API key");
}

export const endKeyTokensEndpoint = endpointFor("keys:delete", endAll, {
	tag: "API keys",
	summary: "End every login token of an API key",
	description:
		"Whatever its access codes logged in to before, in this account or in one that has linked it, is refused with the next request. " +
		"The codes stay good: disable the key, or a code, where they are what is in other hands.",
	answers: { 204: { description: "None counts any more." }, 404: { description: "The account owns no such key." } },
});
