import type { InvalidProof } from "../domain/dpop-proof.ts";
import type { Call } from "../endpoint/call.ts";
import { currentNonce } from "../operations/checks/dpop-nonce.ts";
import { proveSender } from "../operations/checks/dpop.ts";

/**
 * RFC 9449 §5, §10.1: the thumbprint of the key that a client proves to have by the `DPoP` header of its request; null where it has
 * none. For whoever knows who it is, since the proof is used up: at the token endpoint also by a request whose parameters its grant
 * type then refuses.
 */
export async function provenKey({
	request,
	url,
	services,
}: Pick<Call, "request" | "url" | "services">): Promise<
	{ readonly kind: "proven"; readonly key: string | null } | InvalidProof
> {
	const text = request.headers.get("dpop");
	if (text === null) return { kind: "proven", key: null };
	const uri = services.config.issuer + url.pathname;
	const sender = await proveSender({ text, method: request.method, uri }, null, services);
	if (sender.kind === "unproven") return sender;
	return (await sender.use()) ?? { kind: "proven", key: sender.key };
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
