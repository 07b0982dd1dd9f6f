import { bounds } from "../../domain/bounds.ts";
import { preconditionFailed } from "../../http/preconditions.ts";
import { fieldProblem } from "../../http/problem.ts";
import type { ApiDeleted, ApiEdited } from "../../operations/apis/apis.ts";
import { inUse, limitReached, malformed, nameTaken, notFound, overtaken } from "../refusals.ts";

type Refusal = Exclude<ApiEdited | ApiDeleted, { kind: "written" | "deleted" }>;

/** `notPermitted`: what is said to whoever may not write any more. */
export function refuseApi(refusal: Refusal, notPermitted: () => Response): Response {
	switch (refusal.kind) {
		case "invalid":
			return malformed(refusal.problems);
		case "unknown":
			return notFound("API");
		case "identifier_taken": {
			const by = refusal.by === null ? "" : ` by ${refusal.by}`;
			return fieldProblem(
				"taken",
				"identifier",
				`This identifier is taken${by}, be it in other letters or with a slash: choose another, or edit that API.`,
			);
		}
		case "permission_taken": {
			const { permission, by } = refusal;
			const whose = by === null ? "An account's own API" : `The API ${by}`;
			return fieldProblem(
				"taken",
				"permissions",
				`${whose} has a permission ${permission} already: choose another name for it.`,
			);
		}
		case "name_taken":
			return nameTaken("There is an API of this name already.");
		case "full":
			return limitReached(bounds.apis);
		case "not_permitted":
			return notPermitted();
		case "in_use": {
			const { names, use } = refusal;
			const detail =
				`Policies or clients name what goes (${names.join(" ")}), and would lose it. ` +
				"To remove it all the same, send force=true.";
			return inUse(detail, { ...use });
		}
		case "stale":
			return preconditionFailed();
		case "overtaken":
			return overtaken();
	}
}
