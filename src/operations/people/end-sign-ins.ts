import type { SignInsEnded } from "../../domain/logout.ts";
import type { SubjectId } from "../../domain/subject.ts";
import { noteGrantEndsOf } from "../clients/installs.ts";
import type { Services } from "../services.ts";
import { sendLogouts } from "../tokens/send-logouts.ts";

/**
 * What follows where a ledger has ended sign-ins: clients are told, after the answer, and grants that went too are taken off the
 * lists. A ledger of an earlier version says nothing.
 */
export async function signInsEnded(
	subject: SubjectId,
	ended: SignInsEnded | undefined,
	services: Services,
): Promise<void> {
	if (!ended) return;
	const { grants, logouts } = ended;
	if (logouts.length > 0) services.later(sendLogouts(subject, logouts, services));
	if (grants.length > 0) await noteGrantEndsOf({ subject, clientId: null, accountId: null }, grants, services);
}
