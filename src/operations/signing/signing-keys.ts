import type { ClaimedKey } from "../../crypto/jwt.ts";
import { accessTokenAlgorithm } from "../../domain/access-token-terms.ts";
import type { Api } from "../../domain/api.ts";
import type { Client } from "../../domain/client.ts";
import { mayAskForOpenid } from "../../domain/effective-scope.ts";
import { latchkeyAlone, type Targets } from "../../domain/targets.ts";
import {
	presetAlgorithms,
	type RingAlgorithm,
	ringAlgorithms,
	ringKeys,
	type SigningKeyRing,
	type StoredSigningKey,
} from "../../domain/signing-key-ring.ts";
import { createSigningRing, type RingParts, type SigningKey, type SigningRing } from "./signing-ring.ts";

/** The rings of signing keys, one for each algorithm that is wanted. */
export interface SigningKeys {
	/**
	 * For an access token, or a token that is no client's (null). Who verifies it did not choose its algorithm and may hold a cached
	 * key set: a ring that was made for a choice signs once no copy is without it, and until then what everybody has.
	 */
	forAccessToken(client: Client | null, targets?: Targets): Promise<SigningKey>;
	/** The same beforehand, for whatever of these APIs a token turns out to be for. */
	atHand(client: Client, apis: readonly Api[]): Promise<(targets: Targets) => SigningKey>;
	/**
	 * For a client's id_tokens; null for a client that cannot get any. It verifies them itself, by the one algorithm that it
	 * registered, and fetches the keys again for a `kid` that it does not know (OIDC Core §10.1.1): so that signs at once.
	 */
	forIdToken(client: Client): Promise<SigningKey | null>;
	/** Has the keys of a client that is new, or was changed, published before they sign. */
	publishFor(client: Client): void;
	/** The same of an API, which is known by its algorithm. */
	publish(algorithm: RingAlgorithm): void;
	ring(algorithm: RingAlgorithm): SigningRing;
	/**
	 * The key that a token names, and the one algorithm that it is good for; null where the ring of that algorithm does not have it,
	 * or not any more. No other ring is read: RFC 8725 §3.1, a key is good for its own algorithm alone.
	 */
	verifier(claimed: ClaimedKey): Promise<{ readonly key: CryptoKey; readonly algorithm: RingAlgorithm } | null>;
	/** The `kid`s of every key that has not gone. */
	kids(): Promise<readonly string[]>;
	/**
	 * RFC 7517 §5: the public keys, in the order of the algorithms, of each the signing one first. The same object for as long as
	 * the rings are the same, and at once where nobody has to be asked for them.
	 */
	publicKeys(): Promise<PublicKeys> | PublicKeys;
	/** For the cron: takes up new keys when it is time. */
	rotate(): Promise<void>;
	/** Whether any ring had the key. */
	withdraw(kid: string): Promise<boolean>;
}

type PublicKey = Readonly<Record<string, string>> & { readonly kid: string };
export type PublicKeys = readonly PublicKey[];

/** What is told of these rings; of one that is not there, nothing. */
interface Published {
	readonly of: readonly (SigningKeyRing | null)[];
	readonly keys: PublicKeys;
	readonly kids: readonly string[];
}

export function createSigningKeys(parts: RingParts): SigningKeys {
	const rings = new Map(ringAlgorithms.map((algorithm) => [algorithm, createSigningRing(algorithm, parts)]));
	const all = [...rings.values()];
	const ring = (algorithm: RingAlgorithm) => {
		const found = rings.get(algorithm);
		if (!found) throw new RangeError(`There is no ring of ${algorithm}`);
		return found;
	};
	let published: Published | null = null;
	const read = async () => {
		const of = await Promise.all(all.map((each) => each.ring()));
		const keys = of.flatMap((each) => (each ? ringKeys(each).map(asJwk) : []));
		published = { of, keys, kids: keys.map(({ kid }) => kid) };
		return published;
	};
	const look = () => {
		const isSame = published?.of.every((each, index) => each === all[index]?.atHand());
		return published && isSame ? published : read();
	};
	const signerBy = async (algorithm: RingAlgorithm) =>
		(await ring(algorithm).settled()) ?? ring(presetAlgorithms.accessToken).current();
	/** Where it fails, the first token has them made. */
	const publish = (algorithm: RingAlgorithm) =>
		parts.later(
			ring(algorithm)
				.want()
				.catch(() => {}),
		);
	return {
		forAccessToken: (client, targets = latchkeyAlone) => signerBy(accessTokenAlgorithm(client, targets)),
		async atHand(client, apis) {
			const usual = await signerBy(accessTokenAlgorithm(client, latchkeyAlone));
			const theirs = new Set(
				apis.map((api) => accessTokenAlgorithm(client, { ...latchkeyAlone, own: false, apis: [api] })),
			);
			const signers = new Map([[usual.algorithm, usual]]);
			for (const algorithm of theirs) signers.set(algorithm, await signerBy(algorithm));
			// An API that came a moment ago has what all others have.
			return (targets) => signers.get(accessTokenAlgorithm(client, targets)) ?? usual;
		},
		async forIdToken(client) {
			const algorithm = idTokenAlgorithm(client);
			return algorithm && ring(algorithm).current();
		},
		publishFor(client) {
			const ofIdTokens = idTokenAlgorithm(client);
			publish(accessTokenAlgorithm(client, latchkeyAlone));
			if (ofIdTokens) publish(ofIdTokens);
		},
		publish,
		ring,
		async verifier({ alg, kid }) {
			const algorithm = ringAlgorithms.find((each) => each === alg);
			if (!algorithm || kid === null) return null;
			const key = await ring(algorithm).verifier(kid);
			return key && { key, algorithm };
		},
		kids: async () => (await look()).kids,
		publicKeys: () => {
			const found = look();
			return found instanceof Promise ? found.then(({ keys }) => keys) : found.keys;
		},
		rotate: async () => {
			await Promise.all(all.map((each) => each.rotate()));
		},
		withdraw: async (kid) => {
			for (const each of all) if ((await each.kids()).includes(kid)) return each.withdraw(kid);
			return false;
		},
	};
}

function asJwk({ kid, algorithm, publicJwk }: StoredSigningKey): PublicKey {
	return { ...publicJwk, kid, use: "sig", alg: algorithm };
}

function idTokenAlgorithm(client: Client): RingAlgorithm | null {
	return mayAskForOpenid(client) ? (client.options.idTokenAlg ?? presetAlgorithms.idToken) : null;
}
