import type { Redeem, Refresh } from "../../src/domain/grant.ts";
import type { LoginProof, LoginRequest } from "../../src/domain/ledger.ts";
import type { RingKey } from "../../src/domain/key-ring.ts";
import type {
	Account,
	AuditEntry,
	CodeRecord,
	Event,
	Install,
	Person,
	Platform,
	RegisterRows,
} from "../../src/domain/ports.ts";
import { type Home, type SubjectId, subjectId, type SubjectKind } from "../../src/domain/subject.ts";
import type { Hash, Sealed, Seconds } from "../../src/domain/words.ts";

/** A platform to try, and a look at what no port reads. */
export interface Stores {
	readonly platform: Platform;
	readonly copiedRev: (keyId: SubjectId) => Promise<number | null>;
	readonly auditedActions: () => Promise<readonly string[]>;
	readonly installedGrants: () => Promise<readonly string[]>;
	readonly eventIds: () => Promise<readonly string[]>;
}

let made = 0;

/** 22 characters, never the same twice. */
export function newId(): string {
	made += 1;
	return `id${made}`.padEnd(22, "_");
}

export function newSubject(kind: SubjectKind = "person", home: Home = "weur"): SubjectId {
	return subjectId({ kind, home, id: newId() });
}

export function times<Result>(count: number, make: (index: number) => Result): Result[] {
	return Array.from({ length: count }, (_, index) => make(index));
}

/** How often each outcome came. */
export function tally(outcomes: readonly { kind: string }[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const { kind } of outcomes) counts[kind] = (counts[kind] ?? 0) + 1;
	return counts;
}

export function now(): Seconds {
	return Math.floor(Date.now() / 1000);
}

export function hash(text: string): Hash {
	// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a test says what is a hash
	return `hash of ${text}` as Hash;
}

export function sealed(text: string): Sealed {
	// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a test says what is sealed
	return `sealed ${text}` as Sealed;
}

export function codeRecord(changes: Partial<CodeRecord> = {}): CodeRecord {
	return {
		id: newId(),
		clientId: "client",
		accountId: "account",
		scope: ["events:read", "events:write"],
		rotation: "rotate",
		code: {
			hash: hash("code"),
			expiresAt: now() + 180,
			redirectUri: "https://client.example/callback",
			redirectUriNamed: true,
			codeChallenge: null,
		},
		...changes,
	};
}

export function redeem(changes: Partial<Redeem> = {}): Redeem {
	return {
		codeHash: hash("code"),
		clientId: "client",
		redirectUri: "https://client.example/callback",
		codeChallenge: null,
		attempt: newId(),
		lifetime: 30 * 86_400,
		refresh: { hash: hash("generation 1"), idleTtl: 7 * 86_400 },
		notBefore: 0,
		...changes,
	};
}

export function refresh(generation: number, changes: Partial<Refresh> = {}): Refresh {
	return {
		clientId: "client",
		accountId: "account",
		generation,
		hash: hash(`generation ${generation}`),
		successor: { hash: hash(`generation ${generation + 1}`), keyVersion: 1 },
		scope: null,
		notBefore: 0,
		...changes,
	};
}

export const byPassword: LoginProof = { kind: "proved", credential: "password", accountId: "account" };

export function login(changes: Partial<LoginRequest> = {}): LoginRequest {
	return {
		sessionId: "",
		minTtl: 0,
		kids: ["kid"],
		notBefore: 0,
		policies: null,
		offer: {
			scope: "events:read",
			claims: { jti: newId() },
			kid: "kid",
			sid: newId(),
			issuedAt: now(),
			expiresAt: now() + 7200,
		},
		...changes,
	};
}

export function ringKey(kid: string): RingKey {
	return { kid, algorithm: "EdDSA", publicJwk: { kty: "OKP", x: kid }, privateJwk: sealed(kid), createdAt: now() };
}

export function account(changes: Partial<Account> = {}): Account {
	const id = newId();
	return { id, slug: `slug-${id}`, name: "Acme", state: "active", notBefore: 0, ...changes };
}

export function person(changes: Partial<Person> = {}): Person {
	const id = newSubject();
	return { id, username: `user-${id}`, name: "Ada", passwordHash: "hash", state: "active", notBefore: 0, ...changes };
}

export function auditEntry(changes: Partial<AuditEntry> = {}): AuditEntry {
	return {
		at: now(),
		accountId: null,
		actor: "system",
		action: `thing.${newId()}`,
		target: "target",
		address: "192.0.2.1",
		detail: { count: 1 },
		...changes,
	};
}

export function install(accountId: string, changes: Partial<Install> = {}): Install {
	const grantId = newId();
	const createdAt = now();
	return {
		grantId,
		clientId: "client",
		accountId,
		subject: newSubject(),
		createdAt,
		expiresAt: createdAt + 60,
		...changes,
	};
}

export function event(changes: Partial<Event> = {}): Event {
	return {
		id: newId(),
		accountId: "account",
		environmentId: "environment",
		receivedAt: now(),
		occurredAt: Date.now(),
		body: '{"text":"\u{1f511} "}',
		...changes,
	};
}

/** One row of everything, that names each other. */
export function registerRows() {
	const owner = account();
	const key = { id: newSubject("key"), accountId: owner.id, name: "Key", tags: ["a", "b"], createdAt: now() };
	return {
		accounts: [owner],
		people: [person()],
		clients: [
			{
				id: newId(),
				accountId: owner.id,
				kind: "integration",
				name: "Radar",
				description: "Watches",
				logoSvg: "<svg/>",
				redirectUris: ["https://client.example/callback"],
				authMethods: ["client_secret_basic", "client_secret_post"],
				secrets: [{ hash: hash("secret"), version: 1, expiresAt: null }],
				grantTypes: ["authorization_code", "refresh_token"],
				scope: ["events:read"],
				rotation: "keep",
				accessTokenTtl: 3600,
				state: "active",
				notBefore: 5,
			},
		],
		environments: [
			{ id: newId(), accountId: owner.id, workspace: "shop", name: "prod", keyVersion: 1, enabled: true },
			{ id: newId(), accountId: owner.id, workspace: "shop", name: "dev", keyVersion: 2, enabled: true },
			{ id: newId(), accountId: owner.id, workspace: "shop", name: "old", keyVersion: 1, enabled: false },
		],
		policies: [{ id: newId(), accountId: owner.id, name: "Read", description: "Reads", permissions: ["events:read"] }],
		apiKeys: [key],
		accessCodes: [{ id: newId(), keyId: key.id, description: "Code", sealedSecret: null }],
	} as const satisfies RegisterRows;
}
