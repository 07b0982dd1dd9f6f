import { deriveSuccessor, hashSecret, sealToken, type TokenReference } from "../../crypto/sealed-token.ts";
import type { Clear, Seconds } from "../../domain/brands.ts";
import type { GrantTerms } from "../../domain/grant.ts";
import type { Scope } from "../../domain/scope.ts";
import { audit, entryOf } from "../audit.ts";
import { noteGrantEnd } from "../clients/installs.ts";
import { type MisusedGrant, tellOfMisuse } from "../events/misused-grant.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";
import type { TokenRefusal } from "./issued-tokens.ts";

export interface FamilyRefresh {
	/** The refresh token, unsealed. */
	readonly reference: TokenReference;
	/** Whose the family is: a client's, or the subject's own (a token pair). */
	readonly clientId: string;
	/** As people know the client, for an alert. */
	readonly clientName: string;
	/** What the client does with its tokens: where it keeps them, nothing is derived for the next one. */
	readonly rotation: "keep" | "rotate";
	/** Whether whoever sent it proved to be the client, at this request. */
	readonly isProven: boolean;
	/** The thumbprint of the key that they proved to have; null where they proved none. */
	readonly senderKey: string | null;
	/** Null asks for the grant's whole scope. */
	readonly scope: Scope | null;
	/** RFC 8707 §2.2; null asks for every resource of the grant. */
	readonly resource: readonly string[] | null;
	readonly notBefore: Seconds;
	readonly address: string | null;
}

/** What an access token may now be issued for, and the family's next refresh token; null where the client keeps its own. */
export interface RefreshedFamily {
	readonly ok: true;
	readonly terms: GrantTerms;
	readonly expiresAt: Seconds;
	readonly refreshToken: Clear | null;
}

/**
 * RFC 6749 §6 with the rotation of RFC 9700 §4.14.2, in one call to the ledger. What comes after it may fail: the same
 * token gives the same successor again.
 */
export async function rotateRefreshToken(
	request: FamilyRefresh,
	services: Services,
): Promise<RefreshedFamily | TokenRefusal> {
	const { reference, clientId, rotation, isProven, senderKey, scope, resource, notBefore } = request;
	const { serverKeys } = services;
	const hash = await hashSecret(reference);
	const ask = async (next: TokenReference | null) =>
		portsOf(services)
			.ledgers.of(reference.subject)
			.refresh(reference.id, {
				clientId,
				accountId: reference.accountId,
				generation: reference.generation,
				hash,
				isProven,
				senderKey,
				bearerWindow: services.config.refreshRepeatWindow,
				successor: next && { hash: await hashSecret(next), keyVersion: serverKeys.newest },
				scope,
				resource,
				ownResource: services.config.issuer,
				notBefore,
			});
	let successor = rotation === "keep" ? null : await deriveSuccessor(reference, serverKeys);
	let refreshed = await ask(successor);
	// The grant is of a time when its client did not keep its tokens.
	if (refreshed.kind === "unprepared") {
		successor = await deriveSuccessor(reference, serverKeys);
		refreshed = await ask(successor);
	}
	switch (refreshed.kind) {
		case "kept":
			return { ok: true, terms: refreshed.terms, expiresAt: refreshed.expiresAt, refreshToken: null };
		case "rotated":
		case "repeated": {
			// Another edge, with an older newest key, may have won the race: the ledger says which version to derive with.
			const { terms, expiresAt, keyVersion } = refreshed;
			const next =
				successor && keyVersion === serverKeys.newest
					? successor
					: await deriveSuccessor(reference, serverKeys, keyVersion);
			return { ok: true, terms, expiresAt, refreshToken: await sealToken("refresh", next, serverKeys, keyVersion) };
		}
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
}

async function tellOfReuse(request: FamilyRefresh, services: Services): Promise<void> {
	const { reference, clientId, clientName, address } = request;
	const { subject, accountId, generation, id: grantId } = reference;
	const misused: MisusedGrant = { accountId, subject, clientId, clientName, grantId };
	tellOfMisuse("refresh_token_reused", misused, services);
	await noteGrantEnd(grantId, services);
	const act = { action: "refresh_token.reused", target: grantId, detail: { subject, generation } };
	await audit(entryOf({ subject: clientId, accountId, address }, act, services), services);
}

function refused(reason: string): TokenRefusal {
	return { ok: false, error: "invalid_grant", reason };
}
