import { demo } from "../support/demo-world.ts";
import { verified } from "../support/pkce.ts";

export type Client = typeof demo.webApp;

export interface Answer {
	readonly status: number;
	readonly body: Readonly<Record<string, unknown>>;
	/** RFC 9110 §10.2.3: in how many seconds to try again; null where it does not say. */
	readonly retryAfter: string | null;
}

/** What programs ask of the server, in the dialect of the standards. Rejects where no whole answer comes. */
export interface Api {
	exchange(client: Client, code: string): Promise<Answer>;
	refresh(client: Client, refreshToken: string): Promise<Answer>;
	revoke(client: Client, token: string): Promise<Answer>;
	introspect(client: Client, token: string): Promise<Answer>;
	/** A client's token in its own name. */
	actForItself(client: Client): Promise<Answer>;
	/** What opens to a login token, an access token or an access code. */
	environments(credential: string): Promise<Answer>;
	logIn(sessionId: string): Promise<Answer>;
	listSessions(token: string): Promise<Answer>;
	/** Ends the session that the login token is of. */
	endSession(token: string): Promise<Answer>;
	logInAs(person: typeof demo.ada, account: string): Promise<Answer>;
	logInWith(secret: string, sessionId?: string): Promise<Answer>;
	/** An event for an environment of the demonstration, with a person's login token. */
	ingest(token: string, event: object): Promise<Answer>;
	/** The events that have this mark. */
	searchFor(mark: string, token: string): Promise<Answer>;
	/** The JSON API, with a person's login token. */
	manage(method: string, path: string, token: string, body?: object): Promise<Answer>;
}

/** `signal`: when they lose patience and go. */
export function createApi(origin: string, signal?: () => AbortSignal): Api {
	async function call(path: string, init: RequestInit): Promise<Answer> {
		const response = await fetch(origin + path, { ...init, ...(signal && { signal: signal() }) });
		const text = await response.text();
		return {
			status: response.status,
			body: text === "" ? {} : (JSON.parse(text) as Answer["body"]),
			retryAfter: response.headers.get("retry-after"),
		};
	}

	const post = (path: string, client: Client | null, fields: Record<string, string>) =>
		call(path, {
			method: "POST",
			body: new URLSearchParams({ ...(client && { client_id: client.id, client_secret: client.secret }), ...fields }),
		});

	const manage: Api["manage"] = (method, path, token, body) =>
		call(path, {
			method,
			headers: { ...bearer(token), ...(body && { "content-type": "application/json" }) },
			...(body && { body: JSON.stringify(body) }),
		});

	return {
		exchange: (client, code) =>
			post("/oauth/token", client, {
				grant_type: "authorization_code",
				code,
				redirect_uri: client.redirectUri,
				// An install (contract 000) knows no PKCE.
				...(client !== demo.integration && verified),
			}),
		refresh: (client, refreshToken) =>
			post("/oauth/token", client, { grant_type: "refresh_token", refresh_token: refreshToken }),
		revoke: (client, token) => post("/oauth/revoke", client, { token }),
		introspect: (client, token) => post("/oauth/introspect", client, { token }),
		actForItself: (client) => post("/oauth/token", client, { grant_type: "client_credentials" }),
		environments: (credential) =>
			credential.startsWith("lk_")
				? call("/v1/environments", { headers: { "x-api-key": credential } })
				: call("/oauth/environments", { headers: bearer(credential) }),
		logIn: (sessionId) => post("/auth/login", null, { api_key: demo.accessCode, session_id: sessionId }),
		logInAs: (person, account) => post("/auth/login", null, { ...person, account }),
		logInWith: (secret, sessionId = "") => post("/auth/login", null, { api_key: secret, session_id: sessionId }),
		ingest: (token, event) => manage("POST", "/v1/events?environment=my-workspace/prod", token, event),
		searchFor: (mark, token) =>
			manage("POST", "/api/public/event/search", token, {
				filters: [{ field: "data.mark", operator: "eq", value: mark }],
			}),
		manage,
		listSessions: (token) => call("/auth/sessions", { headers: bearer(token) }),
		endSession: (token) => call(`/auth/sessions/${sid(token)}`, { method: "DELETE", headers: bearer(token) }),
	};
}

/** How many events a search has found. */
export function found({ body }: Answer): number {
	return (body.events as readonly unknown[] | undefined)?.length ?? 0;
}

/** RFC 9110 §15.6.4: whom a 503 tells when to try again. Any other answer need not. */
export function saysWhen({ status, retryAfter }: Answer): boolean {
	return status !== 503 || /^[1-9]\d*$/.test(retryAfter ?? "");
}

function bearer(token: string): Record<string, string> {
	return { authorization: `Bearer ${token}` };
}

function sid(token: string): string {
	const claims = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
	return (JSON.parse(claims) as { sid: string }).sid;
}
