import { bounds, moreThan } from "./bounds.ts";
import { hasDotSegment } from "./dot-segment.ts";
import { permissionsIn } from "./permission.ts";
import type { Scope } from "./scope.ts";

// RFC 8707: whom an access token is for.

/**
 * Whether two identifiers name one resource. RFC 3986 §6.2.2.1, §6.2.3: the case of scheme and host, the scheme's own port and
 * an empty path make no difference, for JavaScript writes `https://h` as `https://h/` and other languages do not. All else does.
 */
export function isSameResource(one: string, other: string): boolean {
	return one === other || normalResource(one) === normalResource(other);
}

/** The spelling that every identifier of a resource has in common. It is for comparing: what is kept and told is as it was said. */
export function normalResource(resource: string): string {
	const [, scheme = "", authority, rest = ""] = /^([^:/?#]+:)(?:\/\/([^/?#]*))?(.*)$/s.exec(resource) ?? [];
	if (authority === undefined) return scheme.toLowerCase() + rest;
	const [, user = "", host = "", port = ""] = /^(.*@)?(.*?)(:\d*)?$/s.exec(authority) ?? [];
	const isDefault = port === ":" || port === ownPorts[scheme.toLowerCase()];
	const path = rest.startsWith("/") ? rest : `/${rest}`;
	return `${scheme.toLowerCase()}//${user}${host.toLowerCase()}${isDefault ? "" : port}${path}`;
}

const ownPorts: Readonly<Record<string, string>> = { "https:": ":443", "http:": ":80" };

/**
 * Where a resource lies under the issuer, which is empty for the issuer itself; null for somebody else's. Of our own a slash at
 * the end is never part, unless it makes an empty segment or stands in the query. A grant of before may have segments of dots.
 */
function ownPath(resource: string, issuer: string): string | null {
	if (resource === issuer) return "";
	const [named, ours] = [normalResource(resource), withoutSlash(normalResource(issuer))];
	if (!`${named}/`.startsWith(`${ours}/`) || hasDotSegment(named)) return null;
	return named.slice(ours.length).replace(/^(|[^?]*[^?/])\/$/, "$1");
}

function withoutSlash(resource: string): string {
	return resource.endsWith("/") ? resource.slice(0, -1) : resource;
}

/** Whether it is latchkey's: at or under the issuer. */
export function isOwnResource(resource: string, issuer: string): boolean {
	return ownPath(resource, issuer) !== null;
}

/** One of our own as its metadata spells it (RFC 9728); another as it is. */
function spelled(resource: string, issuer: string): string {
	const path = ownPath(resource, issuer);
	return path === null ? resource : issuer + path;
}

/**
 * latchkey's own resources are named by its issuer identifier, which stands for all of them, or by the URL of one (RFC 9728),
 * which stands for what lies at and under its path.
 */
export function isFor(audience: readonly string[], issuer: string, path: string): boolean {
	return audience.some((each) => {
		const under = ownPath(each, issuer);
		return under === "" || (under !== null && (path === under || path.startsWith(`${under}/`)));
	});
}

/**
 * What of a scope a token may carry at most that is for this audience: our permissions open latchkey, and go to nobody else
 * (targets.ts). It is what a ledger knows of the rule, which burns nothing for a request that can have nothing.
 */
export function scopeOfToken(scope: Scope, audience: readonly string[], issuer: string): Scope {
	const isOursAlone = audience.every((each) => isOwnResource(each, issuer));
	return isOursAlone ? scope : scope.filter((value) => permissionsIn(value).length === 0);
}

/** Null when it may be named as a resource, else what is wrong. RFC 8707 §2: absolute, and no fragment. */
export function resourceProblem(resource: string): string | null {
	if (resource.length > 512) return "resource is longer than 512 characters";
	if (!/^[\x21-\x7e]+$/.test(resource) || !URL.canParse(resource)) return "resource is not an absolute URI";
	if (resource.includes("#")) return "resource has a fragment";
	// It would be compared as one address, and fetched from another.
	return hasDotSegment(resource) ? "resource has a segment of dots in its path" : null;
}

/** What a request names as resources, in the form in which a grant keeps them; or what is wrong with one. */
export type NamedResources =
	| { readonly ok: true; readonly resource: readonly string[] | null }
	| { readonly ok: false; readonly detail: string };

/** RFC 8707 §2. Null where none was named. One that is named twice is one, and latchkey's own are spelled as we do. */
export function readResources(named: readonly string[] | null, issuer: string): NamedResources {
	if (!named) return { ok: true, resource: null };
	// Each of them is in every access token, which must stay short enough for a header.
	if (named.length > bounds.resources.most)
		return { ok: false, detail: `The request has ${moreThan(bounds.resources)}` };
	for (const each of named) {
		const detail = resourceProblem(each);
		if (detail !== null) return { ok: false, detail };
	}
	return { ok: true, resource: distinct(named.map((each) => spelled(each, issuer))) };
}

/** What a request is for that names nothing, by its client; null for latchkey. */
export function defaultResourceOf(
	{ options }: { readonly options: { readonly defaultResource?: string } },
	issuer: string,
): readonly string[] | null {
	return options.defaultResource === undefined ? null : [spelled(options.defaultResource, issuer)];
}

/** Each resource once, as it is spelled first. */
export function distinct(resources: readonly string[]): readonly string[] {
	return resources.filter((each, index) => resources.findIndex((one) => isSameResource(one, each)) === index);
}

/** Whether every one of these resources is among those. */
export function areAmong(asked: readonly string[], all: readonly string[]): boolean {
	return asked.every((each) => all.some((one) => isSameResource(one, each)));
}

/**
 * RFC 8707 §2.2: the audience of a token for what was asked of what was granted, spelled as the grant has it; null where
 * something was not granted. A grant that names none is for latchkey itself.
 */
export function audienceOf(
	asked: readonly string[] | null,
	granted: readonly string[] | undefined,
	issuer: string,
): readonly string[] | null {
	const all = (granted ?? [issuer]).map((each) => spelled(each, issuer));
	if (!asked) return all;
	return areAmong(asked, all) ? asked.flatMap((each) => all.filter((one) => isSameResource(one, each))) : null;
}

/** How the APIs of an account are spelled, by {@link normalResource}: the first is what counts for all others. */
export type Spellings = ReadonlyMap<string, ReadonlySet<string>>;

/** Made once of all that is registered, so that a request costs what it asks for and not what others registered. */
export function spellingsOf(registered: readonly string[]): Spellings {
	const spellings = new Map<string, Set<string>>();
	for (const each of registered) {
		const normal = normalResource(each);
		const same = spellings.get(normal);
		if (same) same.add(each);
		else spellings.set(normal, new Set([each]));
	}
	return spellings;
}

/** Each resource as its API registered itself; else as it was asked for. */
export function asRegistered(asked: readonly string[], registered: Spellings): readonly string[] {
	return asked.map((each) => {
		const same = registered.get(normalResource(each));
		if (!same || same.has(each)) return each;
		const [first = each] = same;
		return first;
	});
}
