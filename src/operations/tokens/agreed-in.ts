import { type Agreeable, agreeable, type Holder } from "../../domain/effective-scope.ts";
import type { Scope } from "../../domain/scope.ts";
import { closedTarget, type Targets } from "../../domain/targets.ts";
import type { Services } from "../services.ts";
import { visibleBeside } from "../targets.ts";

/** What of a request a person can allow in one account; null where that is nothing, or where its APIs are another's. */
export async function agreedIn(
	holder: Holder & { readonly accountId: string },
	scope: Scope,
	targets: Targets,
	services: Services,
): Promise<Agreeable | null> {
	if (closedTarget(targets, holder.accountId) !== null) return null;
	return agreeable(scope, targets, holder, await visibleBeside(targets, holder.accountId, services));
}
