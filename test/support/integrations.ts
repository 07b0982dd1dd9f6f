import { loggedIn } from "./logins.ts";
import { ada, codeOf, decide, type Login } from "./people.ts";
import { type Answer, ask, bearer, postJson } from "./requests.ts";
import { demo, now } from "./target.ts";
import { exchange, installPath, type Registered, tokensOf } from "./tokens.ts";

// What an integrator and an administrator say to the JSON API of integrations.

const kept = new Map<string, { token: string; at: number }>();

/** A login token of somebody who belongs to one account (Acme's administrator), an hour old at most. */
export async function tokenOf({ username, password }: Login = ada): Promise<string> {
	const known = kept.get(username);
	if (known && now() < known.at + 3600) return known.token;
	const token = await loggedIn({ username, password });
	kept.set(username, { token, at: now() });
	return token;
}

let made = 0;

/** A body that is accepted, but for what is said. */
export function integrationBody(changes: object = {}) {
	made += 1;
	return {
		name: `Radar ${made}`,
		description: "Draws deployments beside errors.",
		redirect_urls: ["https://radar.example/installed"],
		scopes: ["environments:read", "events:read"],
		...changes,
	};
}

export async function create(changes: object = {}, token?: string): Promise<Answer> {
	return postJson("/v1/integrations", integrationBody(changes), bearer(token ?? (await tokenOf())));
}

/** An integration of Acme's that has just been registered, as its makers know it. */
export async function anIntegration(changes: object = {}, token?: string): Promise<Registered & { name: string }> {
	const { status, body, text } = await create(changes, token);
	if (status !== 201) throw new Error(`Not created: ${status} ${text}`);
	const secret = body.client_secret as string | null;
	const redirectUris = body.redirect_urls as string[];
	const kind = body.kind as "integration" | "application";
	const client = { ...demo.integration.client, id: String(body.client_id), kind, redirectUris };
	return { client, secret, name: String(body.name) };
}

export async function call(method: string, path: string, token?: string, body?: object): Promise<Answer> {
	const headers = { ...bearer(token ?? (await tokenOf())), ...(body && { "content-type": "application/json" }) };
	return ask(path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
}

export function change(of: Registered, body: object, token?: string): Promise<Answer> {
	return call("PATCH", pathOf(of), token, body);
}

export function read(of: Registered, token?: string): Promise<Answer> {
	return call("GET", pathOf(of), token);
}

export function end(of: Registered, token?: string): Promise<Answer> {
	return call("DELETE", pathOf(of), token);
}

export function rotate(of: Registered, overlapDays: number, token?: string): Promise<Answer> {
	return call("POST", `${pathOf(of)}/secrets`, token, { overlap_days: overlapDays });
}

export function pathOf({ client }: Registered): string {
	return `/v1/integrations/${client.id}`;
}

/** Somebody installs it: both tokens. */
export async function installBy(of: Registered, who: Login = ada, account?: string) {
	const code = codeOf(await decide(installPath(of), { who, ...(account !== undefined && { account }) }));
	const { accessToken, refreshToken } = tokensOf(await exchange(code, { client: of }));
	if (refreshToken === null) throw new Error("No refresh token");
	return { accessToken, refreshToken };
}

export interface ShownInstall {
	readonly state: "installed" | "pending";
	readonly installed_at: string;
	readonly grant_id: string;
	readonly client_id: string;
	readonly name: string;
	readonly scopes: readonly string[];
	readonly installed_by: { readonly id: string; readonly name: string };
}

export async function installsOf(token?: string, query = ""): Promise<readonly ShownInstall[]> {
	const answer = await call("GET", `/v1/installs${query}`, token);
	if (answer.status !== 200) throw new Error(`No installs: ${answer.status} ${answer.text}`);
	return answer.body.installs as ShownInstall[];
}
