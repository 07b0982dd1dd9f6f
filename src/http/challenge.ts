/** RFC 6750 §3.1 */
export type BearerError = "invalid_request" | "invalid_token" | "insufficient_scope";

/** A resource of ours: `path` is where it lies under the issuer, as the client asked for it. */
export interface ResourcePlace {
	readonly issuer: string;
	readonly path: string;
}

export interface BearerChallenge {
	/** RFC 6750 §3.1: left out where the request had no credential. */
	readonly error?: BearerError | undefined;
	/** For the developer of the client, and written by us: neither quotes nor backslashes. */
	readonly description?: string | undefined;
	/** The scope values that the resource needs, with a space between them. */
	readonly scope?: string | undefined;
}

/** A call's own place. */
export function placeOf(call: {
	readonly url: URL;
	readonly services: { readonly config: { readonly issuer: string } };
}): ResourcePlace {
	return { issuer: call.services.config.issuer, path: call.url.pathname };
}

/**
 * RFC 6750 §3: how to be let in. RFC 9728 §5.1 adds where the resource's metadata is, so that a client that knows nothing
 * but the URL finds its authorization server; `place` is null for what no access token opens. The only place that writes
 * this header for a bearer token.
 */
export function bearerChallenge(
	place: ResourcePlace | null,
	challenge: BearerChallenge = {},
): { "www-authenticate": string } {
	const { error, description, scope } = challenge;
	const parameters = {
		realm: "latchkey",
		error,
		scope,
		error_description: description,
		// RFC 9728 §3.3: the metadata is of exactly the URL that was asked for. Its path is percent-encoded, so no quote is in it.
		resource_metadata: place ? wellKnownUrl("oauth-protected-resource", place.issuer, place.path) : undefined,
	};
	const written = Object.entries(parameters).flatMap(([name, value]) =>
		value === undefined ? [] : [`${name}="${value}"`],
	);
	return { "www-authenticate": `Bearer ${written.join(", ")}` };
}

/**
 * RFC 8414 §3.1 and RFC 9728 §3.1: the well-known name stands between the host and the path of what it describes.
 * `path` begins with a slash, or is empty for the issuer itself.
 */
function wellKnownUrl(name: string, issuer: string, path = ""): string {
	const { origin } = new URL(issuer);
	return `${origin}/.well-known/${name}${issuer.slice(origin.length)}${path}`;
}
