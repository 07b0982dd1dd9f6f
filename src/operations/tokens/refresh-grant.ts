import { unsealToken } from "../../crypto/sealed-token.ts";
import type { Client } from "../../domain/client.ts";
import type { Scope } from "../../domain/scope.ts";
import { rotateRefreshToken } from "./rotate-refresh-token.ts";
import { idTokenSigner, signIdToken } from "./id-token.ts";
import type { IssuedTokens, TokenRefusal } from "./issued-tokens.ts";
import { narrow, standingOf } from "../standing.ts";
import type { Services } from "../services.ts";

export interface GrantRefresh {
	readonly refreshToken: string;
	/** Null asks for the grant's whole scope. */
	readonly scope: Scope | null;
	/** RFC 8707 §2.2; null asks for every resource of the grant. */
	readonly resource: readonly string[] | null;
}

/** RFC 6749 §6, for a client that has proved who it is. */
export async function refreshGrant(
	request: GrantRefresh,
	client: Client,
	address: string | null,
	services: Services,
): Promise<IssuedTokens | TokenRefusal> {
	const reference = await unsealToken("refresh", request.refreshToken, services.serverKeys);
	if (!reference) return { ok: false, error: "invalid_grant", reason: "refresh_token_unknown" };
	const { subject } = reference;
	const [standing, identitySigner] = await Promise.all([
		standingOf(subject, reference.accountId, client, services),
		idTokenSigner(client, services),
	]);
	if (!standing) return { ok: false, error: "invalid_grant", reason: "standing_ended" };
	return rotateRefreshToken(
		{
			reference,
			clientId: client.id,
			clientName: client.name,
			scope: request.scope,
			resource: request.resource,
			notBefore: standing.notBefore,
			permit: (scope) => narrow(scope, standing.permitted),
			accessTokenTtl: client.accessTokenTtl,
			identify: ({ clientId, identity }, scope, access) =>
				signIdToken(
					{ subject, clientId, scope, access, ...(identity && { identity }) },
					identitySigner,
					"refresh",
					services,
				),
			address,
		},
		services,
	);
}
