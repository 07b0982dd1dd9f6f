import { page, seeOther } from "../../http/reply.ts";
import { leaveAccount } from "../../operations/people/people.ts";
import { refuseVisit } from "../frame/refusal.ts";
import { inConsoleEvenSuspended } from "../frame/visit.ts";
import { leaveAccountView } from "./leave-account.tsx";

/** `GET`, `POST …/settings/leave`: whoever left sees another account of theirs, or that there is none. */
export const leaveAccountPage = inConsoleEvenSuspended("settings", async (visit) => {
	const { services, actor, frame } = visit;
	if (!visit.isPost) return page(200, leaveAccountView({ frame }));
	const outcome = await leaveAccount(actor, services);
	// Removed at the same time is gone as well.
	if (outcome !== "last_admin") return seeOther("/console");
	const detail = "You are this account's only administrator. Make somebody else an administrator first, under People.";
	return refuseVisit(visit, 409, "You cannot leave", detail);
});
