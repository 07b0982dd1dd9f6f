import { homes, parseSubject, type SubjectId, subjectId } from "../domain/subject.ts";
import type { Clear, Hash } from "../domain/words.ts";
import { withChecksum, withoutChecksum } from "./checksum.ts";
import { concat, fromBase64url, base64url } from "./encoding.ts";
import { pepper } from "./pepper.ts";
import type { Random } from "./random.ts";
import type { ServerKeys } from "./server-keys.ts";
import { tagged, untagged } from "./tagged.ts";

/**
 * An access code: `lk_ <version ‖ home ‖ key ‖ 32 random bytes ‖ MAC> <checksum>`. It names its key under a MAC, so that
 * a check goes straight to the key's ledger and garbage goes nowhere (DESIGN §2).
 */
export const accessCodePrefix = "lk_";

const locatorLength = 1 + 16;

/** Makes the secret of one more code for a key. */
export async function makeAccessCode(keyId: SubjectId, keys: ServerKeys, random: Random): Promise<Clear> {
	const key = parseSubject(keyId);
	const id = key && fromBase64url(key.id);
	if (!key || !id || key.kind !== "key") throw new TypeError("An access code is of an API key");
	const content = concat(Uint8Array.of(homes.indexOf(key.home)), id, random(32));
	return withChecksum(accessCodePrefix + (await tagged(keys, "access code", content))) as Clear;
}

/** The key that a presented secret is of and the hash by which its ledger knows it; null for what is none of ours. */
export async function readAccessCode(text: string, keys: ServerKeys): Promise<{ keyId: SubjectId; hash: Hash } | null> {
	const body = text.startsWith(accessCodePrefix) ? withoutChecksum(text) : null;
	if (!body) return null;
	const opened = await untagged(keys, "access code", body.slice(accessCodePrefix.length), locatorLength + 32);
	const home = opened && homes[opened.content[0] ?? -1];
	if (!opened || !home) return null;
	const keyId = subjectId({ kind: "key", home, id: base64url(opened.content.subarray(1, locatorLength)) });
	const hash = await pepper(keys, "access code", text, opened.version);
	return hash && { keyId, hash };
}
