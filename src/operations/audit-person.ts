import type { AuditEntry } from "../domain/audit-entry.ts";
import type { Person } from "../domain/person.ts";
import type { Services } from "./services.ts";
import { portsOf } from "./ports-of.ts";

/** What concerns a person and no account in particular. */
export interface PersonalAct {
	readonly action: string;
	readonly target: string;
	readonly address: string | null;
	readonly detail: AuditEntry["detail"];
}

/**
 * The entries of an act of a person: one for each account that they belong to, since an administrator there answers for
 * what its people sign in with; one of no account for somebody who belongs to none.
 */
export async function personalEntries(
	person: Pick<Person, "id">,
	act: PersonalAct,
	services: Services,
	actor: string = person.id,
): Promise<readonly AuditEntry[]> {
	const accounts = await portsOf(services).register.accountsOf(person.id);
	const ids = accounts.length === 0 ? [null] : accounts.map(({ account }) => account.id);
	return ids.map((accountId) => ({ at: services.now(), accountId, actor, ...act }));
}

/**
 * Notes what has been done already, as operations/audit.ts does: it never turns the answer into a failure. Answers with the accounts
 * whose log has it.
 */
export async function auditPerson(
	person: Pick<Person, "id">,
	act: PersonalAct,
	services: Services,
	actor: string = person.id,
): Promise<readonly string[]> {
	try {
		const entries = await personalEntries(person, act, services, actor);
		await portsOf(services).auditLog.add(entries);
		return entries.flatMap(({ accountId }) => accountId ?? []);
	} catch {
		services.log("audit.failed", { action: act.action, target: act.target, actor });
		return [];
	}
}
