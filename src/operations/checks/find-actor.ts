import type { PresentedToken, Unproven } from "../../domain/dpop-proof.ts";
import { isPermission, permissionsIn } from "../../domain/permission.ts";
import type { Limited } from "../../domain/limit.ts";
import { toScope } from "../../domain/scope.ts";
import type { Actor } from "../actor.ts";
import type { Services } from "../services.ts";
import { checkAccessCode } from "./check-access-code.ts";
import { checkToken } from "./check-token.ts";
import { readKeyFileToken } from "./key-file-token.ts";
import { partiesOfKey } from "../parties.ts";

export type ActorCheck =
	| { kind: "actor"; actor: Actor }
	| { kind: "expired" | "invalid" }
	| Unproven
	/** Good, and of another account than the one that is asked for. */
	| { kind: "elsewhere" }
	/** Good, and used as often as its key may be just now. */
	| ({ kind: "limited" } & Omit<Limited, "kind">);

/**
 * Whose credential this is. `accountOf` finds the account that the request is about; null is the token's own, or that of the
 * key's owner (DESIGN §2.2). It is asked once the credential is known to be of ours: what a stranger names looks nothing up. `path` is that of the resource, for which a token has to be.
 */
export async function findActor(
	presented: PresentedToken | { kind: "api_key"; value: string },
	accountOf: () => Promise<string | null>,
	at: { readonly path: string; readonly address: string | null },
	services: Services,
): Promise<ActorCheck> {
	const { path, address } = at;
	// Contract 004: a bearer that is no JWT (those have dots) may be the token of a key file, which holds an access code.
	const isKeyFile = presented.kind === "bearer" && !presented.value.includes(".");
	const inFile = isKeyFile ? await readKeyFileToken(presented.value, services.serverKeys) : null;
	if (presented.kind === "api_key" || inFile !== null) {
		const check = await checkAccessCode(inFile ?? presented.value, accountOf, address, services);
		if (check.kind === "refused" && check.limited) return { kind: "limited", ...check.limited };
		if (check.kind === "refused") return { kind: check.reason === "no_access" ? "elsewhere" : "invalid" };
		services.usage.note("check", partiesOfKey(check));
		return {
			kind: "actor",
			actor: {
				subject: check.keyId,
				accountId: check.accountId,
				permissions: check.permissions.filter(isPermission),
				gives: { scope: check.permissions },
				address,
			},
		};
	}
	const checked = await checkToken(presented, path, services);
	if (checked.kind !== "valid") return checked;
	const { subject, scope, accountId: own } = checked.facts;
	const accountId = await accountOf();
	if (accountId !== null && accountId !== own) return { kind: "elsewhere" };
	return {
		kind: "actor",
		actor: {
			subject,
			accountId: own,
			permissions: toScope(scope.flatMap(permissionsIn)),
			...(checked.gives && { gives: checked.gives }),
			address,
		},
	};
}
