import type { Client } from "../../domain/client.ts";
import type { AccessCode, ApiKey } from "../../domain/api-key.ts";
import type { Account } from "../../domain/account.ts";
import type { AuditEntry } from "../../domain/audit-entry.ts";
import type { Environment } from "../../domain/environment.ts";
import type { Install } from "../../domain/install.ts";
import type { Membership, Person } from "../../domain/person.ts";
import type { Policy } from "../../domain/policy.ts";
import type { LinkRow } from "../../domain/ports/api-keys.ts";
import type { KeyState } from "../../domain/api-key-state.ts";
import type { Seconds } from "../../domain/brands.ts";
import { Table } from "./table.ts";

/** With the instant at which its end was noted. */
export type InstallRow = Install & { readonly endedAt?: Seconds };

/** What the register holds. */
export class RegisterTables {
	readonly setup = new Table<{ id: string }>("setup", { key: () => "1" });
	readonly accounts = new Table<Account>("accounts", { key: ({ id }) => id, unique: [({ slug }) => slug] });
	readonly people = new Table<Person>("people", { key: ({ id }) => id, unique: [({ username }) => fold(username)] });
	readonly memberships = new Table<Membership>("memberships", {
		key: ({ personId, accountId }) => `${personId} ${accountId}`,
		references: [({ personId }) => this.people.has(personId), ({ accountId }) => this.accounts.has(accountId)],
	});
	readonly clients = new Table<Client>("clients", {
		key: ({ id }) => id,
		references: [({ accountId }) => accountId === null || this.accounts.has(accountId)],
	});
	/** When a person last consented to a client that belongs to no account. */
	readonly keptClients = new Map<string, Seconds>();
	readonly environments = new Table<Environment>("environments", {
		key: ({ id }) => id,
		unique: [({ accountId, workspace, name }) => JSON.stringify([accountId, workspace, name])],
		references: [({ accountId }) => this.accounts.has(accountId)],
	});
	readonly policies = this.#named<Policy>("policies");
	readonly apiKeys = this.#named<ApiKey>("api_keys");
	readonly accessCodes = new Table<AccessCode>("access_codes", {
		key: ({ id }) => id,
		references: [({ keyId }) => this.apiKeys.has(keyId)],
	});
	readonly keyLinks = new Table<LinkRow>("key_links", {
		key: ({ accountId, keyId }) => `${accountId} ${keyId}`,
		references: [({ accountId }) => this.accounts.has(accountId), ({ keyId }) => this.apiKeys.has(keyId)],
	});
	/** The accounts that forbid to show the secrets of access codes again. */
	readonly revealForbidden = new Set<string>();
	readonly verdicts = new Table<{ keyId: string; verdict: KeyState }>("key_verdicts", { key: ({ keyId }) => keyId });
	readonly installs = new Table<InstallRow>("installs", {
		key: ({ grantId }) => grantId,
		references: [({ accountId }) => this.accounts.has(accountId)],
	});
	audit: readonly AuditEntry[] = [];

	/** All that the closure writes, or nothing. */
	transact(closure: () => void): void {
		const tables = Object.values(this).filter((each) => each instanceof Table);
		const restores = tables.map((table) => table.snapshot());
		const { audit } = this;
		try {
			closure();
		} catch (error) {
			for (const restore of restores) restore();
			this.audit = audit;
			throw error;
		}
	}

	/** Names are unique in their account, without regard to case. */
	#named<Row extends { id: string; accountId: string; name: string }>(name: string): Table<Row> {
		return new Table<Row>(name, {
			key: ({ id }) => id,
			unique: [(row) => JSON.stringify([row.accountId, fold(row.name)])],
			references: [({ accountId }) => this.accounts.has(accountId)],
		});
	}
}

/** As SQLite's NOCASE does: ASCII letters only. */
export function fold(username: string): string {
	return username.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}
