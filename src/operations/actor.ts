import { isPermission, type Permission } from "../domain/permission.ts";
import type { Scope } from "../domain/scope.ts";
import type { SubjectId } from "../domain/subject.ts";

/** Whoever does something in an account, and what they may do there now. */
export interface Actor {
	readonly subject: SubjectId;
	readonly accountId: string;
	/** Permissions alone: a token's scope values are resolved to what they stand for. */
	readonly permissions: Scope;
	readonly address: string | null;
}

/**
 * Nobody gives away more than they may do themselves: a program that may make keys could else make one that may do
 * everything. The first permission that the actor lacks, or null.
 */
export function lackedPermission(actor: Actor, permissions: readonly string[]): Permission | null {
	return permissions.filter(isPermission).find((each) => !actor.permissions.includes(each)) ?? null;
}
