import { toScope, type Scope } from "../domain/scope.ts";
import type { SubjectId } from "../domain/subject.ts";
import { permissionsIn } from "../domain/permission.ts";
import { checkAccessCode } from "./check-access-code.ts";
import { checkToken } from "./check-token.ts";
import type { Services } from "./services.ts";

/** Whoever does something in an account, and what they may do there now. */
export interface Actor {
	readonly subject: SubjectId;
	readonly accountId: string;
	/** Permissions alone: a token's scope values are resolved to what they stand for. */
	readonly permissions: Scope;
	readonly address: string | null;
}

export type ActorCheck =
	| { kind: "actor"; actor: Actor }
	| { kind: "expired" | "invalid" }
	/** Good, and of another account than the one that is asked for. */
	| { kind: "elsewhere" };

/**
 * Whose credential this is. `accountId` is the account that the request is about; null is the token's own, or that of the
 * key's owner (DESIGN §2).
 */
export async function findActor(
	presented: { kind: "bearer" | "api_key"; value: string },
	accountId: string | null,
	address: string | null,
	services: Services,
): Promise<ActorCheck> {
	if (presented.kind === "api_key") {
		const check = await checkAccessCode(presented.value, accountId, services);
		if (check.kind === "refused") return { kind: check.reason === "no_access" ? "elsewhere" : "invalid" };
		return {
			kind: "actor",
			actor: { subject: check.keyId, accountId: check.accountId, permissions: check.permissions, address },
		};
	}
	const checked = await checkToken(presented.value, services);
	if (checked.kind !== "valid") return checked;
	const { subject, scope, accountId: own } = checked.facts;
	if (accountId !== null && accountId !== own) return { kind: "elsewhere" };
	return {
		kind: "actor",
		actor: { subject, accountId: own, permissions: toScope(scope.flatMap(permissionsIn)), address },
	};
}
