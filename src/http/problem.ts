import { type Headers, json } from "./reply.ts";

/** RFC 9457: an error of the routes that have no error form of their own. `detail` is for people, and written by us. */
export interface Problem {
	readonly status: number;
	readonly title: string;
	readonly detail: string;
	/** Further members, such as the field that is wrong. */
	readonly more?: Readonly<Record<string, unknown>>;
}

export function problem({ status, title, detail, more }: Problem, headers: Headers = {}): Response {
	return json(
		status,
		{ type: "about:blank", title, status, detail, ...more },
		{ "content-type": "application/problem+json", ...headers },
	);
}
