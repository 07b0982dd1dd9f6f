import { page, seeOther } from "../../http/reply.ts";
import type { Handler } from "../../endpoint/call.ts";
import { endIntegration as end, findIntegration } from "../../operations/clients/integrations.ts";
import { confirmEndView } from "./end-integration.tsx";
import { baseOf, missing, timesInWords } from "./integrations.ts";
import { inConsole } from "../frame/visit.ts";

/** `GET /console/{slug}/integrations/{client_id}/delete` */
export const askToEnd: Handler = inConsole("integrations", "integrations:delete", async (visit) => {
	const { call, account, frame } = visit;
	const found = await findIntegration(call.params.client_id ?? "", account.id, call.services);
	if (found?.client.state !== "active") return missing();
	const url = `${baseOf(visit)}/${found.client.id}`;
	const installed = found.grants === 0 ? null : timesInWords(found);
	return page(
		200,
		confirmEndView({ frame, name: found.client.name, installed, action: `${url}/delete`, cancelUrl: url }),
	);
});

/** `POST /console/{slug}/integrations/{client_id}/delete` */
export const endIntegration: Handler = inConsole("integrations", "integrations:delete", async (visit) => {
	const { call, actor } = visit;
	const id = call.params.client_id ?? "";
	const changed = await end(id, actor, call.services);
	return changed.kind === "changed" ? seeOther(`${baseOf(visit)}/${id}?done=deleted`) : missing();
});
