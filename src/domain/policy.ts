import type { Permission } from "./permission.ts";

/**
 * The policy that a key of type "Integration" has in its owner's account (contract 004). It is a rule and no row: nobody
 * edits or deletes it. Its id is none that a policy of an account could have, since those are 22 characters long.
 */
export const builtInPolicy = {
	id: "integration",
	name: "Read events and alerts",
	description: "Search the account's events and alerts. Built in: every key of type Integration has it.",
	permissions: ["events:read", "alerts:read"] satisfies Permission[],
} as const;

export interface Policy {
	readonly id: string;
	readonly accountId: string;
	readonly name: string;
	readonly description: string;
	readonly permissions: readonly string[];
}
