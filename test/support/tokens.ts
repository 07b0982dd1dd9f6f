import type { Client } from "../../src/domain/client.ts";
import { tokenCamelNames } from "../../src/dialects/token.ts";
import { codeOf, type Consent, decide } from "./people.ts";
import { challenged, pkce } from "./pkce.ts";
import { type Answer, ask, basic, type Fields, given, postForm, postJson } from "./requests.ts";
import { demo } from "./target.ts";

/** A client with its secret: of the demonstration data, or of test/support/registered.ts. */
export interface Registered {
	readonly client: Client;
	readonly secret: string | null;
}

/** A person installs the integration: the code that its redirect URL gets. */
export async function installed(consent: Consent = {}): Promise<string> {
	return codeOf(await decide(installPath(), consent));
}

export function installPath({ client }: Registered = demo.integration, query: Fields = {}): string {
	const search = new URLSearchParams(given(query)).toString();
	return `/integrations/${client.id}${search === "" ? "" : `?${search}`}`;
}

/** A person allows an application what it asks for (with PKCE, unless told otherwise): the code. */
export async function authorized(application: Registered, query: Fields = {}, consent: Consent = {}): Promise<string> {
	return codeOf(await decide(authorizePath(application, query), consent));
}

export function authorizePath({ client }: Registered, query: Fields = {}): string {
	const standard = {
		response_type: "code",
		client_id: client.id,
		redirect_uri: client.redirectUris[0],
		...challenged,
		state: "opaque to us",
		// Whatever was agreed to before, the person is asked.
		prompt: "consent",
	};
	return `/oauth/authorize?${new URLSearchParams(given({ ...standard, ...query })).toString()}`;
}

export interface TokenRequest {
	readonly client?: Registered;
	/** RFC 6749's form, JSON of the same names, or contract 000's JSON. */
	readonly dialect?: "form" | "snake" | "camel";
	/** `post` where the client has a secret, else `none`. */
	readonly method?: "basic" | "post" | "none";
	/** In the place of the right ones, by their standard names. */
	readonly fields?: Fields;
	readonly headers?: Record<string, string>;
}

/** Redeems a code: as it should be done, but for what is overridden. */
export function exchange(code: string, request: TokenRequest = {}): Promise<Answer> {
	const { client = demo.integration } = request;
	return askForToken(request, {
		grant_type: "authorization_code",
		redirect_uri: client.client.redirectUris[0],
		code_verifier: client.client.kind === "application" ? pkce.verifier : undefined,
		code,
	});
}

export function refresh(refreshToken: string, request: TokenRequest = {}): Promise<Answer> {
	return askForToken(request, { grant_type: "refresh_token", refresh_token: refreshToken });
}

export function askForToken(request: TokenRequest, standard: Fields): Promise<Answer> {
	const { client = demo.integration, dialect = "form", headers = {} } = request;
	const { method = client.secret === null ? "none" : "post" } = request;
	const fields = given({
		client_id: method === "basic" ? undefined : client.client.id,
		client_secret: method === "post" ? (client.secret ?? undefined) : undefined,
		...standard,
		...request.fields,
	});
	const authentication = method === "basic" ? basicOf(client) : {};
	if (dialect === "form") return postForm("/oauth/token", fields, { ...authentication, ...headers });
	const named = dialect === "snake" ? fields : toCamel(fields);
	return postJson("/oauth/token", named, { ...authentication, ...headers });
}

export interface Tokens {
	readonly accessToken: string;
	/** Null where the client keeps the one that it has. */
	readonly refreshToken: string | null;
}

/** What the answer to a token request gave, in whichever dialect. */
export function tokensOf({ status, text, body }: Answer): Tokens {
	if (status !== 200) throw new Error(`No tokens: ${status} ${text}`);
	const accessToken = body.access_token ?? body.accessToken;
	const refreshToken = body.refresh_token ?? body.refreshToken;
	return { accessToken: String(accessToken), refreshToken: typeof refreshToken === "string" ? refreshToken : null };
}

/** A grant with both tokens, by the whole code flow. */
export async function granted(client: Registered = demo.integration, query: Fields = {}, consent: Consent = {}) {
	const isIntegration = client.client.kind === "integration";
	const code = await (isIntegration ? installed(consent) : authorized(client, query, consent));
	const { accessToken, refreshToken } = tokensOf(await exchange(code, { client }));
	if (refreshToken === null) throw new Error("A grant without a refresh token");
	return { code, accessToken, refreshToken };
}

/** RFC 7662: what the client is told of a token. */
export async function introspect(token: string, client: Registered = demo.integration): Promise<Answer["body"]> {
	const answer = await postForm("/oauth/introspect", { token }, basicOf(client));
	if (answer.status !== 200) throw new Error(`Not introspected: ${answer.status} ${answer.text}`);
	return answer.body;
}

/** RFC 7009 */
export function revoke(token: string, client: Registered = demo.integration): Promise<Answer> {
	if (client.secret === null) return postForm("/oauth/revoke", { token, client_id: client.client.id });
	return postForm("/oauth/revoke", { token }, basicOf(client));
}

export function environments(token: string): Promise<Answer> {
	return ask("/oauth/environments", { headers: { authorization: `Bearer ${token}` } });
}

export function basicOf({ client, secret }: Registered): { authorization: string } {
	return basic(client.id, secret ?? "");
}

/** What a JWT says, unverified. */
export function claimsOf(token: string): Record<string, unknown> {
	const [, payload = ""] = token.split(".");
	return JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(payload, { alphabet: "base64url" })));
}

function toCamel(fields: Record<string, string>): Record<string, string> {
	const camel = Object.fromEntries(Object.entries(tokenCamelNames).map(([name, standard]) => [standard, name]));
	return Object.fromEntries(Object.entries(fields).map(([name, value]) => [camel[name] ?? name, value]));
}
