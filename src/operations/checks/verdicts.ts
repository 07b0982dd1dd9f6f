import type { ApiKeyRefusal } from "../../domain/api-key-state.ts";
import type { Seconds } from "../../domain/brands.ts";
import type { UsesLeft } from "../../domain/key-limits.ts";
import type { Limited } from "../../domain/limit.ts";
import type { Scope } from "../../domain/scope.ts";
import type { Confirmed } from "../../domain/sender-key.ts";
import type { Act } from "../../domain/token-exchange.ts";
import type { SubjectId } from "../../domain/subject.ts";

// What is said of a credential: to ourselves, to a client that asks (VerifiedKey), and by the service binding.

export type AccessCodeCheck =
	| {
			kind: "good";
			keyId: SubjectId;
			accountId: string;
			ownerId: string;
			permissions: Scope;
			expiresAt: Seconds;
			/** Where uses of the key are counted: an answer that is not to be given again. */
			left?: UsesLeft;
	  }
	| { kind: "refused"; reason: ApiKeyRefusal; limited?: Omit<Limited, "kind"> };

type GoodCode = Extract<AccessCodeCheck, { kind: "good" }>;

/** `at`: whose permissions these are; null for latchkey's own. */
export type VerifiedKey = (GoodCode & { readonly at: Served | null }) | Exclude<AccessCodeCheck, GoodCode>;

/** What a caller that serves APIs asks about: those, by their identifiers, and the account, by its slug. */
interface Served {
	readonly resource: readonly string[];
	readonly account: string | undefined;
}

/** An account, by its id and by the slug that stands for it in URLs. */
export interface VerifiedAccount {
	readonly id: string;
	readonly slug: string;
}

export type TokenVerdict =
	| ({
			readonly valid: true;
			/** `<kind>_<home>_<id>`: a person, an API key, or a client that acts for itself. */
			readonly subject: SubjectId;
			readonly clientId: string;
			/** The only account that the token says anything about. */
			readonly account: VerifiedAccount;
			/**
			 * What it opens there now: what was granted of latchkey and of the API that `resource` names, as far as roles, policies and
			 * registrations still go.
			 */
			readonly permissions: Scope;
			readonly issuedAt: Seconds;
			readonly expiresAt: Seconds;
			/** When this was so, where `maxStaleness` was sent. */
			readonly checkedAt?: Seconds;
			/** Who acts for the subject (RFC 8693 §4.1), and for whom they do; left out where nobody does. */
			readonly act?: Act;
	  } & Confirmed)
	/** `other_account`: it is good, and of another account than the one that was asked about. */
	| { readonly valid: false; readonly reason: "expired" | "invalid" | "other_account" | MalformedQuestion }
	/** RFC 9449 §7.1: for `error` of a challenge of the scheme DPoP. `bad_dpop`: `dpop` has no method and URL. */
	| { readonly valid: false; readonly reason: "invalid_dpop_proof" | "bad_dpop" }
	/** RFC 9449 §9: for the `DPoP-Nonce` header of the same answer. */
	| { readonly valid: false; readonly reason: "use_dpop_nonce"; readonly nonce: string };

export type ApiKeyVerdict =
	| {
			readonly valid: true;
			readonly keyId: SubjectId;
			readonly account: VerifiedAccount;
			/**
			 * By the policies of this account alone; another's are never looked at (DESIGN §2.2). Those of the API that `resource` names,
			 * and none where there is no such API; without one, latchkey's own.
			 */
			readonly permissions: Scope;
			/** Of the access code that was presented, or of its key. */
			readonly expiresAt: Seconds;
			/** Where uses of the key are limited: how many are left after this one. */
			readonly left?: UsesLeft;
			readonly checkedAt?: Seconds;
	  }
	/** `unknown`: no access code of a key that this account has, be it another account's or nobody's. */
	| {
			readonly valid: false;
			readonly reason: Exclude<ApiKeyRefusal, "no_access"> | "unknown_account" | "bad_address" | MalformedQuestion;
			/** Of `rate_limited`: in how many seconds there is more. */
			readonly retryAfter?: Seconds;
	  };

/** `maxStaleness` is no whole number of seconds from 0 to 60. */
export type MalformedQuestion = "bad_max_staleness";

/** Something failed on our side, so nothing was verified: refuse for now, as with 503. */
export interface Unavailable {
	readonly valid: false;
	readonly reason: "unavailable";
}
