import type { Activation, CodeGrantTerms, Grant, PairTerms, Redeem, Redemption } from "../../../src/domain/grant.ts";
import type { IdentityTerms } from "../../../src/domain/identity.ts";
import type { Refresh, Refreshment } from "../../../src/domain/refresh.ts";
import type { StoredSigningKey } from "../../../src/domain/signing-key-ring.ts";
import type { Session, SessionOffer, SessionRequest } from "../../../src/domain/session.ts";
import type { ApiKeyChange, ApiKeyState } from "../../../src/domain/api-key-state.ts";
import type { CodeState } from "../../../src/domain/code-state.ts";
import type { Rotation } from "../../../src/domain/code-rotation.ts";
import { changeApiKey } from "../../../src/domain/api-key-state.ts";
import type { Hash, Sealed, Seconds } from "../../../src/domain/brands.ts";

/** An instant that nothing depends on: most tests count from it. */
export const start: Seconds = 1_800_000_000;
export const day: Seconds = 86_400;

export function hash(of: string): Hash {
	return asHash(`hash(${of})`);
}

/** The only place where a test says that a text is a digest. */
export function asHash(text: string): Hash {
	return text as Hash;
}

/** A grant as people speak of one: a confidential client, PKCE, a code that lives three minutes. */
export function aGrant(fields: Partial<CodeGrantTerms> = {}): CodeGrantTerms & { readonly phase: "open" } {
	return {
		id: "grant-1",
		clientId: "client-1",
		accountId: "account-1",
		scope: ["events:read", "events:write"],
		rotation: "rotate",
		createdAt: start,
		code: {
			hash: hash("code"),
			expiresAt: start + 180,
			redirectUri: "https://client.example/cb",
			redirectUriNamed: true,
			codeChallenge: "challenge",
		},
		...fields,
		phase: "open",
	};
}

/** What id_tokens say of a sign-in, of a client that is told of its end and has no `offline_access`. */
export function tiedTo(sid: string): IdentityTerms {
	const claims = { userinfo: [], idToken: [] };
	return { nonce: null, authenticatedAt: start, sid, claims, isTold: true, endsWithSignIn: true };
}

/** A token pair's terms. */
export function aPair(fields: Partial<PairTerms> = {}): PairTerms {
	return {
		id: "pair-1",
		clientId: "client-1",
		accountId: "account-1",
		scope: ["read"],
		rotation: "rotate",
		createdAt: start,
		code: null,
		...fields,
	};
}

/** The redemption that {@link aGrant} waits for. */
export function aRedemption(fields: Partial<Redeem> = {}): Redeem {
	return {
		codeHash: hash("code"),
		clientId: "client-1",
		redirectUri: "https://client.example/cb",
		codeChallenge: "challenge",
		attempt: "attempt-1",
		lifetime: 90 * day,
		refresh: { hash: hash("refresh-1"), idleTtl: 30 * day },
		notBefore: 0,
		...fields,
	};
}

/** A refresh with the token of one generation, whose successor is the next. */
export function aRefresh(generation: number, fields: Partial<Refresh> = {}): Refresh {
	return {
		clientId: "client-1",
		accountId: "account-1",
		generation,
		hash: hash(`refresh-${generation}`),
		isProven: false,
		successor: { hash: hash(`refresh-${generation + 1}`), keyVersion: 1 },
		scope: null,
		resource: null,
		ownResource: "https://latchkey.example",
		notBefore: 0,
		...fields,
	};
}

/** What a verdict asks to be stored; fails the test where it asks for nothing. */
export function stored(verdict: Redemption | Refreshment | Activation): Grant {
	if (!("grant" in verdict)) throw new Error(`${verdict.kind} stores nothing`);
	return verdict.grant;
}

export function anOffer(fields: Partial<SessionOffer> = {}): SessionOffer {
	return {
		scope: "events:read",
		claims: { sub: "key_any_1", exp: start + 7200, jti: "jti-1" },
		kid: "kid-1",
		sid: "sid-1",
		issuedAt: start,
		expiresAt: start + 7200,
		...fields,
	};
}

export function aSessionRequest(fields: Partial<SessionRequest> = {}): SessionRequest {
	return {
		credential: "code-1",
		accountId: "account-1",
		sessionId: "",
		minTtl: 0,
		kids: ["kid-1", "kid-2"],
		notBefore: 0,
		offer: anOffer(),
		...fields,
	};
}

export function aSession(fields: Partial<Session> = {}): Session {
	return {
		sid: "sid-1",
		credential: "code-1",
		accountId: "account-1",
		sessionId: "",
		scope: "events:read",
		payload: `{"sub":"key_any_1","sid":"sid-1"}`,
		jti: "jti-1",
		kid: "kid-1",
		startedAt: start,
		issuedAt: start,
		expiresAt: start + 7200,
		...fields,
	};
}

/** A key of account `owner` after some changes, each of which has to succeed. */
export function aKey(changes: readonly ApiKeyChange[] = [], now: Seconds = start): ApiKeyState {
	const creation: ApiKeyChange = { kind: "create", ownerId: "owner", policies: ["owner-policy"] };
	let verdict: ApiKeyState | null = null;
	for (const change of [creation, ...changes]) {
		const changed = changeApiKey(verdict, change, now);
		if (changed.kind !== "changed") throw new Error(`${change.kind}: ${JSON.stringify(changed)}`);
		({ verdict } = changed);
	}
	if (!verdict) throw new Error("no key");
	return verdict;
}

export function rotateCode(id: string, rotation: Pick<Rotation, "of" | "keepFor" | "remove">): ApiKeyChange {
	return { kind: "rotate_code", id, hash: hash(id), ...rotation };
}

export function addCode(id: string): ApiKeyChange {
	return { kind: "add_code", id, hash: hash(id) };
}

export function theCode(verdict: ApiKeyState, id: string): CodeState {
	const code = verdict.codes.find((each) => each.id === id);
	if (!code) throw new Error(`no code ${id}`);
	return code;
}

export function aRingKey(kid: string, createdAt: Seconds = start): StoredSigningKey {
	return { kid, algorithm: "EdDSA", publicJwk: { kty: "OKP" }, privateJwk: `sealed(${kid})` as Sealed, createdAt };
}
