import type { Actor } from "../actor.ts";
import { audit, entryOf } from "../audit.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";
import { findOwnKey } from "./find-managed-key.ts";

/**
 * Ends every login token that a key of the account's own has, in whichever account: one call to its ledger, from the next request on.
 * Its access codes stay, and may be used to log in anew.
 */
export async function endTokensOfKey(id: string, actor: Actor, services: Services): Promise<"ended" | "unknown"> {
	const key = await findOwnKey(id, actor.accountId, services);
	if (!key) return "unknown";
	const { id: keyId, name } = key.row;
	await portsOf(services).ledgers.of(keyId).endEverything(null);
	await audit(entryOf(actor, { action: "key.end_tokens", target: keyId, detail: { name } }, services), services);
	return "ended";
}
