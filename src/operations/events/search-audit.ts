import type { AuditFilter, NumberedEntry } from "../../domain/ports/audit-log.ts";
import { type ListPage, type ListQuery, pageOf } from "../list.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/** An entry, with the names of who did it and of what it was done to, where they are known. */
type NamedEntry = NumberedEntry & {
	readonly actorName: string | null;
	readonly targetName: string | null;
};

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
		const names = await auditLog.names(accountId, [...new Set(rows.flatMap((entry) => [entry.actor, entry.target]))]);
		const nameOf = (id: string) => names.get(id) ?? null;
		return {
			rows: rows.map((row) => ({ ...row, actorName: nameOf(row.actor), targetName: nameOf(row.target) })),
			next: next && [next.at, next.id],
		};
	});
}
