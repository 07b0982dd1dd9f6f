import type { Request } from "./load.ts";

type Headers = Readonly<Record<string, string>>;

export function form(path: string, fields: Readonly<Record<string, string>>, headers: Headers = {}): Request {
	const body = new URLSearchParams(fields).toString();
	return {
		method: "POST",
		path,
		headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
		body,
	};
}

export function json(path: string, body: object, headers: Headers = {}): Request {
	const sent = { "content-type": "application/json", ...headers };
	return { method: "POST", path, headers: sent, body: JSON.stringify(body) };
}

export function authorizePath(query: Readonly<Record<string, string>>): string {
	return `/oauth/authorize?${new URLSearchParams(query).toString()}`;
}
