import { setTimeout as passed } from "node:timers/promises";
import { issuer, send } from "./target.ts";

/** A response, read to its end. */
export interface Answer {
	readonly status: number;
	readonly headers: Headers;
	readonly text: string;
	/** The members of a JSON object; empty for whatever else it was. */
	readonly body: Readonly<Record<string, unknown>>;
}

/** Undefined leaves a field out. */
export type Fields = Readonly<Record<string, string | number | undefined>>;

export async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
	const response = await send(path, init);
	const { status, headers } = response;
	const text = await response.text();
	if (status === 429) requireLimit(headers);
	requireNoCookies(headers);
	return { status, headers, text, body: /json/.test(headers.get("content-type") ?? "") ? asObject(text) : {} };
}

/** Where too many passwords are being checked one comes again, as one is told to. */
export async function whenNotBusy(attempt: () => Promise<Answer>): Promise<Answer> {
	let answer = await attempt();
	for (let again = 0; answer.status === 503 && again < 20; again++) {
		await passed(100);
		answer = await attempt();
	}
	return answer;
}

export function postForm(path: string, fields: Fields, headers: Record<string, string> = {}): Promise<Answer> {
	return post(path, new URLSearchParams(given(fields)).toString(), {
		"content-type": "application/x-www-form-urlencoded",
		...headers,
	});
}

export function postJson(path: string, fields: object, headers: Record<string, string> = {}): Promise<Answer> {
	return post(path, JSON.stringify(fields), { "content-type": "application/json", ...headers });
}

export function post(path: string, body: string, headers: Record<string, string> = {}): Promise<Answer> {
	return ask(path, { method: "POST", body, headers });
}

/** What a browser says of a form that one of our own pages sends. */
export const ownPage = { origin: issuer, "sec-fetch-site": "same-origin" };

/** RFC 6749 §2.3.1: form-encoded first. */
export function basic(id: string, secret: string): { authorization: string } {
	return { authorization: `Basic ${btoa(`${formEncoded(id)}:${formEncoded(secret)}`)}` };
}

function formEncoded(text: string): string {
	return new URLSearchParams({ a: text }).toString().slice(2);
}

export function bearer(token: string): { authorization: string } {
	return { authorization: `Bearer ${token}` };
}

/**
 * A refusal in short, such as `400 invalid_grant`, `401 Unauthorized` or `403 Not from here` (a page's heading). Fails
 * where it could be cached, or shows anything that is inside (DESIGN §4.8).
 */
export function refusal(answer: Answer): string {
	const { status, headers, text, body } = answer;
	if (status < 400) throw new Error(`Not refused: ${status} ${text}`);
	if (headers.get("cache-control") !== "no-store") throw new Error(`A refusal that may be cached: ${status} ${text}`);
	if (headers.get("x-content-type-options") !== "nosniff") throw new Error("A refusal without nosniff");
	const inside =
		/\b\w+Error\b|\.tsx?\b|node_modules|\bat \S+:\d|undefined|\bnull\b|\bNaN\b|\[object|SQLITE|\bD1_[A-Z]+/.exec(text);
	if (inside) throw new Error(`A refusal that shows ${inside[0]}: ${text}`);
	const type = headers.get("content-type") ?? "";
	if (type === "application/problem+json") {
		if (body.status !== status) throw new Error(`RFC 9457 §3.1.3: ${status} says ${String(body.status)}`);
		return `${status} ${String(body.title)}`;
	}
	if (type === "application/json") {
		const names = Object.keys(body).join(" ");
		if (names !== "error error_description") throw new Error(`RFC 6749 §5.2: unexpected members in ${text}`);
		// RFC 6749 §5.2: %x20-21 / %x23-5B / %x5D-7E
		if (!/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/.test(String(body.error_description))) throw new Error(text);
		return `${status} ${String(body.error)}`;
	}
	return `${status} ${headingOf(text)}`;
}

/** The text of an answer, but for which request it was of: to see whether two refusals are one. */
export function saidIn({ headers, text }: Answer): string {
	// What a passkey would be asked with is another each time.
	const said = text.replaceAll(/(?<=&quot;challenge&quot;:&quot;)[\w-]{90,100}/g, "…");
	return said.replaceAll(headers.get("request-id") ?? "no id", "…");
}

/** Whoever is told to wait is told by which limit, of how much, and for how long: in every answer that the suite sees. */
function requireLimit(headers: Headers): void {
	const [, met, wait] = /^"([a-z0-9-]+)";r=0;t=(\d+)$/.exec(headers.get("ratelimit") ?? "") ?? [];
	const [, named] = /^"([a-z0-9-]+)";q=[1-9]\d*;w=[1-9]\d*$/.exec(headers.get("ratelimit-policy") ?? "") ?? [];
	const isSame = met !== undefined && met === named && Number(wait) > 0 && wait === headers.get("retry-after");
	if (!isSame) throw new Error(`A 429 that does not say which limit was met: ${JSON.stringify([...headers])}`);
}

/** Fetch §3.2.3: what a page of any origin may read neither takes cookies nor sets one, in every answer that the suite sees. */
function requireNoCookies(headers: Headers): void {
	const origin = headers.get("access-control-allow-origin");
	const isSound = origin === null || (origin === "*" && !headers.has("set-cookie"));
	if (!isSound || headers.has("access-control-allow-credentials")) {
		throw new Error(`A page of another origin could read what a cookie opens: ${JSON.stringify([...headers])}`);
	}
}

/** Where a redirect goes. */
export function locationOf(answer: Answer): URL {
	const location = answer.headers.get("location");
	if (answer.status !== 303 || location === null) throw new Error(`Not a redirect: ${answer.status} ${answer.text}`);
	return new URL(location, issuer);
}

export function times<Result>(count: number, make: (index: number) => Result): Result[] {
	return Array.from({ length: count }, (_, index) => make(index));
}

export function given(fields: Fields): Record<string, string> {
	return Object.fromEntries(
		Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
	);
}

function headingOf(html: string): string {
	return /<h1[^>]*>(.*?)<\/h1>/s.exec(html)?.[1]?.replaceAll(/<[^>]*>/g, "") ?? `no heading in ${html}`;
}

function asObject(text: string): Record<string, unknown> {
	const value: unknown = text === "" ? {} : JSON.parse(text);
	return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
