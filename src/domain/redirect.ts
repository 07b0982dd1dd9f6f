import { isLoopback } from "./public-host.ts";
import { isActedOn } from "./redirect-schemes.ts";

/**
 * Redirect URIs: what may be registered and how an answer is added to one. Matching is by string equality
 * (RFC 9700 §4.1.3), so everything that a URL parser would forgive has to be refused at registration.
 */

/**
 * Null when the URI may be registered, else what is wrong with it, in words for the person who typed it.
 * RFC 6749 §3.1.2: absolute and without a fragment; RFC 8252 §7: http is for loopback, and a scheme of one's own has a dot in
 * it, or (`cursor://…`) is at least none that is acted on.
 */
export function redirectUriProblem(uri: string): string | null {
	if (uri.length > 2048) return "is longer than 2048 characters";
	// WHATWG parsing drops tabs and newlines, trims, and turns backslashes round: none of that may happen here.
	if (!/^[\x21-\x7e]+$/.test(uri) || uri.includes("\\")) return "has a character that does not belong in a URL";
	if (!URL.canParse(uri)) return "is not an absolute URL";
	const url = new URL(uri);
	if (uri.includes("#")) return "has a fragment";
	if (url.username !== "" || url.password !== "" || /^[^/]*\/\/[^/?]*@/.test(uri)) return "has a user name in it";
	if (url.protocol === "https:" || url.protocol === "http:") {
		// Written as it will be resolved: no `%65vil`, no `0x7f.1`, and nothing that would split a CSP (`;`, `,`, `*`).
		const host = /^https?:\/\/([\w.-]+|\[[\da-fA-F:.]+\])(:\d+)?([/?]|$)/.exec(uri)?.[1];
		if (host?.toLowerCase() !== url.hostname) return "must begin with https://host";
		if (url.protocol === "http:" && !isLoopback(url)) return "must use https (http is for loopback only)";
		return url.port === "0" ? "has port 0, where nothing listens" : null;
	}
	if (isActedOn(uri)) return "has a scheme that browsers or operating systems act on themselves";
	// Without a dot only as `cursor:/…`: `localhost:3000` has no scheme, and `urn:ietf:wg:oauth:2.0:oob` is no place.
	return /^[a-z][a-z0-9+-]*(?:(?:\.[a-z0-9+-]+)+:|:\/)/i.test(uri)
		? null
		: "must use https, or a private-use scheme such as com.example.app";
}

/**
 * Whether an answer there would be run, shown or read by whoever it is not for: on a scheme that is acted on, or in the clear.
 * Who registers such a one beside others is refused with them.
 */
export function isDangerous(uri: string): boolean {
	if (isActedOn(uri)) return true;
	return URL.canParse(uri) && new URL(uri).protocol === "http:" && !isLoopback(new URL(uri));
}

/** What is wrong with it for a client that proves who it is; null for nothing. */
export function confidentialProblem(uri: string): string | null {
	return isDotless(uri)
		? "has a scheme without a dot, which any program can claim: only a public client may have it, which uses PKCE"
		: null;
}

/** Whether its scheme is of no domain (RFC 8252 §7.1), so that nobody can say whose it is. */
export function isDotless(uri: string): boolean {
	return !/^https?:|^[^:]*\./i.test(uri);
}

/** Who is answered there: the site of that host, or (RFC 8252 §8.6) any program of that computer that wants to be. */
export type Answered = "site" | "loopback" | "scheme";

export function answeredAt(redirectUri: string): Answered {
	const { protocol } = new URL(redirectUri);
	return protocol === "https:" ? "site" : protocol === "http:" ? "loopback" : "scheme";
}

/** RFC 8252 §7.3: a loopback URI without its port; null for what is not on loopback, or has a port that is none. */
export function withoutPort(uri: string): string | null {
	const [, host, port, rest = ""] =
		/^(http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost))(?::([1-9]\d{0,4}))?([/?].*)?$/.exec(uri) ?? [];
	return host === undefined || Number(port ?? 80) > 65_535 ? null : host + rest;
}

/** Where an answer goes, for people. What a private-use scheme has after it is no host, whatever it looks like. */
export function destinationOf(redirectUri: string): string {
	const { protocol, host } = new URL(redirectUri);
	return protocol === "https:" || protocol === "http:" ? host : protocol;
}

/** RFC 6749 §3.1.2: what stands in the query already is kept; the answer is appended. */
export function appendToQuery(uri: string, params: Readonly<Record<string, string | null>>): string {
	const added = new URLSearchParams();
	for (const [name, value] of Object.entries(params)) if (value !== null) added.append(name, value);
	const joint = !uri.includes("?") ? "?" : /^[^?]*\?$|&$/.test(uri) ? "" : "&";
	return `${uri}${joint}${added.toString()}`;
}
