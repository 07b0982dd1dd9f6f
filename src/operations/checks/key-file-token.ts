import { fromBase64url, utf8 } from "../../crypto/encoding.ts";
import type { ServerKeys } from "../../crypto/server-keys.ts";
import type { SubjectId } from "../../domain/subject.ts";
import { findApiKey } from "./api-key-locator.ts";
import { uuidOf } from "./api-key-uuid.ts";

/** What a key file says (contract 004). `token` is base64 of `id:key`. */
export interface KeyFile {
	readonly url: string;
	readonly id: string;
	readonly key: string;
	readonly token: string;
}

export function makeKeyFile(
	keyId: SubjectId,
	secret: string,
	config: { issuer: string; keyFilePrefix: string },
): KeyFile {
	const id = `${config.keyFilePrefix}-${uuidOf(keyId)}`;
	return { url: config.issuer, id, key: secret, token: utf8(`${id}:${secret}`).toBase64() };
}

/** Longer than any token of a key file is. */
const maxLength = 512;
const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const form = new RegExp(`^[A-Z]{2,8}-(${uuid}):(lk_[\\w-]+)$`);

/**
 * The access code inside a key file's token, where the id before it is that of the code's key; null for anything else. The
 * prefix is not compared: files that were made before it was configured anew are still good. Padding may be missing, as
 * some tools cut it off; a text that is base64 in any other than the one way is refused.
 */
export async function readKeyFileToken(bearer: string, keys: ServerKeys): Promise<string | null> {
	if (bearer.length > maxLength) return null;
	const unpadded = bearer.replace(/={1,2}$/, "");
	if (bearer !== unpadded && bearer.length % 4 !== 0) return null;
	if (!/^[A-Za-z0-9+/]+$/.test(unpadded)) return null;
	// RFC 4648 §3.5: stray bits would make two texts of one token.
	const bytes = fromBase64url(unpadded.replaceAll("+", "-").replaceAll("/", "_"));
	const match = bytes && form.exec(latin1(bytes));
	const secret = match?.[2];
	if (secret === undefined) return null;
	const code = await findApiKey(secret, keys);
	return code && uuidOf(code.keyId) === match?.[1] ? secret : null;
}

/** ASCII as it is; the pattern refuses the rest. */
function latin1(bytes: Uint8Array): string {
	return String.fromCharCode(...bytes);
}
