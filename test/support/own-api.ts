import type { SignInDetails } from "./person.ts";

/** An API of an account, as one of its administrators registers it over the JSON API. */
interface OwnApi {
	/** RFC 8707: what its tokens are for. */
	readonly identifier: string;
	readonly permissions: readonly string[];
	/** Whether software that registered itself may ask for them. */
	readonly selfRegistered?: boolean;
	/** Clients that serve it. */
	readonly servers?: readonly string[];
}

/** Returns its id. */
export async function registerApi(origin: string, token: string, api: OwnApi): Promise<string> {
	const { identifier, permissions, selfRegistered = true, servers = [] } = api;
	const described = permissions.map((name) => ({
		name,
		title: `May do ${name}`,
		description: "",
		members: true,
		self_registered: selfRegistered,
	}));
	const name = `API at ${new URL(identifier).host}`;
	const body = { identifier, name, description: "For a test", permissions: described, servers };
	const made = await post<{ id: string }>(`${origin}/v1/apis`, body, token);
	return made.id;
}

/** A confidential client, as an administrator makes it, with what `POST /v1/integrations` takes beyond its name and redirect URL. */
export async function makeClient(origin: string, token: string, members: object): Promise<MadeClient> {
	const { name, redirectUri } = { name: `Client ${crypto.randomUUID()}`, redirectUri: "https://localhost:1/callback" };
	const body = { name, kind: "application", redirect_urls: [redirectUri], ...members };
	const made = await post<{ client_id: string; client_secret: string }>(`${origin}/v1/integrations`, body, token);
	return { id: made.client_id, secret: made.client_secret, redirectUri };
}

export interface MadeClient {
	readonly id: string;
	readonly secret: string;
	readonly redirectUri: string;
}

/** Of a person in an account: it opens the JSON API for them. */
export async function loginToken(origin: string, who: SignInDetails, account: string): Promise<string> {
	const { username, password } = who;
	const { access_token } = await post<{ access_token: string }>(`${origin}/auth/login`, {
		username,
		password,
		account,
	});
	return access_token;
}

async function post<Body>(url: string, body: object, token?: string): Promise<Body> {
	const headers = {
		"content-type": "application/json",
		...(token !== undefined && { authorization: `Bearer ${token}` }),
	};
	const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
	const text = await answer.text();
	if (!answer.ok) throw new Error(`${url}: ${answer.status} ${text}`);
	const read: Body = JSON.parse(text);
	return read;
}
