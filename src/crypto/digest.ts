import type { Hash } from "../domain/brands.ts";
import { base64url, type Bytes, utf8 } from "./encoding.ts";

export async function sha256(data: Bytes | string): Promise<Hash> {
	const bytes = typeof data === "string" ? utf8(data) : data;
	return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))) as Hash;
}

export async function hmac(key: CryptoKey, data: Bytes): Promise<Bytes> {
	return new Uint8Array(await crypto.subtle.sign("HMAC", key, data));
}

/** Compares in a time that tells nothing of where they differ. */
export function isSameBytes(a: Uint8Array, b: Uint8Array): boolean {
	if (a.length !== b.length) return false;
	let difference = 0;
	for (let index = 0; index < a.length; index++) difference |= (a[index] ?? 0) ^ (b[index] ?? 0);
	return difference === 0;
}
