import type { Scope } from "./scope.ts";
import type { Standing } from "./standing.ts";
import type { Hash, Seconds } from "./words.ts";

export type GrantType = "authorization_code" | "refresh_token" | "client_credentials";
export type ClientAuthMethod = "client_secret_basic" | "client_secret_post" | "none";

/** A registered OAuth client (RFC 6749 §2). An *integration* is one of contract 000. */
export interface Client extends Standing {
	readonly id: string;
	/** The account that owns it: where a client acting for itself acts. */
	readonly accountId: string;
	readonly kind: "integration" | "application";
	readonly name: string;
	readonly description: string;
	/** The logo as SVG source, untrusted: served under its own policy, never inlined. */
	readonly logoSvg: string | null;
	readonly redirectUris: readonly string[];
	readonly authMethods: readonly ClientAuthMethod[];
	/** Newest first; two while a secret is being replaced. */
	readonly secrets: readonly ClientSecret[];
	readonly grantTypes: readonly GrantType[];
	/** What it may ask for. */
	readonly scope: Scope;
	/** RFC 9700 §4.14.2: `keep` is for confidential clients only, which authenticate at every refresh. */
	readonly rotation: "keep" | "rotate";
	readonly accessTokenTtl: Seconds;
}

export interface ClientSecret {
	readonly hash: Hash;
	/** The version of the pepper under which the hash was made. */
	readonly version: number;
	/** Null while nothing has replaced it. */
	readonly expiresAt: Seconds | null;
}

/** RFC 6749 §2.1: a client that has no way to keep a secret. */
export function isPublic(client: Client): boolean {
	return client.authMethods.every((method) => method === "none");
}
