import * as v from "valibot";
import { described, titled } from "../http/described.ts";
import { pushEndpointOf, tokenEndpointOf } from "../domain/client-assertion.ts";
import { clientAuthMethods, grantTypeNames } from "../domain/client.ts";
import { assertionAlgs } from "../domain/client-keys.ts";
import { dpopAlgs } from "../domain/dpop-proof.ts";
import { acrValues } from "../domain/authentication.ts";
import { identityClaims, identityScopes } from "../domain/identity.ts";
import { idJagType } from "../domain/identity-assertion.ts";
import { ringAlgorithms } from "../domain/signing-key-ring.ts";
import type { Documentation } from "../http/documentation.ts";
import { preparedJson } from "../http/reply.ts";
import type { Call } from "../endpoint/call.ts";
import { endpoint } from "../endpoint/endpoint.ts";
import type { Services } from "../operations/services.ts";
import { responseModes } from "./authorization/flow.ts";
import { prompts } from "./authorization/prompt.ts";
import { languages } from "../words/languages.ts";

/**
 * `GET /.well-known/oauth-authorization-server` (RFC 8414 §3) and `GET /.well-known/openid-configuration` (OpenID Connect
 * Discovery §4): one document at two addresses, so that they cannot disagree.
 */
function metadata(call: Call): Response {
	return description(call, call.services.config);
}

const description = preparedJson(describeServer, { "cache-control": "public, max-age=300" });

/** What a client may expect here, and nothing that does not work. */
function describeServer(config: Services["config"]) {
	const { issuer } = config;
	const confidential = clientAuthMethods.filter((method) => method !== "none");
	return {
		issuer,
		authorization_endpoint: `${issuer}/oauth/authorize`,
		device_authorization_endpoint: `${issuer}/oauth/device_authorization`,
		token_endpoint: tokenEndpointOf(issuer),
		pushed_authorization_request_endpoint: pushEndpointOf(issuer),
		require_pushed_authorization_requests: config.requirePushedRequests,
		token_endpoint_auth_methods_supported: clientAuthMethods,
		token_endpoint_auth_signing_alg_values_supported: assertionAlgs,
		jwks_uri: `${issuer}/.well-known/jwks.json`,
		userinfo_endpoint: `${issuer}/oauth/userinfo`,
		end_session_endpoint: `${issuer}/oauth/logout`,
		// OpenID Connect Back-Channel Logout 1.0 §2.1. Each logout token has the `sid` that the id_tokens had.
		backchannel_logout_supported: true,
		backchannel_logout_session_supported: true,
		...(config.registration !== "off" && { registration_endpoint: `${issuer}/oauth/register` }),
		revocation_endpoint: `${issuer}/oauth/revoke`,
		revocation_endpoint_auth_methods_supported: clientAuthMethods,
		revocation_endpoint_auth_signing_alg_values_supported: assertionAlgs,
		introspection_endpoint: `${issuer}/oauth/introspect`,
		introspection_endpoint_auth_methods_supported: confidential,
		introspection_endpoint_auth_signing_alg_values_supported: assertionAlgs,
		// What a stranger should ask for, and some ask for all of it. What an API knows, its own metadata lists (RFC 9728 §2).
		scopes_supported: Object.keys(identityScopes),
		response_types_supported: ["code"],
		response_modes_supported: responseModes,
		grant_types_supported: grantTypeNames,
		// ID-JAG, and Identity and Authorization Chaining Across Domains: what it issues for other servers.
		identity_chaining_requested_token_types_supported: [idJagType],
		// Identity Assertion JWT Authorization Grant §7.2: whose are taken, each account says.
		authorization_grant_profiles_supported: ["urn:ietf:params:oauth:grant-profile:id-jag"],
		code_challenge_methods_supported: ["S256"],
		// RFC 9449 §5.1
		dpop_signing_alg_values_supported: dpopAlgs,
		// RFC 9207 §3.
		authorization_response_iss_parameter_supported: true,
		client_id_metadata_document_supported: config.clientMetadataDocuments,
		subject_types_supported: ["public"],
		id_token_signing_alg_values_supported: ringAlgorithms,
		acr_values_supported: acrValues,
		claim_types_supported: ["normal"],
		claims_supported: [...idTokenClaims, ...identityClaims],
		claims_parameter_supported: true,
		// OIDC Discovery §3: `request_uri` is supported where this is left out.
		request_parameter_supported: false,
		request_uri_parameter_supported: false,
		require_request_uri_registration: false,
		prompt_values_supported: prompts,
		display_values_supported: ["page"],
		ui_locales_supported: languages,
		service_documentation: `${issuer}/docs`,
		// RFC 8414 §2: what people are bound by, where this deployment says.
		...(config.brand.links.privacy !== null && { op_policy_uri: config.brand.links.privacy }),
		...(config.brand.links.terms !== null && { op_tos_uri: config.brand.links.terms }),
		// RFC 9728 §4: the identifier that stands for every resource here.
		protected_resources: [issuer],
	};
}

/** OIDC Core §2, and RP-Initiated Logout's `sid`. */
const idTokenClaims = ["sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash", "sid"];

const metadataSchema = titled(
	"ServerMetadata",
	v.looseObject({
		issuer: described(v.string(), "This server's identifier."),
		token_endpoint: described(v.string(), "Where tokens are got."),
	}),
);

const answers: Documentation["answers"] = {
	200: { description: "The metadata.", schema: metadataSchema },
};

export const metadataEndpoint = endpoint(metadata, {
	tag: "Discovery",
	summary: "What an OAuth client may expect here",
	description:
		"RFC 8414, authorization server metadata. For an issuer with a path, that path stands after the well-known name " +
		"(`/.well-known/oauth-authorization-server/base`).",
	credentials: [],
	answers,
});

export const openidConfigurationEndpoint = endpoint(metadata, {
	tag: "Discovery",
	summary: "The same, for OpenID Connect",
	description:
		"OpenID Connect Discovery 1.0. For an issuer with a path, it stands under that path, and after the well-known name as well.",
	credentials: [],
	answers,
});
