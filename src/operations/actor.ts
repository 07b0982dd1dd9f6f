import { type Api, permittedBy, scopeOfApi } from "../domain/api.ts";
import { isPermission, type Role } from "../domain/permission.ts";
import type { Scope } from "../domain/scope.ts";
import type { SubjectId } from "../domain/subject.ts";
import type { Lookups } from "./lookups.ts";

/** Whoever does something in an account, and what they may do there now. */
export interface Actor {
	readonly subject: SubjectId;
	readonly accountId: string;
	/** What opens latchkey, and permissions alone: a token's scope values are resolved to what they stand for. */
	readonly permissions: Scope;
	/**
	 * What of other APIs they can give away: what their role permits there, where a person does it themself; what a key's policies or
	 * a client's own scope permit. Left out where that is nothing: what a person allowed software is not the software's to pass on.
	 */
	readonly gives?: Gives;
	readonly address: string | null;
}

type Gives = { readonly role: Role } | { readonly scope: Scope };

/** A person who runs the deployment, as they do something that concerns all of it. */
export interface OperatorActor {
	readonly subject: SubjectId;
	/** What they do is of no account, or of one that they need not belong to. */
	readonly accountId: null;
	readonly address: string | null;
}

/**
 * Nobody gives away more than they may do themselves: a program that may make keys could else make one that may do
 * everything. The first permission that the actor lacks, or null. A name that is no permission (any more) is nothing to give.
 */
export async function lackedPermission(
	actor: Actor,
	permissions: readonly string[],
	{ lookups }: { readonly lookups: Pick<Lookups, "apisOf"> },
): Promise<string | null> {
	const own = permissions.filter(isPermission).find((each) => !actor.permissions.includes(each));
	if (own !== undefined) return own;
	const given = await givenAway(actor, permissions, { lookups });
	return permissions.find((each) => !given.includes(each)) ?? null;
}

/** What of these the actor can give away: of what is no permission (any more) all, since it is nothing. */
export async function givenAway(
	actor: Actor,
	permissions: readonly string[],
	{ lookups }: { readonly lookups: Pick<Lookups, "apisOf"> },
): Promise<Scope> {
	const own = permissions.filter((each) => actor.permissions.includes(each));
	const others = permissions.filter((each) => !isPermission(each));
	if (others.length === 0) return own;
	const apis = (await lookups.apisOf.fresh(actor.accountId)) ?? [];
	const there = apis.flatMap(scopeOfApi);
	const given = givenBy(actor, apis);
	return [...own, ...others.filter((each) => !there.includes(each) || given.includes(each))];
}

function givenBy({ gives }: Actor, apis: readonly Api[]): Scope {
	if (!gives) return [];
	return "role" in gives ? permittedBy(gives.role, apis) : gives.scope;
}
