import { managesItself } from "../../domain/client.ts";
import { page } from "../../http/reply.ts";
import { endRegistration } from "../../operations/clients/integrations.ts";
import { doneAt } from "../frame/address.ts";
import { changedAllTheTime } from "../frame/drawn.ts";
import { notThere, refuseVisit } from "../frame/refusal.ts";
import { inConsole, type Visit } from "../frame/visit.ts";
import { confirmEndRegistrationView } from "./end-integration.tsx";
import { activeClient, integrationsUrl } from "./integrations.ts";

/** `GET /console/{slug}/integrations/{client_id}/registration/end` */
export const registrationEndPage = inConsole("integrations", "integrations:write", async (visit) => {
	const client = await activeClient(visit);
	if (!client || !managesItself(client)) return notThere(visit, "integration");
	const cancelUrl = urlOf(visit);
	const { frame } = visit;
	const action = `${cancelUrl}/registration/end`;
	return page(200, confirmEndRegistrationView({ frame, name: client.name, action, cancelUrl }));
});

/** `POST /console/{slug}/integrations/{client_id}/registration/end`; that it has no token any more is as good. */
export const endRegistrationPage = inConsole("integrations", "integrations:write", async (visit) => {
	const ended = await endRegistration(visit.params.client_id ?? "", visit.actor, visit.services);
	if (ended.kind === "overtaken") return refuseVisit(visit, 409, "Not revoked", changedAllTheTime);
	const isGone = ended.kind === "refused" && ended.reason === "no_registration";
	const isDone = ended.kind === "changed" || isGone;
	return isDone ? doneAt(urlOf(visit), "registration_ended") : notThere(visit, "integration");
});

function urlOf(visit: Visit): string {
	return `${integrationsUrl(visit)}/${visit.params.client_id ?? ""}`;
}
