import { empty } from "../../http/reply.ts";
import type { Actor } from "../../operations/actor.ts";
import type { Call } from "../../endpoint/call.ts";
import { endTokens } from "../../operations/clients/integrations.ts";
import { endpointFor } from "../guard/access.ts";
import { refuse } from "./integrations.ts";

/** `DELETE /v1/integrations/{client_id}/tokens` (integrations:delete) */
async function endAll({ params, services }: Call, actor: Actor): Promise<Response> {
	const changed = await endTokens(params.client_id ?? "", actor, services);
	return changed.kind === "changed" ? empty(204) : refuse(changed);
}

export const endTokensEndpoint = endpointFor("integrations:delete", endAll, {
	tag: "Integrations",
	summary: "End every token of an integration, and all that people allowed it",
	description:
		"For one whose tokens may be in other hands: its codes, access tokens and refresh tokens of before, of whoever in whichever " +
		"account, are refused at the latest after 30 seconds. The integration stays, with its secrets, and may be allowed everything anew.",
	answers: {
		204: { description: "Nothing that it had counts any more." },
		404: { description: "The account has no such integration." },
		409: { description: "The integration has ended, or is changed all the time." },
	},
});
