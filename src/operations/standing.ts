import { permittedBy } from "../domain/api.ts";
import type { Client } from "../domain/client.ts";
import { narrow } from "../domain/effective-scope.ts";
import type { Role } from "../domain/permission.ts";
import type { Scope } from "../domain/scope.ts";
import { joinStandings } from "../domain/standing.ts";
import { parseSubject, type SubjectId } from "../domain/subject.ts";
import type { Seconds } from "../domain/brands.ts";
import type { Services } from "./services.ts";

export interface CurrentStanding {
	readonly notBefore: Seconds;
	/** The most that may be permitted now: a person's role and the client's registration. Null: a key's policies say. */
	readonly permitted: Scope | null;
	/** Of a person: theirs in the account now. */
	readonly role: Role | null;
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
	const [account, membership, person] = await Promise.all([
		lookups.account(accountId),
		isPerson ? lookups.membership(subject, accountId) : null,
		isPerson ? lookups.person(subject) : null,
	]);
	const standings = [account, ...(client ? [client] : []), ...(isPerson ? [membership, person] : [])];
	const joined = joinStandings(standings);
	const byRole = membership && permittedBy(membership.role, []);
	return (
		joined && {
			...joined,
			role: membership?.role ?? null,
			permitted: client ? narrow(client.scope, byRole) : byRole,
		}
	);
}

/** For whoever writes by a role: by the one that they have now, whatever is remembered of it. One query, and none for a key. */
export function withRolesOfNow(services: Services): Services {
	const { lookups } = services;
	return { ...services, lookups: { ...lookups, membership: lookups.freshMembership } };
}
