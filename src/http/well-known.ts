/**
 * RFC 8414 §3.1 and RFC 9728 §3.1: the well-known name stands between the host and the path of what it describes.
 * `path` begins with a slash, or is empty for the issuer itself.
 */
export function wellKnownUrl(name: string, issuer: string, path = ""): string {
	const { origin } = new URL(issuer);
	return `${origin}/.well-known/${name}${issuer.slice(origin.length)}${path}`;
}
