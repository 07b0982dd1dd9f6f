import { hashSecret, tokenPrefixes, unsealToken } from "../../crypto/sealed-token.ts";
import { isOwnResource, isSameResource } from "../../domain/audience.ts";
import { type Client, isSelfRegistered } from "../../domain/client.ts";
import type { Scope } from "../../domain/scope.ts";
import type { SubjectId } from "../../domain/subject.ts";
import type { Seconds } from "../../domain/brands.ts";
import { findLive, readSignedToken } from "../checks/check-token.ts";
import { type TokenFacts } from "../signing/token-facts.ts";
import { narrow, standingOf } from "../standing.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/** RFC 7662 §2.2: what an active token is good for. */
export interface ActiveToken {
	readonly use: "access_token" | "refresh_token";
	readonly subject: SubjectId;
	readonly clientId: string;
	readonly accountId: string;
	readonly scope: Scope;
	readonly issuedAt: Seconds;
	readonly expiresAt: Seconds;
	/** Null for a refresh token. */
	readonly jti: string | null;
	readonly audience: readonly string[];
}

/**
 * Null for whatever is not active, and for whatever is not the caller's: issued to it, or naming it as audience. The
 * caller cannot tell the two apart (RFC 7662 §4, DESIGN §3.7).
 */
export async function inspectToken(token: string, caller: Client, services: Services): Promise<ActiveToken | null> {
	if (token.startsWith(tokenPrefixes.refresh)) return inspectRefreshToken(token, caller, services);
	const signed = await readSignedToken(token, services);
	if (signed.kind !== "valid" || !concerns(signed.facts, caller, services.config.issuer)) return null;
	const live = await findLive(signed.facts, services);
	return live && { use: "access_token", ...live.facts };
}

function concerns({ clientId, audience }: TokenFacts, caller: Client, issuer: string): boolean {
	return clientId === caller.id || audience.some((each) => serves(caller, each, issuer));
}

/** Whether a client is the resource server that an audience names: by its own id, or by a resource that it serves. */
function serves(client: Client, audience: string, issuer: string): boolean {
	if (audience === client.id) return true;
	// latchkey serves its own resources, whatever was registered; and nobody vouches for a client that registered itself.
	if (isSelfRegistered(client) || isOwnResource(audience, issuer)) return false;
	return (client.options.resources ?? []).some((each) => isSameResource(each, audience));
}

async function inspectRefreshToken(token: string, caller: Client, services: Services): Promise<ActiveToken | null> {
	const reference = await unsealToken("refresh", token, services.serverKeys);
	if (!reference) return null;
	const [standing, refresh] = await Promise.all([
		standingOf(reference.subject, reference.accountId, caller, services),
		hashSecret(reference),
	]);
	if (!standing) return null;
	const query = { refresh, notBefore: standing.notBefore };
	const grant = await portsOf(services).ledgers.of(reference.subject).inspectGrant(reference.id, query);
	if (grant?.clientId !== caller.id) return null;
	const { clientId, accountId, scope, resource, createdAt, expiresAt } = grant;
	return {
		use: "refresh_token",
		subject: reference.subject,
		clientId,
		accountId,
		scope: narrow(scope, standing.permitted),
		issuedAt: createdAt,
		expiresAt,
		jti: null,
		audience: resource ?? [services.config.issuer],
	};
}
