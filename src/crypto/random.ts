import { base64url, type Bytes } from "./encoding.ts";

/** Injected, so that a test may say what is random. */
export type Random = (length: number) => Bytes;

export const systemRandom: Random = (length) => crypto.getRandomValues(new Uint8Array(length));

/** 22 characters of base64url: 16 random bytes. */
export function randomId(random: Random): string {
	return base64url(random(16));
}
