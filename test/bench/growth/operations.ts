import type { DemoData } from "../../../src/operations/upkeep/demo-data.ts";
import { visibleCode as visible } from "../../../src/crypto/access-code.ts";
import type { Request, Send } from "../load.ts";
import { basic, cookieOf } from "../people.ts";
import { form, json } from "../requests.ts";

export interface GrowingOperation {
	readonly name: string;
	/** Once, when there is all that there is to be. */
	readonly prepare?: () => Promise<void>;
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
	/** How many pages further on a deep one is, where there are so many. */
	const deep = 40;
	const far = async (path: string) => {
		// A whole one: the page before the last at the most.
		let [whole, cursor] = ["", ""];
		for (let page = 0; page < deep; page++) {
			const { body } = await send({ method: "GET", path: path + cursor, headers: bearer });
			const { next } = JSON.parse(body) as { readonly next?: string | null };
			if (!next) break;
			[whole, cursor] = [cursor, `&cursor=${next}`];
		}
		return path + whole;
	};
	/** What is asked where pages have not been looked at yet: rows are added later. */
	const getFar = (name: string, path: string) => {
		let found: string | null = null;
		return {
			name,
			prepare: async () => void (found = await far(path)),
			next: () => ({ method: "GET", path: found ?? path, headers: bearer }) as const,
		};
	};
	let made = 0;
	let sessions = 0;
	return [
		get("JWKS, which asks nothing", "/.well-known/jwks.json"),
		get("GET /v1/keys?limit=20", "/v1/keys?limit=20"),
		getFar("keys, 40 pages on", "/v1/keys?limit=20"),
		get("keys, from Z to A", "/v1/keys?limit=20&sort=-name"),
		get("keys, first to expire", "/v1/keys?limit=20&sort=expires"),
		get("keys by a word that all have", "/v1/keys?limit=20&q=key"),
		get("keys by a word that one has", "/v1/keys?limit=20&q=0000007"),
		get("keys by a word that none has", "/v1/keys?limit=20&q=nothing"),
		get("keys by a visible code", `/v1/keys?limit=20&q=${encodeURIComponent(visible(accessCode))}`),
		get("keys of a state that few have", "/v1/keys?limit=20&state=disabled"),
		get("keys of a state that most have", "/v1/keys?limit=20&state=enabled"),
		get("keys of a tag that few have", "/v1/keys?limit=20&tag=rare"),
		get("keys of a tag and a word that most have", "/v1/keys?limit=20&tag=common&q=key"),
		get("keys that end before", "/v1/keys?limit=20&expires_before=2027-09-21T14:13:50Z"),
		get("keys that were never used", "/v1/keys?limit=20&never_used=true"),
		{ name: "POST /v1/keys", next: () => json("/v1/keys", { name: `Made ${performance.now()} ${made++}` }, bearer) },
		get("console, list of keys", "/console/acme/keys", cookie),
		get("GET /v1/audit?limit=20", "/v1/audit?limit=20"),
		get("… with actor and action", `/v1/audit?limit=20&actor=${ada?.id}&action=key.create`),
		get("… with a noun", "/v1/audit?limit=20&action=key"),
		getFar("audit, 40 pages on", "/v1/audit?limit=20"),
		getFar("audit with actor and action, 40 pages on", `/v1/audit?limit=20&actor=${ada?.id}&action=key.create`),
		get("policies", "/v1/policies?limit=20"),
		get("policies that are searched", "/v1/policies?limit=20&q=007"),
		search("event search", {}),
		search("… with data.n", { filters: [{ field: "data.n", operator: "eq", value: 1 }] }),
		get("GET /v1/people?limit=20", "/v1/people?limit=20"),
		getFar("people, 40 pages on", "/v1/people?limit=20"),
		get("people that are searched", "/v1/people?limit=20&q=0000007"),
		get("GET /v1/integrations?limit=20", "/v1/integrations?limit=20"),
		get("integrations that are searched", "/v1/integrations?limit=20&q=0000007"),
		get("GET /v1/installs?limit=20", "/v1/installs?limit=20"),
		getFar("installed, 40 pages on", "/v1/installs?limit=20"),
		get("installed, by a name that none has", "/v1/installs?limit=20&q=nothing"),
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
