import type { AuditFilter, AuditLog, AuditPosition, NumberedEntry } from "../../domain/ports/audit-log.ts";
import type { AuditEntry } from "../../domain/audit-entry.ts";
import type { RegisterTables } from "./register-tables.ts";

export function memoryAudit(tables: RegisterTables): AuditLog {
	// As they are asked for, in the order that they were written in: entries are never changed, only dropped.
	const numbers = new WeakMap<AuditEntry, number>();
	let last = 0;
	function numbered(): NumberedEntry[] {
		return tables.audit.map((entry) => {
			const id = numbers.get(entry) ?? ++last;
			numbers.set(entry, id);
			return { ...entry, id };
		});
	}

	return {
		async add(entries) {
			tables.audit = [...tables.audit, ...structuredClone(entries)];
		},
		async search(accountId, filter, before, limit) {
			const found = numbered().filter((entry) => entry.accountId === accountId && matches(entry, filter, before));
			return structuredClone(found.toSorted((a, b) => b.at - a.at || b.id - a.id).slice(0, limit));
		},
		async names(accountId, ids) {
			const names = ids.map((id) => [id, nameOf(tables, accountId, id)] as const);
			return new Map(names.filter((pair): pair is readonly [string, string] => pair[1] !== null));
		},
	};
}

function matches(entry: NumberedEntry, filter: AuditFilter, before: AuditPosition | null): boolean {
	const { actor, action, target, from, to } = filter;
	if (actor !== null && entry.actor !== actor) return false;
	if (target !== null && entry.target !== target) return false;
	if (action !== null && entry.action !== action && !entry.action.startsWith(`${action}.`)) return false;
	if (from !== null && entry.at < from) return false;
	if (to !== null && entry.at >= to) return false;
	return !before || entry.at < before.at || (entry.at === before.at && entry.id < before.id);
}

function nameOf(tables: RegisterTables, accountId: string, id: string): string | null {
	const own = <Row extends { accountId: string }>(row: Row | null) => (row?.accountId === accountId ? row : null);
	if (tables.memberships.has(`${id} ${accountId}`)) return tables.people.get(id)?.name ?? null;
	const named = own(tables.apiKeys.get(id)) ?? own(tables.policies.get(id)) ?? tables.clients.get(id);
	if (named) return named.name;
	const environment = own(tables.environments.get(id));
	if (environment) return `${environment.workspace}/${environment.name}`;
	const code = tables.accessCodes.get(id);
	if (code && own(tables.apiKeys.get(code.keyId))) return code.description;
	return id === accountId ? (tables.accounts.get(id)?.name ?? null) : null;
}
