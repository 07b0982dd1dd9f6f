import type { Advance, RingAlgorithm, Rotation, SigningKeyRing, StoredSigningKey } from "../signing-key-ring.ts";

/** The rings of signing keys: one authority for the whole deployment, published for reading far away. */
export interface SigningKeyRings {
	/** A published copy, which may be some minutes old; null where there is none yet. */
	published(algorithm: RingAlgorithm): Promise<SigningKeyRing | null>;
	/**
	 * Brings the ring up to date with `advanceRing` (domain/signing-key-ring.ts), taking up candidates where they are wanted, publishes the
	 * outcome and answers with it. Null where there is no ring, and fewer than two candidates or nobody who wants one; or none any
	 * more.
	 */
	advance(
		algorithm: RingAlgorithm,
		candidates: readonly StoredSigningKey[],
		how: Advance,
	): Promise<SigningKeyRing | null>;
	/** `rotateRing`, published at once. */
	rotate(algorithm: RingAlgorithm, candidate: StoredSigningKey): Promise<Rotation | null>;
	/** `withdrawKey`, published at once. Null where the ring has no such key. */
	withdraw(algorithm: RingAlgorithm, kid: string, candidate: StoredSigningKey): Promise<SigningKeyRing | null>;
}
