import { accessTokenTtlOf } from "../../domain/access-token-terms.ts";
import { scopeOfApi, servedBy } from "../../domain/api.ts";
import { areAmong } from "../../domain/audience.ts";
import { atMost, bounds } from "../../domain/bounds.ts";
import type { Client } from "../../domain/client.ts";
import { narrow } from "../../domain/effective-scope.ts";
import { isWithin, type Scope, toScope } from "../../domain/scope.ts";
import { closedTarget, type Targets } from "../../domain/targets.ts";
import { accessTokenType, type ActorToken, type Exchange } from "../../domain/token-exchange.ts";
import { auditFirst, entryOf } from "../audit.ts";
import { carriedBy, findLive, holdersOf, type LiveToken, readSignedToken } from "../checks/check-token.ts";
import type { Sender } from "../checks/dpop.ts";
import { spelledAsRegistered } from "../clients/as-registered.ts";
import type { Services } from "../services.ts";
import { signAccessToken } from "../signing/access-token.ts";
import type { TokenFacts } from "../signing/token-facts.ts";
import { standingOf } from "../standing.ts";
import { findTargets } from "../targets.ts";
import { clientSubject } from "./client-credentials-grant.ts";
import type { IssuedTokens, TokenRefusal } from "./issued-tokens.ts";
import { useProof } from "./use-proof.ts";

export interface TokenExchange {
	/** An access token of ours. */
	readonly subjectToken: string;
	/** Whoever acts; null is the client itself. */
	readonly actorToken: string | null;
	/** Null asks for all that can be had. */
	readonly scope: Scope | null;
	/** Null asks for what the subject token is for. */
	readonly resource: readonly string[] | null;
	/** Whose key the token is bound to; null where the client proved to have none. */
	readonly sender: Sender | null;
	readonly address: string | null;
}

export type ExchangeRefusal = TokenRefusal & {
	readonly error: "invalid_request" | "invalid_target" | "invalid_scope" | "invalid_dpop_proof";
	readonly detail: string;
};

/**
 * RFC 8693, for a client that has proved who it is, and that people let exchange tokens for some APIs. What it gets opens nothing that
 * was not agreed to in the grant of the subject token, says who acts, lives no longer than that token, and ends with it.
 */
export async function exchangeToken(
	{ subjectToken, actorToken, scope: asked, resource, sender, address }: TokenExchange,
	client: Client,
	services: Services,
): Promise<IssuedTokens | ExchangeRefusal> {
	const senderKey = sender?.key ?? null;
	const [held, actor] = await Promise.all([
		presented(subjectToken, senderKey, client, services),
		actorToken === null ? null : presented(actorToken, senderKey, client, services),
	]);
	// RFC 8693 §2.2.2: `invalid_request`, whatever is wrong with a token.
	if (!held) return invalid("subject_token");
	if (actorToken !== null && !actor) return invalid("actor_token");
	// Who acts is told by their own token, and not by one that they were given in exchange.
	if (actor?.facts.exchange) return invalid("actor_token");
	const { facts } = held;
	const before = facts.exchange?.before ?? [];
	// Behind a login token stands no client that somebody agreed to: whoever logs in can ask for one for another API (contract 001).
	if (facts.origin !== "client" && "sid" in facts.origin) return invalid("subject_token");
	if (before.length >= bounds.exchanges.most) {
		const detail = `subject_token comes of exchanges already: ${bounds.exchanges.of} has ${atMost(bounds.exchanges)}`;
		return { ok: false, error: "invalid_request", reason: "exchanges", detail };
	}

	const named = resource ?? facts.audience;
	const targets = await findTargets(named, services);
	const closed = targetProblem(named, targets, client);
	if (closed !== null) return { ok: false, error: "invalid_target", reason: "resource_closed", detail: closed };
	const standing = await standingOf(facts.subject, facts.accountId, client, services);
	const { reach, withheld } = await reachOf(held, targets, services);
	const exchange = { ...(await exchangeOf(held, actor, client)), withheld };
	const holders = standing && (await holdersOf({ exchange }, standing, services));
	if (!holders) return invalid("subject_token");
	const scope = await carriedBy(
		holders,
		{ audience: named },
		{ scope: asked ? narrow(reach, asked) : reach },
		services,
	);
	if (scope.length === 0 || (asked && !isWithin(asked, scope))) {
		const detail =
			"The scope goes beyond what subject_token was granted for these APIs, or what this client may do there";
		return { ok: false, error: "invalid_scope", reason: "scope_closed", detail };
	}
	const [signer, audience] = await Promise.all([
		services.signingKeys.forAccessToken(client, targets),
		spelledAsRegistered(named, targets, facts.accountId, services),
	]);
	const used = await useProof(sender);
	if (used) return used;
	const access = await signAccessToken(
		{
			subject: facts.subject,
			accountId: facts.accountId,
			clientId: client.id,
			scope,
			resource: audience,
			grantId: facts.origin === "client" ? null : facts.origin.grantId,
			senderKey,
			ttl: accessTokenTtlOf(client, targets),
			notAfter: Math.min(facts.expiresAt, actor?.facts.expiresAt ?? facts.expiresAt),
			exchange,
		},
		signer,
		services,
	);
	// Of whose tokens a server gets some for which APIs: in whose name, the token says, and of those there are many.
	const act = { action: "token.exchange", target: facts.clientId, detail: { apis: audience.join(" ") } };
	auditFirst(entryOf({ subject: client.id, accountId: facts.accountId, address }, act, services), services);
	// RFC 8693 §2.2.1: no refresh token, since the subject token can be exchanged again as long as it is good.
	return { ok: true, ...access, refreshToken: null, idToken: null, scope, issuedTokenType: accessTokenType };
}

function invalid(token: "subject_token" | "actor_token"): ExchangeRefusal {
	// One sentence for every reason: a token of somebody else's is as one that is none.
	const detail = `${token} is no access token that is good, and this client's to exchange`;
	return { ok: false, error: "invalid_request", reason: token, detail };
}

/**
 * A token that counts, of the account of the client, and that was issued to it or for an API that it serves: nobody else has a reason
 * to hold it. One that is bound to a key is for whoever proves to have that. Null for any other.
 */
async function presented(
	token: string,
	proven: string | null,
	client: Client,
	services: Services,
): Promise<LiveToken | null> {
	const signed = await readSignedToken(token, services);
	if (signed.kind !== "valid") return null;
	const { accountId, clientId, audience, senderKey } = signed.facts;
	// RFC 9449 §7.1: a bound token is no bearer token, here either.
	if (accountId !== client.accountId || (senderKey !== null && senderKey !== proven)) return null;
	if (clientId !== client.id) {
		const { apis } = await findTargets(audience, services);
		if (servedBy(client, apis).length === 0) return null;
	}
	return findLive(signed.facts, services);
}

/** RFC 8693 §2.2.2: null where the client may exchange for all of these, else why not. */
function targetProblem(named: readonly string[], targets: Targets, { accountId, options }: Client): string | null {
	const closed = closedTarget(targets, accountId);
	if (closed !== null) return closed;
	if (targets.own || targets.foreign.length > 0) return "A token can be exchanged for registered APIs alone";
	const isListed = areAmong(named, options.tokenExchangeApis ?? []);
	return isListed ? null : "The client may not exchange tokens for this API: token_exchange_apis says which it may";
}

/**
 * What can be had at most: of the APIs that the subject token is for, what it says itself; of any other, what was agreed to in its
 * grant, or what its client may do for itself, but for what is withheld: what a token did not say of an API that it was for.
 */
async function reachOf(
	{ facts, behind, gives }: LiveToken,
	targets: Targets,
	services: Services,
): Promise<{ readonly reach: Scope; readonly withheld: Scope }> {
	const own = await findTargets(facts.audience, services);
	const ownScope = own.apis.flatMap(scopeOfApi);
	const others = targets.apis.filter((api) => own.apis.every(({ id }) => id !== api.id)).flatMap(scopeOfApi);
	const agreed = agreedTo(behind, gives);
	const narrowed = agreed.filter((value) => ownScope.includes(value) && !facts.scope.includes(value));
	const withheld = toScope([...(facts.exchange?.withheld ?? []), ...narrowed]);
	const more = agreed.filter((value) => others.includes(value) && !withheld.includes(value));
	return { reach: toScope([...facts.scope, ...more]), withheld };
}

function agreedTo(behind: LiveToken["behind"], gives: LiveToken["gives"]): Scope {
	if (behind === "client") return gives && "scope" in gives ? gives.scope : [];
	return "grant" in behind ? behind.grant.scope : [];
}

/**
 * RFC 8693 §1.1: it is always told who acts; nobody is impersonated. A client that narrows what is its own acts for nobody, unless it
 * says so.
 */
async function exchangeOf(
	{ facts }: LiveToken,
	actor: LiveToken | null,
	client: Client,
): Promise<Omit<Exchange, "withheld">> {
	const { jti, clientId, issuedAt, exchange } = facts;
	const actors = exchange?.actors ?? [];
	const earlier = exchange?.act ?? null;
	const sub = actor ? actor.facts.subject : clientId === client.id ? null : await clientSubject(client.id);
	return {
		act: sub === null ? earlier : { sub, ...(earlier && { act: earlier }) },
		before: [{ jti, clientId, issuedAt }, ...(exchange?.before ?? [])],
		actors: actor ? [whoActs(actor.facts), ...actors] : actors,
	};
}

function whoActs({ subject, clientId, jti, issuedAt, origin }: TokenFacts): ActorToken {
	return { subject, clientId, jti, issuedAt, origin };
}
