import { sha256 } from "../../crypto/digest.ts";
import { readUnverified, thumbprintOfSigner } from "../../crypto/jwt.ts";
import {
	type BadProof,
	checkProof,
	type InvalidProof,
	invalidProof,
	type PresentedProof,
	type PresentedToken,
	type Unproven,
} from "../../domain/dpop-proof.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";
import { isRecentNonce } from "./dpop-nonce.ts";

/** Far more than any that is signed by RSA. */
const maxLength = 8192;

/** Who proved to have a key. */
export interface Sender {
	readonly kind: "sender";
	/** RFC 9449 §6.1: its RFC 7638 thumbprint. */
	readonly key: string;
	/** Takes the proof, once for the whole request; what it is wrong by if another had it, else null. The one look that asks storage. */
	use(): Promise<BadProof | null>;
}

/**
 * RFC 9449 §4.3: whoever signed this proof for this request, and with `accessToken` where there is one. What is cheap stands first, and
 * nothing is looked up. Whether all else is right, the key too, is for the caller to say, and then to {@link Sender.use} the proof: neither
 * a damaged copy nor a request that asks for what cannot be had may spend the client's own, or have anything written.
 */
export async function proveSender(
	{ text, method, uri }: PresentedProof,
	accessToken: string | null,
	services: Services,
): Promise<Sender | InvalidProof> {
	if (text === null) return invalidProof("There is no DPoP header");
	// RFC 9449 §4.3 (1), (2): two headers arrive as one with a comma, which is in no JWT.
	const read = text.length <= maxLength ? readUnverified(text) : null;
	if (!read) return invalidProof("The DPoP header has to be one JWT, and there may be one such header");
	const ath = accessToken === null ? null : await sha256(accessToken);
	const proof = checkProof(read, { method, uri, ath, now: services.now() });
	if (typeof proof === "string") return invalidProof(proof);
	// RFC 9449 §4.3 (6)
	const key = await thumbprintOfSigner(text, proof.jwk, proof.alg);
	if (key === null) return invalidProof("The signature is not of the key in jwk");
	// RFC 9449 §4.3 (10), §11.3: a proof without a nonce is none, where this deployment gives them out.
	if (services.config.dpopNonce && !(await isRecentNonce(proof.nonce, services))) {
		return { kind: "unproven", error: "use_dpop_nonce", detail: "The proof needs the nonce of the DPoP-Nonce header" };
	}
	const take = async () => {
		// RFC 9449 §11.1: once, as long as it could be good. Whoever has no such key can use up nothing of it.
		const name = `dpop ${await sha256(`${key} ${proof.jti}`)}`;
		const window = proof.endsAt - services.now();
		const taken = await portsOf(services).limiter.take(name, { attempts: 1, window });
		return taken === 0 ? null : invalidProof("jti was used before");
	};
	let used: ReturnType<Sender["use"]> | null = null;
	return { kind: "sender", key, use: () => (used ??= take()) };
}

/**
 * RFC 9449 §7.1, §7.2: whether a token that is bound to `senderKey` (null: to none) was sent as it has to be. Null where nobody has to
 * prove anything.
 */
export async function proveSenderOf(
	token: PresentedToken,
	senderKey: string | null,
	services: Services,
): Promise<Sender | Unproven | null> {
	if (token.kind === "bearer") {
		// RFC 9449 §7.2: or whoever finds one could do without the key.
		if (senderKey === null) return null;
		return { ...wrongToken("The access token is bound to a key: send it as Authorization: DPoP"), isBound: true };
	}
	// Whoever believes that nobody else can use a token shall not be wrong.
	if (senderKey === null) return wrongToken("The access token is bound to no key: send it as Authorization: Bearer");
	const sender = await proveSender(token.proof, token.value, services);
	if (sender.kind === "unproven") return sender;
	// RFC 9449 §4.3 (12)
	return sender.key === senderKey ? sender : wrongToken("The access token is bound to another key");
}

function wrongToken(detail: string): Unproven {
	return { kind: "unproven", error: "invalid_token", detail };
}
