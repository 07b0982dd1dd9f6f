import { hashSecret, tokenPrefixes, unsealToken } from "../../crypto/sealed-token.ts";
import { scopeOfApi, servedBy } from "../../domain/api.ts";
import { isSameResource } from "../../domain/audience.ts";
import { countsNow } from "../../domain/effective-scope.ts";
import { type Client, isSelfRegistered } from "../../domain/client.ts";
import { parseSubject } from "../../domain/subject.ts";
import type { Seconds } from "../../domain/brands.ts";
import type { ActiveToken } from "./active-token.ts";
import { findLive, readSignedToken } from "../checks/check-token.ts";
import { type TokenFacts } from "../signing/token-facts.ts";
import { standingOf } from "../standing.ts";
import { findTargets, visibleBeside } from "../targets.ts";
import type { Services } from "../services.ts";
import { partiesOfClient, partiesOfToken } from "../parties.ts";
import type { Checked, Dated } from "../verdict-memory.ts";
import { portsOf } from "../ports-of.ts";

/**
 * Null for whatever is not active, and for whatever is not the caller's: issued to it, or naming it as audience. The
 * caller cannot tell the two apart (RFC 7662 §4, DESIGN §3.7). As it stands now, or stood less than `maxStaleness` ago.
 */
export function inspectToken(
	token: string,
	caller: Client,
	maxStaleness: Seconds,
	services: Services,
): Promise<Dated<ActiveToken | null>> {
	const inspect = async () => {
		const found = await inspectNow(token, caller, services);
		if (found) return found;
		services.usage.note("inactive_token", partiesOfClient(caller));
		return { answer: null, parties: [] };
	};
	return services.verdicts.tokens.answer([caller.id, token], maxStaleness, inspect);
}

type Inspected = Checked<ActiveToken> | null;

async function inspectNow(token: string, caller: Client, services: Services): Promise<Inspected> {
	if (token.startsWith(tokenPrefixes.refresh)) return inspectRefreshToken(token, caller, services);
	const signed = await readSignedToken(token, services);
	if (signed.kind !== "valid") return null;
	const { clientId, audience } = signed.facts;
	const targets = await findTargets(audience, services);
	const served = servedBy(caller, targets.apis);
	const isServer =
		served.length > 0 || audience.includes(caller.id) || targets.foreign.some((each) => lists(caller, each));
	if (clientId !== caller.id && !isServer) return null;
	const live = await findLive(signed.facts, services);
	if (!live) return null;
	const { facts } = live;
	const others = targets.apis.filter((api) => !served.includes(api)).flatMap(scopeOfApi);
	const answer = {
		use: "access_token",
		act: facts.exchange?.act ?? null,
		...facts,
		// What the token opens at another API is for that one to know, and for whom it was issued to.
		scope: clientId === caller.id ? facts.scope : facts.scope.filter((value) => !others.includes(value)),
		username: await usernameFor(caller, facts, isServer, services),
	} as const;
	return { answer, parties: [...partiesOfToken(facts, live.client, targets.apis), ...partiesOfClient(caller)] };
}

/**
 * RFC 7662 §2.2 `username`, and §5 on privacy: for whomever the person let see their profile, and for an API of the account that
 * the token acts in, whose people its account knows by these names anyway. No other client learns it that was not given it.
 */
async function usernameFor(
	caller: Client,
	{ subject, accountId, scope }: Pick<TokenFacts, "subject" | "accountId" | "scope">,
	isServer: boolean,
	services: Services,
): Promise<string | null> {
	if (parseSubject(subject)?.kind !== "person") return null;
	const isItsApi = isServer && caller.accountId === accountId;
	if (!isItsApi && !scope.includes("profile")) return null;
	return (await services.lookups.person(subject))?.username ?? null;
}

/** Whether it says that it serves a resource that nobody registered. For one that registered itself nobody vouches. */
function lists(client: Client, resource: string): boolean {
	const { resources = [] } = client.options;
	return !isSelfRegistered(client) && resources.some((each) => isSameResource(each, resource));
}

async function inspectRefreshToken(token: string, caller: Client, services: Services): Promise<Inspected> {
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
	const answer = {
		use: "refresh_token",
		act: null,
		subject,
		username: await usernameFor(caller, { subject, accountId, scope }, false, services),
		clientId,
		accountId,
		scope,
		issuedAt: createdAt,
		expiresAt,
		jti: null,
		audience,
		senderKey: null,
	} as const;
	return { answer, parties: partiesOfToken(answer, caller) };
}
