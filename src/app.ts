import { type IRequestStrict, Router } from "itty-router";
import type { Api, Handler } from "./endpoint/call.ts";
import type { Endpoint } from "./endpoint/endpoint.ts";
import { type Method, methods, type PageRoute, type Route } from "./endpoint/route.ts";
import { atPath, withBase, withoutBase } from "./http/base-path.ts";
import type { Operation } from "./http/openapi.ts";
import { problem } from "./http/problem.ts";
import { empty } from "./http/reply.ts";
import {
	type AboutToken,
	type ApiKeyVerdict,
	type TokenVerdict,
	type Unavailable,
	verifyKey,
	verifyToken,
} from "./operations/checks/service-binding.ts";
import type { Services } from "./operations/services.ts";
import { sweep } from "./operations/upkeep/sweep.ts";
import { pages, routes } from "./routes.ts";

/** What programs call: method, path and documentation, in the order of the table. */
export function apiOperations(): readonly Operation[] {
	return routes.flatMap(operationsOf);
}

/** The routes of people's pages: method and path. */
export function pageRoutes(): readonly { readonly method: string; readonly path: string }[] {
	return pages.flatMap((route) => methodsOf(route).map((method) => ({ method, path: route.path })));
}

export interface App {
	/** `address` is the network address that the platform vouches for. */
	fetch(request: Request, address: string | null): Promise<Response>;
	/** What a Worker asks by a service binding. */
	readonly verify: {
		token(presented: unknown, about: AboutToken): Promise<TokenVerdict | Unavailable>;
		key(presented: unknown, about: { readonly account?: unknown }): Promise<ApiKeyVerdict | Unavailable>;
	};
	scheduled(): Promise<void>;
}

export function createApp(services: Services): App {
	const { basePath } = services.config;
	const router = Router<IRequestStrict, [string | null]>();
	for (const route of routes) {
		router.all(route.path, (request, address) => {
			// The router takes slashes at the end for nothing, but a program's address is one: RFC 9728 §3.3 has clients compare it.
			if (new URL(request.url).pathname.endsWith("/")) return undefined;
			return answer(route, request, address);
		});
	}
	for (const route of pages) router.all(route.path, (request, address) => answer(route, request, address));

	const api: Api = {
		operations: apiOperations(),
		at(path) {
			const [route] = path.endsWith("/") ? [] : routes.filter((_, index) => router.routes[index]?.[1].test(path));
			return route ? operationsOf(route) : [];
		},
	};

	async function answer(route: Route | PageRoute, request: IRequestStrict, address: string | null): Promise<Response> {
		const isForAnyOrigin = "cors" in route;
		const headers: Readonly<Record<string, string>> = isForAnyOrigin ? anyOrigin : {};
		if (request.method === "OPTIONS") {
			const allow = allowedBy(route);
			return empty(204, { allow, ...(isForAnyOrigin && preflight(allow)) });
		}
		// RFC 9110 §9.3.2: HEAD is GET without the content.
		const method = request.method === "HEAD" ? "GET" : request.method;
		const named = methods.find((each) => each === method && each in route);
		const endpoint = named && (route as AnyRoute)[named];
		// RFC 9110 §15.5.6: with what it takes.
		if (!endpoint) {
			const allow = allowedBy(route);
			const detail = `This address takes ${allow}.`;
			return problem(405, detail, { headers: { allow, ...headers } });
		}
		const handle = typeof endpoint === "function" ? endpoint : endpoint.handle;
		const call = { request, url: new URL(request.url), params: request.params, address, services, api };
		// Here already: a page of another origin has to see that it may try again.
		const response = await Promise.try(handle, call).catch((error: unknown) => fault(error, services));
		for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
		return request.method === "HEAD" ? new Response(null, response) : response;
	}

	return {
		async fetch(request, address) {
			try {
				const url = new URL(request.url);
				const path = withoutBase(url.pathname, basePath);
				if (path === null) return nothingHere();
				const response = (await router.fetch(atPath(request, url, path), address)) as Response | undefined;
				return response ? await withBase(response, basePath) : nothingHere();
			} catch (error) {
				return fault(error, services);
			}
		},
		verify: {
			token: (presented, about) => orUnavailable(verifyToken(presented, about, services)),
			key: (presented, about) => orUnavailable(verifyKey(presented, about, services)),
		},
		scheduled: () => sweep(services),
	};

	async function orUnavailable<Verdict>(verdict: Promise<Verdict>): Promise<Verdict | Unavailable> {
		try {
			return await verdict;
		} catch (error) {
			fault(error, services);
			return { valid: false, reason: "unavailable" };
		}
	}
}

function nothingHere(): Response {
	return problem(404, "There is nothing at this address.");
}

/** The last resort: whatever was thrown is for the log. Nothing was acknowledged; the client may try again. */
function fault(error: unknown, services: Services): Response {
	const { name, message } = error instanceof Error ? error : { name: "unknown", message: String(error) };
	services.log("request.failed", { error: name, message });
	const detail = "Something failed on our side. Try again.";
	return problem(503, detail, { headers: { "retry-after": "1" } });
}

type AnyRoute = Readonly<Partial<Record<Method, Endpoint | Handler>>>;

function methodsOf(route: Route | PageRoute): readonly Method[] {
	return methods.filter((method) => method in route);
}

/** RFC 9110 §10.2.1 */
function allowedBy(route: Route | PageRoute): string {
	return [...methodsOf(route), ...("GET" in route ? ["HEAD"] : []), "OPTIONS"].join(", ");
}

function operationsOf(route: Route): readonly Operation[] {
	return methods.flatMap((method) => {
		const { doc, needs } = route[method] ?? {};
		return doc ? [{ method, path: route.path, doc, needs: needs ?? null }] : [];
	});
}

/** A page of any origin may read the answer, and the challenge of a refusal. Without credentials: cookies stay away. */
const anyOrigin = { "access-control-allow-origin": "*", "access-control-expose-headers": "www-authenticate" };

function preflight(allowed: string): Record<string, string> {
	return {
		"access-control-allow-origin": "*",
		"access-control-allow-methods": allowed,
		// MCP clients send the version of their protocol when they look for metadata.
		"access-control-allow-headers": "authorization, content-type, mcp-protocol-version",
		"access-control-max-age": "86400",
	};
}
