import { writeInstant } from "../../src/domain/instant.ts";
import { settlingTime } from "../../src/domain/signing-key-ring.ts";
import { anAlertedAccount } from "./alerts.ts";
import { apiBody, newApi, newDeploymentApi } from "./apis.ts";
import { suspend } from "./accounts.ts";
import { aDeviceClient } from "./devices.ts";
import { loggedIn, logIn, sessionsOf } from "./logins.ts";
import { anIntegration, installBy, installsOf, rotate } from "./integrations.ts";
import { call, type Credential, good, inAcme, inGlobex, newCode, newKey, newPolicy, tokenOf } from "./keys-api.ts";
import { enrolmentOf } from "./one-time-codes.ts";
import { generated } from "./pairs.ts";
import { aPersonWithPasskey } from "./passkeys.ts";
import { ada, decide, signInAnew } from "./people.ts";
import { aClient, aKey, anAccount, anOperator, aPerson, slugOf } from "./registered.ts";
import { type Answer, ask, bearer, type Fields } from "./requests.ts";
import { setupSecret } from "./setup-secret.ts";
import { selfRegistered } from "./self-registered.ts";
import { advance, demo, now } from "./target.ts";
import { aDomainName, newDomain, verifiedDomain } from "./account-domains.ts";
import {
	makeRoom as makeProviderRoom,
	newDeploymentProvider,
	newProvider,
	providersOfAccount,
	providersOfDeployment,
	providersAt,
} from "./sign-in-providers.ts";
import { aProvider, linked } from "./through-provider.ts";
import { startOpenIdProvider } from "../peers/openid-provider.ts";
import { makeRoom, newIssuer } from "./trusted-issuers.ts";
import { failedDelivery, newWebhook, roomForWebhook, sharedWebhook } from "./webhooks.ts";
import { authorizePath, basicOf, granted, installed, installPath } from "./tokens.ts";

/** What the example of an operation stands for in this deployment. */
export interface Example {
	/** What stands in the place of the path's `{names}`. */
	readonly path?: Readonly<Record<string, string>>;
	/** In the place of the documented examples. */
	readonly query?: Fields;
	/** Members that have to be of this deployment: ids, codes, secrets. The others stay as they are documented. */
	readonly body?: Readonly<Record<string, unknown>>;
	readonly headers?: Credential;
	/** In the place of the whole body. */
	readonly raw?: { readonly text: string; readonly media?: string };
	/** For what a person's browser has to send. */
	readonly send?: () => Promise<Answer>;
}

const { integration, nativeApp, webApp, apiKey } = demo;
const org = { org: "acme" };
const client = { client_id: integration.client.id, client_secret: integration.secret };
const nobody: Credential = {};
const loggingOut = {
	client_id: webApp.client.id,
	post_logout_redirect_uri: webApp.client.options.postLogoutRedirectUris?.[0],
};
const pushing = {
	client_id: webApp.client.id,
	client_secret: webApp.secret,
	redirect_uri: webApp.client.redirectUris[0],
};
const ofClient = { path: { client_id: integration.client.id }, headers: nobody };

/** The place of a session of a key. */
async function keyLoggedIn() {
	const { id } = await newKey();
	await loggedIn({ api_key: (await newCode(id)).secret, session_id: "nightly-report" });
	const { sessions } = good<{ sessions: { id: string }[] }>(await call("GET", `/v1/keys/${id}/sessions`));
	return { id, sessionId: sessions[0]?.id ?? "" };
}

/**
 * What each operation needs to be there; one that is missing here needs nothing but Ada's login token in Acme.
 * Each makes what it needs anew, so that they do not depend on each other.
 */
export const examples: Readonly<Record<string, () => Promise<Example> | Example>> = {
	"POST /auth/login": () => ({ headers: nobody, body: { api_key: apiKey.accessCode } }),
	"GET /auth/sessions": async () => ({ headers: await inAcme() }),
	"DELETE /auth/sessions/{id}": async () => {
		const { username, password } = ada;
		const { body } = await logIn({ username, password, account: "acme", session_id: "to be revoked" });
		const sessions = await sessionsOf(String(body.access_token));
		return { path: { id: sessions.find(({ session_id }) => session_id === "to be revoked")?.id ?? "" } };
	},

	// A path as the parameter stands for has slashes in it.
	"GET /.well-known/oauth-protected-resource/{resource}": () => ({
		send: () => ask("/.well-known/oauth-protected-resource/api/v4/organizations/acme/change_events"),
	}),
	"DELETE /v1/signing-keys/{kid}": async () => {
		// Of an algorithm that signs none of the tokens of these tests.
		const { keys } = JSON.parse((await ask("/.well-known/jwks.json")).text) as { keys: { kid: string; alg: string }[] };
		return { path: { kid: keys.findLast(({ alg }) => alg === "RS256")?.kid ?? "" }, headers: bearer(setupSecret) };
	},
	"GET /v1/profile": myself,
	"PUT /v1/profile": myself,
	"POST /v1/profile/verify_email": async () => {
		const { username, password } = await aPerson({ [demo.accounts.acme]: "member" }, undefined, {
			profile: { email: "ada@acme.example" },
		});
		return { headers: bearer(await loggedIn({ username, password })), body: { password } };
	},
	"PUT /v1/alerts/{id}/acknowledgement": anAlert,
	"DELETE /v1/alerts/{id}/acknowledgement": anAlert,
	"POST /v1/accounts": async () => ({ headers: await tokenOf(await anOperator(), "acme") }),
	"GET /v1/accounts/{slug}": async () => ({ path: { slug: slugOf(await anAccount()) } }),
	"PATCH /v1/accounts/{slug}": async () => ({ path: { slug: slugOf(await anAccount()) } }),
	"POST /v1/accounts/{slug}/suspend": async () => ({ path: { slug: slugOf(await anAccount()) } }),
	"POST /v1/accounts/{slug}/reinstate": aSuspendedAccount,
	"PUT /v1/accounts/{slug}/deletion": async () => ({
		...(await aSuspendedAccount()),
		body: { at: writeInstant(now() + 30 * 86_400) },
	}),
	"DELETE /v1/accounts/{slug}/deletion": aSuspendedAccount,
	"GET /v1/profile/one_time_codes": myself,
	"POST /v1/profile/one_time_codes": myself,
	"PUT /v1/profile/one_time_codes": async () => {
		const { username, password } = await aPerson({ [demo.accounts.acme]: "member" });
		const headers = bearer(await loggedIn({ username, password }));
		return { headers, body: await enrolmentOf({ username, password }, headers) };
	},
	"POST /v1/profile/one_time_codes/change": async () => {
		const { who, own } = await aPersonWithPasskey();
		return { headers: own, body: await enrolmentOf(who, own) };
	},
	"POST /v1/profile/one_time_codes/turn_off": async () => {
		const { username, password } = await aPerson({ [demo.accounts.acme]: "member" });
		return { headers: bearer(await loggedIn({ username, password })), body: { password } };
	},
	"POST /v1/profile/password/remove": async () => {
		const { who, own } = await aPersonWithPasskey();
		return { headers: own, body: { password: who.password } };
	},
	"POST /v1/profile/passkey_challenges": async () => ({ headers: (await aPersonWithPasskey()).own }),
	"GET /v1/profile/providers": async () => ({ headers: (await linkedMember()).headers }),
	"DELETE /v1/profile/providers/{id}": async () => {
		const { provider: id, headers } = await linkedMember();
		return { headers, path: { id } };
	},
	"GET /v1/people/{id}/providers": async () => ({ path: { id: (await linkedMember()).id } }),
	"DELETE /v1/people/{id}/providers/{provider}": async () => {
		const { id, provider: theirs } = await linkedMember();
		return { path: { id, provider: theirs } };
	},
	"PUT /v1/profile/password": async () => {
		const { username, password } = await aPerson({ [demo.accounts.acme]: "member" });
		const body = { password, new_password: "plum trees by the river" };
		return { headers: bearer(await loggedIn({ username, password })), body };
	},
	"GET /v1/profile/sign_ins": ofSignIn,
	"DELETE /v1/profile/sign_ins": ofSignIn,
	"DELETE /v1/profile/sign_ins/{id}": ofSignIn,
	"GET /v1/profile/recent_sign_ins": ofSignIn,
	"GET /v1/profile/passkeys": ofPasskey,
	"PATCH /v1/profile/passkeys/{id}": ofPasskey,
	"DELETE /v1/profile/passkeys/{id}": ofPasskey,
	"GET /v1/profile/recovery_codes": myself,
	"POST /v1/profile/recovery_codes": async () => {
		const { username, password } = await aPerson({ [demo.accounts.acme]: "member" });
		return { headers: bearer(await loggedIn({ username, password })), body: { password } };
	},
	"POST /v1/people/{id}/recovery_links": async () => ({
		path: { id: (await aPerson({ [demo.accounts.acme]: "member" })).id },
		body: { password: ada.password },
	}),
	"POST /v1/recovery_links": () => ({ body: { password: ada.password } }),
	"GET /v1/clients": () => ({ query: {} }),
	"GET /v1/clients/{client_id}": () => ({ path: { client_id: webApp.client.id } }),
	"DELETE /v1/clients/{client_id}": async () => ({ path: { client_id: (await aClient(webApp)).client.id } }),
	"POST /v1/signing-keys/{alg}/rotate": () => ({
		path: { alg: "RS256" },
		async send() {
			await advance(settlingTime);
			return call("POST", "/v1/signing-keys/RS256/rotate");
		},
	}),
	"POST /v1/accounts/{slug}/first_administrator": async () => ({ path: { slug: slugOf(await anAccount()) } }),
	"GET /v1/accounts/{slug}/export": aSuspendedAccount,
	"DELETE /v1/operators/{id}": async () => ({ path: { id: (await anOperator()).id } }),
	"PATCH /v1/people/{id}": anyMember,
	"DELETE /v1/people/{id}": anyMember,
	"DELETE /v1/invitations/{id}": async () => {
		const made = await call("POST", "/v1/invitations", { role: "member", note: "To be revoked" });
		return { path: { id: good<{ id: string }>(made, 201).id } };
	},
	"PUT /v1/people/{id}/verified_email": async () => ({
		path: { id: (await aPerson({ [demo.accounts.acme]: "member" })).id },
	}),

	"POST /oauth/token": async () => ({
		headers: nobody,
		body: { ...client, code: await installed(), redirect_uri: integration.client.redirectUris[0] },
	}),
	"GET /oauth/userinfo": async () => ({ headers: bearer(await withOpenid()) }),
	"POST /oauth/userinfo": async () => ({ headers: nobody, body: { access_token: await withOpenid() } }),
	"POST /oauth/introspect": async () => ({
		headers: nobody,
		body: { ...client, token: (await granted()).accessToken },
	}),
	"POST /oauth/revoke": async () => ({ headers: nobody, body: { ...client, token: (await granted()).refreshToken } }),
	"POST /oauth/device_authorization": async () => {
		const { client: asking, secret } = await aDeviceClient(webApp);
		return { headers: nobody, body: { client_id: asking.id, client_secret: secret } };
	},
	"POST /oauth/register": () => ({ headers: nobody }),
	"GET /oauth/register/{client_id}": registration,
	"PUT /oauth/register/{client_id}": async () => {
		const { path, headers } = await registration();
		return { path, headers, body: { client_id: path.client_id } };
	},
	"DELETE /oauth/register/{client_id}": registration,
	"GET /oauth/authorize": () => ({
		headers: nobody,
		query: Object.fromEntries(new URL(authorizePath(nativeApp), "http://localhost").searchParams),
	}),
	"POST /oauth/authorize": () => ({ headers: nobody }),
	"POST /oauth/par": () => ({ headers: nobody, body: pushing }),
	"GET /oauth/consent": () => ({ headers: nobody }),
	"POST /oauth/consent": () => ({ send: () => decide(authorizePath(nativeApp)) }),
	"GET /oauth/logout": () => ({ headers: nobody, query: loggingOut }),
	"POST /oauth/logout": () => ({ headers: nobody, body: loggingOut }),
	"GET /integrations/{client_id}": () => ofClient,
	"POST /integrations/{client_id}": () => ({ send: () => decide(installPath()) }),
	"GET /integrations/{client_id}/logo.svg": () => ofClient,
	"POST /v1/keys/verify": () => ({ headers: basicOf(webApp), body: { key: apiKey.accessCode } }),

	"GET /api/v4/organizations/{org}/change_events": () => ({ path: org }),
	"PUT /api/v4/organizations/{org}/change_events": () => ({ path: org }),
	"DELETE /v1/events/{id}": async () => {
		const credential = await inAcme();
		const sent = JSON.stringify({ timestamp: "2024-03-01T00:00:00Z", message: "to be deleted" });
		good(
			await ask("/v1/events?environment=my-workspace/prod", { method: "POST", body: sent, headers: credential }),
			202,
		);
		const search = { filters: [{ field: "data.message", operator: "eq", value: "to be deleted" }] };
		const found = await ask("/api/public/event/search", {
			method: "POST",
			body: JSON.stringify(search),
			headers: credential,
		});
		return { path: { id: good<{ events: { id: string }[] }>(found).events[0]?.id ?? "" } };
	},
	"DELETE /api/v4/organizations/{org}/change_events/{id}": async () => {
		const path = "/api/v4/organizations/acme/change_events";
		const event = { timestamp: "2024-01-15T17:57:22Z", event_name: "old", event_state: "stop" };
		good(await ask(path, { method: "PUT", body: JSON.stringify(event), headers: await inAcme() }));
		const { change_events } = good<{ change_events: { id: string }[] }>(await call("GET", path));
		return { path: { ...org, id: change_events[0]?.id ?? "" } };
	},
	"POST /v4/oauth/access_token": pair,
	"POST /api/v4/oauth/access_token": pair,
	"POST /api/v4/organizations/{org}/oauth/access_token": async () => ({ ...(await pair()), path: org }),

	"PATCH /v1/environments/{id}": environment,
	"POST /v1/environments/{id}/rotate_key": environment,

	"GET /v1/integrations/{client_id}": anyIntegration,
	"PATCH /v1/integrations/{client_id}": anyIntegration,
	"DELETE /v1/integrations/{client_id}": anyIntegration,
	"POST /v1/integrations/{client_id}/secrets": anyIntegration,
	"DELETE /v1/integrations/{client_id}/secrets/previous": async () => {
		const made = await anIntegration();
		good(await rotate(made, 7), 201);
		return { path: { client_id: made.client.id } };
	},
	"DELETE /v1/integrations/{client_id}/tokens": async () => ({
		path: { client_id: (await anIntegration()).client.id },
	}),
	"DELETE /v1/integrations/{client_id}/registration_token": async () => {
		const { id } = await selfRegistered({ client_name: "Registered by a token" }, await tokenOf(ada, "acme"));
		return { path: { client_id: id } };
	},
	"DELETE /v1/installs/{grant_id}": async () => {
		const made = await anIntegration();
		await installBy(made);
		const install = (await installsOf()).find(({ client_id }) => client_id === made.client.id);
		return { path: { grant_id: install?.grant_id ?? "" } };
	},

	"GET /v1/keys/{id}": anyKey,
	"PATCH /v1/keys/{id}": anyKey,
	"DELETE /v1/keys/{id}": anyKey,
	"DELETE /v1/keys/{id}/tokens": anyKey,
	"GET /v1/keys/{id}/codes": anyKey,
	"GET /v1/keys/{id}/sessions": async () => ({ path: { id: (await keyLoggedIn()).id } }),
	"DELETE /v1/keys/{id}/sessions/{sessionId}": async () => ({ path: await keyLoggedIn() }),
	"POST /v1/keys/{id}/codes": anyKey,
	"POST /v1/keys/{id}/codes/{codeId}/rotate": async () => ({ path: await place() }),
	"PATCH /v1/keys/{id}/codes/{codeId}": async () => ({ path: await place() }),
	"DELETE /v1/keys/{id}/codes/{codeId}": async () => {
		const path = await place();
		good(await call("PATCH", `/v1/keys/${path.id}/codes/${path.codeId}`, { enabled: false }));
		return { path };
	},
	"POST /v1/keys/{id}/codes/{codeId}/reveal": async () => ({
		path: await place(),
		body: { password: ada.password },
	}),
	"POST /v1/keys/{id}/codes/{codeId}/key-file": async () => {
		const { id, code } = await newKey({ type: "integration" });
		return { path: { id, codeId: code?.id ?? "" }, body: { password: ada.password } };
	},
	"GET /v1/keys/{id}/links": anyKey,
	"PATCH /v1/keys/{id}/links/{linker}": linkedAway,
	"DELETE /v1/keys/{id}/links/{linker}": linkedAway,
	"POST /v1/links": async () => {
		const { id } = await aKey(demo.accounts.globex, []);
		return { body: { key_id: id, policies: [await newPolicy(["events:read"])] } };
	},
	"PATCH /v1/links/{keyId}": linkedHere,
	"DELETE /v1/links/{keyId}": linkedHere,
	"POST /v1/apis": () => ({ body: exampleApi() }),
	"GET /v1/apis/{id}": api,
	"PATCH /v1/apis/{id}": api,
	"DELETE /v1/apis/{id}": api,
	"GET /v1/apis/{id}/metadata": api,
	"POST /v1/trusted-issuers": async () => {
		await makeRoom();
		exampleIssuers += 1;
		return { body: { issuer: `https://idp-${exampleIssuers}.acme.example`, clients: [webApp.client.id] } };
	},
	"GET /v1/trusted-issuers": async () => {
		await trustedIssuer();
		return {};
	},
	"GET /v1/trusted-issuers/{id}": trustedIssuer,
	"PATCH /v1/trusted-issuers/{id}": trustedIssuer,
	"DELETE /v1/trusted-issuers/{id}": trustedIssuer,
	"POST /v1/webhooks": roomForWebhook,
	"GET /v1/webhooks": async () => {
		await webhook();
		return {};
	},
	"GET /v1/webhooks/{id}": webhook,
	"PATCH /v1/webhooks/{id}": webhook,
	"DELETE /v1/webhooks/{id}": async () => ({ path: { id: (await newWebhook()).id } }),
	"POST /v1/webhooks/{id}/secrets": webhook,
	"POST /v1/webhooks/{id}/test": webhook,
	"GET /v1/webhooks/{id}/deliveries": delivery,
	"GET /v1/webhooks/{id}/deliveries/{delivery_id}": delivery,
	"POST /v1/webhooks/{id}/deliveries/{delivery_id}/send": delivery,
	"POST /v1/sign-in-providers": () => roomAt(providersOfAccount),
	"GET /v1/sign-in-providers": async () => {
		await newProvider();
		return {};
	},
	"GET /v1/sign-in-providers/{id}": provider,
	"PATCH /v1/sign-in-providers/{id}": provider,
	"DELETE /v1/sign-in-providers/{id}": provider,
	"POST /v1/sign-in-providers/{id}/test": () => anyProvider(providersOfAccount, provider),
	"GET /v1/domains": async () => {
		await newDomain();
		return {};
	},
	"PUT /v1/domains/{domain}": () => ({ path: { domain: aDomainName() } }),
	"DELETE /v1/domains/{domain}": domain,
	// The tests' deployment asks no DNS.
	"POST /v1/domains/{domain}/verify": async () => ({ path: { domain: (await verifiedDomain()).domain } }),
	"GET /v1/accounts/{slug}/domains": () => ({ path: { slug: "acme" } }),
	"DELETE /v1/accounts/{slug}/domains/{domain}": domain,
	"POST /v1/accounts/{slug}/domains/{domain}/confirm": domain,
	"POST /v1/deployment/sign-in-providers": () => roomAt(providersOfDeployment),
	"GET /v1/deployment/sign-in-providers": async () => {
		await newDeploymentProvider();
		return {};
	},
	"GET /v1/deployment/sign-in-providers/{id}": deploymentProvider,
	"PATCH /v1/deployment/sign-in-providers/{id}": deploymentProvider,
	"DELETE /v1/deployment/sign-in-providers/{id}": deploymentProvider,
	"POST /v1/deployment/sign-in-providers/{id}/test": () => anyProvider(providersOfDeployment, deploymentProvider),
	"POST /v1/deployment/apis": () => ({ body: exampleApi() }),
	"GET /v1/deployment/apis/{id}": deploymentApi,
	"PATCH /v1/deployment/apis/{id}": deploymentApi,
	"DELETE /v1/deployment/apis/{id}": deploymentApi,
	"GET /v1/policies/{id}": policy,
	"PATCH /v1/policies/{id}": policy,
	"DELETE /v1/policies/{id}": policy,
};

/** What most of them are asked with: Ada administers Acme. */
export function usualCredential(): Promise<Credential> {
	return tokenOf(ada, "acme");
}

async function withOpenid(): Promise<string> {
	return (await granted(webApp, { scope: "openid profile" })).accessToken;
}

async function registration() {
	const { id, token } = await selfRegistered();
	return { path: { client_id: id }, headers: bearer(token) };
}

async function pair(): Promise<Example> {
	return { headers: nobody, body: { refresh_token: (await generated()).write.refresh } };
}

/** Somebody for whom it does not matter what they say of themselves. */
async function anyMember(): Promise<Example> {
	return { path: { id: (await aPerson({ [demo.accounts.acme]: "member" })).id } };
}

/** Somebody who is known at a provider of Acme's, which is away by now. */
async function linkedMember() {
	const idp = await startOpenIdProvider(now);
	idp.user = { sub: `user-${now()}`, preferred_username: "lin", name: "Lin" };
	const id = await aProvider(idp);
	const who = await aPerson({ [demo.accounts.acme]: "member" });
	await linked(who, id, idp);
	await idp.close();
	const { username, password } = who;
	return { id: who.id, provider: id, headers: bearer(await loggedIn({ username, password })) };
}

async function ofPasskey(): Promise<Example> {
	const { own, id } = await aPersonWithPasskey();
	return { path: { id }, headers: own };
}

async function ofSignIn(): Promise<Example> {
	const who = await aPerson({ [demo.accounts.acme]: "member" });
	await signInAnew(who);
	const { username, password } = who;
	const headers = bearer(await loggedIn({ username, password }));
	const listed = await call("GET", "/v1/profile/sign_ins", undefined, headers);
	const [signIn] = good<{ sign_ins: { id: string }[] }>(listed).sign_ins;
	return { path: { id: signIn?.id ?? "" }, headers };
}

async function myself(): Promise<Example> {
	const { username, password } = await aPerson({ [demo.accounts.acme]: "member" });
	return { headers: bearer(await loggedIn({ username, password })) };
}

let made = 0;
async function environment(): Promise<Example> {
	made += 1;
	const body = { workspace: "documented", name: `number-${made}` };
	return { path: { id: good<{ id: string }>(await call("POST", "/v1/environments", body), 201).id } };
}

async function anyIntegration(): Promise<Example> {
	return { path: { client_id: (await anIntegration()).client.id } };
}

async function anyKey(): Promise<Example> {
	return { path: { id: (await newKey()).id } };
}

async function place() {
	const { id } = await newKey();
	return { id, codeId: (await newCode(id)).id };
}

async function policy(): Promise<Example> {
	return { path: { id: await newPolicy(["events:read"]) } };
}

/** No two may have the same. */
function exampleApi() {
	const { identifier, name, permissions } = apiBody();
	return { identifier, name, permissions };
}

async function api(): Promise<Example> {
	return { path: { id: (await newApi()).id } };
}

let exampleIssuers = 0;

async function webhook(): Promise<Example> {
	return { path: { id: (await sharedWebhook()).id } };
}

async function delivery(): Promise<Example> {
	const failed = await failedDelivery("Failed");
	return { path: { id: failed.webhook.id, delivery_id: failed.delivery.id } };
}

async function trustedIssuer(): Promise<Example> {
	return { path: { id: (await newIssuer()).id } };
}

async function roomAt(path: string): Promise<Example> {
	await makeProviderRoom(path);
	return {};
}

async function domain(): Promise<Example> {
	return { path: { slug: "acme", domain: (await newDomain()).domain } };
}

async function provider(): Promise<Example> {
	return { path: { id: (await newProvider()).id } };
}

/** There may be few of them: what changes none takes one that is there. */
async function anyProvider(path: string, make: () => Promise<Example>): Promise<Example> {
	const [there] = await providersAt(path);
	return there ? { path: { id: there.id } } : make();
}

async function deploymentProvider(): Promise<Example> {
	return { path: { id: (await newDeploymentProvider()).id } };
}

async function deploymentApi(): Promise<Example> {
	return { path: { id: (await newDeploymentApi()).id } };
}

async function linkedAway(): Promise<Example> {
	const { id } = await newKey();
	const policies = [await newPolicy(["events:read"], await inGlobex())];
	good(await call("POST", "/v1/links", { key_id: id, policies }, await inGlobex()), 201);
	return { path: { id, linker: demo.accounts.globex } };
}

async function linkedHere(): Promise<Example> {
	const { id } = await aKey(demo.accounts.globex, []);
	good(await call("POST", "/v1/links", { key_id: id, policies: [await newPolicy(["events:read"])] }), 201);
	return { path: { keyId: id } };
}

async function anAlert(): Promise<Example> {
	const { token, list } = await anAlertedAccount(1);
	return { path: { id: (await list()).alerts[0]?.id ?? "" }, headers: token };
}

async function aSuspendedAccount(): Promise<Example> {
	const id = await anAccount();
	good(await suspend(id));
	return { path: { slug: slugOf(id) } };
}
