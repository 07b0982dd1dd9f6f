import type { Api } from "../../domain/api.ts";
import type { ListedInstall } from "../../domain/ports/clients.ts";
import type { CodeRecord } from "../../domain/ports/codes.ts";
import { countsNow } from "../../domain/effective-scope.ts";
import type { AuditEntry } from "../../domain/audit-entry.ts";
import type { Scope } from "../../domain/scope.ts";
import type { SubjectId } from "../../domain/subject.ts";
import type { Actor } from "../actor.ts";
import { entryOf } from "../audit.ts";
import { type ListPage, type ListQuery, pageOf } from "../list.ts";
import type { Services } from "../services.ts";
import { openingGrace, settleInstalls } from "./settle-installs.ts";
import { portsOf } from "../ports-of.ts";
import { visibleTo } from "../targets.ts";

/** What is installed in an account: a grant, and what it may do now. */
export interface Installed extends ListedInstall {
	/** What was agreed to, as far as the client's registration and the person's role allow it today. */
	readonly permitted: Scope;
}

/** Newest first. Null where the cursor is not one of this list. */
export async function listInstalls(
	accountId: string,
	{ cursor, limit }: ListQuery,
	services: Services,
): Promise<ListPage<Installed> | null> {
	return pageOf(`installs ${accountId}`, cursor, services, async (position) => {
		const after = position && { createdAt: Number(position[0]), grantId: String(position[1]) };
		const waiting = await settleInstalls({ accountId }, services);
		const query = { accountId, after, limit, now: services.now(), waiting };
		const visible = await visibleTo(accountId, services);
		const { rows, next } = await portsOf(services).clients.installs(query);
		return { rows: rows.map((each) => permittedNow(each, visible)), next: next && [next.createdAt, next.grantId] };
	});
}

export async function findInstall(grantId: string, accountId: string, services: Services): Promise<Installed | null> {
	const waiting = await settleInstalls({ accountId }, services);
	const found = await portsOf(services).clients.install(grantId, { accountId, now: services.now(), waiting });
	return found && permittedNow(found, await visibleTo(accountId, services));
}

/** Whoever may, ends anybody's; everybody ends their own. */
export function mayEnd(install: ListedInstall, actor: Actor): boolean {
	return actor.permissions.includes("integrations:delete") || install.subject === actor.subject;
}

/** Ends all that it gave in its subject's ledger, whichever grant: the next request of any is refused. */
export async function endInstall(
	install: ListedInstall,
	actor: Actor,
	services: Services,
): Promise<"ended" | "unknown"> {
	const { grantId, accountId, subject, client, createdAt } = install;
	const ended = await portsOf(services).ledgers.of(subject).revokeGrantsTo(client.id, accountId);
	if (ended.length === 0 && services.now() < createdAt + openingGrace) return "unknown";
	const act = { action: "grant.revoke", target: grantId, detail: { subject, client: client.id } };
	const entry = entryOf(actor, act, services);
	await noteGrantEndsOf({ subject, clientId: client.id, accountId }, ended, services, entry);
	return "ended";
}

/**
 * Takes a grant off the lists, once its ledger has ended it: a register that fails now does not turn the answer into a
 * failure. The entry is written where nobody has noted the end before.
 */
export async function noteGrantEnd(
	grantId: string,
	services: Services,
	entry: AuditEntry | null = null,
): Promise<void> {
	try {
		await portsOf(services).clients.endInstall(grantId, services.now(), entry);
	} catch {
		services.log("install.end_failed", { grant: grantId });
	}
}

/**
 * The same for the grants that a subject had of one client, or (null) of all, in one account, or (null) in all: those that its
 * ledger has ended.
 */
export async function noteGrantEndsOf(
	of: { readonly subject: SubjectId; readonly clientId: string | null; readonly accountId: string | null },
	ended: readonly string[],
	services: Services,
	entry: AuditEntry | null = null,
): Promise<void> {
	const now = services.now();
	try {
		const these = { ...of, grants: ended, openedBefore: now - openingGrace };
		await portsOf(services).clients.endInstallsOf(these, now, entry);
	} catch {
		services.log("install.end_failed", { subject: of.subject });
	}
}

/** Takes off the lists what has ended with the redemption of a code (step-up.ts). */
export async function noteReplaced(
	{ clientId, accountId, code: { replaces = [] } }: CodeRecord,
	subject: SubjectId,
	services: Services,
): Promise<void> {
	if (replaces.length === 0) return;
	try {
		const these = { subject, clientId, accountId, grants: replaces, openedBefore: 0 };
		await portsOf(services).clients.endInstallsOf(these, services.now(), null);
	} catch {
		services.log("install.end_failed", { subject });
	}
}

const batchSize = 20;
/** Each grant costs a call to its ledger and one to the register. */
const mostBatches = 20;

/** How long a client that has ended is shown as such. */
const endedTtl = 30 * 86_400;

/**
 * The cron's part in the end of a client: its grants count no more since it ended, and now leave their ledgers, so many at
 * a time. What there was no time for, or failed, waits for the next run.
 */
export async function sweepEndedClients(services: Services): Promise<void> {
	for (let batch = 0; batch < mostBatches; batch++) {
		const installs = await portsOf(services).clients.installsOfEnded(batchSize);
		const outcomes = await Promise.allSettled(
			installs.map(async ({ grantId, clientId, subject }) => {
				await portsOf(services).ledgers.of(subject).revokeGrant(grantId, clientId);
				await portsOf(services).clients.endInstall(grantId, services.now(), null);
			}),
		);
		const failed = outcomes.filter(({ status }) => status === "rejected").length;
		if (failed > 0) services.log("installs.sweep_failed", { grants: failed });
		if (failed === installs.length || installs.length < batchSize) break;
	}
	await portsOf(services).clients.purgeEnded(services.now() - endedTtl);
}

/** Wherever its tokens go: a list says nothing of their resources. */
function permittedNow(install: ListedInstall, visible: readonly Api[]): Installed {
	const { client, accountId, person } = install;
	const holder = { client, accountId, role: person?.role ?? null };
	const anywhere = { own: true, apis: visible, foreign: install.unchecked, isMisspelled: false };
	return { ...install, permitted: countsNow(install, anywhere, holder, visible).scope };
}
