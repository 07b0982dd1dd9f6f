import type { Api } from "../domain/api.ts";
import { isOwnResource } from "../domain/audience.ts";
import { type Agreeable, countsNow, type Holder, ownScope } from "../domain/effective-scope.ts";
import type { Scope } from "../domain/scope.ts";
import { inOneToken, latchkeyAlone, type Targets, targetsOf } from "../domain/targets.ts";
import type { Services } from "./services.ts";

/** What these resources are (null: latchkey), as it is remembered. Of our own alone nothing is looked up. */
export async function findTargets(
	resources: readonly string[] | null,
	{ config: { issuer }, lookups }: Services,
): Promise<Targets> {
	const others = (resources ?? []).filter((each) => !isOwnResource(each, issuer));
	if (!resources || others.length === 0) return latchkeyAlone;
	return targetsOf(resources, issuer, await lookups.apisNear(others));
}

/** The APIs that an account sees: what it passes on unchecked is none of theirs. Nothing is looked up where nothing is. */
export async function visibleBeside(
	{ foreign }: Targets,
	accountId: string,
	{ lookups }: Services,
): Promise<readonly Api[]> {
	return foreign.length > 0 ? visibleTo(accountId, { lookups }) : [];
}

/** The APIs that an account can be given something of, latchkey's own not among them. */
export async function visibleTo(accountId: string, { lookups }: Pick<Services, "lookups">): Promise<readonly Api[]> {
	return (await lookups.apisOf(accountId)) ?? [];
}

/** Those of now, for a write that names some of their permissions. */
export async function visibleNow(
	scope: Scope,
	accountId: string,
	{ lookups }: Pick<Services, "lookups">,
): Promise<readonly Api[]> {
	return scope.every((value) => ownScope.includes(value)) ? [] : ((await lookups.apisOf.fresh(accountId)) ?? []);
}

/** What a token for this audience can carry now of what was agreed to. */
export async function carriedTo(
	audience: readonly string[],
	agreed: { readonly scope: Scope; readonly unchecked?: Scope },
	holder: Holder & { readonly accountId: string },
	services: Services,
): Promise<Agreeable & { readonly targets: Targets }> {
	const targets = await findTargets(audience, services);
	const visible = await visibleBeside(targets, holder.accountId, services);
	return { ...countsNow(agreed, inOneToken(targets), holder, visible), targets };
}
