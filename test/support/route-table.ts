import { methodsOf, operationsOf } from "../../src/endpoint/route.ts";
import type { Operation } from "../../src/http/openapi.ts";
import { pages, routes } from "../../src/routes.ts";

/** What programs call: method, path and documentation, in the order of the table. */
export function apiOperations(): readonly Operation[] {
	return routes.flatMap(operationsOf);
}

/** The routes of people's pages: method and path. */
export function pageRoutes(): readonly { readonly method: string; readonly path: string }[] {
	return pages.flatMap((route) => methodsOf(route).map((method) => ({ method, path: route.path })));
}
