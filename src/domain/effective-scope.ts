import type { Client } from "./client.ts";
import { identityScopes, splitScope } from "./identity.ts";
import { permissions } from "./permission.ts";
import { type Scope, toScope } from "./scope.ts";

/** All that latchkey itself, as an API, gives a meaning to: its permissions, and what OpenID Connect knows of people. */
export const ownScope: Scope = toScope([...Object.keys(permissions), ...Object.keys(identityScopes)]);

/** What of a scope is within each of the limits. One that is null has no say. */
export function narrow(scope: Scope, ...limits: readonly (Scope | null)[]): Scope {
	return scope.filter((value) => limits.every((limit) => limit?.includes(value) ?? true));
}

/**
 * RFC 6749 §3.3, the one rule of what becomes of a scope that is asked for: what client, API and person can each have of it.
 * The rest is dropped, whether it is closed or unknown, and the answer's `scope` says what is left. Null: something was asked
 * for, and nothing is left.
 */
export function effectiveScope(asked: Scope, ...limits: readonly (Scope | null)[]): Scope | null {
	const left = narrow(asked, ...limits);
	return isEmpty(left) && left.length < asked.length ? null : left;
}

/** `offline_access` opens nothing and tells nothing: it is how long the rest lasts (OIDC Core §11). */
function isEmpty(scope: Scope): boolean {
	return scope.every((value) => value === "offline_access");
}

/** What a client gets that asks for nothing by name: what it registered to do. Who somebody is has to be asked for. */
export function defaultScope({ scope, options }: Pick<Client, "scope" | "options">, api: Scope): Scope {
	return options.statesNoScope ? [] : narrow(splitScope(scope).access, api);
}
