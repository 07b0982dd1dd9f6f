import type { Client } from "../domain/client.ts";
import { joinStandings } from "../domain/standing.ts";
import { parseSubject, type SubjectId } from "../domain/subject.ts";
import type { Services } from "./services.ts";

/**
 * Whether account, client and membership still stand behind what a subject holds, and since when; null where one of them
 * has ended. A key's permission in an account is its ledger's to judge; only people have memberships.
 */
export async function standingOf(
	subject: SubjectId,
	accountId: string,
	client: Client | null,
	services: Services,
): Promise<{ notBefore: number } | null> {
	const isPerson = parseSubject(subject)?.kind === "person";
	const [account, membership] = await Promise.all([
		services.lookups.account(accountId),
		isPerson ? services.lookups.membership(subject, accountId) : null,
	]);
	const standings = [account, ...(client ? [client] : []), ...(isPerson ? [membership] : [])];
	return joinStandings(standings);
}
