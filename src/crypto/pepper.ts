import type { Hash } from "../domain/brands.ts";
import { hmac } from "./digest.ts";
import { base64url, utf8 } from "./encoding.ts";
import type { ServerKeys } from "./server-keys.ts";

/**
 * HMAC-SHA-256 under a server key: what is stored of a high-entropy secret. Whoever copies the storage cannot even test
 * a guess without the key. Null where the version is gone.
 */
export async function pepper(keys: ServerKeys, purpose: string, secret: string, version: number): Promise<Hash | null> {
	const key = await keys.hmac(`pepper ${purpose}`, version);
	return key && (base64url(await hmac(key, utf8(secret))) as Hash);
}
