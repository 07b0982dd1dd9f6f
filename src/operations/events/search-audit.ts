import type { AuditFilter, NumberedEntry } from "../../domain/ports/audit-log.ts";
import type { Actor } from "../actor.ts";
import { readCursor, writeCursor } from "../cursor.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/** An entry, with the names of who did it and of what it was done to, where they are known. */
type NamedEntry = NumberedEntry & {
	readonly actorName: string | null;
	readonly targetName: string | null;
};

export interface AuditPage {
	readonly entries: readonly NamedEntry[];
	readonly next: string | null;
}

/** The log of the actor's account, newest first. Null for a cursor that is not of this list with these filters. */
export async function searchAudit(
	filter: AuditFilter,
	page: { cursor: string | null; limit: number },
	{ accountId }: Actor,
	services: Services,
): Promise<AuditPage | null> {
	const { auditLog } = portsOf(services);
	const { serverKeys } = services;
	const { actor, action, target, from, to } = filter;
	const list = `audit ${JSON.stringify([accountId, actor, action, target, from, to])}`;
	const position = page.cursor === null ? [] : await readCursor(page.cursor, list, serverKeys);
	if (!position) return null;
	const [at, id] = position.map(Number);
	const before = at !== undefined && id !== undefined ? { at, id } : null;
	const found = await auditLog.search(accountId, filter, before, page.limit + 1);
	const shown = found.slice(0, page.limit);
	const last = found.length > page.limit ? shown.at(-1) : undefined;
	const names = await auditLog.names(accountId, [...new Set(shown.flatMap((entry) => [entry.actor, entry.target]))]);
	return {
		entries: shown.map((entry) => ({
			...entry,
			actorName: names.get(entry.actor) ?? null,
			targetName: names.get(entry.target) ?? null,
		})),
		next: last ? await writeCursor(list, [last.at, last.id], serverKeys) : null,
	};
}
