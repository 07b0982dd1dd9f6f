import { audit } from "./audit.ts";
import { deriveSuccessor, hashSecret, sealToken, unsealToken } from "../crypto/sealed-token.ts";
import type { Client } from "../domain/client.ts";
import type { Scope } from "../domain/scope.ts";
import { signAccessToken } from "./access-token.ts";
import type { IssuedTokens, TokenRefusal } from "./issued-tokens.ts";
import { narrow, standingOf } from "./standing.ts";
import type { Services } from "./services.ts";

export interface GrantRefresh {
	readonly refreshToken: string;
	/** Null asks for the grant's whole scope. */
	readonly scope: Scope | null;
}

/**
 * RFC 6749 §6 with the rotation of RFC 9700 §4.14.2, in one call to the ledger. The key that signs is at hand before the
 * ledger rotates; should signing fail even so, the same token gives the same successor again.
 */
export async function refreshGrant(
	request: GrantRefresh,
	client: Client,
	address: string | null,
	services: Services,
): Promise<IssuedTokens | TokenRefusal> {
	const reference = await unsealToken("refresh", request.refreshToken, services.serverKeys);
	if (!reference) return refused("refresh_token_unknown");
	const { serverKeys } = services;
	const [standing, signer, hash, successor] = await Promise.all([
		standingOf(reference.subject, reference.accountId, client, services),
		services.signingKeys.current(),
		hashSecret(reference),
		deriveSuccessor(reference, serverKeys),
	]);
	if (!standing) return refused("standing_ended");

	const refreshed = await services.ledgers.of(reference.subject).refresh(reference.id, {
		clientId: client.id,
		accountId: reference.accountId,
		generation: reference.generation,
		hash,
		successor: { hash: await hashSecret(successor), keyVersion: serverKeys.newest },
		scope: request.scope,
		notBefore: standing.notBefore,
	});
	switch (refreshed.kind) {
		case "kept":
		case "rotated":
		case "repeated":
			break;
		case "scope":
			return { ok: false, error: "invalid_scope", reason: "scope_widened" };
		case "reused":
			await audit(
				{
					accountId: reference.accountId,
					actor: client.id,
					action: "refresh_token.reused",
					target: reference.id,
					address,
					detail: { subject: reference.subject, generation: reference.generation },
				},
				services,
			);
			return refused("refresh_token_reused");
		default:
			return refused(`refresh_token_${refreshed.kind}`);
	}

	const scope = narrow(request.scope ?? refreshed.terms.scope, standing.permitted);
	const access = await signAccessToken(
		{
			subject: reference.subject,
			accountId: refreshed.terms.accountId,
			clientId: client.id,
			scope,
			grantId: reference.id,
			ttl: client.accessTokenTtl,
			notAfter: refreshed.expiresAt,
		},
		signer,
		services,
	);
	if (refreshed.kind === "kept") return { ok: true, ...access, refreshToken: null, scope };
	// Another edge, with an older newest key, may have won the race: the ledger says which version to derive with.
	const { keyVersion } = refreshed;
	const next = keyVersion === serverKeys.newest ? successor : await deriveSuccessor(reference, serverKeys, keyVersion);
	return { ok: true, ...access, refreshToken: await sealToken("refresh", next, serverKeys, keyVersion), scope };
}

function refused(reason: string): TokenRefusal {
	return { ok: false, error: "invalid_grant", reason };
}
