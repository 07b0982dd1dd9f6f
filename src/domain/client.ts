import type { StatedOptions } from "./client-options.ts";
import { appendToQuery, withoutPort } from "./redirect.ts";
import type { Scope } from "./scope.ts";
import type { Standing } from "./standing.ts";
import type { Hash, Seconds } from "./brands.ts";

/** RFC 8628 §3.4 */
export const deviceCodeGrant = "urn:ietf:params:oauth:grant-type:device_code";

/** What a client can get tokens by. */
export const grantTypeNames = [
	"authorization_code",
	"refresh_token",
	"client_credentials",
	"urn:ietf:params:oauth:grant-type:token-exchange",
	deviceCodeGrant,
	"urn:ietf:params:oauth:grant-type:jwt-bearer",
] as const;
export type GrantType = (typeof grantTypeNames)[number];

/** How a client authenticates at the token endpoint. */
export const clientAuthMethods = ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"] as const;
export type ClientAuthMethod = (typeof clientAuthMethods)[number];

/** A registered OAuth client (RFC 6749 §2). An *integration* is one of contract 000. */
export interface Client extends Standing {
	readonly id: string;
	/** The account that owns it: where a client acting for itself acts. Null for one that registered itself: nobody vouches for it. */
	readonly accountId: string | null;
	readonly kind: "integration" | "application";
	readonly name: string;
	readonly description: string;
	/** The logo as SVG source, untrusted: served under its own policy, never inlined. */
	readonly logoSvg: string | null;
	readonly redirectUris: readonly string[];
	/** Each of them is good; the first is the one that it is told. With `none` among them anybody can act as the client. */
	readonly authMethods: readonly ClientAuthMethod[];
	/** Newest first; two while a secret is being replaced. */
	readonly secrets: readonly ClientSecret[];
	readonly grantTypes: readonly GrantType[];
	/** What it may ask for. */
	readonly scope: Scope;
	/** RFC 9700 §4.14.2: `keep` is for confidential clients only, which authenticate at every refresh. */
	readonly rotation: "keep" | "rotate";
	readonly accessTokenTtl: Seconds;
	readonly options: ClientOptions;
	/** Of one that registered itself: when it was last used, to the day. */
	readonly usedAt?: Seconds;
}

export interface ClientOptions extends StatedOptions {
	/** Its redirect URIs, metadata and keys are where its id points to (Client ID Metadata Document). */
	readonly isDocument?: true;
	/** RFC 7592: the hash of the registration access token, under that version of the pepper. */
	readonly registration?: { readonly hash: Hash; readonly version: number };
	/** What it may say of itself at most, where an administrator took something away. */
	readonly ceiling?: Ceiling;
	readonly registeredAt?: Seconds;
	/** It registered without a scope: it may ask for `scope` by name, and gets nothing of it by default. */
	readonly statesNoScope?: true;
	/** Since when its redirect URIs are all there; left out while none was added. What was agreed to before is asked anew. */
	readonly redirectsSince?: Seconds;
}

/**
 * What an administrator took away from a client that manages its own registration (RFC 7592) is what it can have no more: the
 * most that is left, for each part that was ever narrowed. A client narrows itself as it likes, and may go back up to there.
 */
export interface Ceiling {
	readonly scope?: Scope;
	readonly redirectUris?: readonly string[];
	readonly postLogoutRedirectUris?: readonly string[];
	/** Its keys are those that were put in the place of others. */
	readonly keys?: true;
	/** Nobody lets it in by a code that it shows (RFC 8628). */
	readonly withoutDevices?: boolean;
	/** What it does not do without any more. */
	readonly demands?: Pick<StatedOptions, (typeof demandable)[number]>;
}

/** What can be demanded of a client, and said by it too. */
export const demandable = ["requirePushedRequests", "dpopBoundAccessTokens"] as const;

export interface ClientSecret {
	readonly hash: Hash;
	/** The version of the pepper under which the hash was made. */
	readonly version: number;
	/** Null while nothing has replaced it. */
	readonly expiresAt: Seconds | null;
}

/** RFC 6749 §2.1: a client that need not prove who it is, whether or not it can. */
export function isPublic({ authMethods }: Pick<Client, "authMethods">): boolean {
	return authMethods.length === 0 || authMethods.includes("none");
}

/**
 * RFC 6749 §5.2: a client may use only the grants that it registered. Which APIs it may exchange tokens for (RFC 8693) only people
 * say, and whoever has one may do it; and whose assertions it may present (RFC 7523), the accounts say that trust those issuers.
 */
export function mayUse(client: Pick<Client, "grantTypes" | "options" | "authMethods">, grantType: GrantType): boolean {
	switch (grantType) {
		case "urn:ietf:params:oauth:grant-type:token-exchange": {
			const { tokenExchangeApis = [], identityAssertions = [] } = client.options;
			return !isPublic(client) && tokenExchangeApis.length + identityAssertions.length > 0;
		}
		case "urn:ietf:params:oauth:grant-type:jwt-bearer":
			return !isPublic(client);
		default:
			return client.grantTypes.includes(grantType);
	}
}

/** RFC 9700 §2.1.1: public clients MUST use PKCE whatever they ask for, and of others it can be demanded. */
export function alwaysNeedsPkce(client: Pick<Client, "authMethods" | "options">): boolean {
	return isPublic(client) || client.options.requirePkce === true;
}

/** RFC 8628: whether people let it in by a code that it shows. Its grant types say so, whoever registered it. */
export function asksOnDevices({ grantTypes }: Pick<Client, "grantTypes">): boolean {
	return grantTypes.includes(deviceCodeGrant);
}

/** Its options as they hold, for people to see. */
export function optionsInForce(client: Pick<Client, "authMethods" | "options" | "grantTypes">): ClientOptions {
	return {
		...client.options,
		requirePkce: alwaysNeedsPkce(client),
		deviceAuthorization: asksOnDevices(client),
	};
}

/** Whether nobody here vouches for it: its consent page says so, and is never skipped. */
export function isSelfRegistered(client: Pick<Client, "accountId">): boolean {
	return client.accountId === null;
}

/**
 * OIDC Core §4: where somebody is led who wants to sign in to it; null for one that does not say, or that nobody here vouches for.
 * `login_hint` is not sent: who they are, an application learns by what they allow it.
 */
export function loginStartOf(client: Pick<Client, "accountId" | "options">, issuer: string): string | null {
	const { initiateLoginUri } = client.options;
	return initiateLoginUri === undefined || isSelfRegistered(client)
		? null
		: appendToQuery(initiateLoginUri, { iss: issuer });
}

/** Whether it can change its own registration (RFC 7592). */
export function managesItself({ options, state }: Pick<Client, "options" | "state">): boolean {
	return options.registration !== undefined && state === "active";
}

/** How a client proves who it is: by a secret (in either place), by its keys (RFC 7523), or not at all. */
export const authentications = ["client_secret", "private_key_jwt", "none"] as const;
export type Authentication = (typeof authentications)[number];

/**
 * Whether an answer may go there. RFC 9700 §4.1.3: exact string comparison, but for the port of a loopback URI of a native
 * application, which learns it when it starts (RFC 8252 §7.3). A client that can keep a secret is no such application.
 */
export function isRedirectOf(client: Pick<Client, "redirectUris" | "authMethods">, asked: string): boolean {
	const { redirectUris } = client;
	if (redirectUris.includes(asked)) return true;
	const of = isPublic(client) ? withoutPort(asked) : null;
	return of !== null && redirectUris.some((each) => withoutPort(each) === of);
}
