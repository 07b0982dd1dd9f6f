import type { AuditEntry } from "../../domain/audit-entry.ts";
import type { Actor } from "../actor.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

export async function renameAccount(name: string, actor: Actor, services: Services): Promise<void> {
	const entry = entryOf("account.rename", { name }, actor, services);
	await portsOf(services).people.renameAccount(actor.accountId, name, entry);
}

export function isRevealAllowed(accountId: string, services: Services): Promise<boolean> {
	return portsOf(services).keyRegister.revealAllowed(accountId);
}

/** Whether access codes can be shown again. Forbidding it deletes what was kept for that (DESIGN §1). */
export async function setRevealAllowed(allowed: boolean, actor: Actor, services: Services): Promise<void> {
	const action = allowed ? "account.allow_reveal" : "account.forbid_reveal";
	await portsOf(services).keyRegister.setRevealAllowed(actor.accountId, allowed, entryOf(action, {}, actor, services));
}

function entryOf(action: string, detail: Record<string, string>, actor: Actor, services: Services): AuditEntry {
	const { accountId, subject, address } = actor;
	return { at: services.now(), accountId, actor: subject, action, target: accountId, address, detail };
}
