import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/**
 * Tells every account of a person that passwords are being guessed: a limit was met. Whether there is such a person is
 * found out after the answer has gone, so that its time says nothing of it.
 */
export function noticeFailedLogins(username: string, address: string | null, services: Services): void {
	services.alertBell.ring("failed_logins", username, async () => {
		const person = await portsOf(services).register.personByUsername(username);
		if (!person) return [];
		const accounts = await portsOf(services).register.accountsOf(person.id);
		const detail = { username: person.username, ...(address !== null && { address }) };
		return accounts.map(({ account }) => ({ accountId: account.id, subject: person.id, target: "", detail }));
	});
}
