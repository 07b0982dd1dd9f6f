import { type Headers, json } from "./reply.ts";

export interface ProblemOptions {
	/** Where it says more than the status. */
	readonly title?: string;
	/** Further members. */
	readonly more?: Readonly<Record<string, unknown>>;
	readonly headers?: Headers;
}

const titles: Readonly<Record<number, string>> = {
	400: "Malformed request",
	401: "Unauthorized",
	403: "Forbidden",
	404: "Not Found",
	405: "Method Not Allowed",
	408: "Request Timeout",
	409: "Conflict",
	412: "Precondition Failed",
	413: "Content Too Large",
	429: "Too Many Requests",
	503: "Service Unavailable",
};

/** RFC 9457: an error of the routes that have no error form of their own. `detail` is for people, and written by us. */
export function problem(
	status: number,
	detail: string,
	{ title = titles[status] ?? "Refused", more, headers }: ProblemOptions = {},
): Response {
	return json(
		status,
		{ type: "about:blank", title, status, detail, ...more },
		{ "content-type": "application/problem+json", ...headers },
	);
}

/** Where members of the request are wrong: `errors` names each. */
export function fieldProblem(status: 400 | 403 | 409, field: string, detail: string, whole = detail): Response {
	return problem(status, whole, { more: { errors: [{ field, detail }] } });
}
