import { type Headers, page } from "../../http/reply.ts";
import { endIntegration, findIntegration } from "../../operations/clients/integrations.ts";
import { confirmEndView } from "./end-integration.tsx";
import { doneAt } from "../frame/address.ts";
import { changedAllTheTime } from "../frame/drawn.ts";
import { proofAgain, refusedProof } from "../frame/proof.ts";
import { notForRole, notThere, refuseVisit } from "../frame/refusal.ts";
import { integrationsUrl, timesInWords } from "./integrations.ts";
import { inConsole, type Visit } from "../frame/visit.ts";

/** `GET /console/{slug}/integrations/{client_id}/delete` */
export const integrationEndPage = inConsole("integrations", "integrations:delete", (visit) => ask(visit, 200, null));

async function ask(visit: Visit, status: number, error: string | null, headers?: Headers): Promise<Response> {
	const { services, params, account, frame } = visit;
	const found = await findIntegration(params.client_id ?? "", account.id, services);
	if (found?.client.state !== "active") return notThere(visit, "integration");
	const url = `${integrationsUrl(visit)}/${found.client.id}`;
	const installed = found.grants === 0 ? null : timesInWords(found);
	const asked = { frame, name: found.client.name, installed, action: `${url}/delete`, cancelUrl: url };
	return page(status, confirmEndView({ ...asked, proof: await proofAgain(visit, error) }), headers);
}

/** `POST /console/{slug}/integrations/{client_id}/delete`, with a proof where the sign-in is a while old */
export const endIntegrationPage = inConsole("integrations", "integrations:delete", async (visit) => {
	const { services, params, actor } = visit;
	const refused = await refusedProof(visit);
	if (refused) return ask(visit, ...refused);
	const id = params.client_id ?? "";
	const changed = await endIntegration(id, () => ({}), actor, services);
	switch (changed.kind) {
		case "changed":
			return doneAt(`${integrationsUrl(visit)}/${id}`, "deleted");
		case "overtaken":
			return refuseVisit(visit, 409, "Not deleted", changedAllTheTime);
		case "refused":
			return notForRole(visit, "You may not delete integrations any more.");
		default:
			return notThere(visit, "integration");
	}
});
