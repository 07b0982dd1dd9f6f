/**
 * An issuer with a path (RFC 8414 §3): everything lies under that path, but the routes and the pages are written as if it
 * were not there. It is taken from a request when it comes in and put back on whatever leads a browser on.
 */

/** What is described at the root of the host, with the issuer's path after its name. */
const atRoot = ["oauth-authorization-server", "openid-configuration", "oauth-protected-resource"].map(
	(name) => `/.well-known/${name}`,
);

/** The path of a request without the issuer's own, or null where it is not under it. */
export function withoutBase(pathname: string, basePath: string): string | null {
	if (basePath === "") return pathname;
	if (isUnder(pathname, basePath)) return pathname.slice(basePath.length) || "/";
	// RFC 8414 §3.1, RFC 9728 §3.1: `/.well-known/<name>/base`, and what lies under the base after it.
	const described = atRoot.find((name) => isUnder(pathname, name + basePath));
	return described === undefined ? null : described + pathname.slice(described.length + basePath.length);
}

/** The answer, with the issuer's path before every path that leads on here: redirects, and the links and forms of a page. */
export function withBase(response: Response, basePath: string): Promise<Response> | Response {
	if (basePath === "") return response;
	const location = response.headers.get("location");
	if (location !== null && isPath(location)) response.headers.set("location", basePath + location);
	if (response.body === null || !(response.headers.get("content-type") ?? "").startsWith("text/html")) return response;
	return withBaseInPage(response, basePath);
}

async function withBaseInPage(response: Response, basePath: string): Promise<Response> {
	// Attributes alone: the text of a page cannot look like one, since every quote in it is escaped.
	const html = await response.text();
	return new Response(html.replaceAll(/(\s(?:href|src|action|formaction)=")(?=\/(?!\/))/g, `$1${basePath}`), response);
}

/** `//host` is another host. */
function isPath(location: string): boolean {
	return location.startsWith("/") && !location.startsWith("//");
}

function isUnder(pathname: string, base: string): boolean {
	return pathname === base || pathname.startsWith(`${base}/`);
}
