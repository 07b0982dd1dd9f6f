import type { Handler } from "./call.ts";
import type { Operation } from "../http/openapi.ts";
import type { Endpoint } from "./endpoint.ts";

export const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
export type Method = (typeof methods)[number];

/** What programs call at one address. */
export interface Route extends Readonly<Partial<Record<Method, Endpoint>>> {
	readonly path: string;
}

/**
 * Whether a page of any origin may call it (http/cross-origin.ts): what is documented here as opened by a browser's session, or
 * answers with a page, is where people are led, and looks at cookies. Nothing else does.
 */
export function isForAnyOrigin(route: Route): boolean {
	return methods.every((method) => {
		const { credentials = [], answers = {} } = route[method]?.doc ?? {};
		return !credentials.includes("session") && !Object.values(answers).some(({ media }) => media === "text/html");
	});
}

/** What people see and fill in at one address. */
export interface PageRoute extends Readonly<Partial<Record<"GET" | "POST", Handler>>> {
	readonly path: string;
}

export function methodsOf(route: Route | PageRoute): readonly Method[] {
	return methods.filter((method) => method in route);
}

/** What a route offers to programs, with what describes it. */
export function operationsOf(route: Route): readonly Operation[] {
	return methods.flatMap((method) => {
		const { doc, needs } = route[method] ?? {};
		return doc ? [{ method, path: route.path, doc, needs: needs ?? null }] : [];
	});
}
