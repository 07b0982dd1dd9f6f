import * as v from "valibot";
import type { Documentation } from "../http/documentation.ts";
import type { Operation } from "../http/openapi.ts";
import { problem } from "../http/problem.ts";
import { json } from "../http/reply.ts";
import type { Endpoint } from "../operations/call.ts";

const wellKnown = "/.well-known/oauth-protected-resource";

/**
 * `GET /.well-known/oauth-protected-resource` and, with the path of a resource after it, that resource's own (RFC 9728 §3):
 * which authorization server opens it, and by which scope. Made of the route table, so that no resource is without.
 */
export function protectedResource(operations: () => readonly Operation[]): Endpoint {
	return ({ url, services }) => {
		const { issuer } = services.config;
		const path = url.pathname.slice(wellKnown.length);
		const all = operations().filter(isProtected);
		const here = path === "" ? all : methodsAt(path, operations()).filter(isProtected);
		if (here.length === 0) {
			return problem({ status: 404, title: "Not Found", detail: "There is no protected resource at that path." });
		}
		const scopes = [...new Set(here.flatMap(scopeOf))];
		const isInForm = path !== "" && here.some(takesForm);
		return json(
			200,
			{
				// RFC 9728 §3.3: exactly what the client asked for.
				resource: issuer + path,
				// RFC 9728 §3.2: a list without elements is left out. Login tokens (contract 001) are not asked for by OAuth.
				...(scopes.length > 0 && { authorization_servers: [issuer], scopes_supported: scopes }),
				bearer_methods_supported: ["header", ...(isInForm ? ["body"] : [])],
				resource_name: "latchkey",
				resource_documentation: `${issuer}/docs`,
			},
			{ "cache-control": "public, max-age=300" },
		);
	};
}

/** Whether it takes a bearer token of ours. */
function isProtected({ doc, guarded }: Operation): boolean {
	return guarded || (doc.credentials?.includes("bearer") ?? false);
}

/** RFC 6750 §2.2: whether a form may bring the token. */
function takesForm({ doc }: Operation): boolean {
	const isForm = doc.body?.media.includes("application/x-www-form-urlencoded") ?? false;
	return isForm && (doc.credentials?.includes("body") ?? false);
}

function scopeOf({ needs, doc }: Operation): readonly string[] {
	return [needs ?? doc.scope ?? []].flat();
}

/** What answers at a path: as the router does, the first line of the table that it fits. */
function methodsAt(path: string, operations: readonly Operation[]): readonly Operation[] {
	const first = operations.find((each) => fits(each.path, path));
	return first ? operations.filter((each) => each.path === first.path) : [];
}

function fits(pattern: string, path: string): boolean {
	const [wanted, given] = [pattern.split("/"), path.split("/")];
	return (
		wanted.length === given.length &&
		wanted.every((part, index) => (part.startsWith(":") ? given[index] !== "" : part === given[index]))
	);
}

const resourceSchema = v.looseObject({ resource: v.string(), bearer_methods_supported: v.array(v.string()) });

export const protectedResourceDoc: Documentation = {
	tag: "Discovery",
	summary: "Which authorization server opens the API",
	description: "RFC 9728, protected resource metadata: of the API as a whole, by the issuer's identifier.",
	credentials: [],
	answers: { 200: { description: "The metadata.", schema: resourceSchema } },
};

export const protectedResourceAtDoc: Documentation = {
	...protectedResourceDoc,
	summary: "Which authorization server opens one resource, and by which scope",
	description:
		"RFC 9728 §3.1: the path of the resource stands after the well-known name. Every 401 and 403 of a resource names this address " +
		"as `resource_metadata`.",
	path: { resource: "The path of the resource, with its slashes." },
	answers: { ...protectedResourceDoc.answers, 404: { description: "There is no protected resource at that path." } },
};
