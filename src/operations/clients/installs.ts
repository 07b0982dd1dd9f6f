import type { Api } from "../../domain/api.ts";
import type { ListedInstall } from "../../domain/ports/clients.ts";
import type { CodeRecord } from "../../domain/ports/codes.ts";
import { countsNow } from "../../domain/effective-scope.ts";
import type { AuditEntry } from "../../domain/audit-entry.ts";
import type { Scope } from "../../domain/scope.ts";
import type { SubjectId } from "../../domain/subject.ts";
import type { Actor } from "../actor.ts";
import { entryOf } from "../audit.ts";
import type { ListShape, Position } from "../../domain/list-query.ts";
import { type ListedPage, type ListedQuery, listedPageOf } from "../list.ts";
import type { Services } from "../services.ts";
import { openingGrace, settleInstalls } from "./settle-installs.ts";
import { portsOf } from "../ports-of.ts";
import { visibleTo } from "../targets.ts";

/** What is installed in an account: a grant, and what it may do now. */
export interface Installed extends ListedInstall {
	/** What was agreed to, as far as the client's registration and the person's role allow it today. */
	readonly permitted: Scope;
}

/** What may be asked of what is installed in an account. */
export const installList = {
	list: "installs",
	rows: ["installation", "installations"],
	search: "A part of the name of the client, of the account that registered it or of who installed it; or a client ID.",
	filters: {
		state: {
			kind: "choice",
			label: "State",
			doc: "`pending` while nobody has redeemed a code of it.",
			choices: { installed: "Installed", pending: "Waits for its code" },
		},
		mine: { kind: "flag", label: "Installed by me", doc: "What whoever asks allowed themselves." },
	},
	sorts: { "-created": "Newest first", created: "Oldest first" },
} as const satisfies ListShape;

/** What is installed in the account of whoever asks. Null where the cursor is not one of this list. */
export async function listInstalls(
	{ accountId, subject }: Pick<Actor, "accountId" | "subject">,
	asked: ListedQuery<typeof installList>,
	services: Services,
): Promise<ListedPage<Installed> | null> {
	const { q, limit, sort, filters } = asked;
	const { state, mine } = filters;
	const narrowing = { q, isPending: state && state === "pending", subject: mine && subject };
	// Whose own installs are asked for is no secret of the cursor's, but they are another list for everybody.
	const owner = mine ? `${accountId} ${subject}` : accountId;
	return listedPageOf(installList, owner, asked, services, positionOf, async (walk) => {
		const waiting = await settleInstalls({ accountId }, services);
		const of = { accountId, limit, now: services.now(), waiting, narrowing, isOldestFirst: sort === "created" };
		const visible = await visibleTo(accountId, services);
		const { rows, ...page } = await portsOf(services).clients.installs({ ...of, ...walk });
		return { ...page, rows: rows.map((each) => permittedNow(each, visible)) };
	});
}

function positionOf({ createdAt, grantId }: ListedInstall): Position {
	return [createdAt, grantId];
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
