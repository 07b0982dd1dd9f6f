import type { AuditEntry } from "../domain/audit-entry.ts";
import type { Services } from "./services.ts";
import { portsOf } from "./ports-of.ts";

/** Whoever did something, in which account and from where: an actor, or a client on its own behalf. */
interface Doer {
	readonly subject: string;
	readonly accountId: string | null;
	readonly address: string | null;
}

/** What was done: `noun.verb`, and the id of what it was done to. */
interface Act {
	readonly action: string;
	readonly target: string;
	readonly detail?: AuditEntry["detail"];
}

/** The entry of what somebody does now. */
export function entryOf(
	{ subject, accountId, address }: Doer,
	{ action, target, detail = {} }: Act,
	{ now }: Pick<Services, "now">,
): AuditEntry {
	return { at: now(), accountId, actor: subject, action, target, address, detail };
}

/** Notes what has been done already: a register that fails now does not turn the answer into a failure. */
export async function audit(entry: AuditEntry, services: Services): Promise<void> {
	try {
		await portsOf(services).register.addAudit(entry);
	} catch {
		services.log("audit.failed", { action: entry.action, target: entry.target, actor: entry.actor });
	}
}
