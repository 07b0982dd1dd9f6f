import type { Limited } from "../domain/limit.ts";
import type { Headers } from "./reply.ts";

/**
 * What goes with 429. draft-ietf-httpapi-ratelimit-headers-10 §3, §4: which limit was met, how much it is of in which window,
 * and when there is more; the same instant as `Retry-After` (RFC 9110 §10.2.3). The names are tokens of ours, and need no
 * escape as strings of RFC 9651.
 */
export function rateLimitHeaders({ limit: { name, attempts, window }, retryAfter }: Omit<Limited, "kind">): Headers {
	return {
		"retry-after": String(retryAfter),
		ratelimit: `"${name}";r=0;t=${retryAfter}`,
		"ratelimit-policy": `"${name}";q=${attempts};w=${window}`,
	};
}
