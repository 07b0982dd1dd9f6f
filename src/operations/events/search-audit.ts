import type { AuditFilter, NumberedEntry } from "../../domain/ports/audit-log.ts";
import { type ListPage, type ListQuery, pageOf } from "../list.ts";
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
const ids = ["account", "client", "credential", "key", "person", "policies", "subject"];
/** What an entry says itself of a name: that of then, of what may have gone since. */
const told = { actor: ["actor_name"], target: ["name", "description"] };

/** The log of an account, or (null) of the deployment, newest first. Null for a cursor that is not of this list with these filters. */
export async function searchAudit(
	filter: AuditFilter,
	{ cursor, limit }: ListQuery,
	{ accountId }: { readonly accountId: string | null },
	services: Services,
): Promise<ListPage<NamedEntry> | null> {
	const { auditLog } = portsOf(services);
	const { actor, action, target, from, to } = filter;
	const list = `audit ${JSON.stringify([accountId, actor, action, target, from, to])}`;
	return pageOf(list, cursor, services, async (after) => {
		const before = after && { at: Number(after[0]), id: Number(after[1]) };
		const { rows, next } = await auditLog.search(accountId, filter, before, limit);
		return {
			rows: await named(rows, accountId, services),
			next: next && [next.at, next.id],
		};
	});
}

async function named(
	rows: readonly NumberedEntry[],
	accountId: string | null,
	services: Services,
): Promise<readonly NamedEntry[]> {
	const known = [...new Set(rows.flatMap((row) => [row.actor, row.target, ...idsOf(row).flatMap(([, each]) => each)]))];
	const names = await portsOf(services).auditLog.names(accountId, known);
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
	return ids.flatMap((member) => {
		const value = detail[member];
		return typeof value === "string" && value !== "" ? [[member, value.split(" ")] as const] : [];
	});
}
