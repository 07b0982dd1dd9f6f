/**
 * What may be a secret of ours in what somebody searches for, be it cut off or with a letter too many: each begins with what it is, but for
 * ids; and the token of a key file is a long run of base64.
 */
const secret = /(?<![\w-])lk(?!id_|p_)[a-z]*_[\w-]{14,}|(?<![\w+/-])(?!lkid_|lkp_)[\w+/-]{60,}/;

/** The first, or null where there is none. */
export function secretIn(text: string): string | null {
	return secret.exec(text)?.[0] ?? null;
}
