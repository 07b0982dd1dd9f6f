import { type Agreeable } from "../../domain/effective-scope.ts";
import { closedTarget } from "../../domain/targets.ts";
import { accountsOf, type AnySignedIn } from "../../operations/people/sign-in.ts";
import type { Services } from "../../operations/services.ts";
import { agreedIn } from "../../operations/tokens/agreed-in.ts";
import type { AuthorizationRequest } from "./request.ts";

/** An account that a person can say yes in, and what they would give there. */
export type Offer = Awaited<ReturnType<typeof accountsOf>>["open"][number] & Agreeable;

/**
 * Why a person has no account to say yes in: they belong to none, to none that opens to so weak a sign-in, to none that has that API, or
 * their roles permit nothing.
 */
export type Nowhere = "no_account" | "too_weak" | "no_api" | "no_role";

/**
 * Nobody can allow what their own role does not, nor anything of an API that is another account's. An account in which that leaves
 * nothing is not offered, nor is one that asks for a stronger sign-in than this one.
 */
export async function offersTo(
	me: AnySignedIn,
	{ client, scope, targets }: Pick<AuthorizationRequest, "client" | "scope" | "targets">,
	services: Services,
): Promise<{
	readonly offers: readonly Offer[];
	readonly nowhere: Nowhere | null;
	readonly tooStrong: readonly {
		readonly slug: string;
		readonly name: string;
		/** The provider that is to be signed in through; null: a second factor is asked for. */
		readonly onlyThrough: string | null;
	}[];
}> {
	const accounts = await accountsOf(me, services);
	const tooStrong = accounts.tooStrong.map(({ account: { slug, name, onlyThrough }, unmet }) => ({
		slug,
		name,
		onlyThrough: unmet === "provider" ? (onlyThrough ?? null) : null,
	}));
	const open = accounts.open.filter(({ account }) => closedTarget(targets, account.id) === null);
	const found = await Promise.all(
		open.map(async (each) => {
			const left = await agreedIn({ client, accountId: each.account.id, role: each.role }, scope, targets, services);
			return left ? [{ ...each, ...left }] : [];
		}),
	);
	const offers = found.flat();
	if (offers.length > 0) return { offers, nowhere: null, tooStrong };
	const none = tooStrong.length > 0 ? "too_weak" : "no_account";
	return { offers, nowhere: accounts.open.length === 0 ? none : open.length === 0 ? "no_api" : "no_role", tooStrong };
}
