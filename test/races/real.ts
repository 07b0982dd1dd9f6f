import { demo } from "../support/demo-world.ts";
import { challenged, verified } from "../support/pkce.ts";
import { answerConsent, createPerson, type Person } from "../support/person.ts";
import { type Action, type ClientName, times } from "./model.ts";

/** Does what a person or a program would, and says of each answer what the model says. */
export interface Real {
	perform(action: Action, now: number): Promise<string>;
	/** Forgets what it was given: what follows is about new things. */
	startAnew(): void;
}

interface Answer {
	readonly status: number;
	readonly body: Readonly<Record<string, unknown>>;
}

interface Grant {
	readonly client: ClientName;
	readonly code: string;
	readonly refreshTokens: string[];
	accessToken: string;
}

interface Key {
	readonly id: string;
	readonly codes: { readonly id: string; readonly secret: string }[];
}

export function createReal(origin: string): Real {
	let grants: Grant[] = [];
	let keys: Key[] = [];
	let logins: string[] = [];
	const person: Person = createPerson(origin);
	/** Asked for once: no more than two passwords may be checked at a time. */
	const admins = new Map<string, { token: Promise<string>; at: number }>();
	const policies = new Map<string, string>();
	let made = 0;

	async function call(method: string, path: string, headers: Record<string, string>, body?: object): Promise<Answer> {
		const init = { method, headers: { ...headers, ...(body && { "content-type": "application/json" }) } };
		const response = await fetch(origin + path, { ...init, ...(body && { body: JSON.stringify(body) }) });
		const text = await response.text();
		const isObject = /json/.test(response.headers.get("content-type") ?? "");
		if (response.status >= 500) throw new Error(`${method} ${path}: ${response.status} ${text}`);
		return { status: response.status, body: isObject ? (JSON.parse(text) as Answer["body"]) : {} };
	}

	async function logIn(body: object): Promise<Answer> {
		return call("POST", "/auth/login", {}, body);
	}

	/** As the administrator of Acme, or of Globex. */
	async function asAdmin(
		where: "acme" | "globex",
		now: number,
		method: string,
		path: string,
		body?: object,
	): Promise<Answer> {
		let known = admins.get(where);
		if (!known || now >= known.at + times.login - 60) {
			const { username, password } = where === "acme" ? demo.ada : demo.grace;
			const sent = { username, password, account: where, session_id: `${where} ${now}` };
			known = { token: logIn(sent).then((answer) => String(answer.body.access_token)), at: now };
			admins.set(where, known);
			// Of one that a crash cut off there is no token.
			known.token.catch(() => admins.delete(where));
		}
		return call(method, path, { authorization: `Bearer ${await known.token}` }, body);
	}

	async function policy(where: "acme" | "globex", permission: string, now: number): Promise<string> {
		const name = `${where} ${permission}`;
		const known = policies.get(name);
		if (known !== undefined) return known;
		const body = { name: `Model ${permission} ${now}`, description: "For the model", permissions: [permission] };
		const { body: policyMade } = await asAdmin(where, now, "POST", "/v1/policies", body);
		policies.set(name, String(policyMade.id));
		return String(policyMade.id);
	}

	function token(client: ClientName, fields: Record<string, string>): Promise<Answer> {
		const { id, secret } = demo[client];
		return form("/oauth/token", { client_id: id, client_secret: secret, ...fields });
	}

	async function form(path: string, fields: Record<string, string>): Promise<Answer> {
		const response = await fetch(origin + path, { method: "POST", body: new URLSearchParams(fields) });
		const text = await response.text();
		if (response.status >= 500) throw new Error(`${path}: ${response.status} ${text}`);
		return { status: response.status, body: text === "" ? {} : (JSON.parse(text) as Answer["body"]) };
	}

	async function consent(client: ClientName): Promise<string> {
		const { id, redirectUri } = demo[client];
		const isIntegration = client === "integration";
		const query = { response_type: "code", client_id: id, redirect_uri: redirectUri, prompt: "consent", ...challenged };
		const link = isIntegration ? `/integrations/${id}` : `/oauth/authorize?${new URLSearchParams(query).toString()}`;
		const button = isIntegration ? "Install" : "Allow";
		const left = await answerConsent(person, link, demo.ada, button, { account: demo.accounts.acme });
		const code = left.searchParams.get("code");
		if (code === null) throw new Error(`No code: ${left.href}`);
		grants.push({ client, code, refreshTokens: [], accessToken: "" });
		return "done";
	}

	async function onGrant(action: Extract<Action, { grant: number }>): Promise<string> {
		const grant = grants[action.grant]!;
		const { client, code, refreshTokens } = grant;
		switch (action.do) {
			case "redeem": {
				const sent = { grant_type: "authorization_code", code, redirect_uri: demo[client].redirectUri };
				// An install (contract 000) knows no PKCE.
				const { status, body } = await token(client, client === "integration" ? sent : { ...sent, ...verified });
				if (status !== 200) return "refused";
				grant.accessToken = String(body.access_token);
				refreshTokens.push(String(body.refresh_token));
				return "done";
			}
			case "refresh": {
				const sent = { grant_type: "refresh_token", refresh_token: refreshTokens[action.token] ?? "" };
				const { status, body } = await token(client, sent);
				if (status !== 200) return "refused";
				grant.accessToken = String(body.access_token);
				if (client === "integration") return "done";
				const next = String(body.refresh_token);
				if (!refreshTokens.includes(next)) refreshTokens.push(next);
				return `token ${refreshTokens.indexOf(next) + 1}`;
			}
			case "revoke": {
				const { id, secret } = demo[client];
				const sent = { client_id: id, client_secret: secret, token: refreshTokens.at(-1) ?? "" };
				return (await form("/oauth/revoke", sent)).status === 200 ? "done" : "refused";
			}
			case "inspect": {
				const { id, secret } = demo[client];
				const sent = { client_id: id, client_secret: secret, token: grant.accessToken };
				return String((await form("/oauth/introspect", sent)).body.active);
			}
		}
	}

	async function onKey(
		action: Exclude<Action, { grant: number } | { do: "consent" | "make key" | "use login" }>,
		now: number,
	): Promise<string> {
		const key = keys[action.key]!;
		const path = `/v1/keys/${key.id}`;
		const own = (method: string, under: string, body?: object) => asAdmin("acme", now, method, path + under, body);
		const theirs = (method: string, body?: object) => asAdmin("globex", now, method, `/v1/links/${key.id}`, body);
		const code = "code" in action ? key.codes[action.code]! : { id: "", secret: "" };
		switch (action.do) {
			case "delete key":
				return answered(await own("DELETE", ""));
			case "switch key":
				return answered(await own("PATCH", "", { enabled: action.on }));
			case "add code": {
				const answer = await own("POST", "/codes", { description: `Code ${key.codes.length}` });
				const { id, secret } = answer.body;
				if (answer.status === 201) key.codes.push({ id: String(id), secret: String(secret) });
				return answered(answer);
			}
			case "rotate code": {
				const answer = await own("POST", `/codes/${code.id}/rotate`, { ends_in_days: 0 });
				const { id, secret } = answer.body;
				if (answer.status === 201) key.codes.push({ id: String(id), secret: String(secret) });
				return answered(answer);
			}
			case "switch code":
				return answered(await own("PATCH", `/codes/${code.id}`, { enabled: action.on }));
			case "delete code":
				return answered(await own("DELETE", `/codes/${code.id}`));
			case "link": {
				const body = { key_id: key.id, policies: [await policy("globex", "environments:read", now)] };
				return answered(await asAdmin("globex", now, "POST", "/v1/links", body));
			}
			case "unlink":
				return answered(await theirs("DELETE"));
			case "cut":
				return answered(await own("DELETE", `/links/${demo.accounts.globex}`));
			case "edit link": {
				const permission = action.opens ? "environments:read" : "alerts:read";
				return answered(await theirs("PATCH", { policies: [await policy("globex", permission, now)] }));
			}
			case "switch link": {
				const body = { enabled: action.on };
				if (action.by === "linker") return answered(await theirs("PATCH", body));
				return answered(await own("PATCH", `/links/${demo.accounts.globex}`, body));
			}
			case "use code": {
				const query = action.away ? "?account=globex" : "";
				return String((await call("GET", `/v1/environments${query}`, { "x-api-key": code.secret })).status);
			}
			case "log in": {
				const { status, body } = await logIn({ api_key: code.secret, session_id: "model" });
				if (status !== 200) return "refused";
				const given = String(body.access_token);
				if (!logins.includes(given)) logins.push(given);
				return `login ${logins.indexOf(given)}`;
			}
			case "look":
				return look(key.id, now);
		}
	}

	async function look(id: string, now: number): Promise<string> {
		const [own, codes, links, linked] = await Promise.all([
			asAdmin("acme", now, "GET", `/v1/keys/${id}`),
			asAdmin("acme", now, "GET", `/v1/keys/${id}/codes`),
			asAdmin("acme", now, "GET", `/v1/keys/${id}/links`),
			asAdmin("globex", now, "GET", `/v1/keys/${id}`),
		]);
		const shown = linked.body.switched_off_by as readonly string[] | undefined;
		const theirs = linked.status === 200 ? [...(shown ?? [])].toSorted().join(" ") || "on" : "gone";
		if (own.status !== 200) return `gone | ${theirs}`;
		const [link] = links.body.links as readonly { switched_off_by: readonly string[] }[];
		const seen = codes.body.codes as readonly { enabled: boolean; expires_at: string }[];
		const states = seen
			.map(({ enabled, expires_at }) =>
				Date.parse(expires_at) / 1000 > now ? (enabled ? "on" : "off") : enabled ? "ended" : "ended off",
			)
			.toSorted();
		const off = link ? [...link.switched_off_by].toSorted().join(" ") || "on" : "none";
		const state = own.body.state === "enabled" ? "on" : "off";
		return `${state} codes ${states.join(" ")} links ${off} | ${theirs}`;
	}

	return {
		async perform(action, now) {
			if (action.do === "consent") return consent(action.client);
			if ("grant" in action) return onGrant(action);
			if (action.do === "use login") {
				const headers = { authorization: `Bearer ${logins[action.login] ?? ""}` };
				return String((await call("GET", "/v1/environments", headers)).status);
			}
			if (action.do === "make key") {
				made += 1;
				const body = { name: `Model ${now} ${made}`, policies: [await policy("acme", "environments:read", now)] };
				const answer = await asAdmin("acme", now, "POST", "/v1/keys", body);
				keys.push({ id: String(answer.body.id), codes: [] });
				return answered(answer);
			}
			return onKey(action, now);
		},
		startAnew() {
			grants = [];
			keys = [];
			logins = [];
		},
	};
}

function answered({ status }: Answer): string {
	return status < 400 ? "done" : "refused";
}
