import { builtInPolicy } from "../../domain/policy.ts";
import { type Actor, lackedPermission } from "../actor.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

export type PolicyRefusal =
	/** Not there, or of another account. */
	| { kind: "unknown_policy"; id: string }
	/** The actor would give away what it may not do itself. */
	| { kind: "beyond"; permission: string };

/** Whether an actor may give a key these policies of its account. Those that the key has already may stay. */
export async function checkPolicies(
	ids: readonly string[],
	given: readonly string[],
	actor: Actor,
	services: Services,
): Promise<PolicyRefusal | null> {
	const own = ids.length > 0 ? await portsOf(services).register.policies(actor.accountId) : [];
	for (const id of ids) {
		const policy = own.find((each) => each.id === id);
		if (!policy && id === builtInPolicy.id && given.includes(id)) continue;
		if (!policy) return { kind: "unknown_policy", id };
		const permission = given.includes(id) ? null : await lackedPermission(actor, policy.permissions, services);
		if (permission) return { kind: "beyond", permission };
	}
	return null;
}
