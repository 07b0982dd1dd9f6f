import type { AuditEntry } from "../domain/audit-entry.ts";
import type { Seconds } from "../domain/brands.ts";
import type { AuditLog } from "../domain/ports/audit-log.ts";
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
	{ now, webhookBell }: Pick<Services, "now" | "webhookBell">,
): AuditEntry {
	const entry = { at: now(), accountId, actor: subject, action, target, address, detail };
	// Whoever makes it writes it: a look into the outbox, once the answer has gone, finds it there.
	webhookBell.ring(entry);
	return entry;
}

/** In another account's log the actor is the account that acted, by the name that it has now: neither who of its people, nor from where. */
export async function inOtherLog(
	entry: AuditEntry,
	accountId: string,
	actor: string,
	{ lookups, webhookBell }: Pick<Services, "lookups" | "webhookBell">,
): Promise<AuditEntry> {
	const name = (await lookups.account(actor))?.name;
	const detail = { ...entry.detail, ...(name !== undefined && { actor_name: name }) };
	const other = { ...entry, accountId, actor, address: null, detail };
	webhookBell.ring(other);
	return other;
}

/** Notes what has been done already: a register that fails now does not turn the answer into a failure. */
export async function audit(entry: AuditEntry, services: Services): Promise<void> {
	try {
		await portsOf(services).register.addAudit(entry);
	} catch {
		services.log("audit.failed", { action: entry.action, target: entry.target, actor: entry.actor });
	}
}

const day: Seconds = 86_400;
const mostKnown = 1000;

/** What this isolate knows to be noted, and since when. */
const known = new WeakMap<AuditLog, Map<string, Seconds>>();

/** Notes, beside the answer, what is done too often for an entry each: the first time in a day, whoever else does the same then. */
export function auditFirst(entry: AuditEntry, services: Services): void {
	const { auditLog } = portsOf(services);
	const noted = known.get(auditLog) ?? new Map<string, Seconds>();
	known.set(auditLog, noted);
	const name = JSON.stringify([entry.accountId, entry.actor, entry.action, entry.target, entry.detail]);
	const since = entry.at - day;
	if ((noted.get(name) ?? 0) > since) return;
	noted.delete(name);
	noted.set(name, entry.at);
	const [oldest] = noted.keys();
	if (noted.size > mostKnown && oldest !== undefined) noted.delete(oldest);
	const failed = () => {
		noted.delete(name);
		services.log("audit.failed", { action: entry.action, target: entry.target, actor: entry.actor });
	};
	services.later(auditLog.addFirst(entry, since).catch(failed));
}
