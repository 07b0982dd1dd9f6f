import type { Api } from "./api.ts";

/** RFC 9728 §2: what the server of an API says of itself. A list without elements is left out (§3.2). */
export function apiMetadata({ identifier, name, permissions }: Api, issuer: string) {
	const scopes = permissions.map((each) => each.name);
	return {
		resource: identifier,
		resource_name: name,
		authorization_servers: [issuer],
		...(scopes.length > 0 && { scopes_supported: scopes }),
		// RFC 6750 §2: never in the query.
		bearer_methods_supported: ["header"],
	};
}

/**
 * RFC 9728 §3.1: where its server shows that: the well-known name stands between the host and the path. Null for an identifier that
 * is no address of a server.
 */
export function metadataPlace({ identifier }: Pick<Api, "identifier">): string | null {
	if (!/^https?:\/\//i.test(identifier) || !URL.canParse(identifier)) return null;
	const { origin, pathname, search } = new URL(identifier);
	return `${origin}/.well-known/oauth-protected-resource${pathname === "/" ? "" : pathname}${search}`;
}
