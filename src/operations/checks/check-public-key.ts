import { readPublicKey } from "../../crypto/public-key.ts";
import type { Environment } from "../../domain/environment.ts";
import type { Services } from "../services.ts";

/** The environment that a public key sends events to, or null where it does not (any more). No storage when remembered. */
export async function checkPublicKey(text: string, services: Services): Promise<Environment | null> {
	const named = await readPublicKey(text, services.serverKeys);
	const environment = named && (await services.lookups.environment(named.environmentId));
	if (!environment?.enabled || environment.keyVersion !== named?.keyVersion) return null;
	const account = await services.lookups.account(environment.accountId);
	return account?.state === "active" ? environment : null;
}
