import { logLine, thrown } from "../../domain/log-line.ts";
import type { SigningKeyRing, RingAlgorithm } from "../../domain/signing-key-ring.ts";
import type { SigningKeyRings } from "../../domain/ports/signing-key-rings.ts";
import type { KeyRingObject } from "./key-ring-object.ts";
import { readStored } from "../sql/stored-json.ts";
import { repeatOnce } from "./repeat-once.ts";

/** The rings in their object, and a copy in KV, so that a cold isolate far away need not cross the world (DESIGN §8). */
export function keyRings(namespace: DurableObjectNamespace<KeyRingObject>, kv: KVNamespace): SigningKeyRings {
	return {
		async published(algorithm) {
			const text = await kv.get(publishedName(algorithm));
			// What cannot be read is a miss: the object has the ring.
			return text === null ? null : readStored<SigningKeyRing | null>(text, null, { table: "KV ring", id: algorithm });
		},
		async advance(algorithm, candidates, how) {
			// Once it is up to date, advancing it again changes nothing: a call that broke can be repeated.
			const ring = await repeatOnce(() => object(namespace).advance(algorithm, candidates, how));
			await publish(kv, algorithm, ring);
			return ring;
		},
		// Not repeated: the second time it would be too early.
		async rotate(algorithm, candidate) {
			const rotation = await object(namespace).rotate(algorithm, candidate);
			if (rotation?.kind === "rotated") await publish(kv, algorithm, rotation.ring);
			return rotation;
		},
		// Not repeated: the second time there is no such key any more.
		async withdraw(algorithm, kid, candidate) {
			const ring = await object(namespace).withdraw(algorithm, kid, candidate);
			if (ring) await publish(kv, algorithm, ring);
			return ring;
		},
	};
}

/** What of the object is called from here, and where it answers. */
type Calls = {
	readonly [Method in "advance" | "rotate" | "withdraw"]: (
		...args: Parameters<KeyRingObject[Method]>
	) => Promise<ReturnType<KeyRingObject[Method]>>;
};

function object(namespace: DurableObjectNamespace<KeyRingObject>): Calls {
	return namespace.getByName("signing-keys");
}

/** Compares with what is there, so that a copy that could not be put, or that an older one overtook, is put right later. */
async function publish(kv: KVNamespace, algorithm: RingAlgorithm, ring: SigningKeyRing | null): Promise<void> {
	const name = publishedName(algorithm);
	try {
		const text = ring && JSON.stringify(ring);
		if ((await kv.get(name)) === text) return;
		await (text === null ? kv.delete(name) : kv.put(name, text));
	} catch (error) {
		// Whoever misses the copy asks the object.
		console.error(logLine(new Date(), "key_ring.publish_failed", { algorithm, ...thrown(error) }));
	}
}

function publishedName(algorithm: RingAlgorithm): string {
	return `ring:${algorithm}`;
}
