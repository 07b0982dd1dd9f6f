import { base64url, concat, fromBase64url } from "./encoding.ts";
import type { ServerKeys } from "./server-keys.ts";
import { tagged, untagged } from "./tagged.ts";

/**
 * A public key: `lkp_<version ‖ environment ‖ key version ‖ MAC>` (contract 000's `apiKey`). It is no secret: it sends
 * events to one environment and does nothing else, is shown again and again, and is made anew each time from what it names.
 */
export const publicKeyPrefix = "lkp_";

export async function makePublicKey(environmentId: string, keyVersion: number, keys: ServerKeys): Promise<string> {
	const id = fromBase64url(environmentId);
	if (id?.length !== 16) throw new TypeError("An environment's id is 16 bytes");
	const version = Uint8Array.of(keyVersion >> 8, keyVersion & 0xff);
	return publicKeyPrefix + (await tagged(keys, "public key", concat(id, version)));
}

export async function readPublicKey(
	text: string,
	keys: ServerKeys,
): Promise<{ environmentId: string; keyVersion: number } | null> {
	if (!text.startsWith(publicKeyPrefix)) return null;
	const opened = await untagged(keys, "public key", text.slice(publicKeyPrefix.length), 18);
	if (!opened) return null;
	const [high = 0, low = 0] = opened.content.subarray(16);
	return { environmentId: base64url(opened.content.subarray(0, 16)), keyVersion: (high << 8) | low };
}
