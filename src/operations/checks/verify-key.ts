import { isOpenTo, scopeOfApi, servedBy } from "../../domain/api.ts";
import type { Seconds } from "../../domain/brands.ts";
import type { Client } from "../../domain/client.ts";
import { isPermission } from "../../domain/permission.ts";
import { checkAccessCode } from "./check-access-code.ts";
import type { VerifiedKey } from "./verdicts.ts";
import type { Services } from "../services.ts";
import { partiesOfClient, partiesOfKey } from "../parties.ts";
import type { Checked, Dated } from "../verdict-memory.ts";

type Caller = Client & { readonly accountId: string };

interface Presented {
	readonly key: string;
	/** The account that it is about, by its slug; null where none is named. */
	readonly account: string | null;
	/** Where it was shown, as the caller saw it; null where it does not say. */
	readonly address: string | null;
}

/** No account has this id: one that is not there, and one that is nothing to the caller, are one answer (DESIGN §3.7). */
const nowhere = "";

/**
 * What an access code permits at the APIs that a client serves, and of nothing else; at latchkey, for one that serves none. It is
 * asked in the client's own account; whoever serves an API of the whole deployment asks in the key owner's, or in the one named.
 * As it stands now, or stood less than `maxStaleness` ago.
 */
export function verifyKeyFor(
	caller: Caller,
	presented: Presented,
	maxStaleness: Seconds,
	services: Services,
): Promise<Dated<VerifiedKey>> {
	const question = [caller.id, presented.account, presented.key, presented.address];
	return services.verdicts.keys.answer(question, maxStaleness, () => verifyNow(caller, presented, services));
}

async function verifyNow(
	caller: Caller,
	{ key, account: slug, address }: Presented,
	services: Services,
): Promise<Checked<VerifiedKey>> {
	const { lookups } = services;
	const served = servedBy(caller, (await lookups.apisOf(caller.accountId)) ?? []);
	const isOfAll = served.some(({ accountId }) => accountId === null);
	const accountOf = async () => {
		if (slug === null) return isOfAll ? null : caller.accountId;
		const account = await lookups.accountBySlug(slug);
		return account && (isOfAll || account.id === caller.accountId) ? account.id : nowhere;
	};
	const asking = partiesOfClient(caller);
	const check = await checkAccessCode(key, accountOf, address, services, asking);
	if (check.kind === "refused") return { answer: check, parties: [] };
	if (served.length === 0) {
		const answer = { ...check, permissions: check.permissions.filter(isPermission), at: null };
		return { answer, parties: [...partiesOfKey(check), ...asking] };
	}
	const there = served.filter((api) => isOpenTo(api, check.accountId));
	const offered = there.flatMap(scopeOfApi);
	const answer = {
		...check,
		permissions: check.permissions.filter((each) => offered.includes(each)),
		at: {
			resource: there.map(({ identifier }) => identifier),
			account: (await lookups.account(check.accountId))?.slug,
		},
	};
	return { answer, parties: [...partiesOfKey(check, there), ...asking] };
}
