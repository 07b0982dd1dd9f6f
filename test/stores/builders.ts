import type { RowKind } from "../../src/domain/ledger-rows.ts";
import type { DeviceAsk } from "../../src/domain/device-request.ts";
import type { Redeem } from "../../src/domain/grant.ts";
import type { Refresh } from "../../src/domain/refresh.ts";
import type { LoginProof, SessionLogin } from "../../src/domain/ledger-verdicts.ts";
import type { SessionOffer } from "../../src/domain/session.ts";
import type { StoredSigningKey } from "../../src/domain/signing-key-ring.ts";
import type { CodeRecord } from "../../src/domain/ports/codes.ts";
import type { Event } from "../../src/domain/event.ts";
import type { SqlDatabase } from "../../src/platform/sql/database.ts";
import type { Platform } from "../../src/domain/ports/platform.ts";
import { type Home, type SubjectId, subjectId, type SubjectKind } from "../../src/domain/subject.ts";
import type { Hash, Sealed, Seconds } from "../../src/domain/brands.ts";

/** A platform to try, and a look at what no port reads. */
export interface Stores {
	readonly platform: Platform;
	readonly copiedRev: (keyId: SubjectId) => Promise<number | null>;
	readonly auditedActions: () => Promise<readonly string[]>;
	readonly installedGrants: () => Promise<readonly string[]>;
	readonly eventIds: () => Promise<readonly string[]>;
	/** Puts this text in the place of what a row of a ledger says. */
	readonly damageRow: (subject: SubjectId, kind: RowKind, id: string, text: string) => Promise<void>;
	readonly databases: { readonly register: SqlDatabase; readonly events: SqlDatabase };
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
	return `hash of ${text}` as Hash;
}

export function sealed(text: string): Sealed {
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

/** What a device asks for, under a device code of this name. */
export function deviceAsk(code = "device code", changes: Partial<DeviceAsk> = {}): DeviceAsk {
	return {
		codeHash: hash(code),
		clientId: "client",
		scope: ["events:read"],
		resource: null,
		from: { program: "A program", address: "203.0.113.7", country: "CH" },
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
		resource: null,
		isProven: false,
		ownResource: "https://latchkey.example",
		notBefore: 0,
		...changes,
	};
}

export const byPassword: LoginProof = { kind: "proved", credential: "password", accountId: "account" };

type OfferedLogin = SessionLogin & { readonly offer: SessionOffer | null };

export function login(changes: Partial<OfferedLogin> = {}): OfferedLogin {
	return {
		sessionId: "",
		minTtl: 0,
		kids: ["kid"],
		notBefore: 0,
		isFresh: true,
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

export function ringKey(kid: string): StoredSigningKey {
	return { kid, algorithm: "EdDSA", publicJwk: { kty: "OKP", x: kid }, privateJwk: sealed(kid), createdAt: now() };
}

export function event(changes: Partial<Event> = {}): Event {
	return {
		id: newId(),
		accountId: "account",
		type: "event",
		environmentId: "environment",
		environment: "workspace/name",
		receivedAt: now(),
		occurredAt: Date.now(),
		body: '{"text":"\u{1f511} "}',
		...changes,
	};
}
