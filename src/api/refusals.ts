import { type Bound, isFull } from "../domain/bounds.ts";
import type { FieldProblem } from "../domain/client-option-problems.ts";
import type { Limited } from "../domain/limit.ts";
import { fieldProblem, problem } from "../http/problem.ts";
import { rateLimitHeaders } from "../http/rate-limit.ts";

// What the routes of several subjects refuse with.

export function notFound(what: string): Response {
	return problem(404, `There is no such ${what}.`);
}

export function conflict(detail: string, more: Readonly<Record<string, unknown>> = {}): Response {
	return problem(409, detail, { more });
}

export function overtaken(): Response {
	const detail = "Others change this all the time. Read it again, and send once more what is still to be changed.";
	return problem(409, detail, { code: "overtaken" });
}

/** There are as many as there may be. */
export function limitReached(bound: Bound): Response {
	return problem(409, `${isFull(bound)} Delete one that nobody needs, and try again.`, { code: "limit_reached" });
}

/** An environment stores no more of this hour, or so much at once in none. */
export function notIngested(why: Limited | { readonly kind: "too_many" }): Response {
	if (why.kind === "too_many") return problem(413, "This is more than an environment may store in an hour.");
	const detail = "This environment has stored as much as it may in an hour. Try again later.";
	return problem(429, detail, { headers: rateLimitHeaders(why) });
}

/** What is to be deleted is used, by what `use` names. */
export function inUse(detail: string, use: Readonly<Record<string, unknown>>): Response {
	return problem(409, detail, { code: "in_use", more: use });
}

export function nameTaken(detail: string): Response {
	return fieldProblem("taken", "name", `${detail} Choose another name.`);
}

export function beyond(permission: string): Response {
	const detail = `Nobody gives what they may not do themselves: this needs the permission ${permission}.`;
	return problem(403, detail, { code: "permission_missing", more: { permission } });
}

/** As http/read-json.ts tells of fields that a schema refuses. */
export function malformed(errors: readonly FieldProblem[]): Response {
	const detail = errors.map((each) => `${each.field}: ${each.detail}`).join(" ");
	return problem(400, detail, { code: "wrong_members", more: { errors } });
}
