import type { PresentedToken, Unproven } from "../../domain/dpop-proof.ts";
import type { LiveGrant, LiveSession } from "../../domain/ledger-verdicts.ts";
import { narrow, openOf } from "../../domain/effective-scope.ts";
import { isFor } from "../../domain/audience.ts";
import type { Seconds } from "../../domain/brands.ts";
import type { Client } from "../../domain/client.ts";
import { permissionsIn } from "../../domain/permission.ts";
import { type Scope, toScope } from "../../domain/scope.ts";
import type { Session } from "../../domain/session.ts";
import { parseSubject } from "../../domain/subject.ts";
import { findClient } from "../clients/authenticate-client.ts";
import { permissionsOf } from "./check-access-code.ts";
import { proveSenderOf } from "./dpop.ts";
import { type CurrentStanding, standingOf } from "../standing.ts";
import type { Actor } from "../actor.ts";
import { partiesOfToken } from "../parties.ts";
import { carriedTo, findTargets } from "../targets.ts";
import type { Services } from "../services.ts";
import type { TokenFacts } from "../signing/token-facts.ts";
import { portsOf } from "../ports-of.ts";

export type SignedToken = { kind: "valid" | "expired"; facts: TokenFacts } | { kind: "invalid" };

/** A token that still counts, and what the ledger has behind it. */
export type CheckedToken = ({ kind: "valid" } & LiveToken) | { kind: "expired" | "invalid" } | Unproven;
export interface LiveToken {
	readonly facts: TokenFacts;
	readonly behind: Behind;
	/** Null where no client stands between. */
	readonly client: Client | null;
	/** As an {@link Actor} has it: by what they may do now, and not by the token's scope, which is for one API. */
	readonly gives?: Actor["gives"];
}
type Behind = { grant: LiveGrant } | { session: Session } | "client";

/** RFC 9068 §4. Signature, issuer and times: no storage is touched, and neither audience nor revocation is looked at. */
export async function readSignedToken(token: string, services: Services): Promise<SignedToken> {
	const facts = await services.signedTokens.read(token);
	if (!facts) return { kind: "invalid" };
	return { kind: services.now() < facts.expiresAt ? "valid" : "expired", facts };
}

/**
 * {@link readSignedToken}, whether it is for this resource and comes from whoever has the key that it is bound to, and the ledger's
 * word that it still counts: what a resource of ours asks. `path` is where it lies under the issuer.
 */
export function checkToken(token: PresentedToken, path: string, services: Services): Promise<CheckedToken> {
	return checkTokenFor((audience) => isFor(audience, services.config.issuer, path), token, services);
}

/** {@link checkToken}, where somebody else says whether it is for them. */
export async function checkTokenFor(
	isForThem: IsForThem,
	token: PresentedToken,
	services: Services,
): Promise<CheckedToken> {
	const prove = (senderKey: string | null) => proveSenderOf(token, senderKey, services);
	const checked = await check(isForThem, token.value, prove, services);
	if (checked.kind === "valid") services.usage.note("check", partiesOfToken(checked.facts, checked.client));
	return checked;
}

/** {@link checkTokenFor}, for whoever asks for the proof of a bound one by themselves, and counts what they may remember. */
export async function checkTokenAlone(
	isForThem: IsForThem,
	token: string,
	services: Services,
): Promise<Exclude<CheckedToken, Unproven>> {
	const checked = await check(isForThem, token, async () => null, services);
	return checked.kind === "unproven" ? { kind: "invalid" } : checked;
}

type IsForThem = (audience: readonly string[]) => boolean;

async function check(
	isForThem: IsForThem,
	token: string,
	prove: (senderKey: string | null) => ReturnType<typeof proveSenderOf>,
	services: Services,
): Promise<CheckedToken> {
	const signed = await readSignedToken(token, services);
	if (signed.kind === "expired") services.usage.note("token_expired", partiesOfToken(signed.facts, null));
	if (signed.kind !== "valid") return { kind: signed.kind };
	// RFC 9068 §4: a token for another resource must not open this one.
	if (!isForThem(signed.facts.audience)) return { kind: "invalid" };
	const sender = await prove(signed.facts.senderKey);
	if (sender?.kind === "unproven") return sender;
	// RFC 9449 §7.1: no access unless all is good. Both are asked at once, since neither answer spares the other's question.
	const [live, unproven] = await Promise.all([findLive(signed.facts, services), sender?.use() ?? null]);
	if (unproven) return unproven;
	if (live) return { kind: "valid", ...live };
	services.usage.note("token_ended", partiesOfToken(signed.facts, null));
	return { kind: "invalid" };
}

/**
 * A verified token whose grant or session still counts, by the ledger of its subject (one call); else null. Its scope is
 * what of it is still permitted, so that a narrowed policy or role is seen before the session ends of it. Where somebody acts by a
 * token of their own, that has to count as well (RFC 8693 §2.1 leaves it to us), which is a call of their ledger.
 */
export async function findLive(facts: TokenFacts, services: Services): Promise<LiveToken | null> {
	const actors = facts.exchange?.actors ?? [];
	if (actors.length === 0) return findAlone(facts, services);
	const { exchange: _, ...here } = facts;
	const [live, ...others] = await Promise.all([
		findAlone(facts, services),
		...actors.map((actor) => findAlone({ ...here, ...actor, scope: [] }, services)),
	]);
	return others.includes(null) ? null : (live ?? null);
}

async function findAlone(facts: TokenFacts, services: Services): Promise<LiveToken | null> {
	const { subject, accountId, origin, jti } = facts;
	// Between a person and their own token pair (contract 002) stands no client, as with their login token.
	const isOwn = facts.clientId === subject;
	const isOfClient = !isOwn && (origin === "client" || "grantId" in origin || parseSubject(subject)?.kind === "client");
	const client = isOfClient ? await findClient(facts.clientId, services) : null;
	if (isOfClient && !client) return null;
	const standing = await standingOf(subject, accountId, client, services);
	const holders = standing && (await holdersOf(facts, standing, services));
	if (!standing || !holders) return null;
	const notBefore = Math.max(...holders.map((holder) => holder.notBefore));
	const before = facts.exchange?.before.map((each) => each.jti);
	const ledger = portsOf(services).ledgers.of(subject);
	if (origin === "client") {
		// RFC 9068 §5: a subject of a client can never be taken for a person's, and nobody else may claim to be one.
		if (parseSubject(subject)?.kind !== "client" || firstIssuedAt(facts) < notBefore) return null;
		if (await ledger.isTokenRevoked(jti, ...(before ? [before] : []))) return null;
		const scope = await carriedBy(holders, facts, facts, services);
		// Nobody agreed to more than was said of it when it was registered.
		const own = client?.scope ?? [];
		return { facts: { ...facts, scope: narrow(scope, own) }, behind: "client", client, gives: { scope: own } };
	}
	const query = { jti, ...(before && { before }), notBefore };
	if ("grantId" in origin) {
		const grant = await ledger.inspectGrant(origin.grantId, query);
		// A pair's `read` stands for what ends in it, as far as the person's role goes now.
		const asked = isOwn ? toScope(facts.scope.flatMap(permissionsIn)) : facts.scope;
		if (!grant) return null;
		const scope = await carriedBy(holders, facts, { ...grant, scope: asked }, services);
		return { facts: { ...facts, scope }, behind: { grant }, client };
	}
	const session = await ledger.inspectSession(origin.sid, query);
	if (!session) return null;
	const policies = session.key && (await policiesOfKey(session.key, accountId, services));
	if (session.key && !policies) return null;
	const open = openOf(facts.scope, await findTargets(facts.audience, services), standing);
	const gives = standing.role ? { role: standing.role } : { scope: client?.scope ?? policies ?? [] };
	return { facts: { ...facts, scope: narrow(open, policies) }, behind: { session }, client, gives };
}

/**
 * RFC 8693: for whom a token opens something, the client that it was issued to first. One that was got in exchange opens no more
 * than each of those may that had it before, and ends with them; null where one has ended.
 */
export async function holdersOf(
	{ exchange }: Pick<TokenFacts, "exchange">,
	standing: CurrentStanding,
	services: Services,
): Promise<readonly CurrentStanding[] | null> {
	if (!exchange) return [standing];
	const clients = await Promise.all(exchange.before.map(({ clientId }) => findClient(clientId, services)));
	const earlier = clients.flatMap((client) => (client ? [{ ...standing, client, notBefore: client.notBefore }] : []));
	return earlier.length === clients.length ? [standing, ...earlier] : null;
}

/** When the token was issued that all of an exchange goes back to. */
function firstIssuedAt({ issuedAt, exchange }: TokenFacts): Seconds {
	return Math.min(issuedAt, ...(exchange?.before.map((each) => each.issuedAt) ?? []));
}

/** What a token for this audience can carry now of what was agreed to, for each of them. */
export async function carriedBy(
	holders: readonly CurrentStanding[],
	{ audience }: Pick<TokenFacts, "audience">,
	agreed: { readonly scope: Scope; readonly unchecked?: Scope },
	services: Services,
): Promise<Scope> {
	let { scope } = agreed;
	for (const holder of holders) ({ scope } = await carriedTo(audience, { ...agreed, scope }, holder, services));
	return scope;
}

async function policiesOfKey(
	key: NonNullable<LiveSession["key"]>,
	accountId: string,
	services: Services,
): Promise<Scope | null> {
	const [owner, permitted] = await Promise.all([
		services.lookups.account(key.ownerId),
		permissionsOf(accountId, key.policies, services),
	]);
	return owner?.state === "active" ? permitted : null;
}
