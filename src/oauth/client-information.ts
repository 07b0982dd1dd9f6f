import * as v from "valibot";
import type { Client } from "../domain/client.ts";
import { formatScope } from "../domain/scope.ts";
import type { Clear } from "../domain/brands.ts";
import { parseJson } from "../http/read-json.ts";
import { mediaType, readText } from "../http/body.ts";
import { json } from "../http/reply.ts";

// What RFC 7591 and 7592 say of a client, in and out. The rules are those of domain/registration.ts.

const urls = v.array(v.string());

/** RFC 7591 §2 and OIDC Registration §2, as far as it is heeded. This says what it is; domain/registration.ts reads it. */
export const metadataSchema = v.looseObject({
	redirect_uris: v.optional(urls),
	token_endpoint_auth_method: v.optional(v.string()),
	grant_types: v.optional(v.array(v.string())),
	response_types: v.optional(v.array(v.string())),
	client_name: v.optional(v.string()),
	scope: v.optional(v.string()),
	jwks_uri: v.optional(v.string()),
	jwks: v.optional(v.looseObject({ keys: v.array(v.looseObject({})) })),
	token_endpoint_auth_signing_alg: v.optional(v.string()),
	id_token_signed_response_alg: v.optional(v.string()),
	application_type: v.optional(v.string()),
	subject_type: v.optional(v.string()),
	post_logout_redirect_uris: v.optional(urls),
	default_max_age: v.optional(v.number()),
	client_uri: v.optional(v.string()),
	logo_uri: v.optional(v.string()),
	tos_uri: v.optional(v.string()),
	policy_uri: v.optional(v.string()),
	contacts: v.optional(v.array(v.string())),
	software_id: v.optional(v.string()),
	software_version: v.optional(v.string()),
});

/** RFC 7591 §3.2.1, RFC 7592 §3 */
export const informationSchema = v.looseObject({
	client_id: v.string(),
	client_secret: v.optional(v.string()),
	client_secret_expires_at: v.optional(v.literal(0)),
	client_id_issued_at: v.number(),
	registration_access_token: v.optional(v.string()),
	registration_client_uri: v.string(),
	client_name: v.string(),
	redirect_uris: urls,
	token_endpoint_auth_method: v.string(),
	grant_types: v.array(v.string()),
	response_types: v.array(v.string()),
	scope: v.string(),
	application_type: v.picklist(["web", "native"]),
	subject_type: v.literal("public"),
});

/** What is shown once: only hashes of it are kept. */
interface Shown {
	readonly secret: Clear | null;
	readonly token: Clear | null;
}

/** RFC 7591 §3.2.1: all that is registered, which may be other than what was asked for. */
export function clientInformation(client: Client, { secret, token }: Shown, issuer: string): object {
	const { id, options, grantTypes } = client;
	return {
		client_id: id,
		client_id_issued_at: options.registeredAt ?? 0,
		...(secret !== null && { client_secret: secret, client_secret_expires_at: 0 }),
		...(token !== null && { registration_access_token: token }),
		registration_client_uri: `${issuer}/oauth/register/${id}`,
		client_name: client.name,
		redirect_uris: client.redirectUris,
		token_endpoint_auth_method: client.authMethods[0],
		grant_types: grantTypes,
		response_types: grantTypes.includes("authorization_code") ? ["code"] : [],
		scope: formatScope(client.scope),
		application_type: options.applicationType ?? "web",
		subject_type: "public",
		id_token_signed_response_alg: options.idTokenAlg ?? "RS256",
		// Those that are undefined are left out of the JSON.
		token_endpoint_auth_signing_alg: options.assertionAlg,
		jwks: options.jwks,
		jwks_uri: options.jwksUri,
		post_logout_redirect_uris: options.postLogoutRedirectUris,
		default_max_age: options.defaultMaxAge,
		client_uri: options.clientUri,
		logo_uri: options.logoUri,
		tos_uri: options.tosUri,
		policy_uri: options.policyUri,
		contacts: options.contacts,
		software_id: options.softwareId,
		software_version: options.softwareVersion,
	};
}

/** The largest that a client may say of itself: it is stored. */
const maxMetadataBytes = 16 * 1024;

export type ReadMetadata =
	| { readonly ok: true; readonly sent: Readonly<Record<string, unknown>> }
	| { readonly ok: false; readonly response: Response };

export async function readMetadata(request: Request): Promise<ReadMetadata> {
	// RFC 7591 §3.1; and no page of another origin can send this type without asking first.
	if (mediaType(request) !== "application/json") return refused(415, "The body must be application/json");
	const body = await readText(request, maxMetadataBytes);
	if (!body.ok) return refused(body.error.status, body.error.detail);
	const parsed = parseJson(body.text, v.looseObject({}));
	return parsed.ok ? { ok: true, sent: parsed.value } : refused(400, parsed.detail);
}

/** RFC 7591 §3.2.2 */
export function refuseMetadata(code: string, detail: string, status = 400): Response {
	return json(status, { error: code, error_description: detail });
}

function refused(status: number, detail: string): ReadMetadata {
	return { ok: false, response: refuseMetadata("invalid_client_metadata", detail, status) };
}
