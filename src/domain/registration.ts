import * as v from "valibot";
import { bounds } from "./bounds.ts";
import { readName } from "./display-name.ts";
import { assertionAlgs, canVerify, isAssertionAlg, isSecretKey } from "./client-keys.ts";
import { heeded } from "./heeded-metadata.ts";
import { texts } from "./client-option.ts";
import { gather, type RegistrableOption, registrableOptions } from "./client-option-values.ts";
import { type MethodRules, methodsFor } from "./client-auth-methods.ts";
import {
	type Client,
	type ClientOptions,
	deviceCodeGrant,
	type GrantType,
	grantTypeNames,
	isPublic,
} from "./client.ts";
import { effectiveScope, ownScope, strangersScope } from "./effective-scope.ts";
import { type Api, scopeOfApi } from "./api.ts";
import { identityScopes } from "./identity.ts";
import { pairScopes } from "./permission.ts";
import { registrable } from "./redirect-problems.ts";
import { isDotless } from "./redirect.ts";
import type { Own } from "./public-host.ts";
import { parseScope, type Scope, toScope } from "./scope.ts";

/** What a client says of itself: RFC 7591 §2, OIDC Registration §2 and the same in a Client ID Metadata Document. */
export interface Registration {
	/** Null where it gives none. */
	readonly name: string | null;
	readonly redirectUris: readonly string[];
	readonly authMethods: Client["authMethods"];
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
	readonly methods: MethodRules;
	/** The most that it may ask for, of what is known here. */
	readonly registrableScope: Scope;
	/** Whether what it says is its limit, and not what strangers may: then what is not known is left out. */
	readonly isLimit: boolean;
	/** Whether it may have tokens without a person (RFC 6749 §4.4). */
	readonly mayActAlone: boolean;
}

/** For a client that belongs to an account, which sees these APIs. */
export function accountsScope(visible: readonly Api[]): Scope {
	return toScope([...ownScope, ...visible.flatMap(scopeOfApi)]);
}

/** RFC 7591 §2 and OIDC Registration §2, but for what is an option. */
const members = {
	client_name: v.pipe(
		v.string("must be a string"),
		v.metadata({ maxLength: 100 }),
		v.check((name) => readName(name) !== null, "must have 1 to 100 printable characters"),
	),
	redirect_uris: texts(bounds.metadata.most),
	token_endpoint_auth_method: v.string("must be a string"),
	/** OpenID Connect RP Metadata Choices 1.0 §2 */
	token_endpoint_auth_methods_supported: texts(bounds.metadata.most),
	grant_types: texts(bounds.metadata.most),
	response_types: texts(bounds.metadata.most),
	scope: v.pipe(
		v.string("must be a string"),
		v.check((value) => parseScope(value) !== null, "must be values with spaces between"),
	),
	subject_type: v.string("must be a string"),
};

/** For the documentation. */
export const memberWords: Readonly<Record<keyof typeof members, string>> = {
	client_name: "What people are shown as its name: 1 to 100 printable characters.",
	redirect_uris: "Where answers may go, exactly.",
	token_endpoint_auth_method: "How it authenticates at the token endpoint.",
	token_endpoint_auth_methods_supported: "Every way in which it can authenticate there.",
	grant_types: "How it gets tokens.",
	response_types: "What it asks the authorization endpoint for: `code`, or nothing.",
	scope:
		"What it asks for where a request does not say, as values with spaces between; of a client that an account registered also " +
		"the most that it may ask for.",
	subject_type: "Everybody has one subject identifier for all clients.",
};

/** What a client may say of itself, as far as it is heeded. */
export const metadataSchema = v.pipe(
	v.partial(
		v.looseObject({
			...Object.fromEntries(
				Object.entries(members).map(([name, schema]) => [
					name,
					v.pipe(schema, v.description(memberWords[name as keyof typeof members])),
				]),
			),
			// Choices that are not known here are replaced.
			...optionMembers((option) =>
				describedOption(option.schema.type === "picklist" ? { ...option, schema: v.string() } : option),
			),
		}),
	),
	v.title("ClientMetadata"),
);

/**
 * Members that are not known are ignored, those that ask for what is not done here (an encrypted id_token, a signed UserInfo)
 * among them, and values that are not known are replaced (RFC 7591 §2, §3.2.1): the answer shows what was made of them. What
 * would open more than it should, or leave the client nothing to work with, is refused.
 */
export function readRegistration(
	sent: Readonly<Record<string, unknown>>,
	{ own, methods, registrableScope, isLimit, mayActAlone }: RegistrationRules,
): ReadRegistration {
	const there = heeded(sent, own);
	if (there.software_statement !== undefined) {
		return refuse("unapproved_software_statement", "Software statements are not taken here");
	}
	const said = v.safeParse(v.partial(v.object(members)), there);
	const ruledMembers = optionMembers((option) => ruled(option, own));
	const stated = v.safeParse(v.partial(v.object(ruledMembers)), there);
	if (!said.success || !stated.success) return malformed([...(said.issues ?? []), ...(stated.issues ?? [])]);

	const options = gather(registrableOptions, ({ metadata }) => stated.output[metadata]);
	const {
		client_name: name,
		redirect_uris: uris = [],
		token_endpoint_auth_method: preferred,
		token_endpoint_auth_methods_supported: choices,
		response_types: responseTypes = ["code"],
	} = said.output;
	const grantTypes = grantTypesOf(said.output.grant_types ?? ["authorization_code"], mayActAlone);
	const hasCode = grantTypes.includes("authorization_code");
	const asked = parseScope(said.output.scope ?? "") ?? [];
	// Whoever says nothing may ask people for what strangers may, by name each time. What it may do alone has to be said.
	const statesNoScope = asked.length === 0 && !grantTypes.includes("client_credentials");
	const scope = statesNoScope ? strangersScope : scopeOf(asked, { registrableScope, isLimit });
	const { jwks, jwksUri } = options;
	const hasKeys = (jwks !== undefined || jwksUri !== undefined) && canSign(sent, options);
	const isDotlessAlone = uris.length > 0 && uris.every(isDotless);
	const authMethods = methodsFor({ preferred, choices, hasKeys, isDotlessAlone }, methods);
	const isConfidential = authMethods.length > 0 && !isPublic({ authMethods });
	const redirects = registrable(uris, { isConfidential, isWeb: options.applicationType === "web" });
	if (!redirects.ok) return refuse("invalid_redirect_uri", redirects.detail);
	const { redirectUris } = redirects;
	if (hasCode && redirectUris.length === 0) return refuse("invalid_redirect_uri", "Give at least one redirect URL.");
	const wrong = [
		!hasCode &&
			!grantTypes.includes("client_credentials") &&
			!grantTypes.includes(deviceCodeGrant) &&
			!grantTypes.includes("urn:ietf:params:oauth:grant-type:jwt-bearer") &&
			`grant_types has none that ${mayActAlone ? "is supported here" : "is for a client that registers itself"}, such as authorization_code`,
		// RFC 9700 §2.1.2: of the response types `code` alone.
		hasCode && !responseTypes.includes("code") && "response_types lacks code",
		scope.length === 0 && "scope has no value that is open to this client",
		// Client ID Metadata Document §4.1, OIDC Registration §2: public keys only.
		jwks?.keys.some(isSecretKey) && "jwks has a key that is secret",
		// RFC 7591 §2: one or the other.
		jwks && jwksUri !== undefined && "jwks and jwks_uri are both there",
		jwks &&
			authMethods.includes("private_key_jwt") &&
			!canVerify(jwks, options.assertionAlg) &&
			"jwks has no key that an assertion can be verified by",
		authMethods.length === 0 &&
			`token_endpoint_auth_method must be one of ${methods.supported.join(", ")}; private_key_jwt needs keys, for ${assertionAlgs.join(", ")}`,
	].filter((each) => typeof each === "string");
	if (wrong.length > 0) return refuse("invalid_client_metadata", wrong.join("; "));
	return {
		ok: true,
		registration: {
			name: name?.trim() ?? null,
			redirectUris,
			authMethods,
			grantTypes,
			scope,
			options: { ...options, ...(statesNoScope && { statesNoScope }) },
		},
	};
}

/** Whether its assertions can be of an algorithm that is known here. */
function canSign(sent: Readonly<Record<string, unknown>>, { assertionAlg }: ClientOptions): boolean {
	const { token_endpoint_auth_signing_alg: one, token_endpoint_auth_signing_alg_values_supported: all } = sent;
	if (assertionAlg !== undefined || typeof one !== "string" || one === "") return true;
	return Array.isArray(all) && all.some(isAssertionAlg);
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
	const { redirectUris, authMethods, grantTypes, scope, options } = registration;
	return { redirectUris, authMethods, grantTypes, scope, options };
}

/** What is wrong is gathered, so that it can be mended at once, and said once of each member. */
function malformed(issues: readonly v.BaseIssue<unknown>[]): ReadRegistration {
	const redirect = issues.find(({ path }) => path?.[0].key === "redirect_uris");
	if (redirect) return refuse("invalid_redirect_uri", inWords(redirect));
	return refuse("invalid_client_metadata", [...new Set(issues.map(inWords))].slice(0, 20).join("; "));
}

function inWords(issue: v.BaseIssue<unknown>): string {
	return `${String(issue.path?.[0].key)} ${issue.message}`;
}

/** The options of a client, by their names in its metadata. */
export function optionMembers(
	schemaOf: (option: RegistrableOption) => v.GenericSchema,
): Readonly<Record<string, v.GenericSchema>> {
	return Object.fromEntries(registrableOptions.map((option) => [option.metadata, schemaOf(option)]));
}

/** Its schema, with what the documentation says of it. */
export function describedOption({ schema, says }: RegistrableOption): v.GenericSchema {
	return v.pipe(schema, v.description(says));
}

/** With what JSON Schema has no words for. */
function ruled({ schema, rule }: RegistrableOption, own: Own): v.GenericSchema {
	return v.pipe(
		schema,
		v.rawCheck(({ dataset: { typed, value }, addIssue }) => {
			if (!typed) return;
			const isList = Array.isArray(value);
			const list: readonly unknown[] = isList ? value : [value];
			const [problem] = list.flatMap((text) => (typeof text === "string" && rule?.(text, own)) || []);
			if (problem !== undefined) addIssue({ message: isList ? `has a member that ${problem}` : problem });
		}),
	);
}

/** RFC 7591 §2: what is not known here is for other servers. */
function grantTypesOf(asked: readonly string[], mayActAlone: boolean): readonly GrantType[] {
	return grantTypeNames.filter((each) => asked.includes(each) && isRegistrable(each, mayActAlone));
}

/** What a client may say of itself that it does: whom it may exchange tokens for (RFC 8693), people say. */
function isRegistrable(grantType: GrantType, mayActAlone: boolean): boolean {
	if (grantType === "urn:ietf:params:oauth:grant-type:token-exchange") return false;
	// Whose assertions it may present, an account says that trusts them: it is no more by itself than a word of its own.
	return mayActAlone || grantType !== "client_credentials";
}

/**
 * RFC 7591 §2. Where it is no limit, values of others (an API's, which knows them) stay as they were said. One that has none that
 * can be kept may still ask who somebody is.
 */
function scopeOf(
	asked: Scope,
	{ registrableScope, isLimit }: Pick<RegistrationRules, "registrableScope" | "isLimit">,
): Scope {
	const others = isLimit
		? []
		: asked.filter((value) => isOthers(value) && value.length <= longest).slice(0, mostOthers);
	const known = effectiveScope(asked, [...ownScope, ...registrableScope, ...others]) ?? [];
	if (known.length === 0) return toScope(Object.keys(identityScopes));
	return effectiveScope(known, [...registrableScope, ...others]) ?? [];
}

function isOthers(value: string): boolean {
	return !ownScope.includes(value) && !pairScopes.some((each) => each === value);
}

/** What strangers have stored has a bound. */
const longest = 100;
const mostOthers = bounds.metadata.most;

function refuse(code: RegistrationError["code"], detail: string): ReadRegistration {
	return { ok: false, error: { code, detail } };
}
