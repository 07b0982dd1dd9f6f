/**
 * What latchkey asks of a platform. Ports are atomic verbs: none asks its caller to read first and write after. The
 * Cloudflare implementations are in platform/cloudflare/, those for tests and other runtimes in platform/memory/; one
 * test suite (test/stores/) holds both to what is written here. Anything may throw when storage fails: the app answers 503.
 */
import type { AuditLog } from "./audit-ports.ts";
import type { Alerts, KeyCopies } from "./alert-ports.ts";
import type { Client } from "./client.ts";
import type { EnvironmentRegister } from "./environment-ports.ts";
import type { ClientRegister } from "./client-ports.ts";
import type { CodeGrantTerms } from "./grant.ts";
import type { Profile } from "./identity.ts";
import type { KeyRegister } from "./key-ports.ts";
import type { KeyRing, RingAlgorithm, RingKey } from "./key-ring.ts";
import type { Ledger } from "./ledger.ts";
import type { Limit } from "./limit.ts";
import type { PeopleRegister } from "./people-ports.ts";
import type { PairInstalls } from "./pair-ports.ts";
import type { Role } from "./permission.ts";
import type { Found, Search } from "./search.ts";
import type { Scope } from "./scope.ts";
import type { Standing } from "./standing.ts";
import type { SubjectId } from "./subject.ts";
import type { KeyVerdict } from "./verdict.ts";
import type { Hash, Sealed, Seconds } from "./words.ts";

/** The records of authorization codes, by the hash of the code (KV). May be stale, late or missing: the ledger decides. */
export interface Codes {
	/** Immutable; disappears by itself after `ttl` seconds. */
	put(hash: Hash, record: CodeRecord, ttl: Seconds): Promise<void>;
	get(hash: Hash): Promise<CodeRecord | null>;
}

/** The terms of the grant that the code opens. It expires by what stands inside as well (`code.expiresAt`). */
export type CodeRecord = Omit<CodeGrantTerms, "createdAt">;

/** Every verb of {@link Ledger}, each one transaction in the subject's own Durable Object. */
export type RemoteLedger = {
	readonly [Verb in keyof Ledger]: (...args: Parameters<Ledger[Verb]>) => Promise<ReturnType<Ledger[Verb]>>;
};

export interface Ledgers {
	/** Addresses the ledger of a subject at its home; makes nothing. */
	of(subject: SubjectId): RemoteLedger;
}

/** The rings of signing keys: one authority for the whole deployment, published for reading far away. */
export interface KeyRings {
	/** A published copy, which may be some minutes old; null where there is none yet. */
	published(algorithm: RingAlgorithm): Promise<KeyRing | null>;
	/**
	 * Brings the ring up to date with {@link advanceRing}, taking up candidates where they are wanted, publishes the
	 * outcome and answers with it. Null only where there is no ring and fewer than two candidates.
	 */
	advance(algorithm: RingAlgorithm, candidates: readonly RingKey[], rotateEvery: Seconds): Promise<KeyRing | null>;
}

/** Exact counts of attempts, by the hash of what is protected. */
export interface Limiter {
	/** Zero where the attempt may be made (it is counted), else the seconds until it may. */
	take(name: string, limit: Limit): Promise<Seconds>;
	giveBack(name: string): Promise<void>;
}

export interface Account extends Standing {
	readonly id: string;
	/** Names the account in URLs; unique. */
	readonly slug: string;
	readonly name: string;
}

export interface Person extends Standing {
	readonly id: SubjectId;
	readonly username: string;
	readonly name: string;
	/** As crypto/password.ts wrote it. */
	readonly passwordHash: string;
	/** Left out where they entered nothing. */
	readonly profile?: Profile;
}

export interface Membership extends Standing {
	readonly personId: SubjectId;
	readonly accountId: string;
	readonly role: Role;
}

export interface Policy {
	readonly id: string;
	readonly accountId: string;
	readonly name: string;
	readonly description: string;
	readonly permissions: readonly string[];
}

/** A named stage inside a workspace of an account. */
export interface Environment {
	/** 22 characters of base64url: 16 random bytes, which its public key carries. */
	readonly id: string;
	readonly accountId: string;
	/** As people write them: `my-workspace`, `prod`. */
	readonly workspace: string;
	readonly name: string;
	/** The version of its public key that is good now. */
	readonly keyVersion: number;
	readonly enabled: boolean;
}

export interface ApiKey {
	readonly id: SubjectId;
	/** The account that owns it. */
	readonly accountId: string;
	readonly name: string;
	readonly tags: readonly string[];
	/** Left out: `standard`. The other has the built-in policy and a key file (key-ports.ts). */
	readonly type?: "standard" | "integration";
	readonly createdAt: Seconds;
}

/** An access code as it is listed; whether it is good is for the key's ledger to say. */
export interface AccessCode {
	readonly id: string;
	readonly keyId: SubjectId;
	readonly description: string;
	/** Sealed for showing it again; null where the account forbids that. */
	readonly sealedSecret: Sealed | null;
}

export interface Install {
	readonly grantId: string;
	readonly clientId: string;
	readonly accountId: string;
	readonly subject: SubjectId;
	/** What was agreed to, for lists: what counts is what the ledger has. */
	readonly scope: Scope;
	readonly createdAt: Seconds;
	/** When the row can go: the longest that its grant may live. */
	readonly expiresAt: Seconds;
}

/** Who did what to which credential, from where, when. Never a secret. */
export interface AuditEntry {
	readonly at: Seconds;
	/** Null where nobody in particular is concerned. */
	readonly accountId: string | null;
	/** A subject's or a client's id, or `anonymous`, `setup`, `system`. */
	readonly actor: string;
	/** `noun.verb`, such as `grant.opened`. */
	readonly action: string;
	/** The id of what it was done to. */
	readonly target: string;
	/** The client's network address, or null. */
	readonly address: string | null;
	readonly detail: Readonly<Record<string, string | number>>;
}

/** The register: what is listed, searched and joined (D1). Read from the primary. */
export interface Register {
	client(id: string): Promise<Client | null>;
	account(id: string): Promise<Account | null>;
	accountBySlug(slug: string): Promise<Account | null>;
	person(id: SubjectId): Promise<Person | null>;
	/** User names are compared without regard to case. */
	personByUsername(username: string): Promise<Person | null>;
	membership(personId: SubjectId, accountId: string): Promise<Membership | null>;
	/** The active accounts that a person actively belongs to, by name. */
	accountsOf(personId: SubjectId): Promise<readonly { readonly account: Account; readonly role: Role }[]>;
	/** Every policy of an account. */
	policies(accountId: string): Promise<readonly Policy[]>;
	environment(id: string): Promise<Environment | null>;
	/** The enabled environments of an account, by workspace and name. */
	environments(accountId: string): Promise<readonly Environment[]>;

	/** Written before the ledger opens the grant, so that no grant is ever unlisted. */
	addInstall(install: Install, entry: AuditEntry): Promise<void>;
	addAudit(entry: AuditEntry): Promise<void>;

	/** Makes the first account and its administrator, once in a deployment's life, whoever else tries at the same time. */
	setUp(first: { account: Account; person: Person; entry: AuditEntry }): Promise<"done" | "already">;
	isSetUp(): Promise<boolean>;

	/** Adds what is not there yet, by id; what is there stays as it is. */
	add(rows: RegisterRows): Promise<void>;
	/** Copies a key's verdict, unless a later one was copied already. */
	copyVerdict(keyId: SubjectId, verdict: KeyVerdict): Promise<void>;

	/** Deletes what has expired: installs, and audit entries older than `auditBefore`. */
	purge(now: Seconds, auditBefore: Seconds): Promise<void>;
}

export interface RegisterRows {
	readonly accounts?: readonly Account[];
	readonly people?: readonly Person[];
	readonly memberships?: readonly Membership[];
	readonly clients?: readonly Client[];
	readonly environments?: readonly Environment[];
	readonly policies?: readonly Policy[];
	readonly apiKeys?: readonly ApiKey[];
	readonly accessCodes?: readonly AccessCode[];
}

/** An event as it was sent, with what it is found by. */
export interface Event {
	readonly id: string;
	readonly accountId: string;
	/** A change event (contract 002) is put by whoever may, an event is sent to an environment. */
	readonly type: EventType;
	/** Empty for a change event, which is of no environment. */
	readonly environmentId: string;
	/** `workspace/name` as it was called then; empty for a change event. */
	readonly environment: string;
	readonly receivedAt: Seconds;
	/** When it happened, as epoch milliseconds; the time of receipt where the sender did not say. */
	readonly occurredAt: number;
	/** As JSON text. */
	readonly body: string;
}

const eventTypes = ["event", "change_event"] as const;
export type EventType = (typeof eventTypes)[number];

/** What a search of events may ask for, beside the members of their bodies. `occurred_at` is in milliseconds. */
export type EventColumn = "id" | "type" | "environment" | "occurred_at" | "received_at";

/** Kept apart from the register, so that their volume does not slow it. */
export interface Events {
	/** All or none. */
	add(events: readonly Event[]): Promise<void>;
	/** Adds it unless its id is there: a PUT that is sent again makes no second one. */
	put(event: Event): Promise<void>;
	/**
	 * By `occurredAt`, the newest first. One call looks at a bounded number of rows, so that no filter makes a long one;
	 * `type` narrows down which these are.
	 */
	search(search: Search<EventColumn>, type: EventType | null): Promise<Found<Event>>;
	remove(accountId: string, type: EventType, id: string): Promise<"removed" | "unknown">;
	/** Deletes what was received before, in slices; what there was no time for is left for the next time. */
	purge(receivedBefore: Seconds): Promise<void>;
}

/** Everything that latchkey asks of where it runs. */
export interface Platform {
	readonly codes: Codes;
	readonly ledgers: Ledgers;
	readonly keyRings: KeyRings;
	readonly limiter: Limiter;
	readonly register: Register;
	readonly keyRegister: KeyRegister;
	readonly events: Events;
	readonly environments: EnvironmentRegister;
	readonly people: PeopleRegister;
	readonly auditLog: AuditLog;
	readonly clients: ClientRegister;
	readonly pairInstalls: PairInstalls;
	readonly alerts: Alerts;
	readonly keyCopies: KeyCopies;
}
