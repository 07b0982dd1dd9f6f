import type { DemoData } from "../../../src/operations/upkeep/demo-data.ts";
import type { Request, Send } from "../load.ts";
import { basic, cookieOf } from "../people.ts";
import { form, json } from "../requests.ts";

export interface GrowingOperation {
	readonly name: string;
	readonly next: () => Request;
}

/** What is asked of one build, by a person at the console and by programs. What a build of before does not have answers 404. */
export async function makeGrowingOperations(send: Send, demo: DemoData): Promise<readonly GrowingOperation[]> {
	const [ada] = demo.people;
	const { username = "", password = "" } = ada ?? {};
	const login = json("/auth/login", { username, password, account: "acme", session_id: "growth" });
	const bearer = { authorization: `Bearer ${JSON.parse((await send(login)).body).access_token}` };
	const cookie = { cookie: cookieOf(await send(form("/sign-in", { username, password }))) };
	const get = (name: string, path: string, headers: Readonly<Record<string, string>> = bearer) => {
		const request = { method: "GET", path, headers } as const;
		return { name, next: () => request };
	};
	const search = (name: string, body: object) => {
		const request = json("/api/public/event/search", { limit: 20, ...body }, bearer);
		return { name, next: () => request };
	};
	const { accessCode } = demo.apiKey;
	let made = 0;
	let sessions = 0;
	return [
		get("JWKS, which asks nothing", "/.well-known/jwks.json"),
		get("GET /v1/keys?limit=20", "/v1/keys?limit=20"),
		{ name: "POST /v1/keys", next: () => json("/v1/keys", { name: `Made ${performance.now()} ${made++}` }, bearer) },
		get("console, list of keys", "/console/acme/keys", cookie),
		get("GET /v1/audit?limit=20", "/v1/audit?limit=20"),
		get("… with actor and action", `/v1/audit?limit=20&actor=${ada?.id}&action=key.create`),
		get("… with a noun", "/v1/audit?limit=20&action=key"),
		search("event search", {}),
		search("… with data.n", { filters: [{ field: "data.n", operator: "eq", value: 1 }] }),
		get("GET /v1/people?limit=20", "/v1/people?limit=20"),
		get("GET /v1/integrations?limit=20", "/v1/integrations?limit=20"),
		get("GET /v1/installs?limit=20", "/v1/installs?limit=20"),
		get("GET /v1/invitations?limit=20", "/v1/invitations?limit=20"),
		{ name: "verify an API key", next: () => json("/v1/keys/verify", { key: accessCode }, basic(demo.webApp)) },
		{
			name: "login, live session",
			next: () => json("/auth/login", { api_key: accessCode, session_id: "live" }),
		},
		{
			name: "login, new session",
			next: () => json("/auth/login", { api_key: accessCode, session_id: `new ${sessions++}` }),
		},
	];
}
