/** RFC 6750 §3.1, RFC 9449 §7.1 */
export type TokenError =
	| "invalid_request"
	| "invalid_token"
	| "insufficient_scope"
	| "invalid_dpop_proof"
	| "use_dpop_nonce";

/** A resource of ours: `path` is where it lies under the issuer, as the client asked for it. */
export interface ResourcePlace {
	readonly issuer: string;
	readonly path: string;
}

export interface TokenChallenge {
	/** RFC 6750 §3.1: left out where the request had no credential. */
	readonly error?: TokenError | undefined;
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

/** RFC 6750 §3: how to be let in. */
export function bearerChallenge(
	place: ResourcePlace | null,
	challenge: TokenChallenge = {},
): { "www-authenticate": string } {
	return { "www-authenticate": `Bearer ${parametersOf(place, challenge)}` };
}

/** RFC 9449 §7.1: the same for whoever sent a token in the scheme DPoP. */
export function dpopChallenge(
	place: ResourcePlace,
	challenge: TokenChallenge,
	algs: readonly string[],
): { "www-authenticate": string } {
	return { "www-authenticate": `DPoP ${parametersOf(place, challenge)}, ${written(algs)}` };
}

/** RFC 9449 §7.2: a token came in the one scheme, and has to come in the other. What was wrong stands with the first. */
export function bothChallenges(
	place: ResourcePlace,
	challenge: TokenChallenge,
	algs: readonly string[],
): { "www-authenticate": string } {
	return { "www-authenticate": `Bearer ${parametersOf(place, challenge)}, DPoP ${written(algs)}` };
}

/** RFC 9449 §7.1: what a proof may be signed with. */
function written(algs: readonly string[]): string {
	return `algs="${algs.join(" ")}"`;
}

/**
 * RFC 9728 §5.1 adds where the resource's metadata is, so that a client that knows nothing but the URL finds its authorization
 * server; `place` is null for what no access token opens. This file alone writes the header for a token.
 */
function parametersOf(place: ResourcePlace | null, challenge: TokenChallenge): string {
	const { error, description, scope } = challenge;
	const parameters = {
		realm: "latchkey",
		error,
		scope,
		error_description: description,
		// RFC 9728 §3.3: the metadata is of exactly the URL that was asked for. Its path is percent-encoded, so no quote is in it.
		resource_metadata: place ? wellKnownUrl("oauth-protected-resource", place.issuer, place.path) : undefined,
	};
	return Object.entries(parameters)
		.flatMap(([name, value]) => (value === undefined ? [] : [`${name}="${value}"`]))
		.join(", ");
}

/**
 * RFC 8414 §3.1 and RFC 9728 §3.1: the well-known name stands between the host and the path of what it describes.
 * `path` begins with a slash, or is empty for the issuer itself.
 */
function wellKnownUrl(name: string, issuer: string, path = ""): string {
	const { origin } = new URL(issuer);
	return `${origin}/.well-known/${name}${issuer.slice(origin.length)}${path}`;
}
