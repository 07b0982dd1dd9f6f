import type { Claims } from "../crypto/jwt.ts";
import type { LiveGrant, LiveSession } from "../domain/ledger.ts";
import { isFor } from "../domain/audience.ts";
import { permissionsIn } from "../domain/permission.ts";
import { parseScope, type Scope, toScope } from "../domain/scope.ts";
import type { Session } from "../domain/session.ts";
import { parseSubject, type SubjectId } from "../domain/subject.ts";
import type { Seconds } from "../domain/words.ts";
import { findClient } from "./authenticate-client.ts";
import { permissionsOf } from "./check-access-code.ts";
import { type CurrentStanding, narrow, standingOf } from "./standing.ts";
import type { Services } from "./services.ts";

/** What an access token of ours says, once its signature is verified. */
export interface TokenFacts {
	readonly subject: SubjectId;
	readonly clientId: string;
	readonly accountId: string;
	readonly scope: Scope;
	readonly jti: string;
	readonly issuedAt: Seconds;
	readonly expiresAt: Seconds;
	readonly audience: readonly string[];
	/** What stands behind it: a grant, a login session, or the client itself (RFC 6749 §4.4). */
	readonly origin: { readonly grantId: string } | { readonly sid: string } | "client";
}

export type SignedToken = { kind: "valid"; facts: TokenFacts } | { kind: "expired" | "invalid" };

/** A token that still counts, and what the ledger has behind it. */
export type CheckedToken = { kind: "valid"; facts: TokenFacts; behind: Behind } | { kind: "expired" | "invalid" };
export type Behind = { grant: LiveGrant } | { session: Session } | "client";

/** RFC 9068 §4. Signature, issuer and times: no storage is touched, and neither audience nor revocation is looked at. */
export async function verifyToken(token: string, services: Services): Promise<SignedToken> {
	const facts = await services.signedTokens.read(token);
	if (!facts) return { kind: "invalid" };
	return services.now() < facts.expiresAt ? { kind: "valid", facts } : { kind: "expired" };
}

/**
 * {@link verifyToken}, whether it is for this resource, and the ledger's word that it still counts: what a resource of ours
 * asks. `path` is where it lies under the issuer.
 */
export function checkToken(token: string, path: string, services: Services): Promise<CheckedToken> {
	return checkTokenFor((audience) => isFor(audience, services.config.issuer, path), token, services);
}

/** {@link checkToken}, where somebody else says whether it is for them. */
export async function checkTokenFor(
	isForThem: (audience: readonly string[]) => boolean,
	token: string,
	services: Services,
): Promise<CheckedToken> {
	const signed = await verifyToken(token, services);
	if (signed.kind !== "valid") return signed;
	// RFC 9068 §4: a token for another resource must not open this one.
	if (!isForThem(signed.facts.audience)) return { kind: "invalid" };
	const live = await findLive(signed.facts, services);
	return live ? { kind: "valid", ...live } : { kind: "invalid" };
}

/**
 * A verified token whose grant or session still counts, by the ledger of its subject (one call); else null. Its scope is
 * what of it is still permitted, so that a narrowed policy or role is seen before the session ends of it.
 */
export async function findLive(
	facts: TokenFacts,
	services: Services,
): Promise<{ facts: TokenFacts; behind: Behind } | null> {
	const { subject, accountId, origin, jti } = facts;
	// Between a person and their own token pair (contract 002) stands no client, as with their login token.
	const isOwn = facts.clientId === subject;
	const isOfClient = !isOwn && (origin === "client" || "grantId" in origin || parseSubject(subject)?.kind === "client");
	const client = isOfClient ? await findClient(facts.clientId, services) : null;
	if (isOfClient && !client) return null;
	const standing = await standingOf(subject, accountId, client, services);
	if (!standing) return null;
	const ledger = services.ledgers.of(subject);
	if (origin === "client") {
		// RFC 9068 §5: a subject of a client can never be taken for a person's, and nobody else may claim to be one.
		if (parseSubject(subject)?.kind !== "client" || facts.issuedAt < standing.notBefore) return null;
		if (await ledger.isTokenRevoked(jti)) return null;
		return { facts: { ...facts, scope: narrow(facts.scope, standing.permitted) }, behind: "client" };
	}
	const query = { jti, notBefore: standing.notBefore };
	if ("grantId" in origin) {
		const grant = await ledger.inspectGrant(origin.grantId, query);
		// A pair's `read` stands for what ends in it, as far as the person's role goes now.
		const asked = isOwn ? toScope(facts.scope.flatMap(permissionsIn)) : facts.scope;
		return grant && { facts: { ...facts, scope: narrow(asked, standing.permitted) }, behind: { grant } };
	}
	const session = await ledger.inspectSession(origin.sid, query);
	const permitted = session && (await permittedTo(session, standing, services));
	return session && permitted && { facts: { ...facts, scope: narrow(facts.scope, permitted) }, behind: { session } };
}

async function permittedTo(session: LiveSession, standing: CurrentStanding, services: Services): Promise<Scope | null> {
	const { key, accountId } = session;
	if (!key) return standing.permitted ?? [];
	const [owner, permitted] = await Promise.all([
		services.lookups.account(key.ownerId),
		permissionsOf(accountId, key.policies, services),
	]);
	return owner?.state === "active" ? permitted : null;
}

/** Null for claims that no token of ours has. */
export function readFacts(claims: Claims): TokenFacts | null {
	const { sub, client_id, account_id, scope, jti, iat, exp, aud, grant_id, sid } = claims;
	if (sub === undefined || !parseSubject(sub) || jti === undefined || iat === undefined || exp === undefined)
		return null;
	if (typeof client_id !== "string" || typeof account_id !== "string" || typeof scope !== "string") return null;
	const values = scope === "" ? [] : parseScope(scope);
	const origin = typeof grant_id === "string" ? { grantId: grant_id } : typeof sid === "string" ? { sid } : "client";
	if (!values) return null;
	return {
		subject: sub,
		clientId: client_id,
		accountId: account_id,
		scope: values,
		jti,
		issuedAt: iat,
		expiresAt: exp,
		audience: [aud ?? []].flat(),
		origin,
	};
}
