/**
 * Whether the path of an absolute URI has a segment of dots, which whoever fetches it takes away (RFC 3986 §5.2.4). As URL parsers
 * understand them, encoded too and after a backslash; and proxies, some of which decode a slash before they look.
 */
export function hasDotSegment(uri: string): boolean {
	const [, path = ""] = /^[^:/?#]*:(?:\/\/[^/?#\\]*)?([^?#]*)/.exec(uri) ?? [];
	return path.split(/[/\\]|%2f|%5c/i).some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment));
}
