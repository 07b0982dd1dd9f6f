import { permittedBy } from "../../domain/api.ts";
import { effectiveScope } from "../../domain/effective-scope.ts";
import type { Person } from "../../domain/person.ts";
import type { Scope } from "../../domain/scope.ts";
import { accountsOf } from "../../operations/people/sign-in.ts";
import type { Services } from "../../operations/services.ts";
import type { AuthorizationRequest } from "./request.ts";

/** An account that a person can say yes in, and what they would give there. */
export type Offer = Awaited<ReturnType<typeof accountsOf>>[number] & { readonly scope: Scope };

/** Nobody can allow what their own role does not. An account in which that leaves nothing is not offered. */
export async function offersTo(
	person: Person,
	{ scope }: Pick<AuthorizationRequest, "scope">,
	services: Services,
): Promise<{ readonly offers: readonly Offer[]; readonly hasAccounts: boolean }> {
	const accounts = await accountsOf(person, services);
	const offers = accounts.flatMap((each) => {
		const left = effectiveScope(scope, permittedBy(each.role, []));
		return left ? [{ ...each, scope: left }] : [];
	});
	return { offers, hasAccounts: accounts.length > 0 };
}
