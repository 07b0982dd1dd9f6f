import type { ClaimedKey } from "../../crypto/jwt.ts";
import type { Client } from "../../domain/client.ts";
import { presetAlgorithms, type RingAlgorithm, ringAlgorithms } from "../../domain/signing-key-ring.ts";
import { createSigningRing, type RingParts, type SigningKey, type SigningRing } from "./signing-ring.ts";

/** The rings of signing keys, one for each algorithm that is wanted. */
export interface SigningKeys {
	/**
	 * For an access token, or a token that is no client's (null). Who verifies it did not choose its algorithm and may hold a cached
	 * key set: a ring that was made for a choice signs once no copy is without it, and until then what everybody has.
	 */
	forAccessToken(client: Client | null): Promise<SigningKey>;
	/**
	 * For a client's id_tokens; null for a client that cannot get any. It verifies them itself, by the one algorithm that it
	 * registered, and fetches the keys again for a `kid` that it does not know (OIDC Core §10.1.1): so that signs at once.
	 */
	forIdToken(client: Client): Promise<SigningKey | null>;
	/** Has the keys of a client that is new, or was changed, published before they sign. */
	publishFor(client: Client): void;
	ring(algorithm: RingAlgorithm): SigningRing;
	/**
	 * The key that a token names, and the one algorithm that it is good for; null where the ring of that algorithm does not have it,
	 * or not any more. No other ring is read: RFC 8725 §3.1, a key is good for its own algorithm alone.
	 */
	verifier(claimed: ClaimedKey): Promise<{ readonly key: CryptoKey; readonly algorithm: RingAlgorithm } | null>;
	/** The `kid`s of every key that has not gone. */
	kids(): Promise<readonly string[]>;
	/** RFC 7517 §5: the public keys, in the order of the algorithms. */
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
	const ofEach = async <Value>(ask: (each: SigningRing) => Promise<readonly Value[]>) =>
		(await Promise.all(all.map(ask))).flat();
	return {
		forAccessToken: async (client) =>
			(await ring(accessTokenAlgorithm(client)).settled()) ?? ring(presetAlgorithms.accessToken).current(),
		async forIdToken(client) {
			const algorithm = idTokenAlgorithm(client);
			return algorithm && ring(algorithm).current();
		},
		publishFor(client) {
			for (const algorithm of [accessTokenAlgorithm(client), idTokenAlgorithm(client)]) {
				// Where it fails, the first token has them made.
				if (algorithm)
					parts.later(
						ring(algorithm)
							.want()
							.catch(() => {}),
					);
			}
		},
		ring,
		async verifier({ alg, kid }) {
			const algorithm = ringAlgorithms.find((each) => each === alg);
			if (!algorithm || kid === null) return null;
			const key = await ring(algorithm).verifier(kid);
			return key && { key, algorithm };
		},
		kids: () => ofEach((each) => each.kids()),
		publicKeys: () => ofEach((each) => each.publicKeys()),
		rotate: async () => {
			await Promise.all(all.map((each) => each.rotate()));
		},
		withdraw: async (kid) => {
			for (const each of all) if ((await each.kids()).includes(kid)) return each.withdraw(kid);
			return false;
		},
	};
}

/** What an access token is signed with: by the choice of the client. */
function accessTokenAlgorithm(client: Client | null): RingAlgorithm {
	return client?.options.accessTokenAlg ?? presetAlgorithms.accessToken;
}

function idTokenAlgorithm({ scope, options }: Client): RingAlgorithm | null {
	return scope.includes("openid") ? (options.idTokenAlg ?? presetAlgorithms.idToken) : null;
}
