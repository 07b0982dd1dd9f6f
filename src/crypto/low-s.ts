import { concat, fromBase64url } from "./encoding.ts";

// Of an ECDSA signature (r, s) anybody makes a second one, (r, n - s), that is as good. A token has one text (DESIGN §2.3), so
// ours have the lower s, and no other is taken.

/** SEC 2 §2.4.2: the order n of P-256, and the half of it. */
const order = Uint8Array.fromHex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
const half = Uint8Array.fromHex("7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8");

/** A signature by ES256, with the lower s. */
export function withLowS(signature: Uint8Array): Uint8Array {
	return isLow(signature) ? signature : concat(signature.subarray(0, 32), negative(signature.subarray(32)));
}

/** Whether a token that was signed with ES256 has the lower s. */
export function hasLowS(token: string): boolean {
	const signature = fromBase64url(token.slice(token.lastIndexOf(".") + 1));
	return signature?.length === 64 && isLow(signature);
}

/** RFC 7518 §3.4: r and s are 32 bytes each, the highest first. */
function isLow(signature: Uint8Array): boolean {
	const s = signature.subarray(32);
	const at = s.findIndex((byte, index) => byte !== half[index]);
	return at < 0 || (s[at] ?? 0) < (half[at] ?? 0);
}

/** n - s */
function negative(s: Uint8Array): Uint8Array {
	const result = new Uint8Array(32);
	let borrowed = 0;
	for (let index = 31; index >= 0; index--) {
		const difference = (order[index] ?? 0) - (s[index] ?? 0) - borrowed;
		// What is below nothing is taken modulo 256.
		result[index] = difference;
		borrowed = difference < 0 ? 1 : 0;
	}
	return result;
}
