import type { SubjectId } from "../../domain/subject.ts";
import type { Services } from "../services.ts";

export interface MisusedGrant {
	readonly accountId: string;
	readonly subject: SubjectId;
	readonly clientId: string;
	/** As people know the client, or what else held the grant. */
	readonly clientName: string;
	readonly grantId: string;
}

/** Tells the account of a grant whose code or refresh token was used a second time. */
export function tellOfMisuse(
	kind: "code_replayed" | "refresh_token_reused",
	{ accountId, subject, clientId, clientName, grantId }: MisusedGrant,
	services: Services,
): void {
	services.alertBell.ring(kind, `${accountId} ${subject} ${clientId}`, async () => {
		const person = await services.lookups.person(subject);
		const who = person ? { username: person.username } : {};
		return [{ accountId, subject, target: clientId, detail: { ...who, client: clientName, grant: grantId } }];
	});
}
