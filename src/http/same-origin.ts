/**
 * Whether a form was posted by a page of ours, or by no browser at all. Browsers say where a POST comes from; a request
 * without either header is from a program, which carries nobody's cookies but its own.
 */
export function isSameOrigin(request: Request, issuer: string): boolean {
	const site = request.headers.get("sec-fetch-site");
	if (site !== null) return site === "same-origin" || site === "none";
	const origin = request.headers.get("origin");
	return origin === null || origin === new URL(issuer).origin;
}
