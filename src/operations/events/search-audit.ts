import { auditList } from "../../domain/audit-list.ts";
import type { AuditPosition, NamedParty, NumberedEntry } from "../../domain/ports/audit-log.ts";
import type { Position } from "../../domain/list-query.ts";
import { type ListedPage, type ListedQuery, listedPageOf } from "../list.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/** An entry, with the names of who did it, of what it was done to, and of what else its detail tells of by an id, where they are known. */
export type NamedEntry = NumberedEntry & {
	readonly actorName: string | null;
	readonly targetName: string | null;
	/** By the member of the detail. */
	readonly detailNames: Readonly<Record<string, string>>;
};

/** The members of a detail that are an id, or several with a space between each two. */
const idMembers = ["account", "client", "credential", "key", "person", "policies", "subject"];
/** What an entry says itself of a name: that of then, of what may have gone since. */
const told = { actor: ["actor_name"], target: ["name", "description"] };

interface OfAccount {
	readonly accountId: string | null;
}

/** The log of an account, or (null) of the deployment, newest first. Null for a cursor that is not of this list with these filters. */
export function searchAudit(
	query: ListedQuery<typeof auditList>,
	{ accountId }: OfAccount,
	services: Services,
): Promise<ListedPage<NamedEntry> | null> {
	const { auditLog } = portsOf(services);
	const { filters, limit } = query;
	return listedPageOf(auditList, accountId ?? "", query, services, positionOf, async ({ after, isBack }) => {
		const place = after && { at: Number(after[0]), id: Number(after[1]) };
		const { rows, next } = await auditLog.search(accountId, filters, place, limit, isBack);
		return {
			rows: await named(rows, accountId, services),
			next: next && positionOf(next),
			// As numbers grow one by one, this is where the page before it ended, with that row.
			turn: place && positionOf({ ...place, id: place.id + (isBack ? 1 : -1) }),
			total: null,
		};
	});
}

function positionOf({ at, id }: AuditPosition): Position {
	return [at, id];
}

/** What there is whose name begins like this, for people to choose from. */
export function partiesCalled(
	beginning: string,
	{ accountId }: OfAccount,
	services: Services,
): Promise<readonly NamedParty[]> {
	return portsOf(services).auditLog.called(accountId, beginning, 10);
}

/** The account's people, to choose from: the first hundred by name, since others are found by theirs. */
export function peopleOfLog({ accountId }: OfAccount, services: Services): Promise<readonly NamedParty[]> {
	return portsOf(services).auditLog.called(accountId, "", 100, "person");
}

/** The names of these, whoever asks for them, by their ids: of what the account may see. */
export function auditNames(
	ids: readonly string[],
	{ accountId }: OfAccount,
	services: Services,
): Promise<ReadonlyMap<string, string>> {
	return portsOf(services).auditLog.names(accountId, ids);
}

/** With the names of what they tell of. */
export async function named(
	rows: readonly NumberedEntry[],
	accountId: string | null,
	services: Services,
): Promise<readonly NamedEntry[]> {
	const known = [...new Set(rows.flatMap((row) => [row.actor, row.target, ...idsOf(row).flatMap(([, each]) => each)]))];
	const names = await portsOf(services).auditLog.names(accountId, known, { areInLog: true });
	const nameOf = (id: string, row: NumberedEntry, members: readonly string[]) =>
		names.get(id) ?? members.map((member) => row.detail[member]).find((name) => typeof name === "string") ?? null;
	return rows.map((row) => ({
		...row,
		actorName: nameOf(row.actor, row, told.actor),
		targetName: nameOf(row.target, row, told.target),
		detailNames: Object.fromEntries(
			idsOf(row).flatMap(([member, each]) =>
				each.some((id) => names.has(id)) ? [[member, each.map((id) => names.get(id) ?? id).join(", ")]] : [],
			),
		),
	}));
}

function idsOf({ detail }: NumberedEntry): readonly (readonly [member: string, ids: readonly string[]])[] {
	return idMembers.flatMap((member) => {
		const value = detail[member];
		return typeof value === "string" && value !== "" ? [[member, value.split(" ")] as const] : [];
	});
}
