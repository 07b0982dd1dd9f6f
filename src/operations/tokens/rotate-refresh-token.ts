import { audit } from "../audit.ts";
import { deriveSuccessor, hashSecret, sealToken, type TokenReference } from "../../crypto/sealed-token.ts";
import type { GrantTerms } from "../../domain/grant.ts";
import type { Scope } from "../../domain/scope.ts";
import type { Clear, Seconds } from "../../domain/brands.ts";
import { type AccessToken, signAccessToken } from "../signing/access-token.ts";
import { type Concerned, ringFor } from "../events/alert-bell.ts";
import { noteGrantEnd } from "../clients/installs.ts";
import type { IssuedTokens, TokenRefusal } from "./issued-tokens.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

export interface FamilyRefresh {
	/** The refresh token, unsealed. */
	readonly reference: TokenReference;
	/** Whose the family is: a client's, or the subject's own (a token pair). */
	readonly clientId: string;
	/** As people know the client, for an alert. */
	readonly clientName: string;
	/** Null asks for the grant's whole scope. */
	readonly scope: Scope | null;
	/** RFC 8707 §2.2; null asks for every resource of the grant. */
	readonly resource: readonly string[] | null;
	readonly notBefore: Seconds;
	/** What of the granted scope the access token says. */
	readonly permit: (scope: Scope) => Scope;
	readonly accessTokenTtl: Seconds;
	/** Makes the id_token of a family that tells who somebody is; null for one that never does. */
	readonly identify: ((terms: GrantTerms, scope: Scope, access: AccessToken) => Promise<Clear | null>) | null;
	readonly address: string | null;
}

/**
 * RFC 6749 §6 with the rotation of RFC 9700 §4.14.2, in one call to the ledger. The key that signs is at hand before the
 * ledger rotates; should signing fail even so, the same token gives the same successor again.
 */
export async function rotateRefreshToken(
	request: FamilyRefresh,
	services: Services,
): Promise<IssuedTokens | (TokenRefusal & { readonly error: "invalid_grant" | "invalid_scope" | "invalid_target" })> {
	const { reference, clientId } = request;
	const { serverKeys } = services;
	const [signer, hash, successor] = await Promise.all([
		services.signingKeys.accessTokens.current(),
		hashSecret(reference),
		deriveSuccessor(reference, serverKeys),
	]);
	const refreshed = await portsOf(services)
		.ledgers.of(reference.subject)
		.refresh(reference.id, {
			clientId,
			accountId: reference.accountId,
			generation: reference.generation,
			hash,
			successor: { hash: await hashSecret(successor), keyVersion: serverKeys.newest },
			scope: request.scope,
			resource: request.resource,
			ownResource: services.config.issuer,
			notBefore: request.notBefore,
		});
	switch (refreshed.kind) {
		case "kept":
		case "rotated":
		case "repeated":
			break;
		case "scope":
			return { ok: false, error: "invalid_scope", reason: "scope_widened" };
		case "resource":
			return { ok: false, error: "invalid_target", reason: "resource_widened" };
		case "reused":
			await tellOfReuse(request, services);
			return refused("refresh_token_reused");
		default:
			return refused(`refresh_token_${refreshed.kind}`);
	}

	const scope = request.permit(request.scope ?? refreshed.terms.scope);
	const access = await signAccessToken(
		{
			subject: reference.subject,
			accountId: refreshed.terms.accountId,
			clientId,
			scope,
			resource: request.resource ?? refreshed.terms.resource ?? [services.config.issuer],
			grantId: reference.id,
			ttl: request.accessTokenTtl,
			notAfter: refreshed.expiresAt,
		},
		signer,
		services,
	);
	const idToken = (await request.identify?.(refreshed.terms, scope, access)) ?? null;
	const issued = { ok: true, ...access, idToken, scope } as const;
	if (refreshed.kind === "kept") return { ...issued, refreshToken: null };
	// Another edge, with an older newest key, may have won the race: the ledger says which version to derive with.
	const { keyVersion } = refreshed;
	const next = keyVersion === serverKeys.newest ? successor : await deriveSuccessor(reference, serverKeys, keyVersion);
	return { ...issued, refreshToken: await sealToken("refresh", next, serverKeys, keyVersion) };
}

async function tellOfReuse(request: FamilyRefresh, services: Services): Promise<void> {
	const { reference, clientId, clientName, address } = request;
	const { subject, accountId, generation } = reference;
	const concerned: Concerned = { accountId, subject, clientId, clientName, grantId: reference.id };
	ringFor("refresh_token_reused", concerned, services);
	await noteGrantEnd(reference.id, services);
	await audit(
		{
			accountId,
			actor: clientId,
			action: "refresh_token.reused",
			target: reference.id,
			address,
			detail: { subject, generation },
		},
		services,
	);
}

function refused(reason: string): TokenRefusal & { readonly error: "invalid_grant" } {
	return { ok: false, error: "invalid_grant", reason };
}
