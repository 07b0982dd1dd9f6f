import { type RingAlgorithm, ringAlgorithms } from "../../domain/signing-key-ring.ts";
import { createSigningRing, type RingParts, type SigningRing } from "./signing-ring.ts";

/** The rings of signing keys, one for each algorithm. */
export interface SigningKeys {
	/** Signs access tokens. Ed25519: small, fast, and the same signature each time (contract 001). */
	readonly accessTokens: SigningRing;
	/** Signs id_tokens, by the algorithm that a client registered. */
	ring(algorithm: RingAlgorithm): SigningRing;
	/**
	 * RFC 7517 §5: the public keys of every algorithm that a client may register, so that a verifier who fetched them before
	 * the first token of an algorithm need not fetch them again.
	 */
	publicKeys(): Promise<readonly Readonly<Record<string, string>>[]>;
	/** For the cron: takes up new keys when it is time. */
	rotate(): Promise<void>;
	/** Whether any ring had the key. */
	withdraw(kid: string): Promise<boolean>;
}

export function createSigningKeys(parts: RingParts): SigningKeys {
	const rings = new Map(ringAlgorithms.map((algorithm) => [algorithm, createSigningRing(algorithm, parts)]));
	const all = [...rings.values()];
	const ring = (algorithm: RingAlgorithm) => {
		const found = rings.get(algorithm);
		if (!found) throw new RangeError(`There is no ring of ${algorithm}`);
		return found;
	};
	const accessTokens = ring("EdDSA");
	return {
		accessTokens,
		ring,
		publicKeys: async () => (await Promise.all(all.map((each) => each.publicKeys()))).flat(),
		rotate: async () => {
			await Promise.all(all.map((each) => each.rotate(each === accessTokens)));
		},
		withdraw: async (kid) => {
			for (const each of all) if ((await each.kids()).includes(kid)) return each.withdraw(kid);
			return false;
		},
	};
}
