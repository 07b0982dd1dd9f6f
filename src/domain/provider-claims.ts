import { type AuthenticationMethod, isAuthenticationMethod } from "./authentication.ts";
import type { Seconds } from "./brands.ts";
import { isUsername, readName } from "./display-name.ts";
import type { Role } from "./permission.ts";
import type { SignInProvider } from "./sign-in-provider.ts";

/** What a provider says of somebody who signed in there. Whose address it is that it names, the address does not tell. */
export interface Vouched {
	readonly subject: string;
	readonly name: string | null;
	/** What they are called there, as far as it can be a user name here. */
	readonly username: string | null;
	/** One that it verified; null: none. */
	readonly email: string | null;
	readonly groups: readonly string[];
	readonly amr: readonly AuthenticationMethod[];
	/** When they showed it there who they are (`auth_time`); null: it does not say. */
	readonly shownAt: Seconds | null;
}

/** Of claims that were found good. Null where they name nobody. */
export function readClaims(
	claims: Readonly<Record<string, unknown>>,
	{ groupsClaim, trustsAmr }: Pick<SignInProvider, "groupsClaim" | "trustsAmr">,
): Vouched | null {
	const { sub, name, preferred_username, email, email_verified, amr, auth_time } = claims;
	// OIDC Core §2: at most 255 characters of ASCII, compared as they are.
	if (typeof sub !== "string" || !/^[\x20-\x7e]{1,255}$/.test(sub)) return null;
	const address = typeof email === "string" && email_verified === true ? readAddress(email) : null;
	const said = typeof preferred_username === "string" ? preferred_username : address;
	return {
		subject: sub,
		name: typeof name === "string" ? readName(name) : null,
		username: usernameIn(said ?? ""),
		email: address,
		groups: groupsClaim === null ? [] : textsOf(claims[groupsClaim]),
		// RFC 8176 leaves it to the two what a value means: unless somebody here says that it means the same, it says nothing.
		amr: trustsAmr ? textsOf(amr).filter(isAuthenticationMethod) : [],
		shownAt: typeof auth_time === "number" && auth_time > 0 ? Math.floor(auth_time) : null,
	};
}

/** As what somebody comes in; null: not at all. Of several groups the one counts that permits most. */
export function roleFor(
	{ groupRoles, admits, defaultRole }: Pick<SignInProvider, "groupRoles" | "admits" | "defaultRole">,
	{ groups }: Pick<Vouched, "groups">,
	isOfOwnDomain: boolean,
): Role | null {
	const roles = groupRoles.filter(([group]) => groups.includes(group)).map(([, role]) => role);
	if (roles.includes("admin")) return "admin";
	return roles[0] ?? (admits === "everybody" || isOfOwnDomain ? defaultRole : null);
}

function readAddress(text: string): string | null {
	return text.length <= 254 && /^[^\s@]+@[^\s@]+$/.test(text) ? text : null;
}

/** An address is no name: what stands before its domain is. */
function usernameIn(text: string): string | null {
	const [name = ""] = text.split("@", 1);
	return name.length <= 60 && isUsername(name) ? name : null;
}

/** A list of texts, or one: `groups` comes as either. */
function textsOf(value: unknown): readonly string[] {
	return [value].flat().filter((each) => typeof each === "string");
}
