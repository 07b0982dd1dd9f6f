import { bounds } from "./bounds.ts";
import type { Whose } from "./whose.ts";
import { type Hash, isSameHash, type Seconds } from "./brands.ts";
import { rotateCode, type Rotation } from "./code-rotation.ts";
import type { CodeState } from "./code-state.ts";
import {
	hasExpired,
	isFromElsewhere,
	isSameLimits,
	type KeyLimits,
	type LimitedKey,
	type LimitRefusal,
	type UsesLeft,
	withLimits,
} from "./key-limits.ts";
import type { Limited } from "./limit.ts";

/**
 * A key's verdict: what of an API key is still good. It lives in the key's own ledger, which alone decides; every change
 * raises `rev`, by which the register's copy is kept from going back (DESIGN §3.5).
 */
export interface ApiKeyState extends LimitedKey {
	readonly ownerId: string;
	readonly state: "enabled" | "disabled" | "deleted";
	readonly codes: readonly CodeState[];
	/** Account id → the ids of the policies that the account gave this key. The owner's entry is one of them. */
	readonly policies: Readonly<Record<string, readonly string[]>>;
	/** Links that one side or both have switched off; absent where none is. */
	readonly linksOff?: readonly LinkOff[];
	readonly rev: number;
	/** The highest `rev` that the register is known to have. */
	readonly copiedRev: number;
}

/** Whoever may switch a link off: the account that owns the key, or the one that linked it. */
export type LinkSide = "owner" | "linker";

interface LinkOff {
	readonly accountId: string;
	readonly by: LinkSide;
}

/** What every check of a key reads stays small. */
export const linksPerApiKey = bounds.links.most;

/** Contract 003: at most two access codes for each key, each good for 365 days. */
const codesPerKey = bounds.codes.most;
export const accessCodeTtl: Seconds = 365 * 86_400;

export type ApiKeyCheck =
	| {
			kind: "good";
			accountId: string;
			policies: readonly string[];
			/** It ends with the key, where that ends sooner. */
			code: CodeState;
			ownerId: string;
			/** Where uses of the key are counted. */
			left?: UsesLeft;
	  }
	| { kind: "refused"; reason: UnknownKey }
	/** Once good, and no more: `ownerId` is for our own count of it, and nobody is told. `limited`: of `rate_limited`, what was met. */
	| { kind: "refused"; reason: Exclude<ApiKeyRefusal, UnknownKey>; ownerId: string; limited?: Omit<Limited, "kind"> };

/** Of which nothing is known, or nothing is to be. */
type UnknownKey = "unknown" | "no_access";

export type ApiKeyRefusal =
	| "unknown"
	| "key_disabled"
	| "key_deleted"
	| "code_disabled"
	| "code_expired"
	| "link_disabled"
	| "no_access"
	| LimitRefusal;

/** A code that somebody shows, and the address that they show it from; or one that opened something, which is not used again. */
type Presented = { readonly codeHash: Hash; readonly from?: string | null } | { readonly codeId: string };

/**
 * Whether a code opens an account (the owner's, where none is named), and by which policies. Permissions belong to
 * (key, account): another account's policies are not looked at.
 */
export function checkApiKey(
	verdict: ApiKeyState | null,
	presented: Presented,
	accountId: string | null,
	now: Seconds,
): ApiKeyCheck {
	const code = verdict?.codes.find((each) =>
		"codeHash" in presented ? isSameHash(each.hash, presented.codeHash) : each.id === presented.codeId,
	);
	if (!verdict || !code) return { kind: "refused", reason: "unknown" };
	const account = accountId ?? verdict.ownerId;
	const policies = Object.hasOwn(verdict.policies, account) ? verdict.policies[account] : undefined;
	// First of all: an account that the key was never given to learns nothing of its state.
	if (!policies) return { kind: "refused", reason: "no_access" };
	const { ownerId } = verdict;
	const refused = (reason: Exclude<ApiKeyRefusal, UnknownKey>): ApiKeyCheck => ({ kind: "refused", reason, ownerId });
	if (verdict.state !== "enabled") return refused(verdict.state === "deleted" ? "key_deleted" : "key_disabled");
	if (hasExpired(verdict, now)) return refused("key_expired");
	if (!code.enabled) return refused("code_disabled");
	if (now >= code.expiresAt) return refused("code_expired");
	if (verdict.linksOff?.some((off) => off.accountId === account)) return refused("link_disabled");
	// From an edge of before: nobody knows from where.
	if ("codeHash" in presented && isFromElsewhere(verdict, presented.from ?? null)) return refused("network_refused");
	const expiresAt = Math.min(code.expiresAt, verdict.limits?.expiresAt ?? Infinity);
	const good = expiresAt === code.expiresAt ? code : { ...code, expiresAt };
	return { kind: "good", accountId: account, policies, code: good, ownerId };
}

/** One field at a time: a whole verdict is never written back, or an edit would undo a concurrent disable. */
export type ApiKeyChange =
	| { kind: "create"; ownerId: string; policies: readonly string[]; limits?: KeyLimits | null }
	/** Here and below: where `rev` is said, only the key as it was then. */
	| { kind: "set_state"; state: "enabled" | "disabled"; rev?: number }
	| { kind: "delete"; rev?: number }
	| { kind: "add_code"; id: string; hash: Hash }
	| ({ kind: "rotate_code" } & Rotation)
	| { kind: "set_code_enabled"; id: string; enabled: boolean }
	| { kind: "delete_code"; id: string }
	/** Null takes the account's access away. */
	| { kind: "set_policies"; accountId: string; policies: readonly string[] | null }
	/**
	 * The same for an account that has the key already: an edit does not bring back a link that was cut meanwhile. `from` is
	 * what whoever edits them has judged.
	 */
	| { kind: "edit_policies"; accountId: string; from: readonly string[]; policies: readonly string[]; rev?: number }
	/** Null takes all limits away. `from` is what whoever edits them has judged. */
	| { kind: "edit_limits"; from: KeyLimits | null; limits: KeyLimits | null; rev?: number }
	| { kind: "add_link"; accountId: string; policies: readonly string[] }
	| { kind: "set_link_enabled"; accountId: string; by: LinkSide; enabled: boolean };

export type ApiKeyChanged =
	| { kind: "changed"; verdict: ApiKeyState }
	/** The same change again after a broken call. */
	| { kind: "unchanged"; verdict: ApiKeyState }
	| {
			kind: "refused";
			reason:
				| "unknown_key"
				| "unknown_code"
				| "unknown_link"
				| "too_many_codes"
				| "too_many_links"
				| "code_enabled"
				| "overtaken"
				| "owner_account"
				| "policy_needed";
	  };

export function changeApiKey(verdict: ApiKeyState | null, change: ApiKeyChange, now: Seconds): ApiKeyChanged {
	if (change.kind === "create") {
		if (verdict) return { kind: "unchanged", verdict };
		const { ownerId, policies, limits = null } = change;
		const made: ApiKeyState = {
			ownerId,
			state: "enabled",
			codes: [],
			policies: { [ownerId]: policies },
			rev: 1,
			copiedRev: 0,
		};
		return { kind: "changed", verdict: withLimits(made, limits) };
	}
	// A deleted key stays deleted: nothing reopens it (DESIGN §4.4).
	if (verdict?.state === "deleted" && change.kind === "delete") return { kind: "unchanged", verdict };
	if (!verdict || verdict.state === "deleted") return { kind: "refused", reason: "unknown_key" };
	const next = (fields: Partial<ApiKeyState>): ApiKeyChanged => ({
		kind: "changed",
		verdict: { ...verdict, ...fields, rev: verdict.rev + 1 },
	});
	// Asked after whether it is so already: the same change once more is not in its own way.
	const isOvertaken = "rev" in change && change.rev !== undefined && change.rev !== verdict.rev;
	switch (change.kind) {
		case "set_state":
			if (verdict.state === change.state) return { kind: "unchanged", verdict };
			return isOvertaken ? { kind: "refused", reason: "overtaken" } : next({ state: change.state });
		case "delete":
			if (isOvertaken) return { kind: "refused", reason: "overtaken" };
			// Codes and policies stay in the tombstone, so that a deleted key that is still in use can be told of.
			return next({ state: "deleted" });
		case "add_code": {
			if (verdict.codes.some((code) => code.id === change.id)) return { kind: "unchanged", verdict };
			if (verdict.codes.length >= codesPerKey) return { kind: "refused", reason: "too_many_codes" };
			const { id, hash } = change;
			const code = { id, hash, enabled: true, createdAt: now, expiresAt: now + accessCodeTtl };
			return next({ codes: [...verdict.codes, code] });
		}
		case "rotate_code": {
			if (verdict.codes.some((code) => code.id === change.id)) return { kind: "unchanged", verdict };
			const { kind: _, ...rotation } = change;
			const codes = rotateCode(verdict.codes, rotation, { createdAt: now, expiresAt: now + accessCodeTtl });
			return typeof codes === "string" ? { kind: "refused", reason: codes } : next({ codes });
		}
		case "set_code_enabled": {
			const code = verdict.codes.find((each) => each.id === change.id);
			if (!code) return { kind: "refused", reason: "unknown_code" };
			if (code.enabled === change.enabled) return { kind: "unchanged", verdict };
			return next({
				codes: verdict.codes.map((each) => (each === code ? { ...code, enabled: change.enabled } : each)),
			});
		}
		case "delete_code": {
			const code = verdict.codes.find((each) => each.id === change.id);
			if (!code) return { kind: "refused", reason: "unknown_code" };
			// Contract 003: first disabled, then deleted.
			if (code.enabled) return { kind: "refused", reason: "code_enabled" };
			return next({ codes: verdict.codes.filter((each) => each !== code) });
		}
		case "set_policies": {
			const { [change.accountId]: _, ...others } = verdict.policies;
			if (change.accountId !== verdict.ownerId && change.policies?.length === 0) {
				// Contract 003: a key of one's own may have no policy, a link needs at least one.
				return { kind: "refused", reason: "policy_needed" };
			}
			if (change.accountId === verdict.ownerId && !change.policies) return { kind: "refused", reason: "owner_account" };
			if (!change.policies && !Object.hasOwn(verdict.policies, change.accountId)) return { kind: "unchanged", verdict };
			if (change.policies) return next({ policies: { ...others, [change.accountId]: change.policies } });
			// What the owner switched off stays off, were the key linked again; the linker's switch goes with its link.
			const left = (verdict.linksOff ?? []).filter((off) => off.accountId !== change.accountId || off.by === "owner");
			return next({ policies: others, ...(verdict.linksOff && { linksOff: left }) });
		}
		case "edit_policies": {
			const before = Object.hasOwn(verdict.policies, change.accountId) && verdict.policies[change.accountId];
			if (!before) return { kind: "refused", reason: "unknown_link" };
			if (isSameSet(before, change.policies)) return { kind: "unchanged", verdict };
			// Of two at once the second looks again: what the first took away the second does not bring back.
			if (isOvertaken || !isSameSet(before, change.from)) return { kind: "refused", reason: "overtaken" };
			return changeApiKey(verdict, { ...change, kind: "set_policies" }, now);
		}
		case "edit_limits": {
			if (isSameLimits(verdict.limits, change.limits)) return { kind: "unchanged", verdict };
			if (isOvertaken || !isSameLimits(verdict.limits, change.from)) return { kind: "refused", reason: "overtaken" };
			return { kind: "changed", verdict: withLimits({ ...verdict, rev: verdict.rev + 1 }, change.limits) };
		}
		case "add_link": {
			const { accountId, policies } = change;
			if (accountId === verdict.ownerId) return { kind: "refused", reason: "owner_account" };
			if (Object.hasOwn(verdict.policies, accountId)) return { kind: "unchanged", verdict };
			if (Object.keys(verdict.policies).length > linksPerApiKey) return { kind: "refused", reason: "too_many_links" };
			return changeApiKey(verdict, { kind: "set_policies", accountId, policies }, now);
		}
		case "set_link_enabled": {
			const { accountId, by, enabled } = change;
			const isLink = accountId !== verdict.ownerId && Object.hasOwn(verdict.policies, accountId);
			if (!isLink) return { kind: "refused", reason: "unknown_link" };
			const off = verdict.linksOff ?? [];
			const others = off.filter((each) => each.accountId !== accountId || each.by !== by);
			if (enabled === (others.length === off.length)) return { kind: "unchanged", verdict };
			return next({ linksOff: enabled ? others : [...off, { accountId, by }] });
		}
	}
}

/** What a change took from those who had it: whose sessions end with it. */
export function closedBy(before: ApiKeyState, after: ApiKeyState, now: Seconds): readonly Whose[] {
	if (before.state === "enabled" && after.state !== "enabled") return [{}];
	// What had ended with the key does not come back with it.
	if (hasExpired(before, now) !== hasExpired(after, now)) return [{}];
	const isOpen = (code: CodeState) => code.enabled && now < code.expiresAt;
	const codes = before.codes.filter(
		(code) => code.enabled && !after.codes.some((each) => each.id === code.id && isOpen(each)),
	);
	const accounts = Object.keys(before.policies).filter((id) => isOpenIn(before, id) && !isOpenIn(after, id));
	return [...codes.map(({ id }) => ({ party: id })), ...accounts.map((accountId) => ({ accountId }))];
}

function isOpenIn({ policies, linksOff }: ApiKeyState, accountId: string): boolean {
	return Object.hasOwn(policies, accountId) && !linksOff?.some((off) => off.accountId === accountId);
}

/** How coarsely the last use of a code is kept: whoever looks whether it is still used sees that within the minute. */
const lastUsedGrid: Seconds = 60;

/** The verdict with the use of a code in it; null where it was used in the same minute already. */
export function useCode(verdict: ApiKeyState, codeId: string, now: Seconds): ApiKeyState | null {
	const code = verdict.codes.find((each) => each.id === codeId);
	if (!code || minuteOf(now) <= minuteOf(code.lastUsedAt ?? -lastUsedGrid)) return null;
	return { ...verdict, codes: verdict.codes.map((each) => (each === code ? { ...code, lastUsedAt: now } : each)) };
}

function minuteOf(at: Seconds): number {
	return Math.floor(at / lastUsedGrid);
}

/** The accounts that have linked the key, by id. */
export function linkersOf({ ownerId, policies }: Pick<ApiKeyState, "ownerId" | "policies">): readonly string[] {
	return Object.keys(policies)
		.filter((accountId) => accountId !== ownerId)
		.toSorted();
}

/** Who has switched a link off. */
export function linkSwitchedOffBy(verdict: ApiKeyState, accountId: string): readonly LinkSide[] {
	return (verdict.linksOff ?? []).filter((off) => off.accountId === accountId).map((off) => off.by);
}

function isSameSet(some: readonly string[], others: readonly string[]): boolean {
	return some.toSorted().join(" ") === others.toSorted().join(" ");
}
