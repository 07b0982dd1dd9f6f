import type { Browser } from "./people.ts";
import { type Answer, lanes, type Send } from "./load.ts";
import type { Operation } from "./operation.ts";
import { form, json } from "./requests.ts";
import type { DemoData } from "../../src/operations/upkeep/demo-data.ts";
import { challenged, verified } from "../support/pkce.ts";

const identifier = "https://orders.acme.example/v1";
const redirectUri = "https://orders.acme.example/callback";

/** What an API of an account's own adds is remembered by the isolate. A build of before there were any has no such operations. */
export async function ownApiOperations(
	send: Send,
	{ people, apiKey }: DemoData,
	browser: Browser,
): Promise<readonly Operation[]> {
	const api = await makeOwnApi(send, people, browser);
	if (!api) return [];
	return [
		{
			name: "client credentials, for an API",
			goal: 5,
			budget: {},
			next: () => form("/oauth/token", { grant_type: "client_credentials" }, api.client),
		},
		{
			name: "refresh, for an API",
			goal: 12,
			budget: { ledger: 1 },
			next: (lane) => {
				const fields = { grant_type: "refresh_token", refresh_token: api.refreshTokens[lane] ?? "" };
				return form("/oauth/token", fields, api.client);
			},
		},
		{
			name: "introspect, by the API's server",
			goal: 6,
			budget: { ledger: 1 },
			next: () => form("/oauth/introspect", { token: api.accessToken }, api.server),
		},
		{
			name: "verify an API key, by the API's server",
			goal: 5,
			budget: { ledger: 1 },
			next: () => json("/v1/keys/verify", { key: apiKey.accessCode }, api.server),
		},
	];
}

/** An API, the client that serves it, and one that people let in, which acts for itself too. */
interface OwnApi {
	readonly server: Credentials;
	readonly client: Credentials;
	/** Of the client, for the API: one for each lane. */
	readonly refreshTokens: readonly string[];
	readonly accessToken: string;
}

type Credentials = Readonly<Record<"authorization", string>>;

async function makeOwnApi(send: Send, [ada]: DemoData["people"], browser: Browser): Promise<OwnApi | null> {
	const { username = "", password = "" } = ada ?? {};
	const { access_token: admin } = await made<{ access_token: string }>(
		send(json("/auth/login", { username, password, account: "acme" })),
	);
	const register = (path: string, body: object) => send(json(path, body, { authorization: `Bearer ${admin}` }));
	const server = await made<Registered>(
		register("/v1/integrations", { ...application, name: "Orders server", scopes: ["openid"] }),
	);
	const permissions = [{ name: "orders:read", title: "See orders" }];
	const api = await register("/v1/apis", { identifier, name: "Orders", permissions, servers: [server.client_id] });
	if (api.status === 404) return null;
	await made(api);
	const client = await made<Registered>(
		register("/v1/integrations", {
			...application,
			name: "Order book",
			scopes: ["orders:read"],
			acts_for_itself: true,
			default_resource: identifier,
		}),
	);
	const link = new URLSearchParams({
		response_type: "code",
		client_id: client.client_id,
		redirect_uri: redirectUri,
		...challenged,
	});
	const codes = await browser.consent(`/oauth/authorize?${link}`, lanes);
	const fields = { grant_type: "authorization_code", redirect_uri: redirectUri, ...verified };
	const tokens = await Promise.all(
		codes.map((code) => made<Tokens>(send(form("/oauth/token", { ...fields, code }, credentialsOf(client))))),
	);
	return {
		server: credentialsOf(server),
		client: credentialsOf(client),
		refreshTokens: tokens.map((each) => each.refresh_token),
		accessToken: tokens[0]?.access_token ?? "",
	};
}

const application = { kind: "application", redirect_urls: [redirectUri], rotation: "keep" };

export interface Registered {
	readonly client_id: string;
	readonly client_secret: string;
}

interface Tokens {
	readonly access_token: string;
	readonly refresh_token: string;
}

export function credentialsOf({ client_id: id, client_secret: secret }: Registered): Credentials {
	return { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}` };
}

export async function made<Body>(answer: Answer | Promise<Answer>): Promise<Body> {
	const { status, body } = await answer;
	if (status !== 200 && status !== 201) throw new Error(`${status}: ${body}`);
	const read: Body = JSON.parse(body);
	return read;
}
