import { type IRequestStrict, Router } from "itty-router";
import { type Protected, requires } from "./access.ts";
import { showAlerts } from "./console/alerts.ts";
import { generateTokens, showApiAccess } from "./console/api-access.ts";
import { home } from "./console/home.ts";
import * as installed from "./console/installed.ts";
import * as integrationEnd from "./console/integration-end.ts";
import * as integrationSecret from "./console/integration-secret.ts";
import * as integrationPages from "./console/integrations.ts";
import { showSetup, takeSetup } from "./console/setup.ts";
import { showSignIn, takeSignIn, takeSignOut } from "./console/sign-in.ts";
import { problem } from "./http/problem.ts";
import { empty } from "./http/reply.ts";
import { verify } from "./keys/verify.ts";
import { login } from "./login/login.ts";
import * as sessions from "./login/sessions.ts";
import { authorize } from "./oauth/authorize.ts";
import { install } from "./oauth/install.ts";
import { endInstall, listInstalls } from "./oauth/installs.ts";
import { endSecret, rotateSecret } from "./oauth/integration-secrets.ts";
import * as integrations from "./oauth/integrations.ts";
import { introspect } from "./oauth/introspect.ts";
import { jwks } from "./oauth/jwks.ts";
import { logo } from "./oauth/logo.ts";
import { metadata } from "./oauth/metadata.ts";
import { revoke } from "./oauth/revoke.ts";
import { token } from "./oauth/token.ts";
import type { Endpoint } from "./operations/call.ts";
import type { Services } from "./operations/services.ts";
import { sweep } from "./operations/sweep.ts";
import { deleteChangeEvent, getChangeEvents, putChangeEvents } from "./resources/change-events.ts";
import { environments } from "./resources/environments.ts";
import { postEvents } from "./resources/events.ts";
import { refusePair } from "./resources/pair-error.ts";
import { postAccessToken } from "./resources/refresh-pair.ts";
import { postAlertSearch, postEventSearch } from "./resources/search.ts";

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

	{
		path: "/api/v4/organizations/:org/change_events",
		methods: {
			GET: requires("change_events:read", getChangeEvents, refusePair),
			PUT: requires("change_events:write", putChangeEvents, refusePair),
		},
	},
	{
		path: "/api/v4/organizations/:org/change_events/:id",
		methods: { DELETE: requires("change_events:delete", deleteChangeEvent, refusePair) },
	},
	{ path: "/v4/oauth/access_token", methods: { POST: postAccessToken } },
	{ path: "/api/v4/oauth/access_token", methods: { POST: postAccessToken } },
	{ path: "/api/v4/organizations/:org/oauth/access_token", methods: { POST: postAccessToken } },
	{ path: "/api/public/event/search", methods: { POST: requires("events:read", postEventSearch) } },
	{ path: "/api/public/alert/search", methods: { POST: requires("alerts:read", postAlertSearch) } },

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
	{ path: "/console/:slug/api-access", methods: { GET: showApiAccess, POST: generateTokens } },
	{ path: "/console/:slug/alerts", methods: { GET: showAlerts } },
	{ path: "/setup", methods: { GET: showSetup, POST: takeSetup } },

	{
		path: "/v1/integrations",
		methods: {
			GET: requires("integrations:read", integrations.listIntegrations),
			POST: requires("integrations:write", integrations.createIntegration),
		},
	},
	{
		path: "/v1/integrations/:client_id",
		methods: {
			GET: requires("integrations:read", integrations.readIntegration),
			PATCH: requires("integrations:write", integrations.changeIntegration),
			DELETE: requires("integrations:delete", integrations.endIntegration),
		},
	},
	{ path: "/v1/integrations/:client_id/secrets", methods: { POST: requires("integrations:write", rotateSecret) } },
	{ path: "/v1/integrations/:client_id/secrets/previous", methods: { DELETE: requires("integrations:write", endSecret) } },
	{ path: "/v1/installs", methods: { GET: requires("integrations:read", listInstalls) } },
	{ path: "/v1/installs/:grant_id", methods: { DELETE: requires("integrations:read", endInstall) } },

	{ path: "/console/:slug/integrations", methods: { GET: integrationPages.listIntegrations } },
	{
		path: "/console/:slug/integrations/new",
		methods: { GET: integrationPages.newIntegration, POST: integrationPages.createIntegration },
	},
	{ path: "/console/:slug/integrations/:client_id", methods: { GET: integrationPages.showIntegration } },
	{
		path: "/console/:slug/integrations/:client_id/edit",
		methods: { GET: integrationPages.editIntegration, POST: integrationPages.saveIntegration },
	},
	{
		path: "/console/:slug/integrations/:client_id/secret",
		methods: { GET: integrationSecret.askToRotate, POST: integrationSecret.rotateSecret },
	},
	{
		path: "/console/:slug/integrations/:client_id/secret/end",
		methods: { GET: integrationSecret.askToEndSecret, POST: integrationSecret.endSecret },
	},
	{
		path: "/console/:slug/integrations/:client_id/delete",
		methods: { GET: integrationEnd.askToEnd, POST: integrationEnd.endIntegration },
	},
	{ path: "/console/:slug/installed", methods: { GET: installed.listInstalled } },
	{
		path: "/console/:slug/installed/:grant_id/revoke",
		methods: { GET: installed.askToRevoke, POST: installed.revokeInstalled },
	},
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
