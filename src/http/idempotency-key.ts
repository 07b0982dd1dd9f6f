import type { Documentation } from "./documentation.ts";

/**
 * A POST of this API that changes something and is opened by whose it is: those of the standards have their own rules. A public key is
 * nobody's own, and what it opens takes bodies that are longer and answers that are no text.
 */
export function takesIdempotencyKey(
	method: string,
	path: string,
	{ credentials, changesNothing }: Documentation,
): boolean {
	const isOwn = credentials.includes("bearer") && !credentials.includes("public_key");
	return method === "POST" && path.startsWith("/v1/") && isOwn && !changesNothing;
}

export const longestIdempotencyKey = 255;

/** RFC 9651 §3.3.3 */
const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])+)"$/;
/** What programs send that write no structured field, as most do: a UUID, or another token without quotes. */
const bare = /^[\w.:~+/=-]+$/;

/**
 * draft-ietf-httpapi-idempotency-key-header-07 §2.1: a string of RFC 9651. Null for what is none, or is sent twice, or has more than
 * {@link longestIdempotencyKey} characters.
 */
export function readIdempotencyKey(field: string): string | null {
	const text = field.trim();
	const key = quoted.exec(text)?.[1]?.replaceAll(/\\(.)/g, "$1") ?? (bare.test(text) ? text : null);
	return key !== null && key.length <= longestIdempotencyKey ? key : null;
}
