import { isSameHash } from "./same-hash.ts";
import type { Hash, Seconds } from "./words.ts";

/**
 * A key's verdict: what of an API key is still good. It lives in the key's own ledger, which alone decides; every change
 * raises `rev`, by which the register's copy is kept from going back (DESIGN §3).
 */
export interface KeyVerdict {
	readonly ownerId: string;
	readonly state: "enabled" | "disabled" | "deleted";
	readonly codes: readonly CodeVerdict[];
	/** Account id → the ids of the policies that the account gave this key. The owner's entry is one of them. */
	readonly policies: Readonly<Record<string, readonly string[]>>;
	readonly rev: number;
	/** The highest `rev` that the register is known to have. */
	readonly copiedRev: number;
}

/** An access code, as far as a check needs it. */
export interface CodeVerdict {
	readonly id: string;
	readonly hash: Hash;
	readonly enabled: boolean;
	readonly createdAt: Seconds;
	readonly expiresAt: Seconds;
}

/** Contract 003: at most two access codes for each key, each good for 365 days. */
export const codesPerKey = 2;
export const accessCodeTtl: Seconds = 365 * 86_400;

export type KeyCheck =
	| { kind: "good"; accountId: string; policies: readonly string[]; code: CodeVerdict; ownerId: string }
	| { kind: "refused"; reason: KeyRefusal };

export type KeyRefusal = "unknown" | "key_disabled" | "key_deleted" | "code_disabled" | "code_expired" | "no_access";

/**
 * Whether a code opens an account (the owner's, where none is named), and by which policies. Permissions belong to
 * (key, account): another account's policies are not looked at.
 */
export function checkKey(
	verdict: KeyVerdict | null,
	presented: { codeHash: Hash } | { codeId: string },
	accountId: string | null,
	now: Seconds,
): KeyCheck {
	const code = verdict?.codes.find((each) =>
		"codeHash" in presented ? isSameHash(each.hash, presented.codeHash) : each.id === presented.codeId,
	);
	if (!verdict || !code) return refused("unknown");
	const account = accountId ?? verdict.ownerId;
	const policies = Object.hasOwn(verdict.policies, account) ? verdict.policies[account] : undefined;
	// First of all: an account that the key was never given to learns nothing of its state.
	if (!policies) return refused("no_access");
	if (verdict.state !== "enabled") return refused(verdict.state === "deleted" ? "key_deleted" : "key_disabled");
	if (!code.enabled) return refused("code_disabled");
	if (now >= code.expiresAt) return refused("code_expired");
	return { kind: "good", accountId: account, policies, code, ownerId: verdict.ownerId };
}

/** One field at a time: a whole verdict is never written back, or an edit would undo a concurrent disable. */
export type KeyChange =
	| { kind: "create"; ownerId: string; policies: readonly string[] }
	| { kind: "set_state"; state: "enabled" | "disabled" }
	| { kind: "delete" }
	| { kind: "add_code"; id: string; hash: Hash }
	| { kind: "set_code_enabled"; id: string; enabled: boolean }
	| { kind: "delete_code"; id: string }
	/** Null takes the account's access away. */
	| { kind: "set_policies"; accountId: string; policies: readonly string[] | null };

export type KeyChanged =
	| { kind: "changed"; verdict: KeyVerdict }
	/** The same change again after a broken call. */
	| { kind: "unchanged"; verdict: KeyVerdict }
	| {
			kind: "refused";
			reason: "unknown_key" | "unknown_code" | "too_many_codes" | "code_enabled" | "owner_account" | "policy_needed";
	  };

export function changeKey(verdict: KeyVerdict | null, change: KeyChange, now: Seconds): KeyChanged {
	if (change.kind === "create") {
		if (verdict) return { kind: "unchanged", verdict };
		const { ownerId, policies } = change;
		return {
			kind: "changed",
			verdict: {
				ownerId,
				state: "enabled",
				codes: [],
				policies: { [ownerId]: policies },
				rev: 1,
				copiedRev: 0,
			},
		};
	}
	// A deleted key stays deleted: nothing reopens it (DESIGN §4, invariant 4).
	if (verdict?.state === "deleted" && change.kind === "delete") return { kind: "unchanged", verdict };
	if (!verdict || verdict.state === "deleted") return { kind: "refused", reason: "unknown_key" };
	const next = (fields: Partial<KeyVerdict>): KeyChanged => ({
		kind: "changed",
		verdict: { ...verdict, ...fields, rev: verdict.rev + 1 },
	});
	switch (change.kind) {
		case "set_state":
			return verdict.state === change.state ? { kind: "unchanged", verdict } : next({ state: change.state });
		case "delete":
			// Codes and policies stay in the tombstone, so that a deleted key that is still in use can be told of.
			return next({ state: "deleted" });
		case "add_code": {
			if (verdict.codes.some((code) => code.id === change.id)) return { kind: "unchanged", verdict };
			if (verdict.codes.length >= codesPerKey) return { kind: "refused", reason: "too_many_codes" };
			const { id, hash } = change;
			const code = { id, hash, enabled: true, createdAt: now, expiresAt: now + accessCodeTtl };
			return next({ codes: [...verdict.codes, code] });
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
			if (change.policies) return next({ policies: { ...others, [change.accountId]: change.policies } });
			return next({ policies: others });
		}
	}
}

function refused(reason: KeyRefusal): KeyCheck {
	return { kind: "refused", reason };
}
