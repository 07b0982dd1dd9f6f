import { isFor, isSameResource } from "../../domain/audience.ts";
import type { PresentedToken } from "../../domain/dpop-proof.ts";
import { type Api, isOpenTo, scopeOfApi } from "../../domain/api.ts";
import { isPermission, permissionsIn } from "../../domain/permission.ts";
import { type Scope, toScope } from "../../domain/scope.ts";
import { confirmed } from "../../domain/sender-key.ts";
import type { Account } from "../../domain/account.ts";
import { isAddress } from "../../domain/network.ts";
import { isMaxStaleness } from "../../domain/max-staleness.ts";
import { checkAccessCode } from "./check-access-code.ts";
import { checkTokenAlone } from "./check-token.ts";
import { currentNonce } from "./dpop-nonce.ts";
import { proveSenderOf } from "./dpop.ts";
import type { ApiKeyVerdict, MalformedQuestion, TokenVerdict, VerifiedAccount } from "./verdicts.ts";
import type { Services } from "../services.ts";
import { partiesOfKey, partiesOfToken } from "../parties.ts";
import type { Checked, VerdictMemory } from "../verdict-memory.ts";

// What another Worker asks by a service binding. Whoever may bind to latchkey's Worker is trusted with the deployment, so
// there is no caller to authenticate; which account a request is about is the caller's to say, and never guessed.

/** What a credential is asked about, as it came: nothing of it is known to be text. */
export interface AboutCredential {
	readonly account?: unknown;
	readonly resource?: unknown;
	/** Of a key: the address that it came from. */
	readonly address?: unknown;
	/** How old the answer may be, in seconds. */
	readonly maxStaleness?: unknown;
	/** Of a token that came in the scheme DPoP: its proof, and the request that this has to be for. */
	readonly dpop?: unknown;
}

/**
 * Whether an access token or login token still counts (one ledger call), and what it opens. With `account` (a slug) also
 * whether it is of that account; without it the caller has to compare `account` itself. RFC 9068 §4: a token that is for
 * somebody else is invalid. It has to be for latchkey, which stands for all that its account's Workers do, or name
 * `resource`, as which the caller knows itself. One that is bound to a key has to come with a proof (RFC 9449 §7.1), whatever was
 * remembered of it.
 */
export async function verifyToken(token: unknown, about: AboutCredential, services: Services): Promise<TokenVerdict> {
	const verdict = await within(about, token, services.verdicts.boundTokens, () =>
		verifyTokenNow(token, about, services),
	);
	const isPlain = about.dpop === undefined && verdict.valid && verdict.cnf === undefined;
	return isPlain || !verdict.valid ? verdict : asProven(verdict, token, about.dpop, services);
}

async function asProven(
	verdict: Extract<TokenVerdict, { valid: true }>,
	token: unknown,
	dpop: unknown,
	services: Services,
): Promise<TokenVerdict> {
	const presented = presentedWith(token, dpop);
	if (!presented) return { valid: false, reason: "bad_dpop" };
	const sender = await proveSenderOf(presented, verdict.cnf?.jkt ?? null, services);
	const unproven = sender?.kind === "unproven" ? sender : await sender?.use();
	if (!unproven) return verdict;
	if (unproven.error === "invalid_token") return { valid: false, reason: "invalid" };
	if (unproven.error === "invalid_dpop_proof") return { valid: false, reason: unproven.error };
	return { valid: false, reason: unproven.error, nonce: await currentNonce(services) };
}

/** Null where what is said of the proof cannot be. */
function presentedWith(token: unknown, dpop: unknown): PresentedToken | null {
	if (typeof token !== "string") return null;
	if (dpop === undefined) return { kind: "bearer", value: token };
	const said: Readonly<Record<string, unknown>> = typeof dpop === "object" && dpop !== null ? { ...dpop } : {};
	const { proof = null, method, url } = said;
	const isSaid = (proof === null || typeof proof === "string") && typeof method === "string" && typeof url === "string";
	return isSaid ? { kind: "dpop", value: token, proof: { text: proof, method, uri: url } } : null;
}

async function verifyTokenNow(
	token: unknown,
	{ account: slug, resource }: AboutCredential,
	services: Services,
): Promise<Checked<TokenVerdict>> {
	if (typeof token !== "string") return refused("invalid");
	const isForCaller = (audience: readonly string[]) =>
		isFor(audience, services.config.issuer, "") ||
		(typeof resource === "string" && audience.some((each) => isSameResource(each, resource)));
	const checked = await checkTokenAlone(isForCaller, token, services);
	if (checked.kind !== "valid") return refused(checked.kind);
	const { subject, clientId, accountId, scope, issuedAt, expiresAt, senderKey, exchange } = checked.facts;
	const account = await services.lookups.account(accountId);
	if (!account) return refused("invalid");
	if (slug !== undefined && slug !== account.slug) return refused("other_account");
	const api = await apiOf(resource, accountId, services);
	const offered = permittedThere(api);
	const permissions = toScope([...scope.flatMap(permissionsIn), ...scope.filter((each) => offered.includes(each))]);
	const said = { subject, clientId, account: named(account), permissions, issuedAt, expiresAt };
	const answer = {
		valid: true,
		...said,
		...confirmed(senderKey),
		...(exchange?.act && { act: exchange.act }),
	} as const;
	return { answer, parties: partiesOfToken(checked.facts, checked.client, api ? [api] : []) };
}

/**
 * Whether an access code opens an account (a slug), and what there, at the API that `resource` names: one ledger call. The
 * account has to be named: a key may be linked into several, and each gave it permissions of its own.
 */
export function verifyKey(key: unknown, about: AboutCredential, services: Services): Promise<ApiKeyVerdict> {
	return within(about, key, services.verdicts.boundKeys, () => verifyKeyNow(key, about, services));
}

async function verifyKeyNow(
	key: unknown,
	{ account: slug, resource, address }: AboutCredential,
	services: Services,
): Promise<Checked<ApiKeyVerdict>> {
	const account = typeof slug === "string" ? await services.lookups.accountBySlug(slug) : null;
	if (account?.state !== "active") return refused("unknown_account");
	if (typeof key !== "string") return refused("unknown");
	if (address !== undefined && !(typeof address === "string" && isAddress(address))) return refused("bad_address");
	const check = await checkAccessCode(key, async () => account.id, address ?? null, services);
	if (check.kind === "refused") {
		const { answer, parties } = refused(check.reason === "no_access" ? "unknown" : check.reason);
		const limited = "limited" in check ? check.limited : undefined;
		return { answer: { ...answer, ...(limited && { retryAfter: limited.retryAfter }) }, parties };
	}
	const { keyId, expiresAt, left } = check;
	const api = await apiOf(resource, account.id, services);
	const offered = permittedThere(api);
	const permissions = check.permissions.filter((each) =>
		resource === undefined ? isPermission(each) : offered.includes(each),
	);
	const answer = {
		valid: true,
		keyId,
		account: named(account),
		permissions,
		expiresAt,
		...(left && { left }),
	} as const;
	return { answer, parties: partiesOfKey(check, api ? [api] : []) };
}

function refused<Reason extends string>(reason: Reason) {
	return { answer: { valid: false, reason }, parties: [] } as const;
}

/** What `check` says, or said less than `maxStaleness` ago to whoever takes that, and with it when. */
async function within<Verdict extends { readonly valid: boolean }>(
	{ account, resource, address, maxStaleness }: AboutCredential,
	credential: unknown,
	memory: VerdictMemory<Verdict>,
	check: () => Promise<Checked<Verdict>>,
): Promise<Verdict | { readonly valid: false; readonly reason: MalformedQuestion }> {
	if (maxStaleness === undefined) return (await memory.answer([], 0, check)).answer;
	if (!isMaxStaleness(maxStaleness)) return { valid: false, reason: "bad_max_staleness" };
	const question = [account, resource, credential, address];
	// Of what is there and no text nothing is good, and it must not look like what was left out.
	const { answer, checkedAt } = await (areTexts(question)
		? memory.answer(question, maxStaleness, check)
		: memory.answer([], 0, check));
	return answer.valid ? { ...answer, checkedAt } : answer;
}

function areTexts(question: readonly unknown[]): question is readonly (string | undefined)[] {
	return question.every((each) => each === undefined || typeof each === "string");
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
