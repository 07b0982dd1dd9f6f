import { type EnvironmentKey, type EnvironmentRegister, lastKeyVersion } from "../../domain/ports/environments.ts";
import type { AuditEntry } from "../../domain/audit-entry.ts";
import type { Environment } from "../../domain/environment.ts";
import type { RegisterTables } from "./register-tables.ts";

export function memoryEnvironments(tables: RegisterTables): EnvironmentRegister {
	const find = ({ id, accountId }: EnvironmentKey) => {
		const found = tables.environments.get(id);
		return found?.accountId === accountId ? found : null;
	};

	function update(of: EnvironmentKey, change: (found: Environment) => Environment | null, entry: AuditEntry) {
		const found = find(of);
		const changed = found && change(found);
		if (!changed) return found;
		tables.environments.set(changed);
		tables.audit = [...tables.audit, structuredClone(entry)];
		return changed;
	}

	return {
		async list(accountId, after, limit) {
			const found = tables.environments.where((each) => each.accountId === accountId && isAfter(each, after));
			return found.toSorted((a, b) => (isAfter(a, b) ? 1 : -1)).slice(0, limit);
		},
		find: async (accountId, id) => find({ accountId, id }),
		async create(environment, entry) {
			const { id, accountId, workspace, name } = environment;
			const same = (each: Environment) =>
				each.accountId === accountId && each.workspace === workspace && each.name === name;
			const [taken] = tables.environments.where((each) => each.id === id || same(each));
			if (taken) return taken.id === id && same(taken) ? "same" : "taken";
			tables.environments.insert(environment);
			tables.audit = [...tables.audit, structuredClone(entry)];
			return "created";
		},
		setEnabled: async (of, enabled, entry) =>
			update(of, (found) => (found.enabled === enabled ? null : { ...found, enabled }), entry),
		async rotateKey(of, version, entry) {
			const rotate = (found: Environment) =>
				found.keyVersion === version && version < lastKeyVersion ? { ...found, keyVersion: version + 1 } : null;
			return update(of, rotate, entry);
		},
	};
}

type Names = Pick<Environment, "workspace" | "name">;

function isAfter(a: Names, b: Names | null): boolean {
	if (!b) return true;
	return a.workspace === b.workspace ? a.name > b.name : a.workspace > b.workspace;
}
