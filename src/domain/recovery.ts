import type { Hash, Seconds } from "./brands.ts";
import type { SubjectId } from "./subject.ts";

/** How many recovery codes somebody has, all made at once. */
export const recoveryCodeCount = 10;
/** NIST SP 800-63B §3.1.2.2: from 112 random bits on a plain digest is enough to keep. */
export const recoveryCodeBytes = 15;

/** Without what people take for something else: i, l, o and 1. */
const letters = "abcdefghjkmnpqrstuvwxyz023456789";
const codeLength = 24;

/** 120 bits as people can write them down: `abcd-efgh-jkmn-pqrs-tuvw-xyz2`. */
export function writeRecoveryCode(bytes: Uint8Array): string {
	const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
	const text = [...bits.matchAll(/.{5}/g)].map(([five]) => letters.charAt(Number.parseInt(five, 2))).join("");
	return (text.match(/.{4}/g) ?? []).join("-");
}

/** The code that somebody typed, as it was written; null for what is none. */
export function readRecoveryCode(typed: string): string | null {
	const text = typed.toLowerCase().replaceAll(/[\s-]/g, "").replaceAll("o", "0");
	const isOne = text.length === codeLength && Array.from(text).every((letter) => letters.includes(letter));
	return isOne ? (text.match(/.{4}/g) ?? []).join("-") : null;
}

/** How long a recovery link is good. */
export const recoveryLinkTtl: Seconds = 24 * 3600;

/**
 * Who vouches for whoever has the link: an administrator of the one account that the person belongs to, an operator, the mail
 * box that they proved to be theirs, or the deployment's own secret.
 */
export type RecoveryKind = "admin" | "operator" | "mail" | "setup";

export interface RecoveryLink {
	readonly id: string;
	/** Of the secret in the link. */
	readonly hash: Hash;
	readonly personId: SubjectId;
	readonly kind: RecoveryKind;
	/** Of `admin`, the account; else null. */
	readonly accountId: string | null;
	/** The person's id who made it; of `mail`, the address; of `setup`, that word. */
	readonly madeBy: string;
	/** A digest of what is stored of the password: with the next one the link is good no more. */
	readonly password: Hash;
	readonly createdAt: Seconds;
	readonly expiresAt: Seconds;
}
