// Fetch §3.2 (CORS). A page of any origin may call whatever opens without a cookie and read each answer, refusals too: it has to
// bring the credential itself, so that it gets no more than a program of its maker's. `*` is never for a request with
// credentials, and never beside `Access-Control-Allow-Credentials`. It is the same for everybody: nothing varies by `Origin`.

/** On every answer of such a route. All that ours have beyond what Fetch lets every page see. */
export const anyOrigin = {
	"access-control-allow-origin": "*",
	"access-control-expose-headers":
		"allow, content-disposition, dpop-nonce, etag, idempotent-replayed, location, ratelimit, ratelimit-policy, request-id, retry-after, www-authenticate",
};

export function isPreflight({ method, headers }: Request): boolean {
	return method === "OPTIONS" && headers.has("origin") && headers.has("access-control-request-method");
}

/**
 * Fetch §4.8. Every method, so that the page reads our 405; and the headers that it names, since traces, versions and whatever
 * else a client's libraries add are no business of ours.
 */
export function preflight({ headers }: Request): Readonly<Record<string, string>> {
	const named = headers.get("access-control-request-headers") ?? "";
	return {
		...anyOrigin,
		"access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
		"access-control-allow-headers": named.length <= longestNames && names.test(named) ? named : common,
		"access-control-max-age": "86400",
		vary: "access-control-request-headers",
	};
}

const longestNames = 2048;
/** RFC 9110 §5.6.2: tokens, in the list that a browser writes. */
const names = /^[\w!#$%&'*+.^`|~-]+(?:, ?[\w!#$%&'*+.^`|~-]+)*$/;
/** Where there is no such list. `*` stands for all but Authorization; Safari knows it since 15.4. */
const common = "authorization, *";
