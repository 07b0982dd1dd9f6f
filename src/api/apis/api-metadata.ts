import * as v from "valibot";
import { described, titled } from "../../http/described.ts";
import { json } from "../../http/reply.ts";
import type { Call } from "../../endpoint/call.ts";
import { endpoint } from "../../endpoint/endpoint.ts";
import { apiMetadata } from "../../domain/api-metadata.ts";
import { anyApi } from "../../operations/apis/apis.ts";
import { notFound } from "../refusals.ts";

/**
 * `GET /v1/apis/{id}/metadata`, for everybody: an API's own server shows it to everybody too, and an id is no name that could be
 * guessed.
 */
async function readMetadata({ params, services }: Call): Promise<Response> {
	const api = await anyApi(params.id ?? "", services);
	if (!api) return notFound("API");
	return json(200, apiMetadata(api, services.config.issuer), { "cache-control": "public, max-age=300" });
}

export const readApiMetadataEndpoint = endpoint(readMetadata, {
	tag: "APIs",
	summary: "Read what an API's server says of itself",
	description:
		"Protected resource metadata (RFC 9728), to be served as it is by the API's own server, at " +
		"`/.well-known/oauth-protected-resource` followed by the path of its identifier.",
	credentials: [],
	answers: {
		200: {
			description: "The metadata.",
			schema: titled(
				"ApiMetadata",
				v.object({
					resource: described(v.string(), "The identifier of the API."),
					resource_name: described(v.string(), "What people call it."),
					authorization_servers: described(v.array(v.string()), "The issuer."),
					scopes_supported: v.optional(described(v.array(v.string()), "Its permissions.")),
					bearer_methods_supported: described(v.array(v.string()), "Where the access token may be sent."),
				}),
			),
		},
		400: { description: "A query: it takes none." },
		404: { description: "There is no such API." },
	},
});
