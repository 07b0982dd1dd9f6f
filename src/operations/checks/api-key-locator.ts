import { readAccessCode } from "../../crypto/access-code.ts";
import { base64url, type Bytes, concat, fromBase64url } from "../../crypto/encoding.ts";
import type { ServerKeys } from "../../crypto/server-keys.ts";
import { homes, parseSubject, type SubjectId, subjectId } from "../../domain/subject.ts";
import type { Hash } from "../../domain/brands.ts";

/** A key's id in 17 bytes: the place of its home in {@link homes}, and its 16 random bytes. */
export function locatorOf(keyId: SubjectId): Bytes {
	const key = parseSubject(keyId);
	const id = key && fromBase64url(key.id);
	if (!id || key.kind !== "key") throw new TypeError("An access code is of an API key");
	return concat(Uint8Array.of(homes.indexOf(key.home)), id);
}

/** The key that a presented access code is of, and the hash by which its ledger knows it; null for what is none of ours. */
export async function findApiKey(secret: string, keys: ServerKeys): Promise<{ keyId: SubjectId; hash: Hash } | null> {
	const code = await readAccessCode(secret, keys);
	const home = code && homes[code.locator[0] ?? -1];
	if (!code || !home) return null;
	return { keyId: subjectId({ kind: "key", home, id: base64url(code.locator.subarray(1)) }), hash: code.hash };
}
