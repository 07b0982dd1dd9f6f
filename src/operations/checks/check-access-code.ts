import { builtInPolicy, type Policy } from "../../domain/policy.ts";
import { toScope, type Scope } from "../../domain/scope.ts";
import type { Party } from "../../domain/usage.ts";
import { findApiKey } from "./api-key-locator.ts";
import { noticeDeadKey } from "./notice-dead-key.ts";
import type { AccessCodeCheck } from "./verdicts.ts";
import { standingOf } from "../standing.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/**
 * Whether an access code opens an account (its key's owner, where none is named), and what there: one ledger call. Which
 * account that is, is asked once the code's MAC is good. `from` is the address that it came from, where that is known. A refusal is
 * counted, for its owner and for `asking`; a yes by whoever gives it, who may remember it.
 */
export async function checkAccessCode(
	secret: string,
	accountOf: () => Promise<string | null>,
	from: string | null,
	services: Services,
	asking: readonly Party[] = [],
): Promise<AccessCodeCheck> {
	const code = await findApiKey(secret, services.serverKeys);
	if (!code) {
		services.usage.note("unknown_code", asking);
		return { kind: "refused", reason: "unknown" };
	}
	const check = await portsOf(services)
		.ledgers.of(code.keyId)
		.checkKey(code.hash, await accountOf(), from);
	if (check.kind === "refused") {
		noticeDeadKey(code, check.reason, services);
		const isKnown = "ownerId" in check;
		const owner = isKnown ? [{ accountId: check.ownerId, objects: [code.keyId] }] : [];
		services.usage.note(isKnown ? check.reason : "unknown_code", [...owner, ...asking]);
		return check;
	}
	const [standing, owner, permissions] = await Promise.all([
		standingOf(code.keyId, check.accountId, null, services),
		services.lookups.account(check.ownerId),
		permissionsOf(check.accountId, check.policies, services),
	]);
	// A key that was linked elsewhere does not outlive the account that owns it.
	if (!standing || owner?.state !== "active") return { kind: "refused", reason: "no_access" };
	const { accountId: account, ownerId, code: found, left } = check;
	const { expiresAt } = found;
	return {
		kind: "good",
		keyId: code.keyId,
		accountId: account,
		ownerId,
		permissions,
		expiresAt,
		...(left && { left }),
	};
}

/** The union of what an account's policies permit. A policy that is gone permits nothing. */
export async function permissionsOf(
	accountId: string,
	policyIds: readonly string[],
	services: Services,
	isFresh = false,
): Promise<Scope> {
	if (policyIds.length === 0) return [];
	const { policies: look } = services.lookups;
	const policies = (await (isFresh ? look.fresh(accountId) : look(accountId))) ?? [];
	const given = policies.filter((policy) => policyIds.includes(policy.id));
	const isBuiltIn = policyIds.includes(builtInPolicy.id);
	const [only] = given;
	// Most keys have one.
	if (only && given.length === 1 && !isBuiltIn) return permittedBy(only);
	return toScope([...given, ...(isBuiltIn ? [builtInPolicy] : [])].flatMap(({ permissions }) => permissions));
}

/** Put in order once, as long as the policy is remembered. */
const scopes = new WeakMap<Policy, Scope>();

function permittedBy(policy: Policy): Scope {
	const scope = scopes.get(policy) ?? toScope(policy.permissions);
	scopes.set(policy, scope);
	return scope;
}
