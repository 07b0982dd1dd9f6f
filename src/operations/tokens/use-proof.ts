import type { Sender } from "../checks/dpop.ts";
import type { TokenRefusal } from "./issued-tokens.ts";

export type ProofRefusal = TokenRefusal & { readonly error: "invalid_dpop_proof"; readonly detail: string };

/**
 * RFC 9449 §11.1: takes the proof of a token request, if it has one; null where it was good. The last thing before something changes:
 * garbage costs a client no proof, and nobody a write; and a request that a network repeats burns neither code nor assertion.
 */
export async function useProof(sender: Sender | null): Promise<ProofRefusal | null> {
	const bad = (await sender?.use()) ?? null;
	return bad && { ok: false, error: bad.error, reason: bad.detail, detail: bad.detail };
}
