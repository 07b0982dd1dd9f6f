import { claimedKey, verifyAccessToken } from "../../crypto/jwt.ts";
import type { Seconds } from "../../domain/brands.ts";
import { readFacts, type TokenFacts } from "./token-facts.ts";
import { staleness } from "../lookups.ts";
import { ttlCache } from "../ttl-cache.ts";
import type { SigningKeys } from "./signing-keys.ts";

/**
 * Signatures, and those of a moment ago again without the arithmetic: it costs more than the whole of an empty request. What time
 * and revocation change is for the caller to ask.
 */
export interface SignedTokens {
	/** What an access token of ours says (RFC 9068 §4), expired or not; null for anything else. */
	read(token: string): Promise<TokenFacts | null>;
	/** After a key was withdrawn: nothing of it is remembered here. */
	forget(): void;
}

/** One that names all permissions of an API, as many and as long as there may be, is shorter. A form with one has 16 KiB. */
const longest = 15 * 1024;

interface Parts {
	readonly signingKeys: SigningKeys;
	readonly issuer: string;
	readonly now: () => Seconds;
	readonly later: (work: Promise<void>) => void;
}

export function createSignedTokens({ signingKeys, issuer, now, later }: Parts): SignedTokens {
	const bounds = { ttl: staleness, most: 1000, now, later };

	const read = ttlCache(async (token: string) => {
		const claimed = claimedKey(token);
		const found = claimed && (await signingKeys.verifier(claimed));
		if (!found) return null;
		const { key, algorithm } = found;
		const verified = await verifyAccessToken(token, key, { algorithm, issuer, now: now() });
		return verified.kind === "invalid" ? null : readFacts(verified.claims);
	}, bounds);

	return {
		read: async (token) => (token.length > longest ? null : read(token)),
		forget: () => read.clear(),
	};
}
