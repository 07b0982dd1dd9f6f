import type { AuthenticationMethod } from "./authentication.ts";
import type { Role } from "./permission.ts";
import type { Standing } from "./standing.ts";

/** A slug stands in URLs, in `groups` and in what programs send: it is chosen once, and never somebody else's again. */
export function isSlug(text: string): boolean {
	return /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(text);
}

export const slugRule = "Use 1 to 40 small letters, digits and hyphens, with no hyphen at the ends.";

/** Only an active account opens anything, of itself, its keys or its clients. */
export interface Account extends Omit<Standing, "state"> {
	readonly id: string;
	/** Names the account in URLs; unique. */
	readonly slug: string;
	readonly name: string;
	/** Suspended: nothing of it counts until it is reinstated. Ended: it is being deleted, or was. */
	readonly state: Standing["state"] | "suspended";
	/** Left out where it does not ask its people for one. */
	readonly secondFactor?: "required";
	/** The provider of its own through which alone its people come in, an administrator excepted; left out where there is none. */
	readonly onlyThrough?: string;
	/** Whether it has itself told of what happens in it; left out where it does not. */
	readonly hasWebhooks?: true;
}

/**
 * What an account asks of a sign-in that this one is not; null: nothing. Whoever administers it comes in when its provider is away, or
 * set up wrongly. What was opened before the account asked goes on.
 */
export function unmetBy(
	account: Pick<Account, "id" | "secondFactor" | "onlyThrough">,
	{ amr, within }: { readonly amr: readonly AuthenticationMethod[]; readonly within: string | null },
	role: Role,
): "provider" | "second_factor" | null {
	if (account.onlyThrough !== undefined && role !== "admin" && within !== account.id) return "provider";
	return isStrongEnoughFor(account, amr) ? null : "second_factor";
}

/** Whether a sign-in by these methods is as strong as the account asks. What it opened before the account asked goes on. */
export function isStrongEnoughFor(
	{ secondFactor }: Pick<Account, "secondFactor">,
	amr: readonly AuthenticationMethod[],
): boolean {
	return secondFactor !== "required" || amr.includes("mfa");
}
