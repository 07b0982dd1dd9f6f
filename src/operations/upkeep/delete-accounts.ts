import type { AccountRemoval, GoingAccount } from "../../domain/ports/account-removal.ts";
import type { SubjectId } from "../../domain/subject.ts";
import { day } from "../../domain/usage.ts";
import { entryOf } from "../audit.ts";
import { changeKey } from "../keys/change-key.ts";
import type { Services } from "../services.ts";
import { clientSubject } from "../tokens/client-credentials-grant.ts";
import { portsOf } from "../ports-of.ts";

/** How many ledgers one run calls: what is left waits for the next. */
const most = 200;
const slice = 25;

/**
 * The cron's part in the end of accounts: everything of those whose date has come. What lies in ledgers goes before the row that leads
 * to it, so that a run that breaks off anywhere is taken up by the next, which finds by the rows what is left.
 */
export async function deleteAccounts(services: Services): Promise<void> {
	const { accountRemoval } = portsOf(services);
	const going = await accountRemoval.begin(services.now());
	const budget = { calls: most };
	for (const account of going) {
		try {
			if (!(await remove(account, budget, services))) return;
		} catch {
			services.log("account.delete_failed", { account: account.id });
		}
	}
}

/** An isolate may hold counts for a while of what was done before an account went (events/usage-counter.ts): they go too. */
export async function forgetLateUsage(services: Services): Promise<void> {
	const { auditLog, usage } = portsOf(services);
	const filter = { actor: null, action: "account.delete", target: null, from: services.now() - day, to: null };
	const { rows } = await auditLog.search(null, filter, null, 100);
	for (const { target } of rows) await usage.forget(target);
}

interface Budget {
	calls: number;
}

/** Whether it is gone; else the budget is. */
async function remove({ id, slug }: GoingAccount, budget: Budget, services: Services): Promise<boolean> {
	const { accountRemoval: left, ledgers, events, alerts, usage, webhookDeliveries } = portsOf(services);
	const each = (find: Find, forget: Forget, drop: Drop) => everyOne(find, forget, drop, budget, services);

	const isDone =
		(await each(
			(limit) => left.keys(id, limit),
			(key) => ledgers.of(key).erase(),
			(keys) => left.removeKeys(keys),
		)) &&
		(await each(
			(limit) => left.linkedKeys(id, limit),
			(key) => changeKey(key, { kind: "set_policies", accountId: id, policies: null }, services),
			(keys) => left.removeLinks(id, keys),
		)) &&
		(await removeClients(id, left, budget, services)) &&
		(await each(
			(limit) => left.installers(id, limit),
			(subject) => ledgers.of(subject).forgetAccount(id),
			(subjects) => left.removeInstalls({ accountId: id }, subjects),
		)) &&
		(await removeMembers(id, left, budget, services));
	if (!isDone) return false;
	await Promise.all([left.removeRest(id), events.forget(id), alerts.forget(id), usage.forget(id)]);
	await webhookDeliveries.forgetAccount(id);
	const act = { action: "account.delete", target: id, detail: { slug } };
	await left.finish(id, entryOf({ subject: "system", accountId: null, address: null }, act, services));
	services.log("account.deleted", { account: id });
	return true;
}

async function removeClients(id: string, left: AccountRemoval, budget: Budget, services: Services): Promise<boolean> {
	const { ledgers } = portsOf(services);
	for (;;) {
		const client = await left.client(id, 0);
		if (!client) return true;
		const { id: clientId } = client;
		const isDone = await everyOne(
			async (limit) => (await left.client(id, limit))?.subjects ?? [],
			(subject) => ledgers.of(subject).withdrawConsent(clientId),
			(subjects) => left.removeInstalls({ clientId }, subjects),
			budget,
			services,
		);
		if (!isDone || budget.calls-- <= 0) return false;
		await ledgers.of(await clientSubject(clientId)).erase();
		await left.removeClient(clientId);
	}
}

async function removeMembers(id: string, left: AccountRemoval, budget: Budget, services: Services): Promise<boolean> {
	const { ledgers } = portsOf(services);
	let last: ReadonlySet<SubjectId> = new Set();
	return everyOne(
		async (limit) => {
			const members = await left.members(id, limit);
			last = new Set(members.flatMap((member) => (member.isLast ? [member.id] : [])));
			return members.map((member) => member.id);
		},
		(person) => (last.has(person) ? ledgers.of(person).erase() : ledgers.of(person).forgetAccount(id)),
		(people) => left.removeMembers(id, people),
		budget,
		services,
	);
}

type Find = (limit: number) => Promise<readonly SubjectId[]>;
type Forget = (subject: SubjectId) => Promise<unknown>;
type Drop = (subjects: readonly SubjectId[]) => Promise<void>;

/** Slice by slice: their ledgers, then the rows of those whose ledger answered. Whether none is left. */
async function everyOne(find: Find, forget: Forget, drop: Drop, budget: Budget, services: Services): Promise<boolean> {
	for (;;) {
		const found = await find(Math.min(slice, Math.max(1, budget.calls)));
		if (found.length === 0) return true;
		if (budget.calls <= 0) return false;
		budget.calls -= found.length;
		const outcomes = await Promise.allSettled(found.map((subject) => forget(subject)));
		const done = found.filter((_, index) => outcomes[index]?.status === "fulfilled");
		if (done.length > 0) await drop(done);
		if (done.length === found.length) continue;
		services.log("account.ledgers_failed", { ledgers: found.length - done.length });
		return false;
	}
}
