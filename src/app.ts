import { type IRequestStrict, Router } from "itty-router";
import type { Protected } from "./access.ts";
import { home } from "./console/home.ts";
import { showSetup, takeSetup } from "./console/setup.ts";
import { showSignIn, takeSignIn, takeSignOut } from "./console/sign-in.ts";
import { problem } from "./http/problem.ts";
import { empty } from "./http/reply.ts";
import { verify } from "./keys/verify.ts";
import { login } from "./login/login.ts";
import * as sessions from "./login/sessions.ts";
import { authorize } from "./oauth/authorize.ts";
import { install } from "./oauth/install.ts";
import { introspect } from "./oauth/introspect.ts";
import { jwks } from "./oauth/jwks.ts";
import { logo } from "./oauth/logo.ts";
import { metadata } from "./oauth/metadata.ts";
import { revoke } from "./oauth/revoke.ts";
import { token } from "./oauth/token.ts";
import type { Endpoint } from "./operations/call.ts";
import type { Services } from "./operations/services.ts";
import { sweep } from "./operations/sweep.ts";
import { environments } from "./resources/environments.ts";
import { postEvents } from "./resources/events.ts";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

interface Route {
	readonly path: string;
	readonly methods: Readonly<Partial<Record<Method, Endpoint | Protected>>>;
	/** Whether a page of any origin may call it from a browser. It never sees cookies. */
	readonly cors?: true;
}

/** The only route table. A path is compared with one after the other, so what is called most stands first. */
const routes: readonly Route[] = [
	{ path: "/auth/login", methods: { POST: login } },
	{ path: "/oauth/token", methods: { POST: token }, cors: true },
	{ path: "/oauth/introspect", methods: { POST: introspect } },
	{ path: "/v1/keys/verify", methods: { POST: verify } },
	{ path: "/.well-known/jwks.json", methods: { GET: jwks }, cors: true },
	{ path: "/v1/events", methods: { POST: postEvents } },

	{ path: "/.well-known/oauth-authorization-server", methods: { GET: metadata }, cors: true },
	{ path: "/oauth/revoke", methods: { POST: revoke }, cors: true },
	{ path: "/oauth/environments", methods: { GET: environments } },
	{ path: "/auth/sessions", methods: { GET: sessions.list } },
	{ path: "/auth/sessions/:id", methods: { DELETE: sessions.revoke } },

	{ path: "/oauth/authorize", methods: { GET: authorize, POST: authorize } },
	{ path: "/integrations/:client_id", methods: { GET: install, POST: install } },
	{ path: "/integrations/:client_id/logo.svg", methods: { GET: logo } },
	{ path: "/", methods: { GET: home } },
	{ path: "/sign-in", methods: { GET: showSignIn, POST: takeSignIn } },
	{ path: "/sign-out", methods: { POST: takeSignOut } },
	{ path: "/setup", methods: { GET: showSetup, POST: takeSetup } },
];

export interface App {
	/** `address` is the network address that the platform vouches for. */
	fetch(request: Request, address: string | null): Promise<Response>;
	scheduled(): Promise<void>;
}

export function createApp(services: Services): App {
	const router = Router<IRequestStrict, [string | null]>();
	for (const route of routes) {
		router.all(route.path, (request, address) => answer(route, request, address));
	}

	async function answer(route: Route, request: IRequestStrict, address: string | null): Promise<Response> {
		const headers = route.cors ? { "access-control-allow-origin": "*" } : {};
		if (request.method === "OPTIONS") {
			const allowed = methodsOf(route);
			return empty(204, { allow: allowed, ...(route.cors && preflight(allowed)) });
		}
		// RFC 9110 §9.3.2: HEAD is GET without the content.
		const method = request.method === "HEAD" ? "GET" : request.method;
		const endpoint = Object.hasOwn(route.methods, method) ? route.methods[method as Method] : undefined;
		if (!endpoint) {
			const allowed = methodsOf(route);
			const detail = `This address takes ${allowed}.`;
			return problem({ status: 405, title: "Method Not Allowed", detail }, { allow: allowed, ...headers });
		}
		const handle = typeof endpoint === "function" ? endpoint : endpoint.handle;
		const response = await handle({ request, url: new URL(request.url), params: request.params, address, services });
		for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
		return request.method === "HEAD" ? new Response(null, response) : response;
	}

	return {
		async fetch(request, address) {
			try {
				const response = (await router.fetch(request, address)) as Response | undefined;
				return response ?? problem({ status: 404, title: "Not Found", detail: "There is nothing at this address." });
			} catch (error) {
				return fault(error, services);
			}
		},
		scheduled: () => sweep(services),
	};
}

/** The last resort: whatever was thrown is for the log. Nothing was acknowledged; the client may try again. */
function fault(error: unknown, services: Services): Response {
	const { name, message } = error instanceof Error ? error : { name: "unknown", message: String(error) };
	services.log("request.failed", { error: name, message });
	const detail = "Something failed on our side. Try again.";
	return problem({ status: 503, title: "Service Unavailable", detail }, { "retry-after": "1" });
}

function methodsOf({ methods }: Route): string {
	return [...Object.keys(methods), ...("GET" in methods ? ["HEAD"] : []), "OPTIONS"].join(", ");
}

function preflight(allowed: string): Record<string, string> {
	return {
		"access-control-allow-origin": "*",
		"access-control-allow-methods": allowed,
		"access-control-allow-headers": "authorization, content-type",
		"access-control-max-age": "86400",
	};
}
