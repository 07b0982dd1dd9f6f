import { domainOfAddress } from "../../domain/account-domain.ts";
import type { SignInProvider } from "../../domain/sign-in-provider.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";

/** What a page needs of a provider to offer it. */
export type OfferedProvider = Pick<SignInProvider, "id" | "name">;

/** What a sign-in page offers to whoever comes, beside a password. */
export interface WaysToSignIn {
	/** Those of the deployment, by name. */
	readonly providers: readonly OfferedProvider[];
	/** Whether some address leads to a provider of an account. */
	readonly byAddress: boolean;
}

export async function waysToSignIn({ lookups }: Pick<Services, "lookups">): Promise<WaysToSignIn> {
	const [providers, byAddress] = await Promise.all([lookups.signInProviders(""), lookups.leadsAnywhere("")]);
	const open = (providers ?? []).filter(({ state }) => state === "on");
	return { providers: open.map(({ id, name }) => ({ id, name })), byAddress: byAddress === true };
}

/** One that people come in through now, whoever's it is. */
export async function openProvider(id: string, services: Services): Promise<SignInProvider | null> {
	const found = await portsOf(services).signInProviders.provider(id);
	if (found?.state !== "on") return null;
	if (found.accountId === null) return found;
	return (await services.lookups.account(found.accountId))?.state === "active" ? found : null;
}

/** Where people with this address sign in: of a domain that an account has shown to be its own, and of no other. */
export async function providerOfAddress(address: string, services: Services): Promise<OfferedProvider | null> {
	const domain = domainOfAddress(address);
	const found = domain === null ? null : await portsOf(services).accountDomains.verified(domain);
	return found?.providerId == null ? null : openProvider(found.providerId, services);
}
