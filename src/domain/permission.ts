/**
 * What a credential may open. A permission is also an OAuth scope value, so that a token says what a policy says.
 * None implies another: `write` does not read, nor does it delete (contract 002).
 */
export const permissions = {
	"environments:read": "See the environments of the account and their public keys",
	"environments:write": "Create environments, disable them and replace their public keys",
	"events:read": "Search the account's events",
	"events:write": "Put events into the account",
	"events:delete": "Delete the account's events",
	"change_events:read": "See the account's change events",
	"change_events:write": "Put change events into the account",
	"change_events:delete": "Delete change events of the account",
	"alerts:read": "Search the account's alerts",
	"alerts:write": "Acknowledge the account's alerts",
	"keys:read": "See the account's API keys and policies, without their secrets",
	"keys:write": "Create and edit the account's API keys and policies",
	"keys:delete": "Delete the account's API keys, access codes and policies",
	"integrations:read": "See the account's integrations and what is installed in it",
	"integrations:write": "Register and edit the account's integrations",
	"integrations:delete": "Delete the account's integrations and end their grants",
	"audit:read": "Search the account's audit log",
	"usage:read": "See how often the account, its keys, integrations and APIs are used",
	"apis:read": "See the APIs of the account and their permissions",
	"apis:write": "Register the account's APIs and change their permissions",
	"apis:delete": "Delete the account's APIs",
	"webhooks:read": "See where the account has itself told of what happens in it, and what was sent there",
	"webhooks:write": "Have others told of what happens in the account, by webhooks",
} as const;

export type Permission = keyof typeof permissions;

export function isPermission(text: string): text is Permission {
	return Object.hasOwn(permissions, text);
}

/**
 * The scopes of contract 002's token pairs: each stands for every permission that ends in it, and for no other. What came later
 * is not among them: a pair that is out there is nobody's leave to do what it did not say when it was generated.
 */
export const pairScopes = ["read", "write", "delete"] as const;
export type PairScope = (typeof pairScopes)[number];
const cameLater: ReadonlySet<string> = new Set<Permission>([
	"usage:read",
	"alerts:write",
	"apis:read",
	"apis:write",
	"apis:delete",
	"webhooks:read",
	"webhooks:write",
]);

/** A name that ends in one of {@link pairScopes}: what it is about, and which. Null for any other name. */
export function verbOf(name: string): { readonly subject: string; readonly verb: PairScope } | null {
	const at = name.lastIndexOf(":");
	const verb = pairScopes.find((each) => each === name.slice(at + 1));
	return at > 0 && verb ? { subject: name.slice(0, at), verb } : null;
}

/** The permissions that a scope value stands for. */
export function permissionsIn(value: string): readonly Permission[] {
	if (isPermission(value)) return [value];
	const isPairScope = pairScopes.some((scope) => scope === value);
	return isPairScope
		? Object.keys(permissions)
				.filter(isPermission)
				.filter((each) => each.endsWith(`:${value}`) && !cameLater.has(each))
		: [];
}

/** What a person may do in an account, by role. */
export const roles = {
	admin: Object.keys(permissions).filter(isPermission),
	member: [
		"environments:read",
		"events:read",
		"change_events:read",
		"alerts:read",
		"keys:read",
		"integrations:read",
		"usage:read",
		"apis:read",
	] satisfies Permission[],
} as const;

export type Role = keyof typeof roles;

/** The roles that permit all of it, whatever APIs there are: of another's than latchkey's own an administrator has everything. */
export function rolesWith(needs: readonly string[]): readonly Role[] {
	return Object.keys(roles)
		.filter(isRole)
		.filter((role) => role === "admin" || needs.every((each) => roles[role].some((permitted) => permitted === each)));
}

export function isRole(text: string): text is Role {
	return Object.hasOwn(roles, text);
}
