import type { Account } from "../../domain/account.ts";
import type { AuditEntry } from "../../domain/audit-entry.ts";
import type { Membership } from "../../domain/person.ts";
import type { Register, RegisterRows } from "../../domain/ports/register.ts";
import type { KeyState } from "../../domain/api-key-state.ts";
import type { SubjectId } from "../../domain/subject.ts";
import { fold, RegisterTables } from "./register-tables.ts";

export interface MemoryRegister extends Register {
	/** What there is to look at for whoever tests. */
	readonly tables: RegisterTables;
}

export function memoryRegister(): MemoryRegister {
	const tables = new RegisterTables();
	const log = (entry: AuditEntry) => {
		tables.audit = [...tables.audit, structuredClone(entry)];
	};
	return {
		tables,
		client: async (id) => tables.clients.get(id),
		account: async (id) => tables.accounts.get(id),
		accountBySlug: async (slug) => tables.accounts.where((account) => account.slug === slug)[0] ?? null,
		person: async (id) => tables.people.get(id),
		personByUsername: async (username) =>
			tables.people.where((person) => fold(person.username) === fold(username))[0] ?? null,
		membership: async (personId, accountId) => tables.memberships.get(`${personId} ${accountId}`),
		accountsOf: async (personId) => accountsOf(tables, personId),
		policies: async (accountId) =>
			tables.policies.where((policy) => policy.accountId === accountId).toSorted(by("name", "id")),
		environment: async (id) => tables.environments.get(id),
		environments: async (accountId) =>
			tables.environments
				.where((environment) => environment.accountId === accountId && environment.enabled)
				.toSorted(by("workspace", "name")),

		async addInstall(install, entry) {
			tables.installs.insert(install);
			log(entry);
		},
		async addAudit(entry) {
			log(entry);
		},

		async setUp({ account, person, entry }) {
			const [first] = tables.setup.where(() => true);
			if (first) return first.id === account.id ? "done" : "already";
			tables.transact(() => {
				tables.setup.insert({ id: account.id });
				tables.accounts.insert(account);
				tables.people.insert(person);
				tables.memberships.insert(administrator(person.id, account.id));
				log(entry);
			});
			return "done";
		},
		isSetUp: async () => tables.setup.where(() => true).length > 0,

		async add(rows) {
			tables.transact(() => add(tables, rows));
		},
		async copyVerdict(keyId, verdict) {
			copyVerdict(tables, keyId, verdict);
		},

		async purge(now, auditBefore) {
			tables.installs.deleteWhere((install) => install.expiresAt <= now);
			tables.audit = tables.audit.filter((entry) => entry.at >= auditBefore);
		},
	};
}

function accountsOf(tables: RegisterTables, personId: SubjectId): { account: Account; role: Membership["role"] }[] {
	const found = [];
	for (const membership of tables.memberships.where((each) => each.personId === personId && each.state === "active")) {
		const account = tables.accounts.get(membership.accountId);
		if (account?.state === "active") found.push({ account, role: membership.role });
	}
	return found.toSorted((a, b) => by<Account>("name", "id")(a.account, b.account));
}

function add(tables: RegisterTables, rows: RegisterRows): void {
	for (const account of rows.accounts ?? []) tables.accounts.add(account);
	for (const person of rows.people ?? []) tables.people.add(person);
	for (const membership of rows.memberships ?? []) tables.memberships.add(membership);
	for (const client of rows.clients ?? []) tables.clients.add(client);
	for (const environment of rows.environments ?? []) tables.environments.add(environment);
	for (const policy of rows.policies ?? []) tables.policies.add(policy);
	for (const key of rows.apiKeys ?? []) tables.apiKeys.add(key);
	for (const code of rows.accessCodes ?? []) tables.accessCodes.add(code);
}

function copyVerdict(tables: RegisterTables, keyId: SubjectId, verdict: KeyState): void {
	const copied = tables.verdicts.get(keyId);
	if (!copied || copied.verdict.rev < verdict.rev) tables.verdicts.set({ keyId, verdict });
}

function administrator(personId: SubjectId, accountId: string): Membership {
	return { personId, accountId, role: "admin", state: "active", notBefore: 0 };
}

/** In the order that a database has: by the bytes of the first column that differs. */
function by<Row>(...columns: (keyof Row)[]): (a: Row, b: Row) => number {
	return (a, b) => {
		for (const column of columns) if (a[column] !== b[column]) return a[column] < b[column] ? -1 : 1;
		return 0;
	};
}
