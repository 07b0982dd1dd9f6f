import { type Agreeable } from "../../domain/effective-scope.ts";
import { closedTarget } from "../../domain/targets.ts";
import { accountsOf, type AnySignedIn } from "../../operations/people/sign-in.ts";
import type { Services } from "../../operations/services.ts";
import { agreedIn } from "../../operations/tokens/agreed-in.ts";
import type { AuthorizationRequest } from "./request.ts";

/** An account that a person can say yes in, and what they would give there. */
export type Offer = Awaited<ReturnType<typeof accountsOf>>[number] & Agreeable;

/** Why a person has no account to say yes in: they belong to none, to none that has that API, or their roles permit nothing. */
export type Nowhere = "no_account" | "no_api" | "no_role";

/**
 * Nobody can allow what their own role does not, nor anything of an API that is another account's. An account in which that leaves
 * nothing is not offered.
 */
export async function offersTo(
	me: AnySignedIn,
	{ client, scope, targets }: Pick<AuthorizationRequest, "client" | "scope" | "targets">,
	services: Services,
): Promise<{ readonly offers: readonly Offer[]; readonly nowhere: Nowhere | null }> {
	const accounts = await accountsOf(me, services);
	const open = accounts.filter(({ account }) => closedTarget(targets, account.id) === null);
	const found = await Promise.all(
		open.map(async (each) => {
			const left = await agreedIn({ client, accountId: each.account.id, role: each.role }, scope, targets, services);
			return left ? [{ ...each, ...left }] : [];
		}),
	);
	const offers = found.flat();
	if (offers.length > 0) return { offers, nowhere: null };
	return { offers, nowhere: accounts.length === 0 ? "no_account" : open.length === 0 ? "no_api" : "no_role" };
}
