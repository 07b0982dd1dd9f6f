import type { Person } from "../../domain/person.ts";
import { auditPerson } from "../audit-person.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/** Tells every account of a person that somebody has their password, and guesses at the rest: a limit was met. */
export function noticeFailedCodes(person: Person, address: string | null, services: Services): void {
	const { id, username } = person;
	services.alertBell.ring("failed_codes", id, async () => {
		const accounts = await portsOf(services).register.accountsOf(id);
		const detail = { username, ...(address !== null && { address }) };
		return accounts.map(({ account }) => ({ accountId: account.id, subject: id, target: "", detail }));
	});
	services.later(auditOnce(person, address, services));
}

/** Once for each span of the limit, not for each refusal. */
async function auditOnce(person: Person, address: string | null, services: Services): Promise<void> {
	const act = { action: "sign_in.limited", target: person.id, address, detail: { by: "one_time_code" } };
	try {
		const once = { attempts: 1, window: 15 * 60 };
		if ((await portsOf(services).limiter.take(`one-time code limit audited ${person.id}`, once)) > 0) return;
		await auditPerson(person, act, services, "anonymous");
	} catch {
		services.log("audit.failed", { action: act.action, target: person.id, actor: "anonymous" });
	}
}
