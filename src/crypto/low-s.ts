import { base64url, concat, fromBase64url } from "./encoding.ts";

// Of an ECDSA signature (r, s) anybody makes a second one, (r, n - s), that is as good. A token has one text (DESIGN §2.3), so
// ours have the lower s, and no other is taken.

/** SEC 2 §2.4.2: the order n of P-256. */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const half = order / 2n;

/** A token that was signed with ES256, with the lower s. */
export function withLowS(token: string): string {
	const { head, signature } = split(token);
	const s = scalarOf(signature);
	if (s <= half) return token;
	const other = Uint8Array.fromHex((order - s).toString(16).padStart(64, "0"));
	return head + base64url(concat(signature.subarray(0, 32), other));
}

/** Whether a token that was signed with ES256 has the lower s. */
export function hasLowS(token: string): boolean {
	const { signature } = split(token);
	return signature.length === 64 && scalarOf(signature) <= half;
}

function split(token: string) {
	const start = token.lastIndexOf(".") + 1;
	return { head: token.slice(0, start), signature: fromBase64url(token.slice(start)) ?? new Uint8Array() };
}

/** RFC 7518 §3.4: r and s are 32 bytes each. */
function scalarOf(signature: Uint8Array): bigint {
	return BigInt(`0x${signature.subarray(32).toHex()}`);
}
