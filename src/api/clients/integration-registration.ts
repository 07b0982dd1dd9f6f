import { empty } from "../../http/reply.ts";
import type { Actor } from "../../operations/actor.ts";
import type { Call } from "../../endpoint/call.ts";
import { endRegistration } from "../../operations/clients/integrations.ts";
import { endpointFor } from "../guard/access.ts";
import { refuse } from "./integrations.ts";

/** `DELETE /v1/integrations/{client_id}/registration_token` (integrations:write) */
async function endToken({ params, services }: Call, actor: Actor): Promise<Response> {
	const changed = await endRegistration(params.client_id ?? "", actor, services);
	return changed.kind === "changed" ? empty(204) : refuse(changed);
}

export const endRegistrationTokenEndpoint = endpointFor("integrations:write", endToken, {
	tag: "Integrations",
	summary: "Revoke the registration access token of a client that registered itself",
	description:
		"It cannot read, change or delete its registration any more (RFC 7592), from the next request on; what it is registered for " +
		"and was granted stays. There is no way back. What an administrator takes away by a change it cannot give itself again in any case.",
	answers: {
		204: { description: "The token is good no more." },
		404: { description: "The account has no such integration, or it has no registration access token." },
		409: { description: "The integration has ended, or is changed all the time." },
	},
});
