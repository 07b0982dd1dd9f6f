import type { Hash } from "../domain/brands.ts";
import { base64url, type Bytes, utf8 } from "./encoding.ts";
import type { Algorithm } from "./jwt.ts";

export async function sha256(data: Bytes | string): Promise<Hash> {
	return base64url(await digest(data)) as Hash;
}

/** SHA-256, as bytes. */
export async function digest(data: Bytes | string): Promise<Bytes> {
	const bytes = typeof data === "string" ? utf8(data) : data;
	return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
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

/** The same of texts, of which no bytes have to be made. */
export function isSameText(a: string, b: string): boolean {
	if (a.length !== b.length) return false;
	let difference = 0;
	for (let index = 0; index < a.length; index++) difference |= a.charCodeAt(index) ^ b.charCodeAt(index);
	return difference === 0;
}

/** The hash that each signature algorithm has inside. Ed25519 has SHA-512 (RFC 8032 §5.1). */
const hashes = { EdDSA: "SHA-512", RS256: "SHA-256", ES256: "SHA-256", PS256: "SHA-256" } as const;

/**
 * OIDC Core §3.1.3.6, `at_hash`: the left half of a token's hash, by the hash of the algorithm that the id_token beside it
 * is signed with.
 */
export async function tokenHash(token: string, algorithm: Algorithm): Promise<string> {
	const whole = new Uint8Array(await crypto.subtle.digest(hashes[algorithm], utf8(token)));
	return base64url(whole.subarray(0, whole.length / 2));
}
