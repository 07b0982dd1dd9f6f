import { writeInstant } from "../../src/domain/instant.ts";
import { apiBody, namesIn, type ShownApi } from "../support/apis.ts";
import { rotate } from "../support/integrations.ts";
import { call, good, inAcme, inGlobex, tokenOf } from "../support/keys-api.ts";
import { aDeviceClient, askForCodes } from "../support/devices.ts";
import { logIn, sessionsOf } from "../support/logins.ts";
import { refreshPair } from "../support/pairs.ts";
import { ada, formOn, signedIn } from "../support/people.ts";
import { anOperator } from "../support/registered.ts";
import { type Answer, ask, bearer, ownPage, postForm, postJson, whenNotBusy } from "../support/requests.ts";
import { providerBody, providersOfAccount, providersOfDeployment } from "../support/sign-in-providers.ts";
import { manage, registerClient } from "../support/self-registered.ts";
import { demo, now } from "../support/target.ts";
import { authorizePath, exchange, installPath, refresh, type Registered, revoke } from "../support/tokens.ts";
import { integrationBody } from "../support/integrations.ts";
import { codeOf } from "../support/one-time-codes.ts";
import {
	type Authenticator,
	type Browser,
	nextPassword,
	type Forgetful,
	type PartName,
	putEvent,
	sendEvent,
	sentEvents,
	type World,
} from "./world.ts";

/** One way to write: what it has to do with, and the request, of which all is ready but the sending. */
export interface Write {
	readonly on: readonly [PartName, ...PartName[]];
	readonly prepare: (world: World) => Promise<() => Promise<Answer>>;
	/** It asks for what there is now to be replaced: two of it at once replace that once, and both are told by what. */
	readonly isOnce?: true;
}

type Body = object | ((world: World) => object | Promise<object>);

const { globex } = demo.accounts;

const linkParts = ["key", "codes", "link"] as const;

/** By the JSON API of keys, in Acme or (`away`) in Globex. */
function onKey(on: Write["on"], method: "POST" | "PATCH" | "DELETE", path: string, body?: Body, away = false): Write {
	return {
		on,
		async prepare(world) {
			const names = new Map([["globex", globex]]);
			if (on.includes("policy")) names.set("policy", await world.part("policy"));
			if (on.includes("key")) names.set("id", (await world.part("key")).id);
			if (on.includes("codes")) {
				const codes = await world.part("codes");
				names.set("on", codes.on.id).set("off", codes.off.id);
			}
			const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => names.get(name) ?? name);
			const sent = typeof body === "function" ? await body(world) : body;
			const credential = await (away ? inGlobex() : inAcme());
			return () => call(method, filled, sent, credential);
		},
	};
}

const linkBy = (index: number) => async (world: World) => {
	const { id, theirs: policies } = await world.part("link");
	return { key_id: id, policies: [policies[index]] };
};
const theirs = (index: number) => async (world: World) => ({ policies: [(await world.part("link")).theirs[index]] });

function onBrowser(send: (made: Browser) => Promise<Answer>): Write {
	return {
		on: ["browser"],
		async prepare(world) {
			const made = await world.part("browser");
			return () => send(made);
		},
	};
}

function onPasskey(method: "PATCH" | "DELETE", body?: object): Write {
	return {
		on: ["passkey"],
		async prepare(world) {
			const { own, id } = await world.part("passkey");
			return () => call(method, `/v1/profile/passkeys/${id}`, body, own);
		},
	};
}

/** With a code of one of the two other apps, and of the one that there is. */
function onAuthenticator(method: "POST" | "PUT", path: string, bodyOf: (of: Authenticator) => object): Write {
	return {
		on: ["authenticator"],
		async prepare(world) {
			const of = await world.part("authenticator");
			const body = { ...bodyOf(of), password: of.who.password };
			return () => whenNotBusy(() => call(method, `/v1/profile/one_time_codes${path}`, body, of.own));
		},
	};
}

const toApp = (which: "one" | "other") => (of: Authenticator) => {
	const { enrolment, secret } = of[which];
	return { enrolment, otp: codeOf(secret) };
};

function onLinked(as: "person" | "administrator"): Write {
	return {
		on: ["linked"],
		async prepare(world) {
			const { id, providerId, own } = await world.part("linked");
			const administrator = await inAcme();
			return () =>
				as === "person"
					? call("DELETE", `/v1/profile/providers/${providerId}`, undefined, own)
					: call("DELETE", `/v1/people/${id}/providers/${providerId}`, undefined, administrator);
		},
	};
}

function onIntegration(method: "PATCH" | "DELETE", path = "", body?: Body): Write {
	return {
		on: ["integration"],
		async prepare(world) {
			const { made } = await world.part("integration");
			const sent = typeof body === "function" ? await body(world) : body;
			const credential = await inAcme();
			return () => call(method, `/v1/integrations/${made.client.id}${path}`, sent, credential);
		},
	};
}

/** With what the integration holds, or the application. */
function byClient(
	on: "integration" | "application",
	send: (held: { made: Registered; accessToken: string; refreshToken: string; code: string }) => Promise<Answer>,
): Write {
	return {
		on: [on],
		async prepare(world) {
			const held = await world.part(on);
			return async () => {
				const answer = await send(held);
				if (typeof answer.body.access_token === "string") world.given.push(answer.body.access_token);
				return answer;
			};
		},
	};
}

/** A person has the consent page before them, and presses the button. */
function consent(on: "integration" | "application", pathOf: (made: Registered) => string): Write {
	return {
		on: [on],
		async prepare(world) {
			const { made } = await world.part(on);
			const cookie = await signedIn(ada);
			const form = formOn(await ask(pathOf(made), { headers: { cookie } }), "decision");
			return () => postForm(form.action, { ...form.hidden, decision: "allow" }, { cookie, ...ownPage });
		},
	};
}

function onRegistration(method: "PUT" | "DELETE", changes?: { client_name: string; redirect_uris?: string[] }): Write {
	return {
		on: ["registration"],
		async prepare(world) {
			const made = await world.part("registration");
			const client_name = `${world.tag} ${changes?.client_name}`;
			const body = changes && { redirect_uris: made.client.redirectUris, client_id: made.id, ...changes, client_name };
			return () => manage(method, made, body);
		},
	};
}

/** What a policy is given of the world's API. */
async function ofApi(world: World): Promise<{ permissions: readonly string[] }> {
	const api = await call("GET", `/v1/apis/${await world.part("api")}`);
	return { permissions: ["alerts:read", ...namesIn(good<ShownApi>(api))] };
}

function onApi(
	method: "POST" | "PATCH" | "DELETE",
	path: string,
	body?: Body,
	part: "api" | "deploymentApi" = "api",
): Write {
	return {
		on: [part],
		async prepare(world) {
			const id = await world.part(part);
			const sent = typeof body === "function" ? await body(world) : body;
			return () => call(method, path.replace("{id}", id), sent);
		},
	};
}

function onWebhook(method: "POST" | "PATCH" | "DELETE", path: string, body?: (world: World) => object): Write {
	return {
		on: ["webhook"],
		async prepare(world) {
			const { id, delivery } = await world.part("webhook");
			const filled = path.replace("{id}", id).replace("{delivery}", delivery);
			const credential = await inAcme();
			return () => call(method, filled, body?.(world), credential);
		},
	};
}

function onIssuer(method: "POST" | "PATCH" | "DELETE", path: string, body?: Body): Write {
	return {
		on: ["issuer"],
		async prepare(world) {
			const id = await world.part("issuer");
			const sent = typeof body === "function" ? await body(world) : body;
			return () => call(method, path.replace("{id}", id), sent);
		},
	};
}

function onProvider(method: "POST" | "PATCH" | "DELETE", path: string, body?: Body): Write {
	const part = path.startsWith("/v1/deployment/") ? "deploymentProvider" : "provider";
	return {
		on: [part],
		async prepare(world) {
			const id = await world.part(part);
			const sent = typeof body === "function" ? await body(world) : body;
			return () => call(method, path.replace("{id}", id), sent);
		},
	};
}

function onDomain(method: "POST" | "PUT" | "DELETE", path: string, body?: Body): Write {
	return {
		on: ["domain"],
		async prepare(world) {
			const name = await world.part("domain");
			const sent = typeof body === "function" ? await body(world) : body;
			const at = path.replace("{domain}", name).replace("{new}", `new-${name}`).replace("{slug}", "acme");
			return () => call(method, at, sent);
		},
	};
}

function onProviders(path: string): Readonly<Record<string, readonly Write[]>> {
	return {
		[`POST ${path}`]: [onProvider("POST", path, ({ tag }: World) => providerBody({ name: `${tag} new` }))],
		[`PATCH ${path}/{id}`]: [
			onProvider("PATCH", `${path}/{id}`, { trusts_amr: true }),
			onProvider("PATCH", `${path}/{id}`, { enabled: false }),
			onProvider("PATCH", `${path}/{id}`, named("new")),
		],
		[`DELETE ${path}/{id}`]: [onProvider("DELETE", `${path}/{id}`)],
	};
}

function onEnvironment(method: "POST" | "PATCH", path: string, body?: Body): Write {
	return {
		on: ["environment"],
		async prepare(world) {
			const { id, credential } = await world.part("environment");
			const sent = typeof body === "function" ? await body(world) : body;
			return () => call(method, path.replace("{id}", id), sent, credential);
		},
	};
}

function sending(path: keyof typeof sentEvents): Write {
	return {
		on: ["environment"],
		async prepare(world) {
			const { publicKey } = await world.part("environment");
			return () => sendEvent(publicKey, path);
		},
	};
}

function pairRefresh(path: string): Write {
	return {
		on: ["person"],
		async prepare(world) {
			const { slug, pairs } = await world.part("person");
			return async () => {
				const answer = await refreshPair(pairs.write.refresh, path.replace("{org}", slug));
				if (answer.status === 200) world.given.push(String(answer.body.access_token));
				return answer;
			};
		},
	};
}

function login(sessionId: string | null): Write {
	return {
		on: ["key", "codes", "session"],
		async prepare(world) {
			const { on } = await world.part("codes");
			return async () => {
				const answer = await logIn({ api_key: on.secret, session_id: sessionId ?? world.tag });
				if (answer.status === 200) world.given.push(String(answer.body.access_token));
				return answer;
			};
		},
	};
}

function profile(claims: object): Write {
	return {
		on: ["person"],
		async prepare(world) {
			const { login: token } = await world.part("person");
			const headers = { ...bearer(token), "content-type": "application/json" };
			return () => ask("/v1/profile", { method: "PUT", body: JSON.stringify(claims), headers });
		},
	};
}

function onMember(method: "POST" | "PATCH" | "DELETE", path: string, body?: Body): Write {
	return {
		on: ["member"],
		async prepare(world) {
			const { id, invitation, credential } = await world.part("member");
			const sent = typeof body === "function" ? await body(world) : body;
			return () => call(method, path.replace("{id}", id).replace("{invitation}", invitation), sent, credential);
		},
	};
}

function alertMail(enabled: boolean): Write {
	return {
		on: ["person"],
		async prepare(world) {
			const { login: token } = await world.part("person");
			return () => call("PUT", "/v1/alerts/mail", { enabled }, bearer(token));
		},
	};
}

function onAlert(method: "PUT" | "DELETE" | "POST", path: string): Write {
	return {
		on: ["alert"],
		async prepare(world) {
			const { id, token } = await world.part("alert");
			const body = method === "POST" ? { first_seen_by: new Date(now() * 1000).toISOString() } : undefined;
			return () => call(method, path.replace("{id}", id), body, token);
		},
	};
}

/** The demand is taken back: to ask for one takes a second factor of one's own. */
function secondFactor(): Write {
	return {
		on: ["person"],
		async prepare(world) {
			const { login: token } = await world.part("person");
			return () => call("PUT", "/v1/second_factor", { required: false }, bearer(token));
		},
	};
}

function verified(email: string | null): Write {
	return {
		on: ["person"],
		async prepare(world) {
			const { login: token, id } = await world.part("person");
			const headers = { ...bearer(token), "content-type": "application/json" };
			const body = JSON.stringify({ email });
			return () => ask(`/v1/people/${id}/verified_email`, { method: "PUT", body, headers });
		},
	};
}

function makesLink(send: (of: Forgetful) => Promise<Answer>): Write {
	return {
		on: ["forgetful"],
		async prepare(world) {
			const made = await world.part("forgetful");
			return async () => {
				const answer = await send(made);
				if (typeof answer.body.url === "string") world.given.push(answer.body.url);
				return answer;
			};
		},
	};
}

const named =
	(word: string) =>
	({ tag }: World) => ({ name: `${tag} ${word}` });
const newPolicyBody = ({ tag }: World) => ({ name: `${tag} new`, description: "New", permissions: ["events:read"] });

function onAccount(method: "POST" | "PUT" | "PATCH" | "DELETE", path: string, body?: (world: World) => object): Write {
	return {
		on: ["account"],
		async prepare(world) {
			const { slug } = await world.part("account");
			const credential = await inAcme();
			return () => call(method, `/v1/accounts/${slug}${path}`, body?.(world), credential);
		},
	};
}

/** Every write of the API, by its documented operation, in each of the ways that tell something. */
export const writes: Readonly<Record<string, readonly [Write, ...Write[]]>> = {
	"POST /auth/login": [login(null), login("another")],
	"DELETE /auth/sessions/{id}": [
		{
			on: ["key", "codes", "session"],
			async prepare(world) {
				const token = await world.part("session");
				const session = (await sessionsOf(token)).find(({ session_id }) => session_id === world.tag);
				return () => ask(`/auth/sessions/${session?.id}`, { method: "DELETE", headers: bearer(token) });
			},
		},
	],
	"PUT /v1/profile": [profile({ given_name: "Ada" }), profile({ family_name: "Byron" })],
	"PUT /v1/alerts/{id}/acknowledgement": [onAlert("PUT", "/v1/alerts/{id}/acknowledgement")],
	"DELETE /v1/alerts/{id}/acknowledgement": [onAlert("DELETE", "/v1/alerts/{id}/acknowledgement")],
	"POST /v1/alerts/acknowledge": [onAlert("POST", "/v1/alerts/acknowledge")],
	"PUT /v1/alerts/mail": [alertMail(true), alertMail(false)],
	"PUT /v1/second_factor": [secondFactor(), secondFactor()],
	"PUT /v1/people/{id}/verified_email": [verified("ada@acme.example"), verified("ada@other.example"), verified(null)],
	"POST /v1/accounts": [
		{
			on: ["account"],
			async prepare({ tag }) {
				const credential = await tokenOf(await anOperator(), "acme");
				return () => call("POST", "/v1/accounts", { name: `${tag} new`, slug: `${tag}-new` }, credential);
			},
		},
	],
	"PATCH /v1/accounts/{slug}": [
		onAccount("PATCH", "", ({ tag }) => ({ name: `${tag} one` })),
		onAccount("PATCH", "", ({ tag }) => ({ name: `${tag} two` })),
	],
	"POST /v1/accounts/{slug}/first_administrator": [onAccount("POST", "/first_administrator")],
	"POST /v1/accounts/{slug}/suspend": [onAccount("POST", "/suspend")],
	"POST /v1/accounts/{slug}/reinstate": [onAccount("POST", "/reinstate")],
	"PUT /v1/accounts/{slug}/deletion": [
		onAccount("PUT", "/deletion", () => ({ at: writeInstant(now() + 30 * 86_400) })),
		onAccount("PUT", "/deletion", () => ({ at: writeInstant(now() + 40 * 86_400) })),
	],
	"DELETE /v1/accounts/{slug}/deletion": [onAccount("DELETE", "/deletion")],
	"PATCH /v1/people/{id}": [
		onMember("PATCH", "/v1/people/{id}", { role: "admin" }),
		onMember("PATCH", "/v1/people/{id}", { role: "member" }),
	],
	"DELETE /v1/people/{id}": [onMember("DELETE", "/v1/people/{id}")],
	"POST /v1/invitations": [onMember("POST", "/v1/invitations", ({ tag }: World) => ({ role: "admin", note: tag }))],
	"DELETE /v1/invitations/{id}": [onMember("DELETE", "/v1/invitations/{invitation}")],
	"PUT /v1/profile/one_time_codes": [
		{
			on: ["factor"],
			async prepare(world) {
				const { own, body } = await world.part("factor");
				return () => call("PUT", "/v1/profile/one_time_codes", body, own);
			},
		},
		onAuthenticator("PUT", "", toApp("one")),
	],
	"POST /v1/profile/one_time_codes/change": [
		onAuthenticator("POST", "/change", toApp("one")),
		onAuthenticator("POST", "/change", toApp("other")),
	],
	"POST /v1/profile/one_time_codes/turn_off": [
		{
			on: ["factor"],
			async prepare(world) {
				const { own, body } = await world.part("factor");
				const { enrolment: _, ...shown } = body;
				return () => call("POST", "/v1/profile/one_time_codes/turn_off", shown, own);
			},
		},
		onAuthenticator("POST", "/turn_off", ({ secret }) => ({ otp: codeOf(secret) })),
	],
	"PATCH /v1/profile/passkeys/{id}": [onPasskey("PATCH", { name: "One" }), onPasskey("PATCH", { name: "Two" })],
	"DELETE /v1/profile/passkeys/{id}": [onPasskey("DELETE")],
	"POST /v1/profile/password/remove": [
		{
			on: ["passkey"],
			async prepare(world) {
				const { who, own } = await world.part("passkey");
				return () => whenNotBusy(() => call("POST", "/v1/profile/password/remove", { password: who.password }, own));
			},
		},
	],
	"DELETE /v1/profile/providers/{id}": [onLinked("person")],
	"DELETE /v1/people/{id}/providers/{provider}": [onLinked("administrator")],
	"PUT /v1/profile/password": [
		onBrowser(({ who, own }) =>
			whenNotBusy(() =>
				call("PUT", "/v1/profile/password", { password: who.password, new_password: nextPassword }, own),
			),
		),
	],
	"DELETE /v1/profile/sign_ins": [onBrowser(({ own }) => call("DELETE", "/v1/profile/sign_ins", undefined, own))],
	"DELETE /v1/profile/sign_ins/{id}": [
		onBrowser(({ own, id }) => call("DELETE", `/v1/profile/sign_ins/${id}`, undefined, own)),
	],
	"POST /v1/profile/recovery_codes": [
		{
			on: ["forgetful"],
			async prepare(world) {
				const { who, own } = await world.part("forgetful");
				return () => call("POST", "/v1/profile/recovery_codes", { password: who.password }, own);
			},
		},
	],
	"POST /v1/people/{id}/recovery_links": [
		makesLink(({ who, admin, byAdmin }) => {
			return call("POST", `/v1/people/${who.id}/recovery_links`, { password: admin.password }, byAdmin);
		}),
	],
	"POST /v1/recovery_links": [
		makesLink(async ({ who }) => {
			const body = { username: who.username, password: ada.password };
			return call("POST", "/v1/recovery_links", body, await inAcme());
		}),
	],
	"DELETE /v1/clients/{client_id}": [
		{
			on: ["integration"],
			async prepare(world) {
				const { made } = await world.part("integration");
				const credential = await inAcme();
				return () => call("DELETE", `/v1/clients/${made.client.id}`, undefined, credential);
			},
		},
	],
	"POST /v1/operators": [
		{
			on: ["operator"],
			async prepare(world) {
				const { username } = await world.part("operator");
				const credential = await inAcme();
				return () => call("POST", "/v1/operators", { username }, credential);
			},
		},
	],
	"DELETE /v1/operators/{id}": [
		{
			on: ["operator"],
			async prepare(world) {
				const { id } = await world.part("operator");
				const credential = await inAcme();
				return () => call("DELETE", `/v1/operators/${id}`, undefined, credential);
			},
		},
	],
	"POST /v4/oauth/access_token": [pairRefresh("/v4/oauth/access_token")],
	"POST /api/v4/oauth/access_token": [pairRefresh("/api/v4/oauth/access_token")],
	"POST /api/v4/organizations/{org}/oauth/access_token": [
		pairRefresh("/api/v4/organizations/{org}/oauth/access_token"),
	],

	"POST /oauth/token": [
		byClient("integration", ({ made, code }) => exchange(code, { client: made })),
		byClient("integration", ({ made, refreshToken }) => refresh(refreshToken, { client: made })),
		byClient("application", ({ made, code }) => exchange(code, { client: made })),
		byClient("application", ({ made, refreshToken }) => refresh(refreshToken, { client: made })),
	],
	"POST /oauth/revoke": [
		byClient("integration", ({ made, refreshToken }) => revoke(refreshToken, made)),
		byClient("application", ({ made, refreshToken }) => revoke(refreshToken, made)),
		byClient("application", ({ made, accessToken }) => revoke(accessToken, made)),
	],
	"POST /oauth/consent": [consent("application", (made) => authorizePath(made))],
	"POST /integrations/{client_id}": [consent("integration", (made) => installPath(made))],
	"POST /oauth/device_authorization": [
		{
			on: ["application"],
			async prepare() {
				const client = await aDeviceClient();
				return () => askForCodes(client);
			},
		},
	],
	"POST /oauth/register": [{ on: ["registration"], prepare: async () => () => registerClient() }],
	"PUT /oauth/register/{client_id}": [
		onRegistration("PUT", { client_name: "renamed" }),
		onRegistration("PUT", { client_name: "moved", redirect_uris: ["https://weather.example/moved"] }),
	],
	"DELETE /oauth/register/{client_id}": [onRegistration("DELETE")],

	"PUT /api/v4/organizations/{org}/change_events": [
		{
			on: ["changeEvent"],
			prepare:
				async ({ tag }) =>
				() =>
					putEvent(tag, "start"),
		},
		{
			on: ["changeEvent"],
			prepare:
				async ({ tag }) =>
				() =>
					putEvent(tag, "stop"),
		},
	],
	"DELETE /api/v4/organizations/{org}/change_events/{id}": [
		{
			on: ["changeEvent"],
			async prepare(world) {
				const { id } = await world.part("changeEvent");
				const credential = await inAcme();
				return () => call("DELETE", `/api/v4/organizations/acme/change_events/${id}`, undefined, credential);
			},
		},
	],

	"POST /v1/environments": [
		onEnvironment("POST", "/v1/environments", ({ tag }: World) => ({ workspace: tag, name: "new" })),
	],
	"PATCH /v1/environments/{id}": [
		onEnvironment("PATCH", "/v1/environments/{id}", { enabled: false }),
		onEnvironment("PATCH", "/v1/environments/{id}", { enabled: true }),
	],
	"POST /v1/environments/{id}/rotate_key": [
		{ ...onEnvironment("POST", "/v1/environments/{id}/rotate_key"), isOnce: true },
	],
	"POST /v1/events": [sending("/v1/events")],
	"POST /v1/logs": [sending("/v1/logs")],
	"POST /v1/traces": [sending("/v1/traces")],

	"DELETE /v1/events/{id}": [
		{
			on: ["environment"],
			async prepare(world) {
				const { eventId, credential } = await world.part("environment");
				return () => call("DELETE", `/v1/events/${eventId}`, undefined, credential);
			},
		},
	],

	"POST /v1/integrations": [
		{
			on: ["integration"],
			async prepare(world) {
				await world.part("integration");
				const headers = await inAcme();
				return () => postJson("/v1/integrations", integrationBody({ name: `${world.tag} new` }), headers);
			},
		},
	],
	"PATCH /v1/integrations/{client_id}": [
		onIntegration("PATCH", "", { description: "Edited" }),
		onIntegration("PATCH", "", { redirect_urls: ["https://radar.example/one"] }),
		onIntegration("PATCH", "", { scopes: ["environments:read"] }),
		onIntegration("PATCH", "", named("new")),
	],
	"DELETE /v1/integrations/{client_id}": [onIntegration("DELETE")],
	"POST /v1/integrations/{client_id}/secrets": [
		{
			on: ["integration"],
			async prepare(world) {
				const { made } = await world.part("integration");
				await inAcme();
				return () => rotate(made, 7);
			},
		},
	],
	"DELETE /v1/integrations/{client_id}/secrets/previous": [onIntegration("DELETE", "/secrets/previous")],
	"DELETE /v1/integrations/{client_id}/tokens": [onIntegration("DELETE", "/tokens")],
	"DELETE /v1/integrations/{client_id}/registration_token": [
		{
			on: ["registration"],
			async prepare(world) {
				const { id } = await world.part("registration");
				const credential = await inAcme();
				return () => call("DELETE", `/v1/integrations/${id}/registration_token`, undefined, credential);
			},
		},
	],
	"DELETE /v1/installs/{grant_id}": [
		{
			on: ["integration"],
			async prepare(world) {
				const { grantId } = await world.part("integration");
				const credential = await inAcme();
				return () => call("DELETE", `/v1/installs/${grantId}`, undefined, credential);
			},
		},
	],

	"POST /v1/keys": [onKey(["key"], "POST", "/v1/keys", named("new"))],
	"PATCH /v1/keys/{id}": [
		onKey(["key"], "PATCH", "/v1/keys/{id}", named("new")),
		onKey(["key"], "PATCH", "/v1/keys/{id}", { tags: ["new"] }),
		onKey(["key", "codes"], "PATCH", "/v1/keys/{id}", { policies: [] }),
		onKey(["policy", "key"], "PATCH", "/v1/keys/{id}", async (world: World) => ({
			policies: [await world.part("policy")],
		})),
		onKey(["key", "codes", "session"], "PATCH", "/v1/keys/{id}", { enabled: false }),
		onKey(["key", "codes"], "PATCH", "/v1/keys/{id}", { limits: { networks: ["192.0.2.0/24"] } }),
	],
	"DELETE /v1/keys/{id}": [onKey(["key"], "DELETE", "/v1/keys/{id}")],
	"DELETE /v1/keys/{id}/tokens": [onKey(["key"], "DELETE", "/v1/keys/{id}/tokens")],
	"POST /v1/keys/{id}/codes": [onKey(["key", "codes"], "POST", "/v1/keys/{id}/codes", { description: "New" })],
	"DELETE /v1/keys/{id}/sessions/{sessionId}": [
		{
			on: ["key", "codes", "session"],
			async prepare(world) {
				const { id } = await world.part("key");
				const token = await world.part("session");
				const session = (await sessionsOf(token)).find(({ current }) => current);
				const credential = await inAcme();
				return () => call("DELETE", `/v1/keys/${id}/sessions/${session?.id}`, undefined, credential);
			},
		},
	],
	"POST /v1/keys/{id}/codes/{codeId}/rotate": [
		onKey(["key", "codes"], "POST", "/v1/keys/{id}/codes/{on}/rotate", { ends_in_days: 0, description: "Rotated" }),
		onKey(["key", "codes"], "POST", "/v1/keys/{id}/codes/{off}/rotate", { ends_in_days: 0, description: "Rotated" }),
	],
	"PATCH /v1/keys/{id}/codes/{codeId}": [
		onKey(["key", "codes"], "PATCH", "/v1/keys/{id}/codes/{on}", { enabled: false }),
		onKey(["key", "codes"], "PATCH", "/v1/keys/{id}/codes/{off}", { enabled: true }),
		onKey(["key", "codes"], "PATCH", "/v1/keys/{id}/codes/{off}", { description: "Described" }),
	],
	"DELETE /v1/keys/{id}/codes/{codeId}": [
		onKey(["key", "codes"], "DELETE", "/v1/keys/{id}/codes/{off}"),
		onKey(["key", "codes"], "DELETE", "/v1/keys/{id}/codes/{on}"),
	],
	"PATCH /v1/keys/{id}/links/{linker}": [onKey(linkParts, "PATCH", "/v1/keys/{id}/links/{globex}", { enabled: false })],
	"DELETE /v1/keys/{id}/links/{linker}": [onKey(linkParts, "DELETE", "/v1/keys/{id}/links/{globex}")],
	"POST /v1/links": [
		onKey(linkParts, "POST", "/v1/links", linkBy(0), true),
		onKey(linkParts, "POST", "/v1/links", linkBy(1), true),
	],
	"PATCH /v1/links/{keyId}": [
		onKey(linkParts, "PATCH", "/v1/links/{id}", theirs(1), true),
		onKey(linkParts, "PATCH", "/v1/links/{id}", { enabled: false }, true),
	],
	"DELETE /v1/links/{keyId}": [onKey(linkParts, "DELETE", "/v1/links/{id}", undefined, true)],
	"POST /v1/apis": [onApi("POST", "/v1/apis", ({ tag }: World) => apiBody({ name: `${tag} new` }))],
	"PATCH /v1/apis/{id}": [
		onApi("PATCH", "/v1/apis/{id}", { description: "Edited" }),
		onApi("PATCH", "/v1/apis/{id}", named("new")),
		onApi("PATCH", "/v1/apis/{id}", { permissions: [] }),
		onApi("PATCH", "/v1/apis/{id}?force=true", { permissions: [] }),
	],
	"DELETE /v1/apis/{id}": [onApi("DELETE", "/v1/apis/{id}")],
	"POST /v1/webhooks": [
		onWebhook("POST", "/v1/webhooks", ({ tag }) => ({ url: "http://127.0.0.1:9/new", description: `${tag} new` })),
	],
	"PATCH /v1/webhooks/{id}": [
		onWebhook("PATCH", "/v1/webhooks/{id}", ({ tag }) => ({ description: `${tag} edited` })),
		onWebhook("PATCH", "/v1/webhooks/{id}", () => ({ event_types: ["key.created"] })),
		onWebhook("PATCH", "/v1/webhooks/{id}", () => ({ enabled: false })),
	],
	"DELETE /v1/webhooks/{id}": [onWebhook("DELETE", "/v1/webhooks/{id}")],
	"POST /v1/webhooks/{id}/secrets": [onWebhook("POST", "/v1/webhooks/{id}/secrets")],
	"POST /v1/webhooks/{id}/test": [onWebhook("POST", "/v1/webhooks/{id}/test")],
	"POST /v1/webhooks/{id}/deliveries/{delivery_id}/send": [
		onWebhook("POST", "/v1/webhooks/{id}/deliveries/{delivery}/send"),
	],
	"POST /v1/trusted-issuers": [
		onIssuer("POST", "/v1/trusted-issuers", ({ tag }: World) => ({
			kind: "identity_provider",
			name: `${tag} new`,
			issuer: `https://new-${tag}.example`,
			jwks_uri: "https://idp.example/keys",
			clients: [demo.webApp.client.id],
		})),
	],
	"PATCH /v1/trusted-issuers/{id}": [
		onIssuer("PATCH", "/v1/trusted-issuers/{id}", { subject: "email" }),
		onIssuer("PATCH", "/v1/trusted-issuers/{id}", { algorithms: ["ES256"] }),
		onIssuer("PATCH", "/v1/trusted-issuers/{id}", named("new")),
	],
	"DELETE /v1/trusted-issuers/{id}": [onIssuer("DELETE", "/v1/trusted-issuers/{id}")],
	"PUT /v1/domains/{domain}": [
		onDomain("PUT", "/v1/domains/{domain}", { provider_id: null }),
		onDomain("PUT", "/v1/domains/{new}", {}),
	],
	"DELETE /v1/domains/{domain}": [onDomain("DELETE", "/v1/domains/{domain}")],
	"POST /v1/domains/{domain}/verify": [onDomain("POST", "/v1/domains/{domain}/verify")],
	"DELETE /v1/accounts/{slug}/domains/{domain}": [onDomain("DELETE", "/v1/accounts/{slug}/domains/{domain}")],
	"POST /v1/accounts/{slug}/domains/{domain}/confirm": [
		onDomain("POST", "/v1/accounts/{slug}/domains/{domain}/confirm"),
	],
	...onProviders(providersOfAccount),
	...onProviders(providersOfDeployment),
	"POST /v1/deployment/apis": [
		onApi("POST", "/v1/deployment/apis", ({ tag }: World) => apiBody({ name: `${tag} wide` })),
	],
	"PATCH /v1/deployment/apis/{id}": [
		onApi("PATCH", "/v1/deployment/apis/{id}", { description: "Edited" }, "deploymentApi"),
		onApi("PATCH", "/v1/deployment/apis/{id}", { permissions: [] }, "deploymentApi"),
	],
	"DELETE /v1/deployment/apis/{id}": [onApi("DELETE", "/v1/deployment/apis/{id}", undefined, "deploymentApi")],
	"POST /v1/policies": [onKey(["policy"], "POST", "/v1/policies", newPolicyBody)],
	"PATCH /v1/policies/{id}": [
		onKey(["policy"], "PATCH", "/v1/policies/{policy}", { permissions: ["alerts:read"] }),
		onKey(["policy"], "PATCH", "/v1/policies/{policy}", { description: "Edited" }),
		onKey(["policy", "api"], "PATCH", "/v1/policies/{policy}", ofApi),
		onKey(["policy"], "PATCH", "/v1/policies/{policy}", named("new")),
	],
	"DELETE /v1/policies/{id}": [
		onKey(["policy"], "DELETE", "/v1/policies/{policy}"),
		onKey(["policy"], "DELETE", "/v1/policies/{policy}?force=true"),
	],
};

/** What is sent as a write, and only asks, or writes nothing but that it was asked. */
export const questions: readonly string[] = [
	"POST /oauth/userinfo",
	"POST /oauth/introspect",
	"POST /v1/keys/verify",
	"POST /api/public/event/search",
	"POST /api/public/alert/search",
	"POST /oauth/authorize",
	"POST /oauth/par",
	"POST /oauth/logout",
	"POST /v1/keys/{id}/codes/{codeId}/reveal",
	"POST /v1/keys/{id}/codes/{codeId}/key-file",
	"POST /v1/profile/verify_email",
	"POST /v1/profile/one_time_codes",
	"POST /v1/profile/passkey_challenges",
	"POST /v1/sign-in-providers/{id}/test",
	"POST /v1/deployment/sign-in-providers/{id}/test",
];

/** What ends all that everybody holds: no round would be by itself. Its own rule decides (test/unit/domain/signing-key-ring). */
export const ofTheWhole: readonly string[] = ["DELETE /v1/signing-keys/{kid}", "POST /v1/signing-keys/{alg}/rotate"];
