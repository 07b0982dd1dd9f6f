import { advanceRing, type KeyRing, type RingAlgorithm } from "../../domain/signing-key-ring.ts";
import type { KeyRings } from "../../domain/ports/signing-key-rings.ts";
import type { Seconds } from "../../domain/brands.ts";

export function memoryKeyRings(now: () => Seconds): KeyRings {
	const rings = new Map<RingAlgorithm, KeyRing>();
	return {
		async published(algorithm) {
			return structuredClone(rings.get(algorithm) ?? null);
		},
		async advance(algorithm, candidates, rotateEvery) {
			const ring = advanceRing(rings.get(algorithm) ?? null, structuredClone(candidates), rotateEvery, now());
			if (ring) rings.set(algorithm, ring);
			return structuredClone(ring);
		},
	};
}
