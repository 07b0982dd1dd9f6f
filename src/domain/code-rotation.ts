import type { CodeState } from "./code-state.ts";
import type { Hash, Seconds } from "./brands.ts";

/** One step instead of four: a new access code comes, and the one before it ends by itself. */
export interface Rotation {
	readonly id: string;
	readonly hash: Hash;
	/** The code that it takes the place of. */
	readonly of: string;
	/** How long that one is still good; 0: it ends now. */
	readonly keepFor: Seconds;
	/** The key's other code, where it is to make room. */
	readonly remove: string | null;
}

/** How long the earlier code may go on, in days. */
export const mostRotationDays = 30;

/**
 * The codes of a key after a rotation (contract 003: at most two). Of three it is said which one goes: what has expired opens nothing
 * any more, the other one goes where it is named, and the one that is replaced, where it ends now.
 */
export function rotateCode(
	codes: readonly CodeState[],
	{ of, remove, keepFor, ...made }: Rotation,
	terms: Pick<CodeState, "createdAt" | "expiresAt">,
): readonly CodeState[] | "unknown_code" | "too_many_codes" {
	const now = terms.createdAt;
	const old = codes.find(({ id }) => id === of);
	if (!old) return "unknown_code";
	const others = codes.filter((code) => code !== old && code.id !== remove && now < code.expiresAt);
	const fresh: CodeState = { ...made, enabled: true, ...terms };
	if (others.length > 0) return keepFor === 0 ? [...others, fresh] : "too_many_codes";
	// It never gets longer than it was.
	const expiresAt = Math.min(old.expiresAt, now + keepFor);
	return [{ ...old, expiresAt, replaced: { by: made.id, at: now } }, fresh];
}
