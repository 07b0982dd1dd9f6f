import { generateSigningKey, importSigningKey } from "../../crypto/jwt.ts";
import { sealText, unsealText } from "../../crypto/sealing.ts";
import type { ServerKeys } from "../../crypto/server-keys.ts";
import {
	type SigningKeyRing,
	signingKeysWanted,
	publishAhead,
	type RingAlgorithm,
	type StoredSigningKey,
	ringKeys,
} from "../../domain/signing-key-ring.ts";
import type { SigningKeyRings } from "../../domain/ports/signing-key-rings.ts";
import type { Seconds } from "../../domain/brands.ts";
import { staleness } from "../lookups.ts";
import { patiently, sharedFor } from "../shared-answer.ts";

/** The ring of one algorithm as an isolate sees it; made when it is first asked for. */
export interface SigningRing {
	readonly algorithm: RingAlgorithm;
	/** The key that signs now. */
	current(): Promise<SigningKey>;
	/** A key that may still sign what it has signed before; null once it is gone. */
	signer(kid: string): Promise<SigningKey | null>;
	/** Null for a `kid` that is not of this ring, or not any more. */
	verifier(kid: string): Promise<CryptoKey | null>;
	/** The `kid`s of every key that has not gone. */
	kids(): Promise<readonly string[]>;
	/** RFC 7517 §5: the public keys, the signing one first. */
	publicKeys(): Promise<readonly Readonly<Record<string, string>>[]>;
	/** Takes up a new key when it is time. A ring that nobody has needed yet is left unmade, unless it `mustExist`. */
	rotate(mustExist: boolean): Promise<void>;
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
	let known: { readonly ring: SigningKeyRing; readonly at: Seconds } | null = null;
	let loading: { readonly ring: Promise<SigningKeyRing>; readonly since: Seconds } | null = null;
	const privateKeys = new Map<string, Promise<CryptoKey>>();
	const publicKeys = new Map<string, Promise<CryptoKey>>();

	async function makeKey(): Promise<StoredSigningKey> {
		const { kid, publicJwk, privateJwk } = await generateSigningKey(algorithm);
		const sealed = await sealText(serverKeys, "signing key", kid, privateJwk);
		return { kid, algorithm, publicJwk, privateJwk: sealed, createdAt: now() };
	}

	async function advance(from: SigningKeyRing | null): Promise<SigningKeyRing> {
		const wanted = signingKeysWanted(from, rotateEvery, now());
		const candidates = await Promise.all(Array.from({ length: wanted }, makeKey));
		const advanced = await keyRings.advance(algorithm, candidates, rotateEvery);
		// The published copy was there and the authority's own is not: start as from nothing.
		return advanced ?? advance(null);
	}

	async function load(): Promise<SigningKeyRing> {
		return (await keyRings.published(algorithm)) ?? advance(null);
	}

	function begin() {
		const mine = { ring: load(), since: now() };
		loading = mine;
		later(mine.ring.then(ignore, ignore));
		return mine;
	}

	async function ring(): Promise<SigningKeyRing> {
		if (known && now() - known.at < ringTtl) return known.ring;
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

	async function find(kid: string): Promise<StoredSigningKey | null> {
		return ringKeys(await ring()).find((key) => key.kid === kid) ?? null;
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
		current: async () => toSigner((await ring()).current),
		signer: async (kid) => {
			const key = await find(kid);
			return key && toSigner(key);
		},
		verifier: async (kid) => {
			const key = await find(kid);
			return key && cached(publicKeys, kid, () => importSigningKey(key.publicJwk, algorithm));
		},
		kids: async () => ringKeys(await ring()).map((key) => key.kid),
		publicKeys: async () =>
			ringKeys(await ring()).map(({ kid, publicJwk }) => ({ ...publicJwk, kid, use: "sig", alg: algorithm })),
		rotate: async (mustExist) => {
			const published = await keyRings.published(algorithm);
			if (published || mustExist) known = { ring: await advance(published), at: now() };
		},
		withdraw: async (kid) => {
			const left = await keyRings.withdraw(algorithm, kid, await makeKey());
			if (left) known = { ring: left, at: now() };
			return left !== null;
		},
	};
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
