import fc from "fast-check";
import { expect, test } from "vitest";
import { withChecksum } from "../../../src/crypto/checksum.ts";
import { base64url } from "../../../src/crypto/encoding.ts";
import { hasLowS, withLowS } from "../../../src/crypto/low-s.ts";

/** SEC 2 §2.4.2 */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const half = order / 2n;
const near = (n: bigint) => fc.bigInt({ min: n - 300n, max: n + 300n });
const scalar = fc.oneof(
	fc.bigInt({ min: 1n, max: order - 1n }),
	near(half),
	fc.bigInt({ min: 1n, max: 300n }),
	fc.bigInt({ min: order - 300n, max: order - 1n }),
);

test("of the two signatures that are as good, a token has the one with the lower s", () => {
	fc.assert(
		fc.property(scalar, fc.uint8Array({ minLength: 32, maxLength: 32 }), (s, r) => {
			const [either, lower] = [signatureOf(r, s), signatureOf(r, s <= half ? s : order - s)];
			expect([withLowS(either), withLowS(lower)]).toEqual([lower, lower]);
			expect([hasLowS(tokenWith(either)), hasLowS(tokenWith(lower))]).toEqual([s <= half, true]);
		}),
	);
});

test("a signature of another length has none", () => {
	const signature = signatureOf(new Uint8Array(32), 1n);
	expect(hasLowS(tokenWith(signature))).toBe(true);
	for (const length of [0, 31, 32, 63]) expect(hasLowS(tokenWith(signature.subarray(0, length)))).toBe(false);
	expect(hasLowS(tokenWith(Uint8Array.from([...signature, 0])))).toBe(false);
});

test("the checksum is CRC-32 as IEEE 802.3 has it: of 123456789 it is cbf43926", () => {
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	const written = withChecksum("123456789").slice(9);
	expect(written.split("").reduce((sum, digit) => sum * 62 + digits.indexOf(digit), 0)).toBe(0xcbf43926);
});

function signatureOf(r: Uint8Array, s: bigint): Uint8Array {
	return Uint8Array.from([...r, ...Uint8Array.fromHex(s.toString(16).padStart(64, "0"))]);
}

function tokenWith(signature: Uint8Array): string {
	return `a.b.${base64url(signature)}`;
}
