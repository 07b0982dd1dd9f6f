import { attached, detached } from "../../crypto/jwt.ts";
import { sealText, unsealText } from "../../crypto/sealing.ts";
import type { Clear, Sealed } from "../../domain/brands.ts";
import { type Session, sessionPayload, type SessionOffer } from "../../domain/session.ts";
import { signClaims } from "../signing/access-token.ts";
import type { SigningKey } from "../signing/signing-ring.ts";
import type { KeptToken } from "../lookups.ts";
import type { Services } from "../services.ts";

// ES256 signs differently each time, and contract 001 wants the same token: its ledger keeps the signature beside the payload,
// sealed, since the two of them are the token (DESIGN §4.6).

const purpose = "login token";

/** The token that an offer would be under this `sid`, and as the ledger keeps it. */
export async function signOffer(
	offer: SessionOffer,
	sid: string,
	signer: SigningKey,
	{ serverKeys }: Services,
): Promise<KeptToken & { readonly sid: string }> {
	const token = await signClaims(sessionPayload(offer, sid), signer);
	return { sid, sealed: await sealText(serverKeys, purpose, sid, detached(token)), token };
}

/** For the next login of the session; null where it is no use, or too long to be one of the thousands that an isolate remembers. */
export function keptOf(sealed: Sealed | undefined, token: Clear): KeptToken | null {
	return sealed === undefined || token.length > longestKept ? null : { sealed, token };
}

/** One that opens all of a large API has 15,000, and is opened anew each time. */
const longestKept = 4000;

/** A session's token, byte for byte; null where it cannot be had again, since a key that it was kept by is gone. */
export async function tokenOfSession(
	{ payload, kid, signature, sid }: Pick<Session, "payload" | "kid" | "signature" | "sid">,
	{ serverKeys, signingKeys }: Services,
): Promise<Clear | null> {
	if (signature !== undefined) {
		const kept = await unsealText(serverKeys, purpose, sid, signature);
		return kept === null ? null : (attached(kept, payload) as Clear);
	}
	// From before signatures were kept, when login tokens were signed by Ed25519, which is deterministic.
	const signer = await signingKeys.ring("EdDSA").signer(kid);
	return signer && signClaims(payload, signer);
}
