import { HOTP, Secret, TOTP } from "otpauth/bare";
import type { Seconds } from "../domain/brands.ts";
import { hmac, isSameText } from "./digest.ts";
import type { Bytes } from "./encoding.ts";

// RFC 6238 over RFC 4226 with their defaults, since most authenticator apps take no other: SHA-1, six digits, thirty seconds. What
// of SHA-1 is broken is no part of an HMAC (RFC 4226 appendix B).

/** RFC 4226 §4 R6: at least 128 bits, and 160 are recommended. */
export const oneTimeSecretBytes = 20;
const period: Seconds = 30;
/** RFC 6238 §5.2: one step for the way and for the clock; whose clock is ninety seconds off is refused. */
const around = [-1, 0, 1];

/** Of which step (RFC 6238 §4.2) this is the code, now or a step away; null where it is none. */
export async function stepOfCode(code: string, secret: Bytes, now: Seconds): Promise<number | null> {
	const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-1" }, false, ["sign"]);
	const steps = around.map((offset) => Math.floor(now / period) + offset);
	const codes = await Promise.all(steps.map(async (step) => codeOf(step, await hmac(key, counterOf(step)))));
	return steps.find((_, index) => isSameText(codes[index] ?? "", code)) ?? null;
}

/** The secret as people type it in (RFC 4648 §6), and the address of it that authenticator apps read. */
export function enrolmentOf(
	secret: Bytes,
	{ issuer, username }: { readonly issuer: string; readonly username: string },
): { readonly secret: string; readonly uri: string } {
	const made = new TOTP({ issuer, label: username, secret: secretOf(secret), period });
	return { secret: made.secret.base32, uri: made.toString() };
}

/** The HMAC is that of the platform, which is asked for it and not waited for by the library. */
function codeOf(counter: number, mac: Bytes): string {
	return HOTP.generate({ secret: secretOf(mac), counter, digits: 6, hmac: () => mac });
}

/** RFC 4226 §5.2: eight bytes, the highest first. */
function counterOf(step: number): Bytes {
	const bytes = new Uint8Array(8);
	new DataView(bytes.buffer).setBigUint64(0, BigInt(step));
	return bytes;
}

function secretOf(bytes: Bytes): Secret {
	return new Secret({ buffer: bytes.slice().buffer });
}
