import { isFor, isSameResource } from "../../domain/audience.ts";
import { type Api, isOpenTo, scopeOfApi } from "../../domain/api.ts";
import { isPermission, permissionsIn } from "../../domain/permission.ts";
import { type Scope, toScope } from "../../domain/scope.ts";
import type { Account } from "../../domain/account.ts";
import type { SubjectId } from "../../domain/subject.ts";
import type { ApiKeyRefusal } from "../../domain/api-key-state.ts";
import type { Seconds } from "../../domain/brands.ts";
import { checkAccessCode } from "./check-access-code.ts";
import { checkTokenFor } from "./check-token.ts";
import type { Services } from "../services.ts";

// What another Worker asks by a service binding. Whoever may bind to latchkey's Worker is trusted with the deployment, so
// there is no caller to authenticate; which account a request is about is the caller's to say, and never guessed.

/** An account, by its id and by the slug that stands for it in URLs. */
interface VerifiedAccount {
	readonly id: string;
	readonly slug: string;
}

export type TokenVerdict =
	| {
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
	  }
	/** `other_account`: it is good, and of another account than the one that was asked about. */
	| { readonly valid: false; readonly reason: "expired" | "invalid" | "other_account" };

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
			/** Of the access code that was presented. */
			readonly expiresAt: Seconds;
	  }
	/** `unknown`: no access code of a key that this account has, be it another account's or nobody's. */
	| { readonly valid: false; readonly reason: Exclude<ApiKeyRefusal, "no_access"> | "unknown_account" };

/** Something failed on our side, so nothing was verified: refuse for now, as with 503. */
export interface Unavailable {
	readonly valid: false;
	readonly reason: "unavailable";
}

/** What a credential is asked about, as it came: nothing of it is known to be text. */
export interface AboutCredential {
	readonly account?: unknown;
	readonly resource?: unknown;
}

/**
 * Whether an access token or login token still counts (one ledger call), and what it opens. With `account` (a slug) also
 * whether it is of that account; without it the caller has to compare `account` itself. RFC 9068 §4: a token that is for
 * somebody else is invalid. It has to be for latchkey, which stands for all that its account's Workers do, or name
 * `resource`, as which the caller knows itself.
 */
export async function verifyToken(
	token: unknown,
	{ account: slug, resource }: AboutCredential,
	services: Services,
): Promise<TokenVerdict> {
	if (typeof token !== "string") return { valid: false, reason: "invalid" };
	const isForCaller = (audience: readonly string[]) =>
		isFor(audience, services.config.issuer, "") ||
		(typeof resource === "string" && audience.some((each) => isSameResource(each, resource)));
	const checked = await checkTokenFor(isForCaller, token, services);
	if (checked.kind !== "valid") return { valid: false, reason: checked.kind };
	const { subject, clientId, accountId, scope, issuedAt, expiresAt } = checked.facts;
	const account = await services.lookups.account(accountId);
	if (!account) return { valid: false, reason: "invalid" };
	if (slug !== undefined && slug !== account.slug) return { valid: false, reason: "other_account" };
	const offered = permittedThere(await apiOf(resource, accountId, services));
	const permissions = toScope([...scope.flatMap(permissionsIn), ...scope.filter((each) => offered.includes(each))]);
	return { valid: true, subject, clientId, account: named(account), permissions, issuedAt, expiresAt };
}

/**
 * Whether an access code opens an account (a slug), and what there, at the API that `resource` names: one ledger call. The
 * account has to be named: a key may be linked into several, and each gave it permissions of its own.
 */
export async function verifyKey(
	key: unknown,
	{ account: slug, resource }: AboutCredential,
	services: Services,
): Promise<ApiKeyVerdict> {
	const account = typeof slug === "string" ? await services.lookups.accountBySlug(slug) : null;
	if (account?.state !== "active") return { valid: false, reason: "unknown_account" };
	if (typeof key !== "string") return { valid: false, reason: "unknown" };
	const check = await checkAccessCode(key, async () => account.id, services);
	if (check.kind === "refused") {
		return { valid: false, reason: check.reason === "no_access" ? "unknown" : check.reason };
	}
	const { keyId, expiresAt } = check;
	const offered = permittedThere(await apiOf(resource, account.id, services));
	const permissions = check.permissions.filter((each) =>
		resource === undefined ? isPermission(each) : offered.includes(each),
	);
	return { valid: true, keyId, account: named(account), permissions, expiresAt };
}

async function apiOf(resource: unknown, accountId: string, { lookups }: Services): Promise<Api | null> {
	const api = typeof resource === "string" ? await lookups.apiAt(resource) : null;
	return api && isOpenTo(api, accountId) ? api : null;
}

function permittedThere(api: Api | null): Scope {
	return api ? scopeOfApi(api) : [];
}

function named({ id, slug }: Account): VerifiedAccount {
	return { id, slug };
}
