import { type ApiKeyState, checkApiKey } from "./api-key-state.ts";
import type { Seconds } from "./brands.ts";
import type { LiveSession, LoggedIn, LoginProof, SessionLogin } from "./ledger-verdicts.ts";
import type { Session } from "./session.ts";

export type JudgedProof =
	/** Whose session it is to be. */
	| { readonly kind: "good"; readonly credential: string; readonly accountId: string }
	| Extract<LoggedIn, { kind: "reoffer" | "refused" }>;

/**
 * Whether a login may go on. An access code is judged by its key's state, and so is what the edge brings for it: the offer
 * was made from policies that it remembers, and they have to be this key's, now.
 */
export function judgeProof(
	proof: LoginProof,
	state: ApiKeyState | null,
	policies: SessionLogin["policies"],
	now: Seconds,
): JudgedProof {
	if (proof.kind === "proved") return { ...proof, kind: "good" };
	const check = checkApiKey(state, proof, proof.accountId, now);
	if (check.kind === "refused") return check;
	const { ownerId, accountId } = check;
	const fits = policies?.accountId === accountId && sameMembers(policies.ids, check.policies);
	return fits
		? { kind: "good", credential: check.code.id, accountId }
		: { kind: "reoffer", ownerId, accountId, policies: check.policies };
}

/** A session with what its key permits now; null where it, or the credential that opened it, does not count. */
export function liveSession(
	session: Session,
	state: ApiKeyState | null,
	notBefore: Seconds,
	now: Seconds,
): LiveSession | null {
	if (now >= session.expiresAt || session.startedAt < notBefore) return null;
	if (!state) return { ...session, key: null };
	const check = checkApiKey(state, { codeId: session.credential }, session.accountId, now);
	if (check.kind === "refused") return null;
	const { ownerId, policies } = check;
	return { ...session, key: { ownerId, policies } };
}

function sameMembers(a: readonly string[], b: readonly string[]): boolean {
	return a.length === b.length && a.every((member) => b.includes(member));
}
