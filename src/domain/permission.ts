/**
 * What a credential may open. A permission is also an OAuth scope value, so that a token says what a policy says.
 * None implies another: `write` does not read, and `delete` does not write (contract 002).
 */
export const permissions = {
	"environments:read": "See the environments of the account and their public keys",
	"events:read": "Search the account's events",
	"events:write": "Put events into the account",
	"change_events:write": "Put change events into the account",
	"alerts:read": "Search the account's alerts",
	"keys:read": "See the account's API keys, without their secrets",
	"keys:write": "Make and change the account's API keys",
} as const;

export type Permission = keyof typeof permissions;

export function isPermission(text: string): text is Permission {
	return Object.hasOwn(permissions, text);
}

/** What a person may do in an account, by role. */
export const roles = {
	admin: Object.keys(permissions).filter(isPermission),
	member: ["environments:read", "events:read", "alerts:read", "keys:read"] satisfies Permission[],
} as const;

export type Role = keyof typeof roles;

export function isRole(text: string): text is Role {
	return Object.hasOwn(roles, text);
}
