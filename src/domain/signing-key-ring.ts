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
	/** Since when somebody chose the algorithm. Left out in a ring that was made before that was asked for. */
	readonly wantedSince?: Seconds;
	/** When a ring goes that nobody has chosen: long after the last that it signed. */
	readonly endsAt?: Seconds;
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

/**
 * In the order of the key set: RSA, then EC, then OKP. What fewest verifiers know stands last, so that one which gives up at it
 * has had the others.
 */
export const ringAlgorithms = ["RS256", "PS256", "ES256", "EdDSA"] as const;
export type RingAlgorithm = (typeof ringAlgorithms)[number];

/**
 * What signs where nobody chose: these two rings are always there, any other once it is wanted. RFC 9068 §2.1 would have RS256
 * for access tokens too, at ten times the cost of ES256, which all but a few verifiers know; OIDC Core §15.1 has it for id_tokens.
 */
export const presetAlgorithms = { accessToken: "ES256", idToken: "RS256" } as const satisfies Readonly<
	Record<string, RingAlgorithm>
>;

/** How long `next` is published before it signs: far longer than a JWKS may be cached. */
export const publishAhead: Seconds = 86_400;
/** How long a retired key is kept: the longest life of what it signed, and an hour for clocks. */
export const retiredTtl: Seconds = 86_400 + 3600;
/** How long a copy of the key set may be kept elsewhere: so long goes on what was withdrawn. */
export const keySetTtl: Seconds = 300;
/**
 * How long a ring that was made because somebody chose it is published before it signs for strangers to that choice: a key set
 * is cached for 300 s, and made of a copy that is 90 s old at most.
 */
export const settlingTime: Seconds = 600;

/** Whether somebody chose this algorithm, or everybody has it who chose none. */
export function isWanted({ current, wantedSince }: SigningKeyRing): boolean {
	return isPreset(current.algorithm) || wantedSince !== undefined;
}

export function isPreset(algorithm: RingAlgorithm): boolean {
	return Object.values<RingAlgorithm>(presetAlgorithms).includes(algorithm);
}

/** Whether no cached copy of the key set is without it any more. What stands in every key set from the beginning is at once. */
export function isSettled(ring: SigningKeyRing, now: Seconds): boolean {
	const { current, wantedSince } = ring;
	return isPreset(current.algorithm) || (wantedSince !== undefined && now >= wantedSince + settlingTime);
}

export interface Advance {
	readonly rotateEvery: Seconds;
	/** Somebody chose the algorithm. */
	readonly isWanted: boolean;
}

/** How many new keys {@link advanceRing} would take up now. */
export function signingKeysWanted(ring: SigningKeyRing | null, how: Advance, now: Seconds): 0 | 1 | 2 {
	if (!ring) return how.isWanted ? 2 : 0;
	return (how.isWanted || isWanted(ring)) && isDue(ring, how.rotateEvery, now) ? 1 : 0;
}

/**
 * The ring as it is to be now, or null. Candidates that are not wanted are left alone, so that a late or second call changes
 * nothing. A ring that nobody has chosen by the time of its next key gets none: what it signed lives on, and then it ends.
 */
export function advanceRing(
	ring: SigningKeyRing | null,
	candidates: readonly StoredSigningKey[],
	how: Advance,
	now: Seconds,
): SigningKeyRing | null {
	const [first, second] = candidates;
	if (!ring) {
		if (!how.isWanted || !first || !second) return null;
		return { current: first, next: second, currentSince: now, previous: [], wantedSince: now };
	}
	const { endsAt, ...rest } = ring;
	const previous = ring.previous.filter((key) => now < key.retiredAt + retiredTtl);
	const wanted = { ...rest, previous, ...(how.isWanted && { wantedSince: ring.wantedSince ?? now }) };
	const due = isDue(ring, how.rotateEvery, now);
	if (!isWanted(wanted)) {
		if (endsAt === undefined) return due ? { ...wanted, endsAt: now + retiredTtl } : wanted;
		return now >= endsAt ? null : { ...wanted, endsAt };
	}
	if (!due || !first) return wanted;
	return {
		...wanted,
		next: first,
		current: ring.next,
		currentSince: now,
		previous: [{ ...ring.current, retiredAt: now }, ...previous],
	};
}

export type Rotation =
	| { readonly kind: "rotated"; readonly ring: SigningKeyRing }
	/** A cached key set may be without `next` until then. */
	| { readonly kind: "too_early"; readonly at: Seconds };

/** From when on no cached copy of the key set is without `next`. */
export function nextSettlesAt({ next, currentSince }: SigningKeyRing): Seconds {
	return Math.max(currentSince, next.createdAt) + settlingTime;
}

/**
 * The ring with `next` signing before its time, what signed until now retired, and the candidate to come after it. Null where
 * there is no ring that anybody wants. Of two at once one rotates: the other finds a key that has only just been published.
 */
export function rotateRing(ring: SigningKeyRing | null, candidate: StoredSigningKey, now: Seconds): Rotation | null {
	if (!ring || !isWanted(ring)) return null;
	const at = nextSettlesAt(ring);
	if (now < at) return { kind: "too_early", at };
	const { current, next, previous } = ring;
	const retired = [{ ...current, retiredAt: now }, ...previous];
	return { kind: "rotated", ring: { ...ring, next: candidate, current: next, currentSince: now, previous: retired } };
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
