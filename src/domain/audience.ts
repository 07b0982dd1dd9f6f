import { bounds, moreThan } from "./bounds.ts";

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

/** What a request names as resources, in the form in which a grant keeps them; or what is wrong with one. */
export type NamedResources =
	| { readonly ok: true; readonly resource: readonly string[] | null }
	| { readonly ok: false; readonly detail: string };

/** RFC 8707 §2. Null where none was named. latchkey's own identifier is kept without a slash, however it was written. */
export function readResources(named: readonly string[] | null, issuer: string): NamedResources {
	if (!named) return { ok: true, resource: null };
	// Each of them is in every access token, which must stay short enough for a header.
	if (named.length > bounds.resources.most)
		return { ok: false, detail: `The request has ${moreThan(bounds.resources)}` };
	for (const each of named) {
		const detail = resourceProblem(each);
		if (detail !== null) return { ok: false, detail };
	}
	return { ok: true, resource: [...new Set(named.map((each) => (withoutSlash(each) === issuer ? issuer : each)))] };
}

/** RFC 8707 §2: whether every one of these was granted. A grant that names none is for latchkey itself. */
export function areGranted(asked: readonly string[], granted: readonly string[] | undefined, issuer: string): boolean {
	const all = granted ?? [issuer];
	return asked.every((each) => all.includes(each));
}
