import * as v from "valibot";
import { permissions } from "../domain/permission.ts";
import type { Documentation } from "../http/documentation.ts";
import { json } from "../http/reply.ts";
import type { Call } from "../operations/call.ts";

/** RFC 8414 §3: what a client may expect here, and nothing that does not work. */
export function metadata({ services }: Call): Response {
	const { issuer } = services.config;
	const confidential = ["client_secret_basic", "client_secret_post"];
	return json(
		200,
		{
			issuer,
			authorization_endpoint: `${issuer}/oauth/authorize`,
			token_endpoint: `${issuer}/oauth/token`,
			jwks_uri: `${issuer}/.well-known/jwks.json`,
			scopes_supported: Object.keys(permissions),
			response_types_supported: ["code"],
			response_modes_supported: ["query"],
			grant_types_supported: ["authorization_code", "refresh_token"],
			token_endpoint_auth_methods_supported: [...confidential, "none"],
			revocation_endpoint: `${issuer}/oauth/revoke`,
			revocation_endpoint_auth_methods_supported: [...confidential, "none"],
			introspection_endpoint: `${issuer}/oauth/introspect`,
			introspection_endpoint_auth_methods_supported: confidential,
			code_challenge_methods_supported: ["S256"],
			authorization_response_iss_parameter_supported: true,
		},
		{ "cache-control": "public, max-age=300" },
	);
}

export const metadataDoc: Documentation = {
	tag: "Discovery",
	summary: "What an OAuth client may expect here",
	description: "RFC 8414, authorization server metadata.",
	credentials: [],
	answers: {
		200: { description: "The metadata.", schema: v.looseObject({ issuer: v.string(), token_endpoint: v.string() }) },
	},
};
