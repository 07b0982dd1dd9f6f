import { hmac } from "../crypto/digest.ts";
import { type Bytes, utf8 } from "../crypto/encoding.ts";
import type { ServerKeys } from "../crypto/server-keys.ts";

/** What a form that makes something carries (crypto/random.ts `randomId`): sent twice, it makes one thing. */
export function isFormNonce(text: string | undefined): text is string {
	return text !== undefined && /^[A-Za-z0-9_-]{22}$/.test(text);
}

/**
 * 32 bytes that are the same for the same nonce, purpose and maker, and that nobody can choose or foretell: ids and secrets
 * are made of them, so that the second of two submits finds what the first one made.
 */
export async function bytesFor(purpose: string, nonce: string, keys: ServerKeys): Promise<Bytes> {
	const key = await keys.hmac("form nonce", keys.newest);
	if (!key) throw new RangeError("There is no newest server key");
	return hmac(key, utf8(`${purpose} ${nonce}`));
}
