import type { Actor } from "../actor.ts";
import { entryOf } from "../audit.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

export async function renameAccount(name: string, actor: Actor, services: Services): Promise<void> {
	const entry = entryOf(actor, { action: "account.rename", target: actor.accountId, detail: { name } }, services);
	await portsOf(services).people.renameAccount(actor.accountId, name, entry);
}

export function isRevealAllowed(accountId: string, services: Services): Promise<boolean> {
	return portsOf(services).keyRegister.revealAllowed(accountId);
}

/** Whether access codes can be shown again. Forbidding it deletes what was kept for that (DESIGN §1). */
export async function setRevealAllowed(allowed: boolean, actor: Actor, services: Services): Promise<void> {
	const action = allowed ? "account.allow_reveal" : "account.forbid_reveal";
	const entry = entryOf(actor, { action, target: actor.accountId }, services);
	await portsOf(services).keyRegister.setRevealAllowed(actor.accountId, allowed, entry);
}
