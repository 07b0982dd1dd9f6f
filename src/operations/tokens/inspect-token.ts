import { hashSecret, tokenPrefixes, unsealToken } from "../../crypto/sealed-token.ts";
import { isOwnResource, isSameResource } from "../../domain/audience.ts";
import { countsNow } from "../../domain/effective-scope.ts";
import { type Client, isSelfRegistered } from "../../domain/client.ts";
import type { Scope } from "../../domain/scope.ts";
import { parseSubject, type SubjectId } from "../../domain/subject.ts";
import type { Seconds } from "../../domain/brands.ts";
import { findLive, readSignedToken } from "../checks/check-token.ts";
import { type TokenFacts } from "../signing/token-facts.ts";
import { standingOf } from "../standing.ts";
import { findTargets, visibleBeside } from "../targets.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/** RFC 7662 §2.2: what an active token is good for. */
export interface ActiveToken {
	readonly use: "access_token" | "refresh_token";
	readonly subject: SubjectId;
	/** The person's user name, where it is for the caller to know. */
	readonly username: string | null;
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
	if (!live) return null;
	const { facts } = live;
	return { use: "access_token", ...facts, username: await usernameFor(caller, facts, services) };
}

/**
 * RFC 7662 §2.2 `username`, and §5 on privacy: for whomever the person let see their profile, and for an API of the account that
 * the token acts in, whose people its account knows by these names anyway. No other client learns it that was not given it.
 */
async function usernameFor(
	caller: Client,
	{ subject, accountId, audience, scope }: Pick<TokenFacts, "subject" | "accountId" | "audience" | "scope">,
	services: Services,
): Promise<string | null> {
	if (parseSubject(subject)?.kind !== "person") return null;
	const isOfAccount = caller.accountId === accountId;
	const isItsApi = isOfAccount && audience.some((each) => serves(caller, each, services.config.issuer));
	if (!isItsApi && !scope.includes("profile")) return null;
	return (await services.lookups.person(subject))?.username ?? null;
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
	const { clientId, accountId, resource, createdAt, expiresAt } = grant;
	const { subject } = reference;
	const audience = resource ?? [services.config.issuer];
	const targets = await findTargets(audience, services);
	const visible = await visibleBeside(targets, accountId, services);
	const { scope } = countsNow(grant, targets, standing, visible);
	return {
		use: "refresh_token",
		subject,
		username: await usernameFor(caller, { subject, accountId, audience: [], scope }, services),
		clientId,
		accountId,
		scope,
		issuedAt: createdAt,
		expiresAt,
		jti: null,
		audience,
	};
}
