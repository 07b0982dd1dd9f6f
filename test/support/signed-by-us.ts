import { importJWK, type JWK, SignJWT } from "jose";
import { base64url } from "../../src/crypto/encoding.ts";
import { withLowS } from "../../src/crypto/low-s.ts";
import { unsealText } from "../../src/crypto/sealing.ts";
import type { RingAlgorithm } from "../../src/domain/signing-key-ring.ts";
import { keyRing, serverKeys } from "./target.ts";

interface How {
	/** Whose key it is. */
	readonly alg?: RingAlgorithm;
	readonly typ?: string;
	/** What the header says in the place of the key's own. */
	readonly claimed?: { readonly alg?: RingAlgorithm; readonly kid?: string };
}

/**
 * Any claims, under the very key that the deployment signs with: whatever is refused of it is refused for what it says. An
 * empty `typ` leaves it out, an undefined claim as well.
 */
export async function signedByUs(
	claims: Readonly<Record<string, unknown>>,
	{ alg = "ES256", typ = "at+jwt", claimed = {} }: How = {},
): Promise<string> {
	const { kid, jwk } = await ourKey(alg);
	const header = { alg, kid, ...claimed, ...(typ !== "" && { typ }) };
	const token = await new SignJWT(claims).setProtectedHeader(header).sign(await importJWK(jwk, header.alg));
	if (header.alg !== "ES256") return token;
	const start = token.lastIndexOf(".") + 1;
	return token.slice(0, start) + base64url(withLowS(Buffer.from(token.slice(start), "base64url")));
}

/** The key of that algorithm that signs now, with its private part. */
export async function ourKey(alg: RingAlgorithm): Promise<{ readonly kid: string; readonly jwk: JWK }> {
	const current = (await keyRing(alg))?.current;
	if (!current) throw new Error(`There is no ring of ${alg} yet`);
	const jwk = await unsealText(serverKeys, "signing key", current.kid, current.privateJwk);
	return { kid: current.kid, jwk: JSON.parse(jwk ?? "") };
}
