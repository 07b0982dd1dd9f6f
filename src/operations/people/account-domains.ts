import { base64url } from "../../crypto/encoding.ts";
import { randomId } from "../../crypto/random.ts";
import { type AccountDomain, recordOf, readDomain } from "../../domain/account-domain.ts";
import { txtAnswers, txtQuery } from "../../domain/dns.ts";
import type { Limited, NamedLimit } from "../../domain/limit.ts";
import type { Actor, OperatorActor } from "../actor.ts";
import { entryOf } from "../audit.ts";
import { takeTurn } from "../limits.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";
import { writerFor } from "./sign-in-providers.ts";

type Refused = { readonly kind: "unknown" | "not_permitted" };

export type DomainNamed =
	| { readonly kind: "added" | "written"; readonly domain: AccountDomain }
	| { readonly kind: "malformed" | "full" | "no_provider" }
	| Refused;

export type DomainVerified =
	| { readonly kind: "verified"; readonly domain: AccountDomain }
	/** `unasked`: nobody here asks DNS. `missing`: it does not say so. `unreachable`: nobody answers. `taken`: it is another's here. */
	| { readonly kind: "unasked" | "missing" | "unreachable" | "taken" }
	| Limited
	| Refused;

/** All that an account named, by name. */
export function listDomains(accountId: string, services: Services): Promise<readonly AccountDomain[]> {
	return portsOf(services).accountDomains.list(accountId);
}

export async function findDomain(accountId: string, name: string, services: Services): Promise<AccountDomain | null> {
	return (await listDomains(accountId, services)).find(({ domain }) => domain === name) ?? null;
}

/** Names one, or says where people with such addresses sign in from now on. Until it is verified it says nothing. */
export async function nameDomain(
	given: string,
	providerId: string | null,
	actor: Actor,
	services: Services,
): Promise<DomainNamed> {
	const domain = readDomain(given);
	if (domain === null) return { kind: "malformed" };
	const { accountId } = actor;
	const { accountDomains, signInProviders } = portsOf(services);
	if (providerId !== null && (await signInProviders.provider(providerId))?.accountId !== accountId) {
		return { kind: "no_provider" };
	}
	const by = writerFor(actor);
	const row = { accountId, domain, providerId, challenge: randomId(services.random) };
	const detail = { ...(providerId !== null && { provider: providerId }) };
	const added = await accountDomains.add(
		row,
		by,
		entryOf(actor, { action: "account_domain.add", target: domain, detail }, services),
	);
	if (added === "added") return { kind: added, domain: { ...row, verified: null } };
	if (added !== "same") return { kind: added };
	const entry = entryOf(actor, { action: "account_domain.lead", target: domain, detail }, services);
	const written = await accountDomains.setProvider({ accountId, domain }, providerId, by, entry);
	if (written !== "written" && written !== "same") return { kind: written };
	services.lookups.leadsAnywhere.clear();
	const there = await findDomain(accountId, domain, services);
	return there ? { kind: "written", domain: there } : { kind: "unknown" };
}

/** How often an account may have somebody else's resolver asked: whoever waits for a record to get about looks every few minutes. */
const looks: NamedLimit = { name: "domain-verification", attempts: 30, window: 3600 };

/** Looks whether DNS says that it is the account's. */
export async function verifyDomain(name: string, actor: Actor, services: Services): Promise<DomainVerified> {
	const domain = await findDomain(actor.accountId, name, services);
	if (!domain) return { kind: "unknown" };
	if (domain.verified) return { kind: "verified", domain };
	if (services.config.dnsResolver === null) return { kind: "unasked" };
	const limited = await takeTurn({ limit: looks, of: actor.accountId }, services);
	if (limited) return limited;
	const shown = await isShown(domain, services);
	return shown === "shown" ? verified(domain, "dns", actor, services) : { kind: shown };
}

/** An operator vouches for it, who has seen by other means whose it is. */
export async function confirmDomain(
	accountId: string,
	name: string,
	operator: OperatorActor,
	services: Services,
): Promise<DomainVerified> {
	const domain = await findDomain(accountId, name, services);
	return domain ? verified(domain, "operator", operator, services) : { kind: "unknown" };
}

/** It leads nobody anywhere from then on, and whoever it belongs to by now may show it. By an administrator, or an operator. */
export async function removeDomain(
	of: Pick<AccountDomain, "accountId" | "domain">,
	by: Actor | OperatorActor,
	services: Services,
): Promise<"deleted" | "unknown" | "not_permitted"> {
	const entry = entryOf(
		{ ...by, accountId: of.accountId },
		{ action: "account_domain.remove", target: of.domain },
		services,
	);
	const deleted = await portsOf(services).accountDomains.delete(of, writerFor(by), entry);
	if (deleted === "written") services.lookups.leadsAnywhere.clear();
	return deleted === "written" ? "deleted" : deleted;
}

async function verified(
	domain: AccountDomain,
	how: "dns" | "operator",
	by: Actor | OperatorActor,
	services: Services,
): Promise<DomainVerified> {
	const { accountId, domain: target } = domain;
	const now = { at: services.now(), by: how };
	const entry = entryOf(
		{ ...by, accountId },
		{ action: "account_domain.verify", target, detail: { by: how } },
		services,
	);
	const written = await portsOf(services).accountDomains.verify(domain, now, writerFor(by), entry);
	services.lookups.leadsAnywhere.clear();
	if (written === "verified") return { kind: written, domain: { ...domain, verified: now } };
	if (written !== "same") return { kind: written };
	const there = await findDomain(accountId, target, services);
	return there ? { kind: "verified", domain: there } : { kind: "unknown" };
}

/** RFC 8484 §4.1: by GET. The resolver is the operator's choice, and so whom its answer is believed from. */
async function isShown(
	domain: AccountDomain,
	{ config, outbound }: Services,
): Promise<"shown" | "missing" | "unreachable" | "unasked"> {
	if (config.dnsResolver === null) return "unasked";
	const { name, value } = recordOf(domain);
	const url = new URL(config.dnsResolver);
	url.searchParams.set("dns", base64url(txtQuery(name)));
	const what = { headers: { accept: "application/dns-message" }, body: null };
	const limits = { maxBytes: 65_535, signal: AbortSignal.timeout(5000) };
	const asked = await outbound.ask(url.href, what, limits);
	if (asked.kind === "failed" || asked.response.status !== 200) return "unreachable";
	const texts = txtAnswers(new Uint8Array(await asked.response.arrayBuffer()));
	if (texts === null) return "unreachable";
	return texts.includes(value) ? "shown" : "missing";
}
