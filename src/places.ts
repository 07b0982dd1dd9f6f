import { Router } from "itty-router";
import { isForAnyOrigin, type PageRoute, type Route } from "./endpoint/route.ts";
import { withoutBase } from "./http/base-path.ts";
import { pages, routes } from "./routes.ts";

/** Where an address leads. */
export interface Place {
	readonly url: URL;
	/** The same without the issuer's path; null where it does not lie under that. */
	readonly within: URL | null;
	/** Null where nothing is there. */
	readonly found: Found | null;
}

export interface Found {
	readonly route: Route | PageRoute;
	readonly isPage: boolean;
	/** Whether a page of any origin may call it. */
	readonly isOpen: boolean;
	/** What the path has in the place of the route's `:names`. */
	readonly params: Readonly<Record<string, string>>;
}

export interface Places {
	/** Null for an address that is no URL. */
	at(address: string): Place | null;
	/** What programs call at a path. */
	routeAt(path: string): Route | null;
}

/** Of hosts that strangers may name, the oldest forgotten first. */
const mostKnown = 500;

/**
 * itty-router makes the patterns of the table's paths. A path without names is looked up instead, and its address is taken apart
 * once: what it leads to depends on its text alone, and no secret is in it.
 */
export function createPlaces(basePath: string): Places {
	const rows: readonly Omit<Found, "params">[] = [
		...routes.map((route) => ({ route, isPage: false, isOpen: isForAnyOrigin(route) })),
		...pages.map((route) => ({ route, isPage: true, isOpen: false })),
	];
	const router = Router();
	for (const { route } of rows) router.all(route.path, () => {});
	const fixed = new Map(
		rows
			.map(({ route: { path } }) => [path, /[:*]/.test(path) ? null : search(path)] as const)
			.filter(([, found]) => found),
	);
	const known = new Map<string, Place>();

	/** The first of the table that a path is like. */
	function search(path: string): Found | null {
		for (const [index, row] of rows.entries()) {
			// The patterns take slashes at the end for nothing, but a program's address is one: RFC 9728 §3.3 has clients compare it.
			if (!row.isPage && path.endsWith("/")) continue;
			const match = router.routes[index]?.[1].exec(path);
			if (match) return { ...row, params: match.groups ?? {} };
		}
		return null;
	}

	function look(url: URL): Place {
		const path = withoutBase(url.pathname, basePath);
		if (path === null) return { url, within: null, found: null };
		return { url, within: basePath === "" ? url : withPath(url, path), found: fixed.get(path) ?? search(path) };
	}

	return {
		at(address) {
			const before = known.get(address);
			if (before) return before;
			const url = URL.parse(address);
			if (!url) return null;
			const place = look(url);
			if (url.search === "" && place.within && fixed.has(place.within.pathname)) {
				known.set(address, place);
				const [oldest] = known.keys();
				if (known.size > mostKnown && oldest !== undefined) known.delete(oldest);
			}
			return place;
		},
		routeAt(path) {
			const found = fixed.get(path) ?? search(path);
			return found && !found.isPage ? (found.route as Route) : null;
		},
	};
}

function withPath(url: URL, path: string): URL {
	const within = new URL(url);
	within.pathname = path;
	return within;
}
