import { readUnverified, verifyIdToken } from "../../crypto/jwt.ts";
import { ringAlgorithms } from "../../domain/signing-key-ring.ts";
import type { Services } from "../services.ts";

/** What an id_token of ours tells when it comes back as a hint (OIDC Core §3.1.2.1, RP-Initiated Logout §2). */
export interface IdTokenHint {
	readonly clientId: string;
	readonly subject: string;
	/** The browser's sign-in behind it. */
	readonly sid: string | null;
}

/** No id_token of ours comes near this length. */
const longest = 8192;

/** Null for anything that is no id_token of ours; its time may be over. Whether its client still exists is not asked here. */
export async function readIdTokenHint(token: string, services: Services): Promise<IdTokenHint | null> {
	const said = token.length <= longest ? readUnverified(token) : null;
	// RFC 8725 §3.1: one of the algorithms that we sign with, whatever the token says of itself.
	const algorithm = ringAlgorithms.find((each) => each === said?.alg);
	if (!algorithm || typeof said?.kid !== "string") return null;
	const key = await services.signingKeys.ring(algorithm).verifier(said.kid);
	const claims = key && (await verifyIdToken(token, key, { algorithm, issuer: services.config.issuer }));
	if (!claims) return null;
	const { sub, aud, sid } = claims;
	// OIDC Core §2: ours are for one client.
	if (sub === undefined || typeof aud !== "string") return null;
	return { clientId: aud, subject: sub, sid: typeof sid === "string" ? sid : null };
}
