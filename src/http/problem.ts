import { codeOf, type ProblemCode, problemCodes } from "./problem-codes.ts";
import { type Headers, json } from "./reply.ts";

export interface ProblemOptions {
	/** Where it is more than the status says. */
	readonly code?: ProblemCode;
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
	415: "Unsupported Media Type",
	422: "Unprocessable Content",
	429: "Too Many Requests",
	503: "Service Unavailable",
};

/**
 * RFC 9457: an error of the routes that have no error form of their own. `detail` is for people, and written by us. Its `type` is a
 * path here, which http/request-id.ts makes an address of this deployment.
 */
export function problem(
	status: number,
	detail: string,
	{ code = codeOf(status), title = titles[status] ?? "Refused", more, headers }: ProblemOptions = {},
): Response {
	return json(
		status,
		{ type: `/docs/errors/${code}`, title, status, detail, code, ...more },
		{ "content-type": "application/problem+json", ...headers },
	);
}

/** Where members of the request are wrong: `errors` names each. */
export function fieldProblem(
	code: "wrong_members" | "wrong_query" | "password_wrong" | "one_time_code_wrong" | "passkey_wrong" | "taken",
	field: string,
	detail: string,
	whole = detail,
): Response {
	return problem(problemCodes[code], whole, { code, more: { errors: [{ field, detail }] } });
}
