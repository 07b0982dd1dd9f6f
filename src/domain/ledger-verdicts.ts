import type { ApiKeyCheck } from "./api-key-state.ts";
import type { Hash, Sealed, Seconds } from "./brands.ts";
import type { GrantTerms } from "./grant.ts";
import type { IdentityTerms } from "./identity.ts";
import type { Session, SessionRequest, SessionVerdict } from "./session.ts";

// What a ledger is asked and answers, where it is not the rule's own (grant.ts, session.ts, api-key-state.ts).

export type OpenedPair = { kind: "opened"; expiresAt: Seconds } | { kind: "taken" };

export type Redeemed =
	| { kind: "redeemed"; expiresAt: Seconds }
	| { kind: "replayed" | "mismatch" | "expired" | "revoked" | "unknown" };

export type Refreshed =
	| { kind: "kept"; terms: GrantTerms; expiresAt: Seconds }
	| { kind: "rotated" | "repeated"; terms: GrantTerms; expiresAt: Seconds; keyVersion: number }
	| { kind: "unprepared" | "reused" | "mismatch" | "expired" | "revoked" | "scope" | "resource" | "unknown" };

export interface LiveGrant {
	readonly clientId: string;
	readonly accountId: string;
	readonly scope: readonly string[];
	readonly unchecked?: readonly string[];
	readonly resource?: readonly string[];
	readonly identity?: IdentityTerms;
	readonly createdAt: Seconds;
	readonly expiresAt: Seconds;
}

export type ListedGrant = LiveGrant & { readonly id: string; readonly name?: string };

/** At most `limit` rows, from the one after `after` (empty: from the first). */
export interface Page {
	readonly after: string;
	readonly limit: number;
}

/** A session that counts, with the owner and the policies that its key has now; null where it is not a key's. */
export type LiveSession = Session & {
	readonly key: { readonly ownerId: string; readonly policies: readonly string[] } | null;
};

export type LoginProof =
	/** The ledger is the judge of the code. No account named is the key's owner; `from` is the address that it came from. */
	| { kind: "access_code"; codeHash: Hash; accountId: string | null; from?: string | null }
	/** Proved at the edge, by password or client secret. */
	| { kind: "proved"; credential: "password" | "client_secret"; accountId: string };

export type SessionLogin = Pick<SessionRequest, "sessionId" | "resource" | "minTtl" | "kids" | "notBefore"> & {
	/** What the edge would mint; null where it has yet to learn the key's account and policies. */
	readonly offer: SessionRequest["offer"] | null;
	/** Whether the offer was made from what the register says now, and not from what an isolate remembers. */
	readonly isFresh: boolean;
	/** The policies that the offer's scope was made from. */
	readonly policies: { readonly accountId: string; readonly ids: readonly string[] } | null;
};

export type LoggedIn =
	| {
			kind: Extract<SessionVerdict, { session: Session }>["kind"];
			sid: string;
			payload: string;
			kid: string;
			/** As the session has it. */
			signature?: Sealed;
			expiresAt: Seconds;
			accountId: string;
	  }
	| Extract<SessionVerdict, { kind: "unsigned" }>
	/** Come again with an offer that is made of these, as the register has them now. */
	| { kind: "reoffer"; ownerId: string; accountId: string; policies: readonly string[] }
	| { kind: "full" }
	| Extract<ApiKeyCheck, { kind: "refused" }>;
