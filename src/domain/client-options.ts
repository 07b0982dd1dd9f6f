import * as v from "valibot";
import { isOwnResource, resourceProblem } from "./audience.ts";
import { atMost, bounds } from "./bounds.ts";
import { assertionAlgs, isJwk } from "./client-keys.ts";
import { type ClientOption, oneOf, type OptionRule, texts } from "./client-option.ts";
import { assertedAt } from "./identity-assertion.ts";
import { fetchProblem } from "./public-host.ts";
import { redirectUriProblem } from "./redirect.ts";
import { presetAlgorithms, ringAlgorithms } from "./signing-key-ring.ts";

// What few clients ask for: one entry an option, under the name that it is stored by. The JSON API, its documentation, the
// console's form, registration (RFC 7591, RFC 7592) with its answer and Client ID Metadata Documents are made from this list.
// What goes with what stands in client-option-problems.ts and registration.ts.

const text = v.string("must be a string");
/** The longest list that a client may send of itself. */
const mostMembers = bounds.metadata.most;

const printable: OptionRule = (value) =>
	/^[^\p{C}\p{Zl}\p{Zp}]{1,255}$/u.test(value) ? null : "must have 1 to 255 printable characters";

const webPage: OptionRule = (uri) => {
	const isUrl = uri.length <= 2048 && /^https?:\/\/[\x21-\x7e]+$/.test(uri) && URL.canParse(uri);
	return isUrl ? null : "must be the URL of a web page";
};

/** OIDC Registration §2: by https. */
const securePage: OptionRule = (uri, own) =>
	uri.startsWith("https://") ? webPage(uri, own) : "must be the URL of a web page that begins with https";

/** OIDC Core §4: what is added to it stands there once. */
const loginPage: OptionRule = (uri, own) => {
	const problem = securePage(uri, own);
	if (problem !== null) return problem;
	if (uri.includes("#")) return "has a fragment";
	const taken = [...new URL(uri).searchParams.keys()].find((name) => initiation.has(name));
	return taken === undefined ? null : `has ${taken} in its query, which is added`;
};
const initiation = new Set(["iss", "login_hint", "target_link_uri"]);

/** OIDC RP-Initiated Logout §3.1: matched exactly, and `state` is added to it. */
const returnUri: OptionRule = (uri) => {
	const problem = redirectUriProblem(uri);
	if (problem !== null) return problem;
	const names = [...new URL(uri).searchParams.keys()].map((name) => name.toLowerCase());
	return names.includes("state") ? "has state in its query, which the answer adds" : null;
};

/** RFC 8707 §2: what a token may be for. */
const namedAsResource: OptionRule = (resource) => resourceProblem(resource)?.replace(/^resource /, "") ?? null;

const served: OptionRule = (resource, own) =>
	namedAsResource(resource, own) ?? (isOwnResource(resource, own.issuer) ? "is one of latchkey's own" : null);

/** valibot's own object would take a list for one. */
const jwk = v.pipe(
	v.custom<Readonly<Record<string, unknown>>>(isJwk, "must be a JWK set"),
	v.metadata({ type: "object" }),
);

/** RFC 7517 §5 */
const jwkSet = v.pipe(
	v.object(
		{
			keys: v.pipe(
				v.array(jwk, "must be a JWK set"),
				v.maxLength(bounds.clientKeys.most, `may have ${atMost(bounds.clientKeys)}`),
				v.readonly(),
				v.description("Its keys."),
			),
		},
		"must be a JWK set",
	),
	v.title("JwkSet"),
);

export const clientOptions = {
	/** What goes with it stands in client-profile.ts. */
	profile: {
		schema: oneOf(["oauth", "fapi2"]),
		preset: "oauth",
		people: {
			name: "profile",
			doc: "is `oauth` where it is left out; `fapi2` (FAPI 2.0 Security Profile) needs `private_key_jwt`, and brings pushed requests, PKCE, DPoP, refresh tokens that stay and no RS256, whatever is said of these",
			of: "server",
			group: "security",
			label: "Security profile",
			hint: "FAPI 2.0 is what banks ask for. It needs a client that proves who it is by its own keys; pushed requests, PKCE and DPoP come with it.",
			control: {
				kind: "choice",
				options: [
					{ value: "oauth", label: "OAuth 2.1, as it is chosen here" },
					{ value: "fapi2", label: "FAPI 2.0 Security Profile" },
				],
			},
		},
	},
	/** RFC 7636 for a confidential client too, whatever it asks for. A public one needs it anyway. */
	requirePkce: {
		schema: v.boolean("must be true or false"),
		preset: false,
		people: {
			name: "require_pkce",
			doc: "demands PKCE for OpenID Connect too; it is false where it is left out, and always true for a public client",
			of: "server",
			group: "security",
			label: "It has to use PKCE",
			hint: "Even to sign people in, where its software may do without. Without a secret it has to anyway.",
			control: { kind: "box", legend: "PKCE (RFC 7636)" },
		},
	},
	/** RFC 8628. Software says so by its grant types, which are what counts. */
	deviceAuthorization: {
		schema: v.boolean("must be true or false"),
		preset: false,
		people: {
			name: "device_authorization",
			doc: "lets people sign in to it by a code that it shows (RFC 8628), for which it needs no redirect URL",
			of: "application",
			group: "people",
			label: "People may let it in by a code that it shows",
			hint: "For a device or a program without a browser. Whoever is talked into typing a stranger's code lets the stranger in.",
			control: { kind: "box", legend: "Device authorization (RFC 8628)" },
		},
	},
	/** RFC 9449 §5.2 */
	dpopBoundAccessTokens: {
		schema: v.boolean("must be true or false"),
		preset: false,
		metadata: "dpop_bound_access_tokens",
		people: {
			name: "dpop_bound_access_tokens",
			doc: "demands a DPoP proof (RFC 9449) with each of its token requests, to whose key its tokens are bound; it is false where it is left out",
			of: "application",
			group: "security",
			label: "Its tokens work with its own key only",
			hint: "It proves with each request that it has the key, so that a stolen token opens nothing. Its software has to know DPoP.",
			control: { kind: "box", legend: "DPoP (RFC 9449)" },
		},
	},
	/** RFC 9126 §6 */
	requirePushedRequests: {
		schema: v.boolean("must be true or false"),
		preset: false,
		metadata: "require_pushed_authorization_requests",
		people: {
			name: "require_pushed_authorization_requests",
			doc: "refuses whatever the client did not push to `/oauth/par` first (RFC 9126); it is false where it is left out",
			of: "application",
			group: "security",
			label: "It has to push its requests",
			hint: "It says what it asks for to latchkey itself, and people's browsers only bring a reference to that.",
			control: { kind: "box", legend: "Pushed authorization requests (RFC 9126)" },
		},
	},
	postLogoutRedirectUris: {
		schema: texts(mostMembers),
		rule: redirectUriProblem,
		preset: [],
		metadata: "post_logout_redirect_uris",
		isInPart: true,
		people: {
			name: "post_logout_redirect_urls",
			schema: texts(bounds.returnUrls.most),
			rule: returnUri,
			doc: "are those that people may return to after signing out, exactly",
			of: "application",
			group: "people",
			label: "Return URLs after signing out",
			hint: "One a line, at most 10. People return to one of them, exactly as it stands here, after they sign out.",
			control: { kind: "lines", each: "Return URL" },
		},
	},
	/** OpenID Connect Back-Channel Logout 1.0 §2.2: an absolute URL without a fragment, which is fetched for whoever registered it. */
	backchannelLogoutUri: {
		schema: text,
		rule: fetchProblem,
		preset: null,
		metadata: "backchannel_logout_uri",
		people: {
			name: "backchannel_logout_uri",
			doc: "is told of each sign-in to it that ends here, by a `logout_token` (OpenID Connect Back-Channel Logout 1.0)",
			of: "application",
			group: "people",
			label: "URL to be told at when people sign out",
			hint: "Its server is told there when somebody signs out here, so that it signs them out too (back-channel logout). By https, on a public host.",
			control: { kind: "url" },
		},
	},
	/** Every logout token has a `sid`: it is kept for whoever registered it. */
	backchannelLogoutSessionRequired: {
		schema: v.boolean("must be true or false"),
		preset: false,
		metadata: "backchannel_logout_session_required",
		says: "Whether it needs a `sid` in logout tokens, which all of them have.",
	},
	idTokenAlg: {
		schema: oneOf(ringAlgorithms),
		preset: presetAlgorithms.idToken,
		metadata: "id_token_signed_response_alg",
		choices: "id_token_signing_alg_values_supported",
		people: {
			name: "id_token_signed_response_alg",
			doc: "is `RS256` where it is left out",
			of: "application",
			group: "people",
			label: "id_tokens are signed with",
			hint: null,
			control: {
				kind: "choice",
				options: ["RS256", "PS256", "ES256", "EdDSA"].map((value) => ({
					value,
					label: value === "RS256" ? "RS256 (what every client understands)" : value,
				})),
			},
		},
	},
	/** OIDC Core §5.4 has what scopes stand for at UserInfo; many relying parties look for it in the id_token alone. */
	claimsInIdToken: {
		schema: v.boolean("must be true or false"),
		preset: true,
		metadata: "include_claims_in_id_token",
		people: {
			name: "include_claims_in_id_token",
			doc: "is false where what its scopes tell of a person shall be at UserInfo alone, and in no id_token",
			of: "application",
			group: "people",
			label: "id_tokens tell what the scopes allow",
			hint: "Many applications look for name and e-mail address nowhere else. Without it they are at UserInfo.",
			control: { kind: "box", legend: "Claims in id_tokens" },
		},
	},
	/** Who verifies an access token is not who asked for it: what most of them know is the preset. */
	accessTokenAlg: {
		schema: oneOf(ringAlgorithms),
		preset: presetAlgorithms.accessToken,
		metadata: "access_token_signed_response_alg",
		people: {
			name: "access_token_signed_response_alg",
			doc: "is `ES256` where it is left out; one that nobody in the deployment had chosen yet counts ten minutes later",
			of: "application",
			group: "access",
			label: "Access tokens are signed with",
			hint: "What its resource servers verify. One that is new here counts ten minutes later, when they have its keys.",
			control: {
				kind: "choice",
				options: ["ES256", "EdDSA", "RS256", "PS256"].map((value) => ({
					value,
					label: value === "ES256" ? "ES256 (what nearly every verifier understands)" : value,
				})),
			},
		},
	},
	/** RFC 8707: what a request of its that names no resource is for. */
	defaultResource: {
		schema: text,
		rule: namedAsResource,
		preset: null,
		people: {
			name: "default_resource",
			doc: "(RFC 8707; an integration has it too) is what a request that names no `resource`, or an install link, is for; latchkey itself where it is left out",
			of: "client",
			group: "access",
			label: "What it asks for where it does not say",
			hint: "The identifier of an API, or any other absolute URI (RFC 8707). Left out: latchkey itself.",
			control: { kind: "url" },
		},
	},
	/** It may introspect the tokens that name one of them as audience. */
	resources: {
		schema: texts(bounds.served.most),
		rule: served,
		preset: [],
		people: {
			name: "resources",
			doc: "(RFC 8707) are what it serves itself: it may introspect the tokens that name one of them as audience",
			of: "server",
			group: "access",
			label: "Resources that it serves",
			hint: "One URI a line, at most 10 (RFC 8707). It may have tokens checked that were issued for one of them.",
			control: { kind: "lines", each: "Resource" },
		},
	},
	/** RFC 8693: which client may exchange tokens for which API is for people to say, and none may where nothing is said. */
	tokenExchangeApis: {
		schema: texts(bounds.exchangedFor.most),
		rule: served,
		preset: [],
		people: {
			name: "token_exchange_apis",
			doc: "(RFC 8693) are the APIs that it may have tokens for in exchange for those that are sent to it, or are its own",
			of: "server",
			group: "access",
			label: "APIs that it may exchange tokens for",
			hint: "One identifier a line, at most 10. To call them for whoever called it (RFC 8693), it gets a token that opens no more.",
			control: { kind: "lines", each: "API" },
		},
	},
	/** ID-JAG: for which other authorization servers it may have an assertion of who is signed in is for people to say. */
	identityAssertions: {
		schema: texts(bounds.assertedAt.most),
		rule: assertedAt,
		preset: [],
		people: {
			name: "identity_assertions",
			doc: "(ID-JAG) are the other authorization servers that it may have an assertion for of whoever is signed in to it: each its issuer, what the client is called there, and the scope, with spaces between",
			of: "server",
			group: "access",
			label: "Servers elsewhere that it may ask in people's names",
			hint: "One a line, at most 10: the issuer, the client's ID there, and the scope, such as https://chat.example.com agent-7 chat:read. Whoever is signed in to it here is vouched for there (ID-JAG).",
			control: { kind: "lines", each: "Server" },
		},
	},
	/** For `private_key_jwt`: the client's public keys, here or there. */
	jwks: {
		schema: jwkSet,
		preset: null,
		metadata: "jwks",
		people: {
			name: "jwks",
			doc: "are its public keys (at most 16 KiB), for `private_key_jwt`",
			of: "keys",
			group: "security",
			label: "Public keys",
			hint: "A JWK set as JSON, at most 16 KiB, without any private part.",
			control: { kind: "jwks" },
		},
	},
	jwksUri: {
		schema: text,
		rule: fetchProblem,
		preset: null,
		metadata: "jwks_uri",
		people: {
			name: "jwks_uri",
			doc: "is where they are instead",
			of: "keys",
			group: "security",
			label: "URL of the keys",
			hint: "In the place of the keys: an https URL that it publishes them at, so that it can replace them by itself.",
			control: { kind: "url" },
		},
	},
	/** Any that is supported, where it is left out. */
	assertionAlg: {
		schema: oneOf(assertionAlgs),
		metadata: "token_endpoint_auth_signing_alg",
		choices: "token_endpoint_auth_signing_alg_values_supported",
		says: "The one algorithm that its assertions may be signed with; any where it is left out.",
	},
	applicationType: {
		schema: oneOf(["web", "native"]),
		preset: "web",
		metadata: "application_type",
		says: "Whether it runs on a server or on people's devices.",
	},
	/** OIDC Registration §2; `require_auth_time` is always so. */
	defaultMaxAge: {
		schema: wholeSeconds("must be whole seconds"),
		metadata: "default_max_age",
		says: "How many seconds ago a person may have signed in, where a request does not say.",
	},
	/** OIDC Registration §2. Those that nobody can grant are wishes, and stay as they were said. */
	defaultAcrValues: {
		schema: texts(mostMembers),
		rule: printable,
		metadata: "default_acr_values",
		isInPart: true,
		says: "Which authentication contexts a sign-in should have, the preferred first, where a request does not say.",
	},
	/** OIDC Core §4: by https, and `iss` is added to it. */
	initiateLoginUri: {
		schema: text,
		rule: loginPage,
		preset: null,
		metadata: "initiate_login_uri",
		says: "Where its own sign-in begins: people come there, with `iss`, from the list of what they allowed.",
		people: {
			name: "initiate_login_uri",
			doc: "is the https URL at which people begin to sign in to it (OIDC Core §4): the console leads there, with `iss`",
			of: "application",
			group: "people",
			label: "Sign-in begins at",
			hint: "An https URL of its own (initiate_login_uri). Whoever allowed it gets a link to it, with our issuer added as iss.",
			control: { kind: "url" },
		},
	},
	clientUri: { schema: text, rule: webPage, metadata: "client_uri", says: "Its home page." },
	/** Kept for whoever registered it: it is neither fetched nor shown. */
	logoUri: {
		schema: text,
		rule: webPage,
		metadata: "logo_uri",
		says: "Its logo: kept, and neither fetched nor shown.",
	},
	policyUri: { schema: text, rule: webPage, metadata: "policy_uri", says: "What it says of privacy." },
	tosUri: { schema: text, rule: webPage, metadata: "tos_uri", says: "Its terms of service." },
	contacts: { schema: texts(mostMembers), rule: printable, metadata: "contacts", says: "Who answers for it." },
	softwareId: {
		schema: text,
		rule: printable,
		metadata: "software_id",
		says: "The software that it is an instance of.",
	},
	softwareVersion: { schema: text, rule: printable, metadata: "software_version", says: "The version of that." },
} satisfies Readonly<Record<string, ClientOption>>;

/** What is said of a client. */
export type StatedOptions = {
	readonly [Name in keyof typeof clientOptions]?: v.InferOutput<(typeof clientOptions)[Name]["schema"]>;
};

function wholeSeconds(message: string) {
	return v.pipe(v.number(message), v.safeInteger(message), v.minValue(0, message));
}
