import { isPermission, type Permission } from "../domain/permission.ts";
import type { Actor } from "./actor.ts";

/**
 * Nobody gives away more than they may do themselves: a program that may make keys could else make one that may do
 * everything. The first permission that the actor lacks, or null.
 */
export function lackedPermission(actor: Actor, permissions: readonly string[]): Permission | null {
	return permissions.filter(isPermission).find((each) => !actor.permissions.includes(each)) ?? null;
}
