import { claimedKey, verifyIdToken } from "../../crypto/jwt.ts";
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
	const claimed = token.length <= longest ? claimedKey(token) : null;
	const found = claimed && (await services.signingKeys.verifier(claimed));
	if (!found) return null;
	const { key, algorithm } = found;
	const claims = await verifyIdToken(token, key, { algorithm, issuer: services.config.issuer });
	if (!claims) return null;
	const { sub, aud, sid } = claims;
	// OIDC Core §2: ours are for one client.
	if (sub === undefined || typeof aud !== "string") return null;
	return { clientId: aud, subject: sub, sid: typeof sid === "string" ? sid : null };
}
