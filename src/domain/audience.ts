/**
 * RFC 8707: whom an access token is for. latchkey's own resources are named by its issuer identifier, which stands for all
 * of them, or by the URL of one (RFC 9728), which stands for what lies at and under its path.
 */
export function isFor(audience: readonly string[], issuer: string, path: string): boolean {
	return audience.some((each) => {
		const named = withoutSlash(each);
		if (named === issuer) return true;
		if (!named.startsWith(`${issuer}/`)) return false;
		const under = named.slice(issuer.length);
		return path === under || path.startsWith(`${under}/`);
	});
}

/** Clients that parse the identifier of an origin write a slash after it. */
export function withoutSlash(resource: string): string {
	return resource.endsWith("/") ? resource.slice(0, -1) : resource;
}

/** Null when it may be named as a resource, else what is wrong. RFC 8707 §2: absolute, and no fragment. */
export function resourceProblem(resource: string): string | null {
	if (resource.length > 512) return "resource is longer than 512 characters";
	if (!/^[\x21-\x7e]+$/.test(resource) || !URL.canParse(resource)) return "resource is not an absolute URI";
	return resource.includes("#") ? "resource has a fragment" : null;
}
