import type { Client } from "../domain/client.ts";
import type { Holder } from "../domain/effective-scope.ts";
import { joinStandings } from "../domain/standing.ts";
import { parseSubject, type SubjectId } from "../domain/subject.ts";
import type { Seconds } from "../domain/brands.ts";
import type { Services } from "./services.ts";

/** Who it is that a scope is read for now. Without a role it is a key, whose policies say, or a client for itself. */
export interface CurrentStanding extends Holder {
	readonly notBefore: Seconds;
	readonly accountId: string;
}

/**
 * Whether account, client, person and membership still stand behind what a subject holds, and since when; null where one of them
 * has ended. A key's permission in an account is its ledger's to judge; only people have memberships.
 */
export async function standingOf(
	subject: SubjectId,
	accountId: string,
	client: Client | null,
	services: Services,
): Promise<CurrentStanding | null> {
	const isPerson = parseSubject(subject)?.kind === "person";
	const { lookups } = services;
	const [account, membership, person] = isPerson
		? await Promise.all([lookups.account(accountId), lookups.membership(subject, accountId), lookups.person(subject)])
		: [await lookups.account(accountId), null, null];
	const standings = [account, ...(client ? [client] : []), ...(isPerson ? [membership, person] : [])];
	const joined = joinStandings(standings);
	return joined && { ...joined, client, accountId, role: membership?.role ?? null };
}

/** For whoever writes by a role: by the one that they have now, whatever is remembered of it. One query, and none for a key. */
export function withRolesOfNow(services: Services): Services {
	const { lookups } = services;
	return { ...services, lookups: { ...lookups, membership: lookups.freshMembership } };
}
