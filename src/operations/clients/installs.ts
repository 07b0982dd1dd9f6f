import type { ListedInstall } from "../../domain/ports/clients.ts";
import type { AuditEntry } from "../../domain/audit-entry.ts";
import type { Scope } from "../../domain/scope.ts";
import type { SubjectId } from "../../domain/subject.ts";
import type { Seconds } from "../../domain/brands.ts";
import type { Actor } from "../actor.ts";
import { entryOf } from "../audit.ts";
import { type ListPage, type ListQuery, pageOf, partOf } from "../list.ts";
import type { Services } from "../services.ts";
import { narrow, permittedBy } from "../standing.ts";
import { portsOf } from "../ports-of.ts";

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
		const query = { accountId, after, limit: limit + 1, now: services.now() };
		const found = (await portsOf(services).clients.installs(query)).map(permittedNow);
		return partOf(found, limit, ({ createdAt, grantId }) => [createdAt, grantId]);
	});
}

export async function findInstall(grantId: string, accountId: string, services: Services): Promise<Installed | null> {
	const found = await portsOf(services).clients.install(grantId, accountId, services.now());
	return found && permittedNow(found);
}

/** Whoever may, ends anybody's; everybody ends their own. */
export function mayEnd(install: ListedInstall, actor: Actor): boolean {
	return actor.permissions.includes("integrations:delete") || install.subject === actor.subject;
}

/**
 * A grant's row comes before the grant (DESIGN §3.2). For so long one that its ledger does not know may be about to be
 * opened: noted as ended, it would be open and in no list.
 */
const openingGrace: Seconds = 600;

/** Ends a grant in its subject's ledger: the next request of what it gave is refused. */
export async function endInstall(
	install: ListedInstall,
	actor: Actor,
	services: Services,
): Promise<"ended" | "unknown"> {
	const { grantId, subject, client, createdAt } = install;
	const revoked = await portsOf(services).ledgers.of(subject).revokeGrant(grantId, null);
	if (revoked === "unknown" && services.now() < createdAt + openingGrace) return "unknown";
	const act = { action: "grant.revoke", target: grantId, detail: { subject, client: client.id } };
	await noteGrantEnd(grantId, services, entryOf(actor, act, services));
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

/** The same for the grants that a subject had of one client, or (null) of all: those that its ledger has ended. */
export async function noteGrantEndsOf(
	subject: SubjectId,
	clientId: string | null,
	ended: readonly string[],
	services: Services,
): Promise<void> {
	const now = services.now();
	try {
		const of = { subject, clientId, grants: ended, openedBefore: now - openingGrace };
		await portsOf(services).clients.endInstallsOf(of, now);
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

function permittedNow(install: ListedInstall): Installed {
	const { scope, client, person } = install;
	return { ...install, permitted: narrow(narrow(scope, client.scope), person && permittedBy(person.role)) };
}
