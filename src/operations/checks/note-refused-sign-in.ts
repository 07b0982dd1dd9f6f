import type { Person } from "../../domain/person.ts";
import { afterAnswer } from "../after-answer.ts";
import { auditPerson } from "../audit-person.ts";
import { takeTurn } from "../limits.ts";
import type { Services } from "../services.ts";

/** Of more than these in an hour a person's log has no row each, so that nobody who tries fills it. */
const noted = { name: "sign-in-refused-noted", attempts: 20, window: 3600 } as const;

/**
 * For its owner to see, among their recent sign-ins: that somebody has their password and tried a code, or something that one of their
 * passkeys did not make. After the answer has gone, so that its time says nothing of it.
 */
export function noteRefusedSignIn(
	person: Pick<Person, "id">,
	by: "one_time_code" | "passkey",
	address: string | null,
	services: Services,
): void {
	const act = { action: "sign_in.refused", target: person.id, address, detail: { by } };
	const note = async () => {
		try {
			await afterAnswer();
			if (await takeTurn({ limit: noted, of: person.id }, services)) return;
			await auditPerson(person, act, services, "anonymous");
		} catch {
			services.log("audit.failed", { action: act.action, target: person.id, actor: "anonymous" });
		}
	};
	services.later(note());
}
