import { DurableObject } from "cloudflare:workers";
import {
	type Advance,
	advanceRing,
	type SigningKeyRing,
	type RingAlgorithm,
	rotateRing,
	type Rotation,
	type StoredSigningKey,
	withdrawKey,
} from "../../domain/signing-key-ring.ts";

/** The one authority for the signing keys of a deployment. Nothing is awaited between reading a ring and storing it. */
export class KeyRingObject extends DurableObject<Env> {
	advance(algorithm: RingAlgorithm, candidates: readonly StoredSigningKey[], how: Advance): SigningKeyRing | null {
		const { kv } = this.ctx.storage;
		const ring = kv.get<SigningKeyRing>(algorithm) ?? null;
		const advanced = advanceRing(ring, candidates, how, Math.floor(Date.now() / 1000));
		if (!advanced) kv.delete(algorithm);
		else if (JSON.stringify(advanced) !== JSON.stringify(ring)) kv.put(algorithm, advanced);
		return advanced;
	}

	rotate(algorithm: RingAlgorithm, candidate: StoredSigningKey): Rotation | null {
		const { kv } = this.ctx.storage;
		const ring = kv.get<SigningKeyRing>(algorithm) ?? null;
		const rotation = rotateRing(ring, candidate, Math.floor(Date.now() / 1000));
		if (rotation?.kind === "rotated") kv.put(algorithm, rotation.ring);
		return rotation;
	}

	withdraw(algorithm: RingAlgorithm, kid: string, candidate: StoredSigningKey): SigningKeyRing | null {
		const { kv } = this.ctx.storage;
		const ring = kv.get<SigningKeyRing>(algorithm) ?? null;
		const left = withdrawKey(ring, kid, candidate, Math.floor(Date.now() / 1000));
		if (left) kv.put(algorithm, left);
		return left;
	}
}
