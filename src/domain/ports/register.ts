import type { Account } from "../account.ts";
import type { Api } from "../api.ts";
import type { ApiKeyState } from "../api-key-state.ts";
import type { AccessCode, ApiKey } from "../api-key.ts";
import type { AuditEntry } from "../audit-entry.ts";
import type { Seconds } from "../brands.ts";
import type { Client } from "../client.ts";
import type { Environment } from "../environment.ts";
import type { Install } from "../install.ts";
import type { Role } from "../permission.ts";
import type { Membership, Person } from "../person.ts";
import type { Passkey } from "../passkey.ts";
import type { Policy } from "../policy.ts";
import type { SubjectId } from "../subject.ts";

/** The register: what is listed, searched and joined (D1). Read from the primary. */
export interface Register {
	client(id: string): Promise<Client | null>;
	/** Whether one of these is the id of a client, be it one that has ended. */
	hasClient(ids: readonly string[]): Promise<boolean>;
	/** The resources that active clients of an account serve, as they are registered. */
	servedIn(accountId: string): Promise<readonly string[]>;
	account(id: string): Promise<Account | null>;
	accountBySlug(slug: string): Promise<Account | null>;
	person(id: SubjectId): Promise<Person | null>;
	/** User names are compared without regard to case. */
	personByUsername(username: string): Promise<Person | null>;
	membership(personId: SubjectId, accountId: string): Promise<Membership | null>;
	/** The active accounts that a person actively belongs to, by name. */
	accountsOf(personId: SubjectId): Promise<readonly OwnAccount[]>;
	/** The same with those that are suspended. Only for telling people which those are: they open nothing. */
	belongsTo(personId: SubjectId): Promise<readonly OwnAccount[]>;
	/** Every policy of an account. */
	policies(accountId: string): Promise<readonly Policy[]>;
	environment(id: string): Promise<Environment | null>;
	/** The enabled environments of an account, by workspace and name. */
	environments(accountId: string): Promise<readonly Environment[]>;

	/** Written before the ledger opens the grant, so that no grant is ever unlisted. */
	addInstall(install: Install, entry: AuditEntry): Promise<void>;
	addAudit(entry: AuditEntry): Promise<void>;

	/** Makes the first account and its administrator, once in a deployment's life, whoever else tries at the same time. */
	setUp(first: { account: Account; person: Person; passkey?: Passkey; entry: AuditEntry }): Promise<"done" | "already">;
	isSetUp(): Promise<boolean>;

	/** Adds what is not there yet, by id; what is there stays as it is. */
	add(rows: RegisterRows): Promise<void>;
	/**
	 * Copies a key's verdict, unless a later one was copied already, with the entries of what made it. What follows from the
	 * verdict that is there then goes with it: rows of codes, links and keys that it knows no more are deleted, and links
	 * that it has are listed (from `at` on, where they were not).
	 */
	copyVerdict(keyId: SubjectId, verdict: ApiKeyState, at: Seconds, entries?: readonly AuditEntry[]): Promise<void>;

	/** Deletes what has expired: installs, and audit entries older than `auditBefore`. */
	purge(now: Seconds, auditBefore: Seconds): Promise<void>;
}

/** An account that a person belongs to, and as what. */
interface OwnAccount {
	readonly account: Account;
	readonly role: Role;
}

/**
 * A person who writes by their role: the write looks once more whether they have one of these, so that a role that is
 * narrowed at the same time counts. What other actors may do, no role says.
 */
export interface WriterRole {
	readonly personId: SubjectId;
	readonly accountId: string;
	readonly roles: readonly Role[];
}

export interface RegisterRows {
	readonly accounts?: readonly Account[];
	readonly people?: readonly Person[];
	readonly memberships?: readonly Membership[];
	readonly clients?: readonly Client[];
	readonly environments?: readonly Environment[];
	readonly policies?: readonly Policy[];
	readonly apis?: readonly Api[];
	readonly apiKeys?: readonly ApiKey[];
	readonly accessCodes?: readonly AccessCode[];
}
