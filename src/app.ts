import { type IRequestStrict, Router } from "itty-router";
import { requires } from "./api/guard/access.ts";
import { showAlerts } from "./pages/account/alerts.ts";
import { generateTokens, showApiAccess } from "./pages/pairs/api-access.ts";
import * as accountConsole from "./pages/account/account-settings.ts";
import { showAudit } from "./pages/account/audit.ts";
import { openapiDoc, showDocs, showOpenapi } from "./pages/front/docs.ts";
import { enterConsole } from "./pages/front/entrance.ts";
import * as environmentConsole from "./pages/environments/environments.ts";
import { home } from "./pages/front/home.ts";
import { showMissing } from "./pages/frame/missing.ts";
import * as keyCodePages from "./pages/keys/key-codes.ts";
import * as keyPages from "./pages/keys/key-editor.ts";
import * as keyLinkPages from "./pages/keys/key-links.ts";
import * as keySecretPages from "./pages/keys/key-secret.ts";
import * as keyListPages from "./pages/keys/keys.ts";
import * as myAccess from "./pages/personal/my-access.ts";
import * as people from "./pages/people/people.ts";
import * as policyPages from "./pages/keys/policies.ts";
import { profile } from "./pages/personal/profile.ts";
import { settings } from "./pages/personal/settings.ts";
import * as installed from "./pages/integrations/installed.ts";
import * as integrationEnd from "./pages/integrations/integration-end.ts";
import * as integrationSecret from "./pages/integrations/integration-secret.ts";
import * as integrationPages from "./pages/integrations/integrations.ts";
import { showSetup, takeSetup } from "./pages/front/setup.ts";
import { showSignIn, takeSignIn, takeSignOut } from "./pages/front/sign-in.ts";
import { type Documented, documented, type Method } from "./documented.ts";
import { atPath, withBase, withoutBase } from "./http/base-path.ts";
import type { Operation } from "./http/openapi.ts";
import { problem } from "./http/problem.ts";
import { empty } from "./http/reply.ts";
import * as codes from "./api/keys/codes.ts";
import * as keys from "./api/keys/keys.ts";
import * as links from "./api/keys/links.ts";
import * as policies from "./api/keys/policies.ts";
import * as reveal from "./api/keys/reveal.ts";
import { verify, verifyDoc } from "./api/keys/verify.ts";
import { login, loginDoc } from "./login/login.ts";
import * as profiles from "./login/profile.ts";
import * as sessions from "./login/sessions.ts";
import { authorize, postAuthorize, authorizeDoc, postAuthorizeDoc } from "./oauth/authorize.ts";
import { consent, returnToRequest, consentDoc, returnToRequestDoc } from "./oauth/consent.ts";
import { install, answerInstallDoc, installDoc } from "./oauth/install.ts";
import { endInstall, listInstalls, endInstallDoc, listInstallsDoc } from "./api/clients/installs.ts";
import { endSecret, rotateSecret, endSecretDoc, rotateSecretDoc } from "./api/clients/integration-secrets.ts";
import * as integrations from "./api/clients/integrations.ts";
import { introspect, introspectDoc } from "./oauth/introspect.ts";
import { jwks, jwksDoc } from "./oauth/jwks.ts";
import { logo, logoDoc } from "./api/clients/logo.ts";
import { answerLogout, logout, logoutDoc, postLogoutDoc } from "./oauth/logout.ts";
import { metadata, metadataDoc, openidConfigurationDoc } from "./oauth/metadata.ts";
import { protectedResource, protectedResourceAtDoc, protectedResourceDoc } from "./oauth/protected-resource.ts";
import { register, registerDoc } from "./oauth/register.ts";
import * as registration from "./oauth/registration.ts";
import { revoke, revokeDoc } from "./oauth/revoke.ts";
import { token, tokenDoc } from "./oauth/token.ts";
import { postUserinfoDoc, userinfo, userinfoDoc } from "./oauth/userinfo.ts";
import type { Endpoint } from "./operations/call.ts";
import type { Services } from "./operations/services.ts";
import { sweep } from "./operations/upkeep/sweep.ts";
import {
	type AboutToken,
	type KeyVerdictOfAccount,
	type TokenVerdict,
	type Unavailable,
	verifyKey,
	verifyToken,
} from "./operations/checks/service-binding.ts";
import {
	deleteChangeEvent,
	getChangeEvents,
	putChangeEvents,
	deleteChangeEventDoc,
	getChangeEventsDoc,
	putChangeEventsDoc,
} from "./api/pairs/change-events.ts";
import { listAudit, listAuditDoc } from "./api/account/audit.ts";
import { environments, environmentsDoc } from "./api/environments/environments.ts";
import { postEvents, postEventsDoc } from "./api/events/events.ts";
import * as manageEnvironments from "./api/environments/manage-environments.ts";
import { refusePair } from "./api/pairs/pair-error.ts";
import { postAccessToken, postAccessTokenDoc } from "./api/pairs/refresh-pair.ts";
import { postAlertSearch, postEventSearch, postAlertSearchDoc, postEventSearchDoc } from "./api/events/search.ts";

interface Route {
	readonly path: string;
	readonly methods: { readonly [method in Method]?: Documented };
	/** Whether a page of any origin may call it from a browser. It never sees cookies. */
	readonly cors?: true;
}

interface PageRoute {
	readonly path: string;
	readonly methods: Readonly<Partial<Record<"GET" | "POST", Endpoint>>>;
}

// The only route table. A path is compared with one after the other, so what is called most stands first.

/** What programs call. Each is documented, or it does not compile. */
const routes: readonly Route[] = [
	{ path: "/auth/login", methods: { POST: documented(loginDoc, login) } },
	{ path: "/oauth/token", methods: { POST: documented(tokenDoc, token) }, cors: true },
	{
		path: "/oauth/userinfo",
		methods: { GET: documented(userinfoDoc, userinfo), POST: documented(postUserinfoDoc, userinfo) },
		cors: true,
	},
	{ path: "/oauth/introspect", methods: { POST: documented(introspectDoc, introspect) } },
	{ path: "/v1/keys/verify", methods: { POST: documented(verifyDoc, verify) } },
	{ path: "/.well-known/jwks.json", methods: { GET: documented(jwksDoc, jwks) }, cors: true },
	{ path: "/v1/events", methods: { POST: documented(postEventsDoc, postEvents) } },

	{
		path: "/api/v4/organizations/:org/change_events",
		methods: {
			GET: documented(getChangeEventsDoc, requires("change_events:read", getChangeEvents, refusePair)),
			PUT: documented(putChangeEventsDoc, requires("change_events:write", putChangeEvents, refusePair)),
		},
	},
	{
		path: "/api/v4/organizations/:org/change_events/:id",
		methods: {
			DELETE: documented(deleteChangeEventDoc, requires("change_events:delete", deleteChangeEvent, refusePair)),
		},
	},
	{ path: "/v4/oauth/access_token", methods: { POST: documented(postAccessTokenDoc, postAccessToken) } },
	{ path: "/api/v4/oauth/access_token", methods: { POST: documented(postAccessTokenDoc, postAccessToken) } },
	{
		path: "/api/v4/organizations/:org/oauth/access_token",
		methods: { POST: documented(postAccessTokenDoc, postAccessToken) },
	},
	{
		path: "/api/public/event/search",
		methods: { POST: documented(postEventSearchDoc, requires("events:read", postEventSearch)) },
	},
	{
		path: "/api/public/alert/search",
		methods: { POST: documented(postAlertSearchDoc, requires("alerts:read", postAlertSearch)) },
	},

	{ path: "/.well-known/oauth-authorization-server", methods: { GET: documented(metadataDoc, metadata) }, cors: true },
	{
		path: "/.well-known/openid-configuration",
		methods: { GET: documented(openidConfigurationDoc, metadata) },
		cors: true,
	},
	{
		path: "/.well-known/oauth-protected-resource",
		methods: { GET: documented(protectedResourceDoc, protectedResource(apiOperations)) },
		cors: true,
	},
	{
		path: "/.well-known/oauth-protected-resource/:resource+",
		methods: { GET: documented(protectedResourceAtDoc, protectedResource(apiOperations)) },
		cors: true,
	},
	{ path: "/oauth/revoke", methods: { POST: documented(revokeDoc, revoke) }, cors: true },
	{ path: "/oauth/environments", methods: { GET: documented(environmentsDoc, environments) } },
	{ path: "/auth/sessions", methods: { GET: documented(sessions.listDoc, sessions.list) } },
	{ path: "/auth/sessions/:id", methods: { DELETE: documented(sessions.revokeDoc, sessions.revoke) } },

	{ path: "/oauth/register", methods: { POST: documented(registerDoc, register) } },
	{
		path: "/oauth/register/:client_id",
		methods: {
			GET: documented(registration.readRegistrationDoc, registration.readRegistration),
			PUT: documented(registration.replaceRegistrationDoc, registration.replaceRegistration),
			DELETE: documented(registration.deleteRegistrationDoc, registration.deleteRegistration),
		},
	},
	{
		path: "/oauth/authorize",
		methods: { GET: documented(authorizeDoc, authorize), POST: documented(postAuthorizeDoc, postAuthorize) },
	},
	{
		path: "/oauth/consent",
		methods: { GET: documented(returnToRequestDoc, returnToRequest), POST: documented(consentDoc, consent) },
	},
	{
		path: "/oauth/logout",
		methods: { GET: documented(logoutDoc, logout), POST: documented(postLogoutDoc, logout) },
	},
	{
		path: "/integrations/:client_id",
		methods: { GET: documented(installDoc, install), POST: documented(answerInstallDoc, install) },
	},
	{ path: "/integrations/:client_id/logo.svg", methods: { GET: documented(logoDoc, logo) } },
	{ path: "/openapi.json", methods: { GET: documented(openapiDoc, showOpenapi(apiOperations)) }, cors: true },

	{
		path: "/v1/environments",
		methods: {
			GET: documented(
				manageEnvironments.listEnvironmentsDoc,
				requires("environments:read", manageEnvironments.listEnvironments),
			),
			POST: documented(
				manageEnvironments.createEnvironmentDoc,
				requires("environments:write", manageEnvironments.createEnvironment),
			),
		},
	},
	{
		path: "/v1/environments/:id",
		methods: {
			PATCH: documented(
				manageEnvironments.changeEnvironmentDoc,
				requires("environments:write", manageEnvironments.changeEnvironment),
			),
		},
	},
	{
		path: "/v1/environments/:id/rotate_key",
		methods: {
			POST: documented(manageEnvironments.rotateKeyDoc, requires("environments:write", manageEnvironments.rotateKey)),
		},
	},
	{
		path: "/v1/profile",
		methods: {
			GET: documented(profiles.readProfileDoc, profiles.readProfile),
			PUT: documented(profiles.writeProfileDoc, profiles.writeProfile),
		},
	},
	{ path: "/v1/audit", methods: { GET: documented(listAuditDoc, requires("audit:read", listAudit)) } },

	{
		path: "/v1/integrations",
		methods: {
			GET: documented(integrations.listIntegrationsDoc, requires("integrations:read", integrations.listIntegrations)),
			POST: documented(
				integrations.createIntegrationDoc,
				requires("integrations:write", integrations.createIntegration),
			),
		},
	},
	{
		path: "/v1/integrations/:client_id",
		methods: {
			GET: documented(integrations.readIntegrationDoc, requires("integrations:read", integrations.readIntegration)),
			PATCH: documented(
				integrations.changeIntegrationDoc,
				requires("integrations:write", integrations.changeIntegration),
			),
			DELETE: documented(integrations.endIntegrationDoc, requires("integrations:delete", integrations.endIntegration)),
		},
	},
	{
		path: "/v1/integrations/:client_id/secrets",
		methods: { POST: documented(rotateSecretDoc, requires("integrations:write", rotateSecret)) },
	},
	{
		path: "/v1/integrations/:client_id/secrets/previous",
		methods: { DELETE: documented(endSecretDoc, requires("integrations:write", endSecret)) },
	},
	{ path: "/v1/installs", methods: { GET: documented(listInstallsDoc, requires("integrations:read", listInstalls)) } },
	{
		path: "/v1/installs/:grant_id",
		methods: { DELETE: documented(endInstallDoc, requires("integrations:read", endInstall)) },
	},
	{
		path: "/v1/keys",
		methods: {
			GET: documented(keys.listKeysDoc, requires("keys:read", keys.listKeys)),
			POST: documented(keys.createKeyDoc, requires("keys:write", keys.createKey)),
		},
	},
	{
		path: "/v1/keys/:id",
		methods: {
			GET: documented(keys.readKeyDoc, requires("keys:read", keys.readKey)),
			PATCH: documented(keys.editKeyDoc, requires("keys:write", keys.editKey)),
			DELETE: documented(keys.deleteKeyDoc, requires("keys:delete", keys.deleteKey)),
		},
	},
	{
		path: "/v1/keys/:id/codes",
		methods: {
			GET: documented(codes.listCodesDoc, requires("keys:read", codes.listCodes)),
			POST: documented(codes.createCodeDoc, requires("keys:write", codes.createCode)),
		},
	},
	{
		path: "/v1/keys/:id/codes/:codeId",
		methods: {
			PATCH: documented(codes.editCodeDoc, requires("keys:write", codes.editCode)),
			DELETE: documented(codes.deleteCodeDoc, requires("keys:delete", codes.deleteCode)),
		},
	},
	{
		path: "/v1/keys/:id/codes/:codeId/reveal",
		methods: {
			POST: documented(reveal.revealCodeDoc, requires("keys:write", reveal.revealCode)),
		},
	},
	{
		path: "/v1/keys/:id/codes/:codeId/key-file",
		methods: {
			POST: documented(reveal.downloadKeyFileDoc, requires("keys:write", reveal.downloadKeyFile)),
		},
	},
	{
		path: "/v1/keys/:id/links",
		methods: {
			GET: documented(links.listKeyLinksDoc, requires("keys:read", links.listKeyLinks)),
		},
	},
	{
		path: "/v1/keys/:id/links/:linker",
		methods: {
			PATCH: documented(links.editKeyLinkDoc, requires("keys:write", links.editKeyLink)),
			DELETE: documented(links.deleteKeyLinkDoc, requires("keys:delete", links.deleteKeyLink)),
		},
	},
	{
		path: "/v1/links",
		methods: {
			POST: documented(links.createLinkDoc, requires("keys:write", links.createLink)),
		},
	},
	{
		path: "/v1/links/:keyId",
		methods: {
			PATCH: documented(links.editLinkDoc, requires("keys:write", links.editLink)),
			DELETE: documented(links.deleteLinkDoc, requires("keys:delete", links.deleteLink)),
		},
	},
	{
		path: "/v1/policies",
		methods: {
			GET: documented(policies.listPoliciesDoc, requires("keys:read", policies.listPolicies)),
			POST: documented(policies.createPolicyDoc, requires("keys:write", policies.createPolicy)),
		},
	},
	{
		path: "/v1/policies/:id",
		methods: {
			GET: documented(policies.readPolicyDoc, requires("keys:read", policies.readPolicy)),
			PATCH: documented(policies.editPolicyDoc, requires("keys:write", policies.editPolicy)),
			DELETE: documented(policies.deletePolicyDoc, requires("keys:delete", policies.deletePolicy)),
		},
	},
];

/** What people see and fill in. A page explains itself, so it is in no document. */
const pages: readonly PageRoute[] = [
	{ path: "/", methods: { GET: home } },
	{ path: "/sign-in", methods: { GET: showSignIn, POST: takeSignIn } },
	{ path: "/sign-out", methods: { POST: takeSignOut } },
	{ path: "/oauth/logout/confirm", methods: { POST: answerLogout } },
	{ path: "/console/:slug/api-access", methods: { GET: showApiAccess, POST: generateTokens } },
	{ path: "/console/:slug/alerts", methods: { GET: showAlerts } },
	{ path: "/setup", methods: { GET: showSetup, POST: takeSetup } },
	{ path: "/docs", methods: { GET: showDocs(apiOperations) } },
	{ path: "/console", methods: { GET: enterConsole } },
	{ path: "/console/:slug", methods: { GET: enterConsole } },
	{ path: "/console/:slug/environments", methods: { GET: environmentConsole.showEnvironments } },
	{
		path: "/console/:slug/environments/new",
		methods: { GET: environmentConsole.newEnvironment, POST: environmentConsole.newEnvironment },
	},
	{ path: "/console/:slug/environments/:id/enabled", methods: { POST: environmentConsole.switchEnvironment } },
	{
		path: "/console/:slug/environments/:id/rotate_key",
		methods: { GET: environmentConsole.rotateKey, POST: environmentConsole.rotateKey },
	},
	{ path: "/console/:slug/audit", methods: { GET: showAudit } },
	{ path: "/console/:slug/my-access", methods: { GET: myAccess.showMyAccess } },
	{ path: "/console/:slug/my-access/sign-ins/:id/end", methods: { POST: myAccess.endSignIn } },
	{ path: "/console/:slug/my-access/sessions/:id/end", methods: { POST: myAccess.endSession } },
	{
		path: "/console/:slug/my-access/grants/revoke-all",
		methods: { GET: myAccess.revokeAllGrants, POST: myAccess.revokeAllGrants },
	},
	{
		path: "/console/:slug/my-access/grants/:id/revoke",
		methods: { GET: myAccess.revokeGrant, POST: myAccess.revokeGrant },
	},
	{
		path: "/console/:slug/my-access/consents/withdraw",
		methods: { GET: myAccess.withdrawConsent, POST: myAccess.withdrawConsent },
	},
	{
		path: "/console/:slug/my-access/sign-out-everywhere",
		methods: { GET: myAccess.signOutEverywhere, POST: myAccess.signOutEverywhere },
	},
	{ path: "/console/:slug/settings", methods: { GET: settings, POST: settings } },
	{ path: "/console/:slug/settings/profile", methods: { GET: profile, POST: profile } },
	{
		path: "/console/:slug/settings/account",
		methods: { GET: accountConsole.showAccount, POST: accountConsole.changeAccount },
	},
	{
		path: "/console/:slug/settings/account/forbid-reveal",
		methods: { GET: accountConsole.forbidReveal, POST: accountConsole.forbidReveal },
	},
	{ path: "/console/:slug/settings/people", methods: { GET: people.showPeople } },
	{ path: "/console/:slug/settings/people/new", methods: { GET: people.addPerson, POST: people.addPerson } },
	{ path: "/console/:slug/settings/people/:id", methods: { GET: people.changeMember, POST: people.changeMember } },
	{
		path: "/console/:slug/settings/people/:id/remove",
		methods: { GET: people.removeMember, POST: people.removeMember },
	},
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
	{ path: "/console/:slug/keys", methods: { GET: keyListPages.showKeys } },
	{ path: "/console/:slug/keys/new", methods: { GET: keyListPages.showNewKey, POST: keyListPages.takeNewKey } },
	{ path: "/console/:slug/keys/link", methods: { GET: keyListPages.showNewLink, POST: keyListPages.takeNewLink } },
	{ path: "/console/:slug/keys/:id", methods: { GET: keyPages.showKey, POST: keyPages.takeKey } },
	{ path: "/console/:slug/keys/:id/enabled", methods: { POST: keyPages.takeKeyEnabled } },
	{
		path: "/console/:slug/keys/:id/policies",
		methods: { GET: keyPages.showKeyPolicies, POST: keyPages.takeKeyPolicies },
	},
	{
		path: "/console/:slug/keys/:id/delete",
		methods: { GET: keyPages.showKeyDeletion, POST: keyPages.takeKeyDeletion },
	},
	{ path: "/console/:slug/keys/:id/codes", methods: { GET: keyCodePages.showCodes, POST: keyCodePages.takeCode } },
	{
		path: "/console/:slug/keys/:id/codes/:code",
		methods: { GET: keyCodePages.showCode, POST: keyCodePages.takeCodeEdit },
	},
	{ path: "/console/:slug/keys/:id/codes/:code/enabled", methods: { POST: keyCodePages.takeCodeEnabled } },
	{
		path: "/console/:slug/keys/:id/codes/:code/delete",
		methods: { GET: keyCodePages.showCodeDeletion, POST: keyCodePages.takeCodeDeletion },
	},
	{
		path: "/console/:slug/keys/:id/codes/:code/secret",
		methods: { GET: keySecretPages.askForSecret, POST: keySecretPages.takeSecretRequest },
	},
	{ path: "/console/:slug/keys/:id/links", methods: { GET: keyLinkPages.showLinks } },
	{ path: "/console/:slug/keys/:id/links/:linker/enabled", methods: { POST: keyLinkPages.takeLinkEnabled } },
	{
		path: "/console/:slug/keys/:id/links/:linker/delete",
		methods: { GET: keyLinkPages.showLinkCut, POST: keyLinkPages.takeLinkCut },
	},
	{ path: "/console/:slug/policies", methods: { GET: policyPages.showPolicies } },
	{ path: "/console/:slug/policies/new", methods: { GET: policyPages.showNewPolicy, POST: policyPages.takeNewPolicy } },
	{ path: "/console/:slug/policies/:id", methods: { GET: policyPages.showPolicy, POST: policyPages.takePolicy } },
	{
		path: "/console/:slug/policies/:id/delete",
		methods: { GET: policyPages.showPolicyDeletion, POST: policyPages.takePolicyDeletion },
	},
	// After every page of the console: whatever else is asked of it.
	{ path: "/console/:slug/*", methods: { GET: showMissing } },
];

/** What the OpenAPI document is made of, in the order of the table. */
export function apiOperations(): readonly Operation[] {
	return routes.flatMap(({ path, methods }) =>
		Object.entries(methods).map(([method, { doc, needs, guarded }]) => ({ method, path, doc, needs, guarded })),
	);
}

/** The routes of people's pages: method and path. */
export function pageRoutes(): readonly { readonly method: string; readonly path: string }[] {
	return pages.flatMap(({ path, methods }) => Object.keys(methods).map((method) => ({ method, path })));
}

export interface App {
	/** `address` is the network address that the platform vouches for. */
	fetch(request: Request, address: string | null): Promise<Response>;
	/** What a Worker asks by a service binding. */
	readonly verify: {
		token(presented: unknown, about: AboutToken): Promise<TokenVerdict | Unavailable>;
		key(presented: unknown, about: { readonly account?: unknown }): Promise<KeyVerdictOfAccount | Unavailable>;
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

	async function answer(route: Route | PageRoute, request: IRequestStrict, address: string | null): Promise<Response> {
		const isForAnyOrigin = "cors" in route;
		const headers: Readonly<Record<string, string>> = isForAnyOrigin ? anyOrigin : {};
		if (request.method === "OPTIONS") {
			const allowed = methodsOf(route);
			return empty(204, { allow: allowed, ...(isForAnyOrigin && preflight(allowed)) });
		}
		// RFC 9110 §9.3.2: HEAD is GET without the content.
		const method = request.method === "HEAD" ? "GET" : request.method;
		const methods: Readonly<Partial<Record<string, Documented | Endpoint>>> = route.methods;
		const endpoint = Object.hasOwn(methods, method) ? methods[method] : undefined;
		if (!endpoint) {
			const allowed = methodsOf(route);
			const detail = `This address takes ${allowed}.`;
			return problem({ status: 405, title: "Method Not Allowed", detail }, { allow: allowed, ...headers });
		}
		const handle = typeof endpoint === "function" ? endpoint : endpoint.handle;
		const call = { request, url: new URL(request.url), params: request.params, address, services };
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
	return problem({ status: 404, title: "Not Found", detail: "There is nothing at this address." });
}

/** The last resort: whatever was thrown is for the log. Nothing was acknowledged; the client may try again. */
function fault(error: unknown, services: Services): Response {
	const { name, message } = error instanceof Error ? error : { name: "unknown", message: String(error) };
	services.log("request.failed", { error: name, message });
	const detail = "Something failed on our side. Try again.";
	return problem({ status: 503, title: "Service Unavailable", detail }, { "retry-after": "1" });
}

function methodsOf({ methods }: Route | PageRoute): string {
	return [...Object.keys(methods), ...("GET" in methods ? ["HEAD"] : []), "OPTIONS"].join(", ");
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
