import { audit, entryOf } from "../audit.ts";
import { tokenPrefixes, unsealToken } from "../../crypto/sealed-token.ts";
import type { Client } from "../../domain/client.ts";
import { readSignedToken } from "../checks/check-token.ts";
import { noteGrantEnd } from "../clients/installs.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/**
 * RFC 7009 §2.1: a refresh token ends its grant and all that came from it; an access token ends alone. A token that is
 * not the caller's, or is none, changes nothing, and the caller is not told (§2.2).
 */
export async function revokeToken(
	token: string,
	caller: Client,
	address: string | null,
	services: Services,
): Promise<void> {
	if (!token.startsWith(tokenPrefixes.refresh)) {
		const signed = await readSignedToken(token, services);
		if (signed.kind !== "valid" || signed.facts.clientId !== caller.id) return;
		const { subject, jti, expiresAt } = signed.facts;
		await portsOf(services).ledgers.of(subject).revokeToken(jti, expiresAt);
		return;
	}
	const reference = await unsealToken("refresh", token, services.serverKeys);
	if (!reference) return;
	const outcome = await portsOf(services).ledgers.of(reference.subject).revokeGrant(reference.id, caller.id);
	if (outcome !== "revoked") return;
	await noteGrantEnd(reference.id, services);
	const { subject, accountId, id } = reference;
	const act = { action: "grant.revoke", target: id, detail: { subject } };
	await audit(entryOf({ subject: caller.id, accountId, address }, act, services), services);
}
