import type { InvalidProof } from "../domain/dpop-proof.ts";
import type { Call } from "../endpoint/call.ts";
import { currentNonce } from "../operations/checks/dpop-nonce.ts";
import { proveSender, type Sender } from "../operations/checks/dpop.ts";

/**
 * RFC 9449 §5: who proves by the `DPoP` header of a request to have a key; null where there is none. The proof is good still: whoever
 * finds all else right uses it up, before anything changes.
 */
export async function senderOf({
	request,
	url,
	services,
}: Pick<Call, "request" | "url" | "services">): Promise<Sender | InvalidProof | null> {
	const text = request.headers.get("dpop");
	if (text === null) return null;
	const uri = services.config.issuer + url.pathname;
	return proveSender({ text, method: request.method, uri }, null, services);
}

/** RFC 9449 §10.1: the thumbprint of that key, by a proof that is used up: for what asks no grant type, when all else was right. */
export async function provenKey(
	call: Parameters<typeof senderOf>[0],
): Promise<{ readonly kind: "proven"; readonly key: string | null } | InvalidProof> {
	const sender = await senderOf(call);
	if (sender?.kind === "unproven") return sender;
	return (await sender?.use()) ?? { kind: "proven", key: sender?.key ?? null };
}

/** RFC 9449 §8.2: with the nonce that the next proof has to have, where this deployment has nonces and the client DPoP. */
export async function withNonce(
	response: Response,
	{ request, services }: Pick<Call, "request" | "services">,
): Promise<Response> {
	if (!services.config.dpopNonce || !request.headers.has("dpop")) return response;
	response.headers.set("dpop-nonce", await currentNonce(services));
	return response;
}
