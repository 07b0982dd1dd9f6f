import { fieldProblem } from "../../http/problem.ts";
import type { PolicyRefusal } from "../../operations/keys/check-policies.ts";
import { beyond } from "../refusals.ts";

export function refusePolicies(refusal: PolicyRefusal): Response {
	if (refusal.kind === "beyond") return beyond(refusal.permission);
	const detail = "There is no such policy in this account.";
	return fieldProblem("wrong_members", "policies", detail, `policies: ${detail}`);
}

export function policyNeeded(): Response {
	return fieldProblem("wrong_members", "policies", "A link needs at least one policy.");
}
