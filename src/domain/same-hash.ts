import type { Hash } from "./brands.ts";

/** Compares two digests in a time that tells nothing of where they differ. */
export function isSameHash(a: Hash, b: Hash): boolean {
	if (a.length !== b.length) return false;
	let difference = 0;
	for (let index = 0; index < a.length; index++) difference |= a.charCodeAt(index) ^ b.charCodeAt(index);
	return difference === 0;
}
