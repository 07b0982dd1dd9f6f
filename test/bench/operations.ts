import type { DemoClient, DemoData } from "../../src/operations/upkeep/demo-data.ts";
import { challenged, verified } from "../support/pkce.ts";
import { dpopOperations } from "./dpop.ts";
import { type Answer, lanes, type Send } from "./load.ts";
import type { Operation } from "./operation.ts";
import { ownApiOperations } from "./own-api.ts";
import { basic, signIn } from "./people.ts";
import { profileOperations } from "./profiles.ts";
import { pushedOperations } from "./pushed.ts";
import { authorizePath, form, json } from "./requests.ts";

/** The operations against one latchkey that has just been started. */
export async function makeOperations(send: Send, demo: DemoData): Promise<readonly Operation[]> {
	const { integration, webApp, apiKey, people } = demo;
	const [ada] = people;
	if (!ada) throw new Error("The demonstration data has no people");
	const browser = await signIn(send, ada);
	const integrationCodes = (codes: number) => browser.consent(`/integrations/${integration.client.id}`, codes);
	const redirectUri = webApp.client.redirectUris[0] ?? "";
	const named = { response_type: "code", client_id: webApp.client.id, redirect_uri: redirectUri, ...challenged };
	// Or what was agreed to once would not be asked again.
	const portalCodes = (codes: number, asked: Readonly<Record<string, string>> = {}) =>
		browser.consent(authorizePath({ ...named, prompt: "consent", ...asked }), codes);
	const openid = { scope: "openid profile" };

	const installed = await exchangeAll(send, integration, await integrationCodes(lanes));
	const chains = await exchangeAll(send, webApp, await portalCodes(lanes));
	const signedIn = await exchangeAll(send, webApp, await portalCodes(lanes, openid));
	let codes: string[] = [];
	let openidCodes: string[] = [];
	let sessions = 0;
	const logIn = (sessionId: string) => json("/auth/login", { api_key: apiKey.accessCode, session_id: sessionId });

	const operations: readonly Operation[] = [
		{
			name: "JWKS",
			goal: 1.3,
			budget: {},
			next: () => ({ method: "GET", path: "/.well-known/jwks.json" }),
		},
		{
			name: "metadata",
			goal: 1.3,
			budget: {},
			next: () => ({ method: "GET", path: "/.well-known/oauth-authorization-server" }),
		},
		{
			name: "login, live session",
			goal: 5,
			budget: { ledger: 1 },
			next: (lane) => logIn(`live ${lane}`),
		},
		{
			name: "login, new session",
			goal: 12,
			budget: { ledger: 1 },
			next: () => logIn(`new ${sessions++}`),
		},
		{
			name: "introspect",
			goal: 5,
			budget: { ledger: 1 },
			next: (lane) => form("/oauth/introspect", { token: installed[lane]?.access_token ?? "" }, basic(integration)),
		},
		{
			name: "introspect, max_staleness",
			goal: 2.5,
			budget: {},
			member: "checked_at",
			next: (lane) =>
				form(
					"/oauth/introspect",
					{ token: installed[lane]?.access_token ?? "", max_staleness: "60" },
					basic(integration),
				),
		},
		{
			name: "verify an API key",
			goal: 3.5,
			budget: { ledger: 1 },
			next: () => json("/v1/keys/verify", { key: apiKey.accessCode }, basic(webApp)),
		},
		{
			name: "verify a key, max_staleness",
			goal: 2.5,
			budget: {},
			member: "checked_at",
			next: () => json("/v1/keys/verify", { key: apiKey.accessCode, max_staleness: 60 }, basic(webApp)),
		},
		{
			name: "refresh, kept",
			goal: 12,
			budget: { ledger: 1 },
			next: (lane) => refresh(integration, installed[lane]),
		},
		{
			name: "refresh, rotated",
			goal: 12,
			budget: { ledger: 1 },
			next: (lane) => refresh(webApp, chains[lane]),
			answered: (lane, answer) => (chains[lane] = tokensOf(answer)),
		},
		{
			name: "code exchange",
			goal: 22,
			budget: { ledger: 1, kv: 1 },
			prepare: async (requests) => {
				codes = await integrationCodes(requests);
			},
			next: () => {
				const code = codes.pop();
				return code === undefined ? null : exchange(integration, code);
			},
		},
		{
			name: "client credentials",
			goal: 5,
			budget: {},
			next: () => form("/oauth/token", { grant_type: "client_credentials" }, basic(webApp)),
		},
		{
			name: "authorize, not signed in",
			goal: 4,
			budget: {},
			next: () => ({ method: "GET", path: authorizePath(named) }),
		},
		{
			name: "UserInfo",
			goal: 6,
			budget: { ledger: 1 },
			next: (lane) => ({ method: "GET", path: "/oauth/userinfo", headers: bearer(signedIn[lane]) }),
		},
		{
			name: "refresh, with id_token",
			goal: 24,
			signs: true,
			budget: { ledger: 1 },
			next: (lane) => refresh(webApp, signedIn[lane]),
			answered: (lane, answer) => (signedIn[lane] = tokensOf(answer)),
		},
		{
			name: "code exchange, with id_token",
			goal: 34,
			signs: true,
			budget: { ledger: 1, kv: 1 },
			prepare: async (requests) => {
				openidCodes = await portalCodes(requests, openid);
			},
			next: () => {
				const code = openidCodes.pop();
				return code === undefined ? null : exchange(webApp, code);
			},
		},
	];
	const bound = await dpopOperations(send, webApp, async (headers) => {
		const [code = ""] = await portalCodes(1, openid);
		const request = exchange(webApp, code);
		return tokensOf(await send({ ...request, headers: { ...request.headers, ...headers } }));
	});
	const pushed = await pushedOperations(send, webApp, named);
	const own = await ownApiOperations(send, demo, browser);
	return [...operations, ...pushed, ...bound, ...own, ...(own.length > 0 ? await profileOperations(send, people) : [])];
}

interface Tokens {
	readonly access_token: string;
	readonly refresh_token: string;
}

function tokensOf({ status, body }: Answer): Tokens {
	if (status !== 200) throw new Error(`The token endpoint answered ${status}: ${body}`);
	return JSON.parse(body);
}

function exchangeAll(send: Send, client: DemoClient, codes: readonly string[]): Promise<Tokens[]> {
	return Promise.all(codes.map(async (code) => tokensOf(await send(exchange(client, code)))));
}

function exchange(client: DemoClient, code: string) {
	const redirectUri = client.client.redirectUris[0] ?? "";
	// An install (contract 000) knows no PKCE.
	const fields = { ...(client.client.kind === "application" && verified), redirect_uri: redirectUri };
	return form("/oauth/token", { grant_type: "authorization_code", code, ...fields }, basic(client));
}

function refresh(client: DemoClient, tokens: Tokens | undefined) {
	const fields = { grant_type: "refresh_token", refresh_token: tokens?.refresh_token ?? "" };
	return form("/oauth/token", fields, basic(client));
}

function bearer(tokens: Tokens | undefined) {
	return { authorization: `Bearer ${tokens?.access_token ?? ""}` };
}
