import type { Sealed, Seconds } from "./brands.ts";
import type { Role } from "./permission.ts";
import type { SubjectId } from "./subject.ts";

/** `oidc`: an OpenID Provider, found by its discovery document. `github`: OAuth and GitHub's own API of who somebody is. */
export const providerKinds = ["oidc", "github"] as const;
export type ProviderKind = (typeof providerKinds)[number];

/** How we say who we are at its token endpoint (OpenID Connect Core §9). */
export const providerTokenAuths = ["client_secret_basic", "client_secret_post"] as const;
export type ProviderTokenAuth = (typeof providerTokenAuths)[number];

/** Whom of those that no group gives a role to {@link SignInProvider.defaultRole} is for. */
export const admissions = ["domains", "everybody"] as const;
export type Admission = (typeof admissions)[number];

/** Where people sign in elsewhere and come in here: of an account, for that one alone, or of the deployment. */
export interface SignInProvider {
	readonly id: string;
	/** Null: the operators', for every person who linked it. */
	readonly accountId: string | null;
	/** These three are what a `sub` means something in (OpenID Connect Core §2, §8.1): another of them is another provider. */
	readonly kind: ProviderKind;
	readonly issuer: string;
	readonly clientId: string;
	readonly name: string;
	readonly sealedSecret: Sealed;
	readonly tokenAuth: ProviderTokenAuth;
	readonly scopes: readonly string[];
	/** The claim that lists somebody's groups; null where none does. */
	readonly groupsClaim: string | null;
	/** The role of whoever is in a group. Of several the one that permits most. */
	readonly groupRoles: readonly (readonly [group: string, role: Role])[];
	/** Whether somebody whom it vouches for, and who is nobody here, becomes a member. */
	readonly justInTime: boolean;
	/** As what, where no group says; null: not at all. */
	readonly defaultRole: Role | null;
	/** `domains`: those with an address that it verified, of a domain that was shown to be the account's. */
	readonly admits: Admission;
	/** Whether members come in through a provider of the account alone. */
	readonly only: boolean;
	/** Whether what it says of how somebody proved who they are is taken for true (`amr`, RFC 8176). */
	readonly trustsAmr: boolean;
	readonly state: "on" | "off";
}

/** Who somebody is at a provider. */
export interface ProviderIdentity {
	readonly providerId: string;
	/** As the provider calls them for ever: its `sub`, or GitHub's numeric id. */
	readonly subject: string;
	readonly personId: SubjectId;
	readonly linkedAt: Seconds;
	readonly lastUsedAt: Seconds | null;
}
