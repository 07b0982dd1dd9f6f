import type { Sealed, Seconds } from "./brands.ts";

/**
 * The ring of one signature algorithm: next → current → previous. `next` is published long before it signs, so that no
 * verifier meets a `kid` that its cached JWKS lacks; `previous` stays until nothing that it signed is valid any more.
 */
export interface SigningKeyRing {
	readonly next: StoredSigningKey;
	readonly current: StoredSigningKey;
	/** When `current` began to sign. */
	readonly currentSince: Seconds;
	readonly previous: readonly RetiredKey[];
}

export interface StoredSigningKey {
	/** RFC 7638 thumbprint. */
	readonly kid: string;
	readonly algorithm: RingAlgorithm;
	/** The public JWK, without `kid`, `use` and `alg`. */
	readonly publicJwk: Readonly<Record<string, string>>;
	/** The private JWK, sealed by the server's keys. */
	readonly privateJwk: Sealed;
	readonly createdAt: Seconds;
}

interface RetiredKey extends StoredSigningKey {
	readonly retiredAt: Seconds;
}

/** EdDSA signs access tokens, and id_tokens for those who ask for it; RS256 id_tokens, unless another was registered. */
export const ringAlgorithms = ["EdDSA", "RS256", "ES256", "PS256"] as const;
export type RingAlgorithm = (typeof ringAlgorithms)[number];

/** How long `next` is published before it signs: far longer than a JWKS may be cached. */
export const publishAhead: Seconds = 86_400;
/** How long a retired key is kept: the longest life of what it signed, and an hour for clocks. */
export const retiredTtl: Seconds = 86_400 + 3600;

/** How many new keys {@link advanceRing} would take up now. */
export function signingKeysWanted(ring: SigningKeyRing | null, rotateEvery: Seconds, now: Seconds): 0 | 1 | 2 {
	if (!ring) return 2;
	return isDue(ring, rotateEvery, now) ? 1 : 0;
}

/** The ring as it is to be now. Candidates that are not wanted are left alone, so that a late or second call changes nothing. */
export function advanceRing(
	ring: SigningKeyRing | null,
	candidates: readonly StoredSigningKey[],
	rotateEvery: Seconds,
	now: Seconds,
): SigningKeyRing | null {
	const [first, second] = candidates;
	if (!ring) return first && second ? { current: first, next: second, currentSince: now, previous: [] } : null;
	const previous = ring.previous.filter((key) => now < key.retiredAt + retiredTtl);
	if (!isDue(ring, rotateEvery, now) || !first) return { ...ring, previous };
	return {
		next: first,
		current: ring.next,
		currentSince: now,
		previous: [{ ...ring.current, retiredAt: now }, ...previous],
	};
}

/**
 * The ring without a key that is not to be believed any more; null where it has no such key. What was `next` signs in the
 * place of `current`, and the candidate follows it.
 */
export function withdrawKey(
	ring: SigningKeyRing | null,
	kid: string,
	candidate: StoredSigningKey,
	now: Seconds,
): SigningKeyRing | null {
	if (!ring || !ringKeys(ring).some((key) => key.kid === kid)) return null;
	if (ring.current.kid === kid) return { ...ring, current: ring.next, currentSince: now, next: candidate };
	if (ring.next.kid === kid) return { ...ring, next: candidate };
	return { ...ring, previous: ring.previous.filter((key) => key.kid !== kid) };
}

/** Every key that a verifier may meet, the signing one first. */
export function ringKeys(ring: SigningKeyRing): readonly StoredSigningKey[] {
	return [ring.current, ring.next, ...ring.previous];
}

function isDue(ring: SigningKeyRing, rotateEvery: Seconds, now: Seconds): boolean {
	// `next` joined the ring when `current` began to sign; its own `createdAt` is by another clock.
	return now >= ring.currentSince + Math.max(rotateEvery, publishAhead);
}
