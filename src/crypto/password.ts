import { scrypt } from "node:crypto";
import { isSameBytes } from "./digest.ts";
import { base64url, type Bytes, fromBase64url, utf8 } from "./encoding.ts";
import type { Random } from "./random.ts";

/**
 * Passwords by scrypt (RFC 7914), N = 2^14, r = 8, p = 5, as `scrypt$14$8$5$<salt>$<hash>`. It blocks the isolate for a
 * tenth of a second and more, so at most two are under way at once and the third is told to come again.
 */
export interface Passwords {
	/** Null where it is too busy. */
	hash(password: string): Promise<string | null>;
	/** A person who is not there costs the same time as one who is: pass null for the stored hash. */
	verify(password: string, stored: string | null): Promise<boolean | "busy">;
}

const cost = { log2N: 14, r: 8, p: 5 };
const keyLength = 32;
const atOnce = 2;

export function createPasswords(random: Random): Passwords {
	let running = 0;
	async function limited<Result>(work: () => Promise<Result>): Promise<Result | null> {
		if (running >= atOnce) return null;
		running++;
		try {
			// workerd computes scrypt in one go. Without a pause before it nobody else would be seen to wait, nor refused.
			await new Promise((resolve) => setTimeout(resolve, 0));
			return await work();
		} finally {
			running--;
		}
	}
	return {
		hash: (password) =>
			limited(async () => {
				const salt = random(16);
				const key = await derive(password, salt);
				return `scrypt$${cost.log2N}$${cost.r}$${cost.p}$${base64url(salt)}$${base64url(key)}`;
			}),
		verify: async (password, stored) => {
			const right = await limited(async () => {
				const parsed = stored === null ? null : parse(stored);
				const key = await derive(password, parsed?.salt ?? new Uint8Array(16));
				return parsed !== null && isSameBytes(key, parsed.key);
			});
			return right ?? "busy";
		},
	};
}

function parse(stored: string): { salt: Bytes; key: Bytes } | null {
	const match = /^scrypt\$14\$8\$5\$([\w-]+)\$([\w-]+)$/.exec(stored);
	const salt = fromBase64url(match?.[1] ?? "");
	const key = fromBase64url(match?.[2] ?? "");
	return salt && key && key.length === keyLength ? { salt, key } : null;
}

function derive(password: string, salt: Bytes): Promise<Bytes> {
	const { log2N, r, p } = cost;
	const N = 2 ** log2N;
	// One person's keyboard may compose é in another way than the next one's.
	const secret = utf8(password.normalize("NFKC"));
	return new Promise((resolve, reject) => {
		scrypt(secret, salt, keyLength, { N, r, p, maxmem: 256 * N * r }, (error, key) => {
			if (error) reject(error);
			else resolve(Uint8Array.from(key));
		});
	});
}
