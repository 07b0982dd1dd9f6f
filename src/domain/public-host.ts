/**
 * Which URLs that strangers chose are fetched: `jwks_uri` and Client ID Metadata Documents. This judges the URL as it is
 * written. What its name resolves to is for whoever fetches to judge: a Worker has no private network behind it, and no
 * resolver whose answer could be pinned (wrangler.toml keeps it from its own zone's inside); the server on one machine looks at
 * the addresses (server/public-fetch.ts).
 */

/** This deployment, which is not to be made to call itself. On a loopback issuer its neighbours there can be fetched. */
export interface Own {
	readonly issuer: string;
	readonly isLocal: boolean;
}

/** Null when it may be fetched, else what is wrong with it. */
export function fetchProblem(uri: string, own: Own): string | null {
	if (uri.length > 2048) return "is longer than 2048 characters";
	// WHATWG parsing drops tabs and newlines, trims, and turns backslashes round: none of that may happen here.
	if (!/^[\x21-\x7e]+$/.test(uri) || uri.includes("\\") || !URL.canParse(uri)) return "is not an absolute URL";
	const url = new URL(uri);
	// Client ID Metadata Document §8.6: a loopback address for a server that is itself on one, and never else.
	const isNeighbour = own.isLocal && isLoopback(url);
	if (url.protocol !== "https:" && !(isNeighbour && url.protocol === "http:")) return "must use https";
	if (uri.includes("#")) return "has a fragment";
	if (/^[^/]*\/\/[^/?]*@/.test(uri)) return "has a user name in it";
	// Written as it will be resolved: no `0x7f.1`, no `%6cocalhost`, no other script's dots.
	const written = /^https?:\/\/([\w.-]+|\[[\da-fA-F:.]+\])(:\d+)?([/?]|$)/.exec(uri)?.[1];
	if (written?.toLowerCase() !== url.hostname) return "must begin with https://host";
	const issuer = new URL(own.issuer);
	if (isNeighbour) return isSamePort(url, issuer) ? "is of this server itself" : null;
	if (url.hostname === issuer.hostname) return "is of this server itself";
	return isPublicName(url.hostname) ? null : "is of no public host";
}

const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Whether a URL is of this machine. */
export function isLoopback({ hostname }: URL): boolean {
	return loopback.has(hostname);
}

/** localhost, 127.0.0.1 and [::1] are one machine. */
function isSamePort(a: URL, b: URL): boolean {
	return portOf(a) === portOf(b);
}

function portOf({ port, protocol }: URL): string {
	return port === "" ? (protocol === "https:" ? "443" : "80") : port;
}

/**
 * Names that are no public host's: RFC 6761 (localhost, test, invalid), RFC 6762 and its appendix G, RFC 7686, RFC 8375,
 * RFC 9476, and ICANN's `internal`. (`example` stays: nothing is ever there.)
 */
const privateNames =
	/(?:^|\.)(?:localhost|local|localdomain|internal|intranet|private|corp|home|lan|test|invalid|onion|alt|arpa)$/;

function isPublicName(hostname: string): boolean {
	// A parsed host that is an IPv4 address, in whatever notation, is four numbers now, and IPv6 stands in brackets.
	if (hostname.startsWith("[") || /^[\d.]+$/.test(hostname)) return false;
	// Absolute names end in a dot: one more way to write what is refused.
	if (hostname.endsWith(".") || !hostname.includes(".")) return false;
	return !privateNames.test(hostname);
}
