import { generateSigningKey, importSigningKey } from "../../crypto/jwt.ts";
import { sealText, unsealText } from "../../crypto/sealing.ts";
import type { ServerKeys } from "../../crypto/server-keys.ts";
import {
	type Advance,
	isPreset,
	isSettled,
	isWanted,
	publishAhead,
	type RingAlgorithm,
	ringKeys,
	type Rotation,
	type SigningKeyRing,
	signingKeysWanted,
	type StoredSigningKey,
} from "../../domain/signing-key-ring.ts";
import type { SigningKeyRings } from "../../domain/ports/signing-key-rings.ts";
import type { Seconds } from "../../domain/brands.ts";
import { staleness } from "../lookups.ts";
import { patiently, sharedFor } from "../shared-answer.ts";

/** The ring of one algorithm as an isolate sees it. There is one where signatures by it are wanted, and else there may be none. */
export interface SigningRing {
	readonly algorithm: RingAlgorithm;
	/** The key that signs now, of a ring that is made if need be. */
	current(): Promise<SigningKey>;
	/** The same, once no cached key set can be without it; null until then. */
	settled(): Promise<SigningKey | null>;
	/** A key that may still sign what it has signed before; null once it is gone. */
	signer(kid: string): Promise<SigningKey | null>;
	/** Null for a `kid` that is not of this ring, or not any more. */
	verifier(kid: string): Promise<CryptoKey | null>;
	/** The `kid`s of every key that has not gone. */
	kids(): Promise<readonly string[]>;
	/** Has the ring made, and published, where it is not there yet. */
	want(): Promise<void>;
	/** As this isolate sees it; null where there is none. */
	ring(): Promise<SigningKeyRing | null>;
	/** The same where nobody has to be asked for it; undefined where somebody has. */
	atHand(): SigningKeyRing | null | undefined;
	/** Has `next` sign before its time. Null where there is no ring. */
	rotateNow(): Promise<Rotation | null>;
	/** Takes up a new key when it is time, and ends what nobody wants. */
	rotate(): Promise<void>;
	/** Whether the ring had the key: it is gone then, and this isolate knows. */
	withdraw(kid: string): Promise<boolean>;
}

export interface SigningKey {
	readonly kid: string;
	readonly key: CryptoKey;
	readonly algorithm: RingAlgorithm;
}

/**
 * How long an isolate goes on with the ring that it has read, and so with a key that was withdrawn; nor does it ask sooner for
 * a `kid` that it does not know, or strangers' tokens would decide how often.
 */
const ringTtl: Seconds = staleness;

export interface RingParts {
	readonly keyRings: SigningKeyRings;
	readonly serverKeys: ServerKeys;
	readonly rotateEvery: Seconds;
	readonly now: () => Seconds;
	/** Has work go on though the request that began it has ended. */
	readonly later: (work: Promise<void>) => void;
}

export function createSigningRing(algorithm: RingAlgorithm, parts: RingParts): SigningRing {
	const { keyRings, serverKeys, rotateEvery, now, later } = parts;
	let known: { readonly ring: SigningKeyRing | null; readonly at: Seconds } | null = null;
	let loading: Loading<SigningKeyRing | null> | null = null;
	let making: Loading<SigningKeyRing> | null = null;
	const privateKeys = new Map<string, Promise<CryptoKey>>();
	const publicKeys = new Map<string, Promise<CryptoKey>>();

	async function makeKey(): Promise<StoredSigningKey> {
		const { kid, publicJwk, privateJwk } = await generateSigningKey(algorithm);
		const sealed = await sealText(serverKeys, "signing key", kid, privateJwk);
		return { kid, algorithm, publicJwk, privateJwk: sealed, createdAt: now() };
	}

	async function advance(from: SigningKeyRing | null, how: Advance): Promise<SigningKeyRing | null> {
		const candidates = Array.from({ length: signingKeysWanted(from, how, now()) }, makeKey);
		return keyRings.advance(algorithm, await Promise.all(candidates), how);
	}

	async function make(): Promise<SigningKeyRing> {
		const how = { rotateEvery, isWanted: true };
		// Others may have made it a moment ago, for a copy that is not everywhere yet: keys are made where there are none.
		const there = (await keyRings.published(algorithm)) ?? (await keyRings.advance(algorithm, [], how));
		// The published copy may be there and the authority's own not: it starts as from nothing then.
		const made = (await advance(there, how)) ?? (await advance(null, how));
		if (!made) throw new Error(`The ring of ${algorithm} was not made`);
		return made;
	}

	async function load(): Promise<SigningKeyRing | null> {
		return (await keyRings.published(algorithm)) ?? (isPreset(algorithm) ? make() : null);
	}

	function begin() {
		const mine = { ring: load(), since: now() };
		loading = mine;
		later(mine.ring.then(ignore, ignore));
		return mine;
	}

	function atHand(): SigningKeyRing | null | undefined {
		return known && now() - known.at < ringTtl ? known.ring : undefined;
	}

	async function ring(): Promise<SigningKeyRing | null> {
		const found = atHand();
		if (found !== undefined) return found;
		// Those who come meanwhile wait for the same answer, but not for one that may never come (see shared-answer.ts).
		const others = loading && now() - loading.since < sharedFor ? loading : null;
		const mine = others ?? begin();
		try {
			known = { ring: others ? await patiently(others.ring, () => begin().ring) : await mine.ring, at: now() };
		} catch (error) {
			// The ring that was good a moment ago still is: `next` was published a day before it signs.
			if (!known || now() - known.at >= publishAhead) throw error;
		} finally {
			if (loading === mine) loading = null;
		}
		return known.ring;
	}

	/** The ring, made where there is none, or none that anybody wanted so far. */
	async function wanted(): Promise<SigningKeyRing> {
		const found = await ring();
		if (found && isWanted(found)) return found;
		const others = making && now() - making.since < sharedFor ? making : null;
		const mine = others ?? beginMaking();
		try {
			const made = others ? await patiently(others.ring, () => beginMaking().ring) : await mine.ring;
			known = { ring: made, at: now() };
			return made;
		} finally {
			if (making === mine) making = null;
		}
	}

	function beginMaking() {
		const mine = { ring: make(), since: now() };
		making = mine;
		later(mine.ring.then(ignore, ignore));
		return mine;
	}

	async function keys(): Promise<readonly StoredSigningKey[]> {
		const found = await ring();
		return found ? ringKeys(found) : [];
	}

	async function find(kid: string): Promise<StoredSigningKey | null> {
		return (await keys()).find((key) => key.kid === kid) ?? null;
	}

	async function openPrivateKey(key: StoredSigningKey): Promise<CryptoKey> {
		const jwk = await unsealText(serverKeys, "signing key", key.kid, key.privateJwk);
		if (jwk === null) throw new Error(`The signing key ${key.kid} is sealed by a server key that is not configured`);
		return importSigningKey(JSON.parse(jwk) as Record<string, string>, algorithm);
	}

	async function toSigner(key: StoredSigningKey): Promise<SigningKey> {
		return { kid: key.kid, key: await cached(privateKeys, key.kid, () => openPrivateKey(key)), algorithm };
	}

	return {
		algorithm,
		current: async () => toSigner((await wanted()).current),
		settled: async () => {
			const found = await ring();
			if (!found || !isWanted(found)) later(wanted().then(ignore, ignore));
			return found && isSettled(found, now()) ? toSigner(found.current) : null;
		},
		signer: async (kid) => {
			const key = await find(kid);
			return key && toSigner(key);
		},
		verifier: async (kid) => {
			const key = await find(kid);
			return key && cached(publicKeys, kid, () => importSigningKey(key.publicJwk, algorithm));
		},
		kids: async () => (await keys()).map((key) => key.kid),
		want: async () => void (await wanted()),
		rotate: async () => {
			const advanced = isPreset(algorithm)
				? await make()
				: await advance(await keyRings.published(algorithm), { rotateEvery, isWanted: false });
			known = { ring: advanced, at: now() };
		},
		ring,
		atHand,
		rotateNow: async () => {
			const rotation = await keyRings.rotate(algorithm, await makeKey());
			if (rotation?.kind === "rotated") known = { ring: rotation.ring, at: now() };
			return rotation;
		},
		withdraw: async (kid) => {
			const left = await keyRings.withdraw(algorithm, kid, await makeKey());
			if (left) known = { ring: left, at: now() };
			return left !== null;
		},
	};
}

interface Loading<Ring> {
	readonly ring: Promise<Ring>;
	readonly since: Seconds;
}

function ignore(): void {}

/** Imported keys are kept: importing anew would double the cost of a signature. A ring holds few of them. */
function cached(
	keys: Map<string, Promise<CryptoKey>>,
	kid: string,
	make: () => Promise<CryptoKey>,
): Promise<CryptoKey> {
	const known = keys.get(kid);
	if (known) return known;
	const made = make();
	keys.set(kid, made);
	made.catch(() => keys.delete(kid));
	return made;
}
