import type { Actor } from "../actor.ts";
import { entryOf } from "../audit.ts";
import { type Edit, untilWritten } from "../edit.ts";
import { isMailOn } from "../mail/send-mail.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

export type Renamed = { readonly kind: "renamed" | "overtaken" } | { readonly kind: "stale"; readonly name: string };

export interface NameEdit {
	readonly name: string;
}

export async function renameAccount(edit: Edit<string, NameEdit>, actor: Actor, services: Services): Promise<Renamed> {
	const { accountId: target, subject: personId } = actor;
	const by = { personId, accountId: target, roles: ["admin"] } as const;
	return untilWritten<Renamed>(async () => {
		const from = (await portsOf(services).register.account(target))?.name ?? "";
		const said = await edit(from);
		if (said === "stale") return { kind: "stale", name: from };
		const { name: to } = said;
		if (to === from) return { kind: "renamed" };
		const entry = entryOf(actor, { action: "account.rename", target, detail: { name: to, before: from } }, services);
		const outcome = await portsOf(services).people.renameAccount(target, { from, to }, by, entry);
		return outcome === "changed" ? { kind: "renamed" } : outcome;
	});
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

/** Whether the account's administrators have its alerts mailed; null where this deployment sends no mail. */
export async function isAlertMailOn(accountId: string, services: Services): Promise<boolean | null> {
	return isMailOn(services) ? portsOf(services).alertMail.isOn(accountId) : null;
}

export async function setAlertMail(
	isOn: boolean,
	actor: Actor,
	services: Services,
): Promise<"set" | "not_permitted" | "off"> {
	if (!isMailOn(services)) return "off";
	const { accountId: target, subject: personId } = actor;
	const action = isOn ? "account.mail_alerts" : "account.stop_mailing_alerts";
	const by = { personId, accountId: target, roles: ["admin"] } as const;
	const set = await portsOf(services).alertMail.set(target, isOn, by, entryOf(actor, { action, target }, services));
	return set === "not_permitted" ? set : "set";
}

/** Whether the account opens to nobody who signs in by one factor alone. */
export async function isSecondFactorRequired(accountId: string, services: Services): Promise<boolean> {
	return (await portsOf(services).register.account(accountId))?.secondFactor === "required";
}

/** Asks the account's people for a second factor, or no more. Elsewhere it counts within half a minute. */
export async function requireSecondFactor(
	isRequired: boolean,
	actor: Actor,
	services: Services,
): Promise<"set" | "not_permitted"> {
	const { accountId: target, subject: personId } = actor;
	const wasRequired = await isSecondFactorRequired(target, services);
	const action = isRequired ? "second_factor.demand" : "second_factor.release";
	const by = { personId, accountId: target, roles: ["admin"] } as const;
	const entry = entryOf(actor, { action, target }, services);
	const set = await portsOf(services).people.setSecondFactor(target, isRequired ? "required" : null, by, entry);
	if (set === "not_permitted") return set;
	if (isRequired !== wasRequired) noticeDemand(isRequired, actor, services);
	await services.lookups.account.fresh(target);
	return "set";
}

/** Whoever took an administrator's browser is not to open the account to stolen passwords unseen. */
function noticeDemand(isRequired: boolean, { accountId, subject }: Actor, services: Services): void {
	const now = isRequired ? "on" : "off";
	services.alertBell.ring("second_factor_changed", `${accountId} ${now}`, async () => {
		const person = await portsOf(services).register.person(subject);
		const detail = { username: person?.username ?? "", now };
		return [{ accountId, subject, target: now, detail }];
	});
}
