import { isClientName, redirectProblems } from "./client-draft.ts";
import { assertionAlgs, isSecretKey, type JwkSet, readJwkSet } from "./client-keys.ts";
import { type Client, type ClientAuthMethod, type ClientOptions, type GrantType, grantTypeNames } from "./client.ts";
import { defined } from "./defined.ts";
import { identityScopes, isIdentityScope } from "./identity.ts";
import { ringAlgorithms } from "./signing-key-ring.ts";
import { MetadataReader, type Rule } from "./metadata-reader.ts";
import { isPermission, type Permission, permissions } from "./permission.ts";
import { fetchProblem, type Own } from "./public-host.ts";
import { redirectUriProblem } from "./redirect.ts";
import { isWithin, parseScope, type Scope, toScope } from "./scope.ts";

/** What a client says of itself: RFC 7591 §2, OIDC Registration §2 and the same in a Client ID Metadata Document. */
export interface Registration {
	/** Null where it gives none. */
	readonly name: string | null;
	readonly redirectUris: readonly string[];
	readonly authMethod: ClientAuthMethod;
	readonly grantTypes: readonly GrantType[];
	readonly scope: Scope;
	readonly options: ClientOptions;
}

/** RFC 7591 §3.2.2. `detail` repeats nothing of what was sent. */
export interface RegistrationError {
	readonly code: "invalid_redirect_uri" | "invalid_client_metadata" | "unapproved_software_statement";
	readonly detail: string;
}

export type ReadRegistration =
	| { readonly ok: true; readonly registration: Registration }
	| { readonly ok: false; readonly error: RegistrationError };

export interface RegistrationRules {
	readonly own: Own;
	/** How it may authenticate; the first where it does not say. */
	readonly methods: readonly [ClientAuthMethod, ...ClientAuthMethod[]];
	/** The most that it may ask for. */
	readonly ceiling: Scope;
	/** Whether it may have tokens without a person (RFC 6749 §4.4). */
	readonly mayActAlone: boolean;
}

const openToStrangers: readonly Permission[] = [
	"environments:read",
	"events:read",
	"events:write",
	"change_events:read",
	"change_events:write",
	"change_events:delete",
	"alerts:read",
];

/** What software that nobody vouches for may ask a person for: never to manage keys, integrations or an account. */
export const strangersCeiling: Scope = toScope([...openToStrangers, ...Object.keys(identityScopes)]);

/** For a client that belongs to an account. */
export const accountsCeiling: Scope = toScope([...Object.keys(permissions), ...Object.keys(identityScopes)]);

/**
 * Members that are not known are ignored, and so are values that others understand (RFC 7591 §2): what was made of them
 * stands in the answer. A value that was asked for and would break the client, or open more than it should, is refused.
 */
export function readRegistration(
	sent: Readonly<Record<string, unknown>>,
	{ own, methods, ceiling, mayActAlone }: RegistrationRules,
): ReadRegistration {
	const reader = new MetadataReader(sent);
	if (reader.member("software_statement") !== undefined) {
		return refuse("unapproved_software_statement", "Software statements are not taken here");
	}
	const name = reader.text("client_name", named);
	const redirectUris = reader.texts("redirect_uris") ?? [];
	const authMethod = reader.oneOf("token_endpoint_auth_method", methods) ?? methods[0];
	const grantTypes = grantTypesOf(reader, mayActAlone);
	const scope = scopeOf(reader, ceiling);
	const jwks = jwksOf(reader);
	const jwksUri = reader.text("jwks_uri", (uri) => fetchProblem(uri, own));
	// RFC 7591 §2: one or the other.
	if (jwks && jwksUri !== undefined) reader.add("jwks and jwks_uri are both there");
	if (authMethod === "private_key_jwt" && !jwks && jwksUri === undefined) {
		reader.add("private_key_jwt needs jwks or jwks_uri");
	}
	const applicationType = reader.oneOf("application_type", ["web", "native"]);
	const options = defined({
		idTokenAlg: reader.oneOf("id_token_signed_response_alg", ringAlgorithms),
		assertionAlg: reader.oneOf("token_endpoint_auth_signing_alg", assertionAlgs),
		postLogoutRedirectUris: reader.texts("post_logout_redirect_uris", redirectUriProblem),
		jwks,
		jwksUri,
		clientUri: reader.text("client_uri", webPage),
		logoUri: reader.text("logo_uri", webPage),
		policyUri: reader.text("policy_uri", webPage),
		tosUri: reader.text("tos_uri", webPage),
		contacts: reader.texts("contacts", printable),
		softwareId: reader.text("software_id", printable),
		softwareVersion: reader.text("software_version", printable),
		defaultMaxAge: reader.seconds("default_max_age"),
		applicationType,
	});
	// OIDC Core §8: everybody is the same subject to every client here.
	reader.oneOf("subject_type", ["public"]);
	for (const each of unsupported) reader.refuse(each, "is not supported");

	if (grantTypes.includes("authorization_code") || redirectUris.length > 0) {
		const [problem] = redirectProblems(redirectUris);
		if (problem !== undefined) return refuse("invalid_redirect_uri", problem);
		// OIDC Registration §2, as far as the code flow goes: a web site has no scheme of its own. (RFC 8252 §7.2 lets a native
		// application have https URLs, which is safer than what OIDC would hold it to.)
		if (applicationType === "web" && !redirectUris.every((uri) => /^https?:/.test(uri))) {
			return refuse("invalid_redirect_uri", "The redirect URLs of a web application begin with https");
		}
	}
	if (reader.problems.length > 0) return refuse("invalid_client_metadata", reader.problems.join("; "));
	return {
		ok: true,
		registration: { name: name?.trim() ?? null, redirectUris, authMethod, grantTypes, scope, options },
	};
}

/** The name of a client that gives none: where its answers go. */
export function nameOf({ name, redirectUris }: Pick<Registration, "name" | "redirectUris">): string {
	if (name !== null) return name;
	const [uri] = redirectUris;
	const { protocol, hostname } = new URL(uri ?? "about:blank");
	return /^https?:$/.test(protocol) ? hostname.slice(0, 100) : "Unnamed application";
}

/** What of a client comes from its registration. */
export function registered(
	registration: Registration,
): Pick<Client, "redirectUris" | "authMethods" | "grantTypes" | "scope" | "options"> {
	const { redirectUris, authMethod, grantTypes, scope, options } = registration;
	return { redirectUris, authMethods: [authMethod], grantTypes, scope, options };
}

/** RFC 7591 §2: grant types and response types have to fit. What is not known here is for other servers. */
function grantTypesOf(reader: MetadataReader, mayActAlone: boolean): readonly GrantType[] {
	const asked = reader.texts("grant_types") ?? ["authorization_code"];
	const taken = grantTypeNames.filter((each) => asked.includes(each) && (mayActAlone || each !== "client_credentials"));
	const hasCode = taken.includes("authorization_code");
	if (!hasCode && !taken.includes("client_credentials")) {
		reader.add("grant_types has none that is supported here, such as authorization_code");
	}
	// RFC 9700 §2.1.2: of the response types `code` alone.
	const responseTypes = reader.texts("response_types") ?? ["code"];
	if (hasCode && !responseTypes.includes("code")) reader.add("response_types lacks code");
	return taken;
}

/** RFC 7591 §2: without `scope`, or with values alone that only others know, all that such a client may have. */
function scopeOf(reader: MetadataReader, ceiling: Scope): Scope {
	const text = reader.text("scope", (value) =>
		value === "" || parseScope(value) ? null : "must be values with single spaces between",
	);
	const known = (parseScope(text ?? "") ?? []).filter((value) => isPermission(value) || isIdentityScope(value));
	if (known.length === 0) return ceiling;
	const allowed = known.filter((value) => isWithin([value], ceiling));
	if (allowed.length === 0) reader.add("scope has no value that is open to this client");
	return allowed;
}

function jwksOf(reader: MetadataReader): JwkSet | undefined {
	const sent = reader.member("jwks");
	if (sent === undefined) return undefined;
	const set = readJwkSet(sent);
	if (!set) {
		reader.add("jwks must be a JWK set");
		return undefined;
	}
	// Client ID Metadata Document §4.1, OIDC Registration §2: public keys only.
	if (set.keys.some(isSecretKey)) reader.add("jwks has a key that is secret");
	return set;
}

/** A client that asks for these would not understand what it gets without them. */
const unsupported = [
	"id_token_encrypted_response_alg",
	"id_token_encrypted_response_enc",
	"userinfo_signed_response_alg",
	"userinfo_encrypted_response_alg",
	"userinfo_encrypted_response_enc",
];

const named: Rule = (text) => (isClientName(text.trim()) ? null : "must have 1 to 100 printable characters");

const printable: Rule = (text) =>
	/^[^\p{C}\p{Zl}\p{Zp}]{1,255}$/u.test(text) ? null : "must have 1 to 255 printable characters";

const webPage: Rule = (text) => {
	const isUrl = text.length <= 2048 && /^https?:\/\/[\x21-\x7e]+$/.test(text) && URL.canParse(text);
	return isUrl ? null : "must be the URL of a web page";
};

function refuse(code: RegistrationError["code"], detail: string): ReadRegistration {
	return { ok: false, error: { code, detail } };
}
