import { ada, formOn, type Login, signedIn } from "./people.ts";
import { type Answer, ask, ownPage, postForm, postJson } from "./requests.ts";

export interface Pair {
	readonly access: string;
	readonly refresh: string;
}

export interface Pairs {
	readonly read: Pair;
	readonly write: Pair;
	readonly delete: Pair;
}

/** Opens the API Access page and presses "Generate Tokens". */
export async function generated(who: Login = ada, slug = "acme"): Promise<Pairs> {
	return pairsOn(await pressGenerate(who, slug));
}

export async function pressGenerate(who: Login, slug: string, fields: Record<string, string> = {}): Promise<Answer> {
	const cookie = await signedIn(who);
	const page = await ask(`/console/${slug}/api-access`, { headers: { cookie } });
	const form = formOn(page, "id");
	// It asks for the password where the sign-in is a while old.
	const proof = page.text.includes('name="password"') ? { password: who.password } : {};
	return postForm(form.action, { ...form.hidden, ...proof, ...fields }, { cookie, ...ownPage });
}

/** The tokens that the page shows. */
export function pairsOn(page: Answer): Pairs {
	if (page.status !== 200) throw new Error(`No tokens: ${page.status} ${page.text}`);
	const shown = (id: string) => {
		const text = new RegExp(`<code id="${id}"[^>]*>([^<]+)</code>`).exec(page.text)?.[1];
		if (text === undefined) throw new Error(`The page does not show ${id}`);
		return text;
	};
	const pair = (scope: string) => ({ access: shown(`${scope}-access`), refresh: shown(`${scope}-refresh`) });
	return { read: pair("read"), write: pair("write"), delete: pair("delete") };
}

/** The header of contract 002. */
export function last9(token: string): Record<string, string> {
	return { "X-LAST9-API-TOKEN": `Bearer ${token}` };
}

export function refreshPair(refreshToken: string, path = "/v4/oauth/access_token"): Promise<Answer> {
	return postJson(path, { refresh_token: refreshToken });
}

/** The pair that a refresh gave, where it has to. */
export function nextPair({ status, text, body }: Answer): Pair {
	if (status !== 200) throw new Error(`Not refreshed: ${status} ${text}`);
	return { access: String(body.access_token), refresh: String(body.refresh_token) };
}

export const changeEvent = {
	timestamp: "2024-01-15T17:57:22+05:30",
	event_name: "new_deployment",
	event_state: "start",
	attributes: { env: "production", k8s_cluster: "prod-us-east-1", app: "backend-api" },
};

export function putEvent(token: string, event: object = changeEvent, slug = "acme"): Promise<Answer> {
	return ask(`/api/v4/organizations/${slug}/change_events`, {
		method: "PUT",
		body: JSON.stringify(event),
		headers: { "content-type": "application/json", ...last9(token) },
	});
}

export interface ListedEvent {
	readonly id: string;
	readonly timestamp: string;
	readonly event_name: string;
	readonly event_state: string;
	readonly attributes: Record<string, string>;
}

export async function eventsOf(token: string, query = "", slug = "acme"): Promise<readonly ListedEvent[]> {
	const answer = await listEvents(token, query, slug);
	if (answer.status !== 200) throw new Error(`No events: ${answer.status} ${answer.text}`);
	const { change_events: events }: { change_events: readonly ListedEvent[] } = JSON.parse(answer.text);
	return events;
}

export function listEvents(token: string, query = "", slug = "acme"): Promise<Answer> {
	return ask(`/api/v4/organizations/${slug}/change_events${query}`, { headers: last9(token) });
}

export function deleteEvent(token: string, id: string, slug = "acme"): Promise<Answer> {
	return ask(`/api/v4/organizations/${slug}/change_events/${id}`, { method: "DELETE", headers: last9(token) });
}

/** A refusal of contract 002's routes, such as `401 Authorization token is expired`: one member, and nothing else shown. */
export function pairRefusal({ status, headers, text, body }: Answer): string {
	if (status < 400) throw new Error(`Not refused: ${status} ${text}`);
	const isPlain = headers.get("content-type") === "application/json" && Object.keys(body).join(" ") === "error";
	if (!isPlain || headers.get("cache-control") !== "no-store") throw new Error(`Not the contract's error: ${text}`);
	if (/\b\w+Error\b|undefined|\bnull\b|NaN|SQLITE|D1_/.test(text))
		throw new Error(`A refusal that shows the inside: ${text}`);
	return `${status} ${String(body.error)}`;
}
