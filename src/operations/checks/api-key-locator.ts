import { accessCodePrefix, readAccessCode, readVisibleCode } from "../../crypto/access-code.ts";
import { sha256 } from "../../crypto/digest.ts";
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

interface FoundKey {
	readonly keyId: SubjectId;
	readonly hash: Hash;
}

/** How many codes of ours an isolate knows again, by a digest: it costs a third of the two MACs that a code is read by. */
const most = 5000;
const readBefore = new WeakMap<ServerKeys, Map<Hash, FoundKey>>();

/** The key that a presented access code is of, and the hash by which its ledger knows it; null for what is none of ours. */
export async function findApiKey(secret: string, keys: ServerKeys): Promise<FoundKey | null> {
	if (!secret.startsWith(accessCodePrefix)) return null;
	const known = readBefore.get(keys) ?? new Map<Hash, FoundKey>();
	readBefore.set(keys, known);
	const digest = await sha256(secret);
	const found = known.get(digest) ?? (await readKey(secret, keys));
	known.delete(digest);
	if (found) known.set(digest, found);
	const [oldest] = known.keys();
	if (known.size > most && oldest !== undefined) known.delete(oldest);
	return found;
}

async function readKey(secret: string, keys: ServerKeys): Promise<FoundKey | null> {
	const code = await readAccessCode(secret, keys);
	const home = code && homes[code.locator[0] ?? -1];
	if (!code || !home) return null;
	return { keyId: subjectId({ kind: "key", home, id: base64url(code.locator.subarray(1)) }), hash: code.hash };
}

/** The ids that keys can have of whose codes this is visible; null for what is no such text. */
export function keysOfVisibleCode(text: string): { readonly from: SubjectId; readonly to: SubjectId } | null {
	const [place, ...begin] = readVisibleCode(text) ?? [];
	const home = homes[place ?? -1];
	if (!home) return null;
	// The last of these characters has bits of what is not visible.
	const from = `key_${home}_${base64url(Uint8Array.from(begin)).slice(0, -1)}`;
	return { from, to: `${from}~` };
}
