import { isOpenTo, scopeOfApi, servedBy } from "../../domain/api.ts";
import type { Client } from "../../domain/client.ts";
import { isPermission } from "../../domain/permission.ts";
import { type AccessCodeCheck, checkAccessCode } from "./check-access-code.ts";
import type { Services } from "../services.ts";

type GoodCode = Extract<AccessCodeCheck, { kind: "good" }>;

export type VerifiedKey =
	/** `resource`: the APIs whose permissions these are; null for latchkey's own. */
	(GoodCode & { readonly resource: readonly string[] | null }) | Exclude<AccessCodeCheck, GoodCode>;

/** No account has this id: one that is not there, and one that is nothing to the caller, are one answer (DESIGN §3.7). */
const nowhere = "";

/**
 * What an access code permits at the APIs that a client serves, and of nothing else; at latchkey, for one that serves none. It is
 * asked in the client's own account; whoever serves an API of the whole deployment asks in the key owner's, or in the one named.
 */
export async function verifyKeyFor(
	caller: Client & { readonly accountId: string },
	{ key, account: slug }: { readonly key: string; readonly account: string | null },
	services: Services,
): Promise<VerifiedKey> {
	const { lookups } = services;
	const served = servedBy(caller, (await lookups.apisOf(caller.accountId)) ?? []);
	const isOfAll = served.some(({ accountId }) => accountId === null);
	const accountOf = async () => {
		if (slug === null) return isOfAll ? null : caller.accountId;
		const account = await lookups.accountBySlug(slug);
		return account && (isOfAll || account.id === caller.accountId) ? account.id : nowhere;
	};
	const check = await checkAccessCode(key, accountOf, services);
	if (check.kind === "refused") return check;
	if (served.length === 0) return { ...check, permissions: check.permissions.filter(isPermission), resource: null };
	const there = served.filter((api) => isOpenTo(api, check.accountId));
	const offered = there.flatMap(scopeOfApi);
	return {
		...check,
		permissions: check.permissions.filter((each) => offered.includes(each)),
		resource: there.map(({ identifier }) => identifier),
	};
}
