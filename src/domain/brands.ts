/**
 * The few primitive types that every rule speaks in. Hashed, sealed and clear text never mix: a function that wants one
 * cannot be given another by mistake.
 */

/** A span or an instant in whole seconds; instants count from the epoch and end in `At`, spans end in `Ttl` or say so. */
export type Seconds = number;

/** The same in thousandths, where a second is long: between a ledger and its replicas. */
export type Milliseconds = number;

declare const kind: unique symbol;

/** A one-way digest of a secret, base64url. Safe to store, compared in constant time. */
export type Hash = string & { readonly [kind]: "hash" };

/** Text under AES-GCM that only a holder of the server's keys can open. Safe to store. */
export type Sealed = string & { readonly [kind]: "sealed" };

/** A secret in the clear: it may cross a request, never a store or a log. */
export type Clear = string & { readonly [kind]: "clear" };

/** Compares two digests in a time that tells nothing of where they differ. */
export function isSameHash(a: Hash, b: Hash): boolean {
	if (a.length !== b.length) return false;
	let difference = 0;
	for (let index = 0; index < a.length; index++) difference |= a.charCodeAt(index) ^ b.charCodeAt(index);
	return difference === 0;
}
