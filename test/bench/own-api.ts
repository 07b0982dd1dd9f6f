import type { Browser } from "./people.ts";
import { form } from "./people.ts";
import { type Answer, lanes, type Request, type Send } from "./load.ts";
import type { DemoData } from "../../src/operations/upkeep/demo-data.ts";
import { challenged, verified } from "../support/pkce.ts";

const identifier = "https://orders.acme.example/v1";
const redirectUri = "https://orders.acme.example/callback";

/** An API of an account's own, the client that serves it, and one that people let in, which acts for itself too. */
export interface OwnApi {
	readonly server: Credentials;
	readonly client: Credentials;
	/** Of the client, for the API: one for each lane. */
	readonly refreshTokens: readonly string[];
	readonly accessToken: string;
}

type Credentials = Readonly<Record<"authorization", string>>;

export async function makeOwnApi(send: Send, { people: [ada] }: DemoData, browser: Browser): Promise<OwnApi> {
	const { username = "", password = "" } = ada ?? {};
	const { access_token: admin } = await made<{ access_token: string }>(
		send(asJson("/auth/login", { username, password, account: "acme" })),
	);
	const register = (path: string, body: object) => send(asJson(path, body, { authorization: `Bearer ${admin}` }));
	const server = await made<Registered>(
		register("/v1/integrations", { ...application, name: "Orders server", scopes: ["openid"] }),
	);
	const permissions = [{ name: "orders:read", title: "See orders" }];
	await made(register("/v1/apis", { identifier, name: "Orders", permissions, servers: [server.client_id] }));
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

interface Registered {
	readonly client_id: string;
	readonly client_secret: string;
}

interface Tokens {
	readonly access_token: string;
	readonly refresh_token: string;
}

function credentialsOf({ client_id: id, client_secret: secret }: Registered): Credentials {
	return { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}` };
}

async function made<Body>(answer: Promise<Answer>): Promise<Body> {
	const { status, body } = await answer;
	if (status !== 200 && status !== 201) throw new Error(`${status}: ${body}`);
	const read: Body = JSON.parse(body);
	return read;
}

function asJson(path: string, body: object, headers: Readonly<Record<string, string>> = {}): Request {
	const sent = { "content-type": "application/json", ...headers };
	return { method: "POST", path, headers: sent, body: JSON.stringify(body) };
}
