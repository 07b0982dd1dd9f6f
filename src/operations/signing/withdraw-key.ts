import type { Services } from "../services.ts";
import { isSetupSecret } from "../setup-secret.ts";

export type Withdrawal = "withdrawn" | "unknown" | "wrong_secret";

/**
 * Takes a signing key away for good, for whoever has the deployment's setup secret: it is published no more, and what it
 * signed is refused here at once, by other isolates when they next read the ring.
 */
export async function withdrawSigningKey(kid: string, secret: string | null, services: Services): Promise<Withdrawal> {
	const { signingKeys, signedTokens, log } = services;
	if (!(await isSetupSecret(secret ?? "", services))) return "wrong_secret";
	if (!(await signingKeys.withdraw(kid))) return "unknown";
	signedTokens.forget();
	log("signing_key.withdrawn", { kid });
	return "withdrawn";
}
