import type { FieldProblem } from "../domain/client-option-problems.ts";
import { fieldProblem, problem } from "../http/problem.ts";

// What the routes of several subjects refuse with.

export function notFound(what: string): Response {
	return problem(404, `There is no such ${what}.`);
}

export function conflict(detail: string, more: Readonly<Record<string, unknown>> = {}): Response {
	return problem(409, detail, { more });
}

export function overtaken(): Response {
	return conflict("Others change this all the time. Read it again, and send once more what is still to be changed.");
}

export function nameTaken(detail: string): Response {
	return fieldProblem(409, "name", detail);
}

export function beyond(permission: string): Response {
	const detail = `Nobody gives what they may not do themselves: this needs the permission ${permission}.`;
	return problem(403, detail, { more: { permission } });
}

/** As http/read-json.ts tells of fields that a schema refuses. */
export function malformed(errors: readonly FieldProblem[]): Response {
	const detail = errors.map((each) => `${each.field}: ${each.detail}`).join(" ");
	return problem(400, detail, { more: { errors } });
}
