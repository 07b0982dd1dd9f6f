import type { Alert, AlertKind } from "../../domain/alert.ts";
import type { Seconds } from "../../domain/brands.ts";
import type { Actor } from "../actor.ts";
import { audit, entryOf } from "../audit.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/** For the whole account: whoever else reads alerts sees who saw to it. Null where there is none of that id. */
export async function acknowledgeAlert(id: string, actor: Actor, services: Services): Promise<Alert | null> {
	const by = { at: services.now(), by: actor.subject };
	const found = await portsOf(services).alerts.acknowledge(actor.accountId, id, by);
	return noted("alert.acknowledge", found, actor, services);
}

/** Takes the acknowledgement back. */
export async function reopenAlert(id: string, actor: Actor, services: Services): Promise<Alert | null> {
	return noted("alert.reopen", await portsOf(services).alerts.reopen(actor.accountId, id), actor, services);
}

async function noted(
	action: string,
	found: { readonly alert: Alert; readonly changed: boolean } | null,
	actor: Actor,
	services: Services,
): Promise<Alert | null> {
	if (!found) return null;
	const { id, kind } = found.alert;
	if (found.changed) await audit(entryOf(actor, { action, target: id, detail: { kind } }, services), services);
	return found.alert;
}

/** What was first seen after `seenBy` is left, since whoever asks has not seen it. Answers with how many. */
export async function acknowledgeAlerts(
	{ kind, seenBy }: { readonly kind: AlertKind | null; readonly seenBy: Seconds },
	actor: Actor,
	services: Services,
): Promise<number> {
	const { accountId, subject } = actor;
	const by = { at: services.now(), by: subject };
	const alerts = await portsOf(services).alerts.acknowledgeAll(accountId, kind, seenBy, by);
	const act = {
		action: "alert.acknowledge_all",
		target: accountId,
		detail: { alerts, ...(kind !== null && { kind }) },
	};
	if (alerts > 0) await audit(entryOf(actor, act, services), services);
	return alerts;
}

/** How many nobody has acknowledged. */
export function countNewAlerts(accountId: string, services: Services): Promise<number> {
	return portsOf(services).alerts.countNew(accountId);
}

/** The names of those who acknowledged these, by their ids. */
export function acknowledgers(
	alerts: readonly Alert[],
	accountId: string,
	services: Services,
): Promise<ReadonlyMap<string, string>> {
	const ids = alerts.flatMap(({ acknowledged }) => (acknowledged ? [acknowledged.by] : []));
	return portsOf(services).auditLog.names(accountId, [...new Set(ids)]);
}
