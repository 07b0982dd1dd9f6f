import type { KeyRegister, KeyRow, ListedKey, NamePosition, Written } from "../../domain/ports/api-keys.ts";
import type { ApiKey } from "../../domain/api-key.ts";
import type { AuditEntry } from "../../domain/audit-entry.ts";
import type { Policy } from "../../domain/policy.ts";
import type { Seconds } from "../../domain/brands.ts";
import { fold, type RegisterTables } from "./register-tables.ts";

const verdictGrace: Seconds = 3600;

/** The management of API keys over the register's tables. */
export function memoryKeyStore(tables: RegisterTables): KeyRegister {
	const note = (...entries: readonly AuditEntry[]) => {
		tables.audit = [...tables.audit, ...structuredClone(entries)];
	};
	return {
		async addKey(key, entry) {
			removeGhosts(tables, key.accountId, key.createdAt - verdictGrace);
			const found = tables.apiKeys.get(key.id);
			if (found && found.accountId !== key.accountId) throw new Error("The id of a key is another account's");
			if (found) return "same";
			if (
				isTaken(
					tables.apiKeys.where(() => true),
					key,
				)
			)
				return "name_taken";
			tables.apiKeys.insert(key);
			note(entry);
			return "added";
		},
		key: async (id) => toKey(tables.apiKeys.get(id)),
		keys: async (accountId, after, limit) => page(listed(tables, accountId), ({ key }) => key, after, limit),
		async editKey({ id, accountId }, changes, entry) {
			const key = tables.apiKeys.get(id);
			if (key?.accountId !== accountId) return "unknown";
			const edited = { ...key, ...changes };
			if (
				isTaken(
					tables.apiKeys.where(() => true),
					edited,
				)
			)
				return "name_taken";
			tables.apiKeys.set(edited);
			note(entry);
			return "written";
		},
		async deleteKey(id, entries) {
			removeKey(tables, id);
			note(...entries);
		},

		codes: async (keyId) => tables.accessCodes.where((code) => code.keyId === keyId).toSorted(byId),
		async addCode(code, entry) {
			const key = tables.apiKeys.get(code.keyId);
			if (!key || tables.accessCodes.has(code.id)) return;
			const sealedSecret = tables.revealForbidden.has(key.accountId) ? null : code.sealedSecret;
			tables.accessCodes.insert({ ...code, sealedSecret });
			note(entry);
		},
		async describeCode(code, entry) {
			const found = tables.accessCodes.get(code.id) ?? { ...code, sealedSecret: null };
			if (!tables.apiKeys.has(code.keyId) || found.keyId !== code.keyId) return;
			tables.accessCodes.set({ ...found, description: code.description });
			note(entry);
		},
		async deleteCode(id, entry) {
			tables.accessCodes.deleteWhere((code) => code.id === id);
			note(entry);
		},

		async addLink(link) {
			if (tables.apiKeys.has(link.keyId)) tables.keyLinks.add(link);
		},
		link: async (keyId, accountId) => tables.keyLinks.get(`${accountId} ${keyId}`),
		links: async (keyId) =>
			tables.keyLinks.where((link) => link.keyId === keyId).toSorted((a, b) => (a.accountId < b.accountId ? -1 : 1)),
		async deleteLink(keyId, accountId, entries) {
			tables.keyLinks.deleteWhere((link) => link.keyId === keyId && link.accountId === accountId);
			note(...entries);
		},

		...policies(tables, note),

		revealAllowed: async (accountId) => tables.accounts.has(accountId) && !tables.revealForbidden.has(accountId),
		async setRevealAllowed(accountId, allowed, entry) {
			note(entry);
			if (allowed) {
				tables.revealForbidden.delete(accountId);
				return;
			}
			tables.revealForbidden.add(accountId);
			const own = tables.apiKeys.where((key) => key.accountId === accountId).map((key) => key.id);
			for (const code of tables.accessCodes.where(({ keyId }) => own.includes(keyId))) {
				tables.accessCodes.set({ ...code, sealedSecret: null });
			}
		},
	};
}

type PolicyVerbs = "addPolicy" | "policy" | "listPolicies" | "editPolicy" | "deletePolicy" | "keysWithPolicy";

function policies(tables: RegisterTables, note: (entry: AuditEntry) => void): Pick<KeyRegister, PolicyVerbs> {
	const find = (accountId: string, id: string): Policy | null => {
		const policy = tables.policies.get(id);
		return policy?.accountId === accountId ? policy : null;
	};
	return {
		async addPolicy(policy, entry) {
			const found = tables.policies.get(policy.id);
			if (found && found.accountId !== policy.accountId) throw new Error("The id of a policy is another account's");
			if (found) return "same";
			if (
				isTaken(
					tables.policies.where(() => true),
					policy,
				)
			)
				return "name_taken";
			tables.policies.insert(policy);
			note(entry);
			return "added";
		},
		policy: async (accountId, id) => find(accountId, id),
		listPolicies: async (accountId, after, limit) =>
			page(
				tables.policies.where((policy) => policy.accountId === accountId),
				(policy) => policy,
				after,
				limit,
			),
		async editPolicy({ id, accountId }, changes, entry): Promise<Written> {
			const policy = find(accountId, id);
			if (!policy) return "unknown";
			const edited = { ...policy, ...changes };
			if (
				isTaken(
					tables.policies.where(() => true),
					edited,
				)
			)
				return "name_taken";
			tables.policies.set(edited);
			note(entry);
			return "written";
		},
		async deletePolicy({ id, accountId }, entry) {
			if (!find(accountId, id)) return "unknown";
			tables.policies.deleteWhere((policy) => policy.id === id);
			note(entry);
			return "written";
		},
		async keysWithPolicy({ id, accountId }) {
			const using = listed(tables, accountId).filter(({ verdict }) => verdict.policies[accountId]?.includes(id));
			return page(using, ({ key }) => key, null, 100).map(({ key }) => ({ id: key.id, name: key.name }));
		},
	};
}

function listed(tables: RegisterTables, accountId: string): ListedKey[] {
	const found: ListedKey[] = [];
	for (const row of tables.apiKeys.where(() => true)) {
		const key = toKey(row);
		const verdict = tables.verdicts.get(row.id)?.verdict;
		const linkedAt = tables.keyLinks.get(`${accountId} ${row.id}`)?.createdAt ?? null;
		const isThere = row.accountId === accountId || (linkedAt !== null && verdict && accountId in verdict.policies);
		if (key && verdict && verdict.state !== "deleted" && isThere) found.push({ key, linkedAt, verdict });
	}
	return found;
}

function page<Row>(
	rows: readonly Row[],
	nameOf: (row: Row) => NamePosition,
	after: NamePosition | null,
	limit: number,
): Row[] {
	return rows
		.filter((row) => after === null || compare(nameOf(row), after) > 0)
		.toSorted((a, b) => compare(nameOf(a), nameOf(b)))
		.slice(0, limit);
}

function compare(a: NamePosition, b: NamePosition): number {
	const [first, second] = [fold(a.name), fold(b.name)];
	if (first !== second) return first < second ? -1 : 1;
	return a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
}

function isTaken(
	rows: readonly { readonly id: string; readonly accountId: string; readonly name: string }[],
	wanted: { readonly id: string; readonly accountId: string; readonly name: string },
): boolean {
	return rows.some(
		({ id, accountId, name }) => id !== wanted.id && accountId === wanted.accountId && fold(name) === fold(wanted.name),
	);
}

function removeGhosts(tables: RegisterTables, accountId: string, before: Seconds): void {
	for (const key of tables.apiKeys.where((each) => each.accountId === accountId)) {
		const verdict = tables.verdicts.get(key.id)?.verdict;
		if (verdict ? verdict.state === "deleted" : key.createdAt < before) removeKey(tables, key.id);
	}
}

function removeKey(tables: RegisterTables, id: string): void {
	tables.accessCodes.deleteWhere((code) => code.keyId === id);
	tables.keyLinks.deleteWhere((link) => link.keyId === id);
	tables.apiKeys.deleteWhere((key) => key.id === id);
}

function toKey(row: ApiKey | null): KeyRow | null {
	return row && { ...row, type: row.type ?? "standard" };
}

function byId(a: { id: string }, b: { id: string }): number {
	return a.id < b.id ? -1 : 1;
}
