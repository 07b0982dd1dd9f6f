import { importJWK, SignJWT } from "jose";
import { unsealText } from "../../src/crypto/sealing.ts";
import type { RingAlgorithm } from "../../src/domain/signing-key-ring.ts";
import { keyRing, serverKeys } from "./target.ts";

/**
 * Any claims, under the very key that the deployment signs with: whatever is refused of it is refused for what it says. An
 * empty `typ` leaves it out, an undefined claim as well.
 */
export async function signedByUs(
	claims: Readonly<Record<string, unknown>>,
	{ alg = "EdDSA", typ = "at+jwt" }: { alg?: RingAlgorithm; typ?: string } = {},
): Promise<string> {
	const current = (await keyRing(alg))?.current;
	if (!current) throw new Error(`There is no ring of ${alg} yet`);
	const jwk = await unsealText(serverKeys, "signing key", current.kid, current.privateJwk);
	const key = await importJWK(JSON.parse(jwk ?? ""), alg);
	return new SignJWT(claims).setProtectedHeader({ alg, kid: current.kid, ...(typ !== "" && { typ }) }).sign(key);
}
