import type { Permission } from "../../domain/permission.ts";
import { problem } from "../../http/problem.ts";
import type { PolicyRefusal } from "../../operations/keys/check-policies.ts";

/** What the routes of keys refuse with. */

export function notFound(what: "API key" | "access code" | "policy" | "link"): Response {
	return problem({ status: 404, title: "Not Found", detail: `There is no such ${what}.` });
}

export function conflict(detail: string, more?: Readonly<Record<string, unknown>>): Response {
	return problem({ status: 409, title: "Conflict", detail, ...(more && { more }) });
}

export function nameTaken(what: "API key" | "policy"): Response {
	const article = what === "policy" ? "a" : "an";
	const detail = `The account has ${article} ${what} of this name already.`;
	return conflict(detail, { errors: [{ field: "name", detail }] });
}

export function beyond(permission: Permission): Response {
	const detail = `Nobody gives what they may not do themselves: this needs the permission ${permission}.`;
	return problem({ status: 403, title: "Forbidden", detail, more: { permission } });
}

export function refusePolicies(refusal: PolicyRefusal): Response {
	if (refusal.kind === "beyond") return beyond(refusal.permission);
	const detail = "There is no such policy in this account.";
	return problem({
		status: 400,
		title: "Malformed request",
		detail: `policies: ${detail}`,
		more: { errors: [{ field: "policies", detail }] },
	});
}

export function policyNeeded(): Response {
	const detail = "A link needs at least one policy.";
	return problem({
		status: 400,
		title: "Malformed request",
		detail,
		more: { errors: [{ field: "policies", detail }] },
	});
}
