import type { Algorithm } from "./jwt.ts";
import { base64url, utf8 } from "./encoding.ts";

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
