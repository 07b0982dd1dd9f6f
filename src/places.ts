import { Router } from "itty-router";
import { isForAnyOrigin, type PageRoute, type Route } from "./endpoint/route.ts";
import { withoutBase } from "./http/base-path.ts";
import { firstRoutes } from "./first-routes.ts";

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
	/** Whether the path is the route's, letter by letter. */
	readonly isFixed: boolean;
	/** What the path has in the place of the route's `:names`. */
	readonly params: Readonly<Record<string, string>>;
}

export interface Places {
	/** Null for an address that is no URL. What is not among the first routes may lie in the rest of the table, to be waited for. */
	at(address: string): Promise<Place | null> | Place | null;
	/** What programs call at a path. */
	routeAt(path: string): Promise<Route | null>;
}

/** Of hosts that strangers may name, the oldest forgotten first. */
const mostKnown = 500;

/** A path without names is looked up, and its address taken apart once: what it leads to depends on its text, and no secret is in it. */
export function createPlaces(basePath: string): Places {
	const first = createTable(firstRoutes, []);
	let whole: Table | null = null;
	const known = new Map<string, Place>();

	async function wholeTable(): Promise<Table> {
		const { routes, pages } = await import("./routes.ts");
		return (whole ??= createTable(routes, pages));
	}

	function look(url: URL): Promise<Place> | Place {
		const path = withoutBase(url.pathname, basePath);
		if (path === null) return { url, within: null, found: null };
		const within = basePath === "" ? url : withPath(url, path);
		const found = (whole ?? first).find(path);
		if (found || whole) return { url, within, found };
		return wholeTable().then((table) => ({ url, within, found: table.find(path) }));
	}

	return {
		at(address) {
			const before = known.get(address);
			if (before) return before;
			const url = URL.parse(address);
			if (!url) return null;
			const place = look(url);
			if (!(place instanceof Promise) && url.search === "" && place.found?.isFixed) {
				known.set(address, place);
				const [oldest] = known.keys();
				if (known.size > mostKnown && oldest !== undefined) known.delete(oldest);
			}
			return place;
		},
		async routeAt(path) {
			const found = (await wholeTable()).find(path);
			return found && !found.isPage ? (found.route as Route) : null;
		},
	};
}

interface Table {
	/** The first that a path is like. */
	find(path: string): Found | null;
}

/** itty-router makes the patterns of the paths. */
function createTable(routes: readonly Route[], pages: readonly PageRoute[]): Table {
	const rows: readonly Omit<Found, "params" | "isFixed">[] = [
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

	function search(path: string): Found | null {
		for (const [index, row] of rows.entries()) {
			// The patterns take slashes at the end for nothing, but a program's address is one: RFC 9728 §3.3 has clients compare it.
			if (!row.isPage && path.endsWith("/")) continue;
			const match = router.routes[index]?.[1].exec(path);
			if (match) return { ...row, params: match.groups ?? {}, isFixed: row.route.path === path };
		}
		return null;
	}

	return { find: (path) => fixed.get(path) ?? search(path) };
}

function withPath(url: URL, path: string): URL {
	const within = new URL(url);
	within.pathname = path;
	return within;
}
