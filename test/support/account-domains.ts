import { call, type Credential, good } from "./keys-api.ts";

// Domains of e-mail addresses, by the API.

export interface ShownDomain {
	readonly domain: string;
	readonly provider_id: string | null;
	readonly verified_at: string | null;
	readonly verified_by: "dns" | "operator" | null;
	readonly record: { readonly type: "TXT"; readonly name: string; readonly value: string };
}

export const domainsOfAccount = "/v1/domains";

let made = 0;

export function aDomainName(): string {
	made += 1;
	return `people-${made}.example`;
}

/** Named by Acme, or by whose credential it is; not verified. */
export async function newDomain(
	providerId: string | null = null,
	{ name = aDomainName(), credential }: { readonly name?: string; readonly credential?: Credential } = {},
): Promise<ShownDomain> {
	await makeRoom(credential);
	const answer = await call("PUT", `${domainsOfAccount}/${name}`, { provider_id: providerId }, credential);
	return good<ShownDomain>(answer);
}

/** An operator vouches for it. */
export function confirm(name: string, slug = "acme") {
	return call("POST", `/v1/accounts/${slug}/domains/${name}/confirm`);
}

/** Of Acme, and verified. */
export async function verifiedDomain(providerId: string | null = null): Promise<ShownDomain> {
	const { domain } = await newDomain(providerId);
	return good<ShownDomain>(await confirm(domain));
}

export async function domainsAt(credential?: Credential): Promise<readonly ShownDomain[]> {
	return good<{ domains: ShownDomain[] }>(await call("GET", domainsOfAccount, undefined, credential)).domains;
}

async function makeRoom(credential?: Credential): Promise<void> {
	const there = await domainsAt(credential);
	if (there.length < 45) return;
	for (const { domain } of there) await call("DELETE", `${domainsOfAccount}/${domain}`, undefined, credential);
}
