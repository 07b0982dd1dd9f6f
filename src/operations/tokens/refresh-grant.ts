import { unsealToken } from "../../crypto/sealed-token.ts";
import { accessTokenTtlOf } from "../../domain/access-token-terms.ts";
import { audienceOf } from "../../domain/audience.ts";
import type { Client } from "../../domain/client.ts";
import type { Scope } from "../../domain/scope.ts";
import { closedTarget } from "../../domain/targets.ts";
import type { Sender } from "../checks/dpop.ts";
import { rotateRefreshToken } from "./rotate-refresh-token.ts";
import { signIdToken } from "./id-token.ts";
import type { IssuedTokens, TokenRefusal } from "./issued-tokens.ts";
import { useProof } from "./use-proof.ts";
import { standingOf } from "../standing.ts";
import { carriedTo, findTargets } from "../targets.ts";
import type { Services } from "../services.ts";
import { signAccessToken } from "../signing/access-token.ts";

export interface GrantRefresh {
	readonly refreshToken: string;
	/** Whether the client proved itself by a secret or a key, and did not only name itself. */
	readonly isProven: boolean;
	/** Null asks for the grant's whole scope. */
	readonly scope: Scope | null;
	/** RFC 8707 §2.2; null asks for every resource of the grant. */
	readonly resource: readonly string[] | null;
	/** Whose key the tokens are bound to (RFC 9449 §5); null where the client proved to have none. */
	readonly sender: Sender | null;
}

/** RFC 6749 §6, for a client that has proved who it is, or is public. */
export async function refreshGrant(
	request: GrantRefresh,
	client: Client,
	address: string | null,
	services: Services,
): Promise<IssuedTokens | TokenRefusal> {
	const reference = await unsealToken("refresh", request.refreshToken, services.serverKeys);
	if (!reference) return { ok: false, error: "invalid_grant", reason: "refresh_token_unknown" };
	const { subject, accountId } = reference;
	const { signingKeys, lookups } = services;
	// The keys that sign are at hand before the ledger rotates, and tells what the token is for.
	const [standing, signers, identitySigner, named] = await Promise.all([
		standingOf(subject, accountId, client, services),
		lookups.apisOf(accountId).then((apis) => signingKeys.atHand(client, apis ?? [])),
		signingKeys.forIdToken(client),
		findTargets(request.resource, services),
	]);
	if (!standing) return { ok: false, error: "invalid_grant", reason: "standing_ended" };
	if (closedTarget(named, accountId) !== null) return { ok: false, error: "invalid_target", reason: "resource_closed" };
	const { id: clientId, name: clientName, rotation } = client;
	const { notBefore } = standing;
	const { isProven, scope: asked, resource, sender } = request;
	const senderKey = sender?.key ?? null;
	const owner = { clientId, clientName, rotation, isProven, senderKey };
	const family = { reference, ...owner, scope: asked, resource, notBefore, address };
	const used = await useProof(sender);
	if (used) return used;
	const refreshed = await rotateRefreshToken(family, services);
	if (!refreshed.ok) return refreshed;

	const { terms, expiresAt, refreshToken } = refreshed;
	const { issuer } = services.config;
	// The ledger has found that it was granted.
	const audience = audienceOf(resource, terms.resource, issuer) ?? [issuer];
	const agreed = { ...terms, scope: asked ?? terms.scope };
	const { scope, targets } = await carriedTo(audience, agreed, standing, services);
	const access = await signAccessToken(
		{
			subject,
			accountId: terms.accountId,
			clientId,
			scope,
			resource: audience,
			grantId: reference.id,
			identity: terms.identity,
			senderKey,
			ttl: accessTokenTtlOf(client, targets),
			notAfter: expiresAt,
		},
		signers(targets),
		services,
	);
	const { identity } = terms;
	const identified = { subject, accountId, client, scope, access, ...(identity && { identity }) };
	const idToken = await signIdToken(identified, identitySigner, "refresh", services);
	return { ok: true, ...access, refreshToken, idToken, scope };
}
