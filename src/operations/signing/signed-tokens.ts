import { claimedKid, verifyAccessToken } from "../../crypto/jwt.ts";
import type { Clear, Seconds } from "../../domain/brands.ts";
import { signClaims } from "./access-token.ts";
import { readFacts, type TokenFacts } from "./token-facts.ts";
import { staleness } from "../lookups.ts";
import { ttlCache } from "../ttl-cache.ts";
import type { SigningKeys } from "./signing-keys.ts";

/**
 * Signatures, and those of a moment ago again without the arithmetic: it costs more than the whole of an empty request,
 * and comes out the same (Ed25519 is deterministic). What time and revocation change is for the caller to ask.
 */
export interface SignedTokens {
	/** What an access token of ours says (RFC 9068 §4), expired or not; null for anything else. */
	read(token: string): Promise<TokenFacts | null>;
	/** The token that has this payload; null where the key is gone. */
	sign(payload: string, kid: string): Promise<Clear | null>;
	/** After a key was withdrawn: nothing of it is remembered here. */
	forget(): void;
}

/** No token of ours comes near this length. */
const longest = 8192;

interface Parts {
	readonly signingKeys: SigningKeys;
	readonly issuer: string;
	readonly now: () => Seconds;
	readonly later: (work: Promise<void>) => void;
}

export function createSignedTokens({ signingKeys, issuer, now, later }: Parts): SignedTokens {
	const bounds = { ttl: staleness, most: 1000, now, later };

	const read = ttlCache(async (token: string) => {
		const kid = claimedKid(token);
		const key = kid === null ? null : await signingKeys.accessTokens.verifier(kid);
		if (!key) return null;
		const verified = await verifyAccessToken(token, key, { algorithm: "EdDSA", issuer, now: now() });
		return verified.kind === "invalid" ? null : readFacts(verified.claims);
	}, bounds);

	const sign = ttlCache(async (named: string) => {
		const [kid = ""] = named.split(" ", 1);
		const signer = await signingKeys.accessTokens.signer(kid);
		return signer && signClaims(named.slice(kid.length + 1), signer);
	}, bounds);

	return {
		read: async (token) => (token.length > longest ? null : read(token)),
		sign: (payload, kid) => sign(`${kid} ${payload}`),
		forget() {
			read.clear();
			sign.clear();
		},
	};
}
