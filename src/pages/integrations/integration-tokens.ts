import { page } from "../../http/reply.ts";
import { endTokens, findIntegration } from "../../operations/clients/integrations.ts";
import { doneAt } from "../frame/address.ts";
import { changedAllTheTime } from "../frame/drawn.ts";
import { notForRole, notThere, refuseVisit } from "../frame/refusal.ts";
import { inConsole } from "../frame/visit.ts";
import { confirmEndTokensView } from "./end-integration.tsx";
import { integrationsUrl, timesInWords } from "./integrations.ts";

/** `GET /console/{slug}/integrations/{client_id}/tokens/end` */
export const tokensEndPage = inConsole("integrations", "integrations:delete", async (visit) => {
	const { services, params, account, frame } = visit;
	const found = await findIntegration(params.client_id ?? "", account.id, services);
	if (found?.client.state !== "active") return notThere(visit, "integration");
	const { id, name } = found.client;
	const cancelUrl = `${integrationsUrl(visit)}/${id}`;
	const installed = found.grants === 0 ? null : timesInWords(found);
	return page(200, confirmEndTokensView({ frame, name, installed, action: `${cancelUrl}/tokens/end`, cancelUrl }));
});

/** `POST /console/{slug}/integrations/{client_id}/tokens/end` */
export const endTokensPage = inConsole("integrations", "integrations:delete", async (visit) => {
	const { services, params, actor } = visit;
	const id = params.client_id ?? "";
	const changed = await endTokens(id, actor, services);
	switch (changed.kind) {
		case "changed":
			return doneAt(`${integrationsUrl(visit)}/${id}`, "tokens_ended");
		case "overtaken":
			return refuseVisit(visit, 409, "Not ended", changedAllTheTime);
		case "refused":
			return changed.reason === "ended"
				? notThere(visit, "integration")
				: notForRole(visit, "You may not end what integrations were granted any more.");
		default:
			return notThere(visit, "integration");
	}
});
