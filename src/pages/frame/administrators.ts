import { page } from "../../http/reply.ts";
import { notForRoleView } from "./missing.tsx";
import type { Visit } from "./visit.ts";

/** What only administrators of the account may do, where no permission of a credential stands for it. */
export function forAdministrators(handle: (visit: Visit) => Promise<Response>): (visit: Visit) => Promise<Response> {
	return async (visit) => (visit.role === "admin" ? handle(visit) : page(403, notForRoleView(visit.frame)));
}
