import { sha256 } from "../../crypto/digest.ts";
import { isSameHash } from "../../domain/brands.ts";
import type { Services } from "../services.ts";

export type Withdrawal = "withdrawn" | "unknown" | "wrong_secret";

/**
 * Takes a signing key away for good, for whoever has the deployment's setup secret: it is published no more, and what it
 * signed is refused here at once, by other isolates when they next read the ring.
 */
export async function withdrawSigningKey(kid: string, secret: string | null, services: Services): Promise<Withdrawal> {
	const { config, signingKeys, signedTokens, log } = services;
	// It has 32 characters or more: no limit stands before it that strangers could use up.
	const [given, wanted] = await Promise.all([sha256(secret ?? ""), sha256(config.setupSecret ?? "")]);
	if (config.setupSecret === null || !isSameHash(given, wanted)) return "wrong_secret";
	if (!(await signingKeys.withdraw(kid))) return "unknown";
	signedTokens.forget();
	log("signing_key.withdrawn", { kid });
	return "withdrawn";
}
