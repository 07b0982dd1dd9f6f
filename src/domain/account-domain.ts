import type { Seconds } from "./brands.ts";

/**
 * A domain of e-mail addresses that an account says is its own. Several may say so of one; it counts for one at most, who has shown
 * it.
 */
export interface AccountDomain {
	readonly accountId: string;
	/** As DNS has it: lower case, ASCII, without a dot at its end. */
	readonly domain: string;
	/** Where people with such an address are led to sign in; null: nowhere else. */
	readonly providerId: string | null;
	/** What a TXT record has to say. It is of this account and this domain alone, and no secret. */
	readonly challenge: string;
	/** Null while it counts for nothing. */
	readonly verified: { readonly at: Seconds; readonly by: "dns" | "operator" } | null;
}

/** As it would be kept; null for what is no name of two labels or more (RFC 1035 §2.3.1, and its other scripts as DNS has them). */
export function readDomain(text: string): string | null {
	const url = `https://${text.trim().replace(/\.$/, "")}`;
	const isHost = !/[\s/?#@:\\%[\]]/.test(url.slice("https://".length)) && URL.canParse(url);
	const name = isHost ? new URL(url).hostname : "";
	const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
	const isName = name.length <= 253 && new RegExp(`^(?:${label}\\.)+${label}$`).test(name);
	// All digits at its end would be an address of a network.
	return isName && !/\.\d+$/.test(name) ? name : null;
}

/** Of an address; null for what is none. */
export function domainOfAddress(address: string): string | null {
	const at = address.lastIndexOf("@");
	return at > 0 ? readDomain(address.slice(at + 1)) : null;
}

/** The TXT record by which whoever runs the domain says that it is this account's. A name that is not the domain's own stays out of the way of its other records. */
export function recordOf({ domain, challenge }: Pick<AccountDomain, "domain" | "challenge">) {
	return { name: `_latchkey.${domain}`, value: `latchkey-domain=${challenge}` };
}
