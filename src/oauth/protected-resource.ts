import * as v from "valibot";
import { described, titled } from "../http/described.ts";
import { dpopAlgs } from "../domain/dpop-proof.ts";
import type { Operation } from "../http/openapi.ts";
import { problem } from "../http/problem.ts";
import { json } from "../http/reply.ts";
import type { Call } from "../endpoint/call.ts";
import { endpoint } from "../endpoint/endpoint.ts";

const wellKnown = "/.well-known/oauth-protected-resource";

/**
 * `GET /.well-known/oauth-protected-resource` and, with the path of a resource after it, that resource's own (RFC 9728 §3):
 * which authorization server opens it, and by which scope. Made of the route table, so that no resource is without.
 */
async function protectedResource({ url, services, api }: Call): Promise<Response> {
	const { issuer } = services.config;
	const path = url.pathname.slice(wellKnown.length);
	const here = (await (path === "" ? api.operations() : api.at(path))).filter(isProtected);
	if (here.length === 0) {
		return problem(404, "There is no protected resource at that path.");
	}
	const scopes = [...new Set(here.flatMap(({ needs, doc }) => needs ?? doc.scope ?? []))];
	const isInForm = path !== "" && here.some(takesForm);
	return json(
		200,
		{
			// RFC 9728 §3.3: exactly what the client asked for.
			resource: issuer + path,
			// RFC 9728 §3.2: a list without elements is left out. Login tokens (contract 001) are not asked for by OAuth.
			...(scopes.length > 0 && { authorization_servers: [issuer], scopes_supported: scopes }),
			// RFC 9728 §2, RFC 6750 §2: never in the query.
			bearer_methods_supported: ["header", ...(isInForm ? ["body"] : [])],
			// RFC 9728 §2: who has a token that is bound to no key gets in as well.
			dpop_signing_alg_values_supported: dpopAlgs,
			dpop_bound_access_tokens_required: false,
			resource_name: "latchkey",
			resource_documentation: `${issuer}/docs`,
		},
		{ "cache-control": "public, max-age=300" },
	);
}

/** Whether it takes a bearer token of ours. */
function isProtected({ doc }: Operation): boolean {
	return doc.credentials.includes("bearer");
}

/** RFC 6750 §2.2: whether a form may bring the token. */
function takesForm({ doc }: Operation): boolean {
	const isForm = doc.body?.media.includes("application/x-www-form-urlencoded") ?? false;
	return isForm && doc.credentials.includes("body");
}

const resourceSchema = titled(
	"ProtectedResource",
	v.looseObject({
		resource: described(v.string(), "The resource's identifier."),
		bearer_methods_supported: described(v.array(v.string()), "Where the access token may be sent."),
	}),
);

export const protectedResourceEndpoint = endpoint(protectedResource, {
	tag: "Discovery",
	summary: "Which authorization server opens the API",
	description: "RFC 9728, protected resource metadata: of the API as a whole, by the issuer's identifier.",
	credentials: [],
	answers: { 200: { description: "The metadata.", schema: resourceSchema } },
});

export const protectedResourceAtEndpoint = endpoint(protectedResource, {
	...protectedResourceEndpoint.doc,
	summary: "Which authorization server opens one resource, and by which scope",
	description:
		"RFC 9728 §3.1: the path of the resource stands after the well-known name. Every 401 and 403 of a resource names this address " +
		"as `resource_metadata`.",
	path: { resource: "The path of the resource, with its slashes." },
	answers: {
		...protectedResourceEndpoint.doc.answers,
		404: { description: "There is no protected resource at that path." },
	},
});
