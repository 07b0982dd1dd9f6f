import type { Acr, AuthenticationMethod } from "./authentication.ts";
import type { Scope } from "./scope.ts";
import type { Seconds } from "./brands.ts";

/**
 * OpenID Connect: what a client may learn of who a person is. These scope values open no resource, so that no role grants
 * or denies them; the person decides on the consent page.
 */
export const identityScopes = {
	openid: "Know you again: an identifier that is always the same for you",
	profile: "See your profile: your name, user name, picture and what else you entered there",
	email: "See your e-mail address",
	address: "See your postal address",
	phone: "See your phone number",
	groups: "See the account that you choose, and your role in it",
	offline_access: "Keep this access while you are away",
} as const;

export type IdentityScope = keyof typeof identityScopes;

export function isIdentityScope(text: string): text is IdentityScope {
	return identityNames.has(text);
}

const identityNames: ReadonlySet<string> = new Set(Object.keys(identityScopes));

/** OIDC Core §5.4, and our own beside it: the claims that a scope value stands for. */
const scopeClaims = {
	profile: [
		"name",
		"family_name",
		"given_name",
		"middle_name",
		"nickname",
		"preferred_username",
		"profile",
		"picture",
		"website",
		"gender",
		"birthdate",
		"zoneinfo",
		"locale",
		"updated_at",
	],
	email: ["email", "email_verified"],
	address: ["address"],
	phone: ["phone_number", "phone_number_verified"],
	// What proxies and clusters go by. Nobody has registered it with IANA, and all call it so.
	groups: ["groups"],
} as const satisfies Partial<Record<IdentityScope, readonly string[]>>;

/** OIDC Core §5.1, but for `sub`, and our own: each belongs to one scope value. */
export type IdentityClaim = (typeof scopeClaims)[keyof typeof scopeClaims][number];

export const claimsOfScope: Readonly<Partial<Record<IdentityScope, readonly IdentityClaim[]>>> = scopeClaims;

export const identityClaims: readonly IdentityClaim[] = Object.values(scopeClaims).flat();

/** What a person says of themselves, all of it optional. `name` and the user name are the register's own. */
export interface Profile {
	readonly family_name?: string;
	readonly given_name?: string;
	readonly middle_name?: string;
	readonly nickname?: string;
	/** The URL of a page about the person. */
	readonly profile?: string;
	readonly picture?: string;
	readonly website?: string;
	readonly gender?: string;
	/** `YYYY-MM-DD`, `0000-MM-DD` or `YYYY`. */
	readonly birthdate?: string;
	/** Of the IANA time zone database. */
	readonly zoneinfo?: string;
	/** BCP 47 */
	readonly locale?: string;
	readonly email?: string;
	/** E.164 */
	readonly phone_number?: string;
	readonly address?: PostalAddress;
	readonly updated_at?: Seconds;
}

/** OIDC Core §5.1.1 */
export interface PostalAddress {
	readonly street_address?: string;
	readonly locality?: string;
	readonly region?: string;
	readonly postal_code?: string;
	readonly country?: string;
}

/** OIDC Core §5.5, `claims`: what was asked for by name, beyond the scope. */
export interface ClaimsRequest {
	readonly userinfo: readonly IdentityClaim[];
	readonly idToken: readonly IdentityClaim[];
}

export const noClaims: ClaimsRequest = { userinfo: [], idToken: [] };

/** What the id_tokens of a grant say of the sign-in behind it. */
export interface IdentityTerms {
	readonly nonce: string | null;
	/** `auth_time` */
	readonly authenticatedAt: Seconds;
	/** How they signed in; left out: by password. */
	readonly amr?: readonly AuthenticationMethod[];
	/** Of the contexts that the client asked for the one that it got; left out: the strongest. */
	readonly acr?: Acr;
	/** The browser's sign-in, by its id (OIDC RP-Initiated Logout, `sid`). */
	readonly sid: string;
	readonly claims: ClaimsRequest;
	/** Whether the client is told when the sign-in ends (logout.ts). */
	readonly isTold?: true;
	/** Whether the grant ends with it. What was granted before there was such a thing goes on. */
	readonly endsWithSignIn?: true;
}

/** A scope's values that open something, and those that tell who somebody is. */
export function splitScope(scope: Scope): { readonly identity: readonly IdentityScope[]; readonly access: Scope } {
	return { identity: scope.filter(isIdentityScope), access: scope.filter((value) => !isIdentityScope(value)) };
}
