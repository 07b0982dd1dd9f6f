import type { Client } from "../../src/domain/client.ts";
import { type Answer, bearer, ask, postJson } from "./requests.ts";
import { demo } from "./target.ts";
import type { Registered } from "./tokens.ts";

/** Metadata that is accepted (RFC 7591 §2), but for what is said; undefined leaves a member out. */
export function metadata(changes: object = {}): object {
	return {
		client_name: "Weather station",
		redirect_uris: ["https://weather.example/callback"],
		grant_types: ["authorization_code", "refresh_token"],
		token_endpoint_auth_method: "none",
		...changes,
	};
}

let requests = 0;

/** RFC 7591 §3.1, each from a network address of its own, since they are counted. */
export function registerClient(changes: object = {}, headers: Record<string, string> = {}): Promise<Answer> {
	requests += 1;
	const from = { "cf-connecting-ip": `198.51.${Math.floor(requests / 250)}.${requests % 250}` };
	return postJson("/oauth/register", metadata(changes), { ...from, ...headers });
}

/** A client that has registered itself, and its registration access token. */
export interface SelfRegistered extends Registered {
	readonly id: string;
	readonly token: string;
	readonly body: Answer["body"];
}

export async function selfRegistered(
	changes: object = {},
	headers: Record<string, string> = {},
): Promise<SelfRegistered> {
	const { status, body, text } = await registerClient(changes, headers);
	if (status !== 201) throw new Error(`Not registered: ${status} ${text}`);
	const id = String(body.client_id);
	const secret = typeof body.client_secret === "string" ? body.client_secret : null;
	const redirectUris = body.redirect_uris as string[];
	const client: Client = { ...demo.nativeApp.client, id, accountId: null, redirectUris };
	return { id, client, secret, token: String(body.registration_access_token), body };
}

/** RFC 7592, with the client's own token. */
export function manage(
	method: "GET" | "PUT" | "DELETE",
	{ id, token }: Pick<SelfRegistered, "id" | "token">,
	body?: object,
): Promise<Answer> {
	const headers = { ...bearer(token), ...(body && { "content-type": "application/json" }) };
	return ask(`/oauth/register/${id}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
}
