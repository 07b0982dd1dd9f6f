import { type Api, isOpenTo, openToStrangers, permittedAt, scopeOfApi } from "./api.ts";
import type { Client } from "./client.ts";
import { identityScopes, splitScope } from "./identity.ts";
import { pairScopes, type Permission, permissions, type Role, roles } from "./permission.ts";
import { type Scope, toScope } from "./scope.ts";
import type { Targets } from "./targets.ts";

/** All that latchkey itself, as an API, gives a meaning to: its permissions, and what OpenID Connect knows of people. */
export const ownScope: Scope = toScope([...Object.keys(permissions), ...Object.keys(identityScopes)]);
const permissionNames = toScope(Object.keys(permissions));
const identityNames = toScope(Object.keys(identityScopes));

const ownForStrangers: readonly Permission[] = [
	"environments:read",
	"events:read",
	"events:write",
	"change_events:read",
	"change_events:write",
	"change_events:delete",
	"alerts:read",
];

/** What software that nobody vouches for may ask a person for here: never to manage keys, integrations or an account. */
export const strangersScope: Scope = toScope([...ownForStrangers, ...Object.keys(identityScopes)]);

/** What of a scope is within each of the limits. One that is null has no say. */
export function narrow(scope: Scope, ...limits: readonly (Scope | null)[]): Scope {
	return scope.filter((value) => isWithinEach(value, limits));
}

function isWithinEach(value: string, limits: readonly (Scope | null)[]): boolean {
	return limits.every((limit) => limit?.includes(value) ?? true);
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

/** What of a client its scope depends on. */
export type AskingClient = Pick<Client, "accountId" | "scope" | "options">;

/** Who has a scope, or would. What is null has no say: no client stands between, no account is chosen yet, no role is anybody's. */
export interface Holder {
	readonly client: AskingClient | null;
	readonly accountId: string | null;
	readonly role: Role | null;
}

/**
 * What a client may ask for, of what strangers may. Whoever registers software for an account says it; software that registered
 * itself, or said nothing, may ask for whatever strangers may, but for what an administrator took away. What it said is its
 * default: an MCP client registers with the scope of its first challenge, and needs more at the second.
 */
export function limitOf({ accountId, scope, options }: AskingClient, open: Scope): Scope {
	if (accountId !== null && !options.statesNoScope) return scope;
	return narrow(open, options.ceiling?.scope ?? null);
}

/** Whether a client can be told who somebody is (OpenID Connect). */
export function mayAskForOpenid(client: AskingClient): boolean {
	return limitOf(client, strangersScope).includes("openid");
}

/** All that can be had of what is known at these targets. Who somebody is, is theirs to tell, whatever their role. */
export function openAt(targets: Targets, holder: Holder): Scope {
	return openOf(toScope([...ownScope, ...targets.apis.flatMap(scopeOfApi)]), targets, holder);
}

/** What of a scope is among it: what a token says is looked at, and not all that there is. */
export function openOf(scope: Scope, { own, apis }: Targets, { client, accountId, role }: Holder): Scope {
	const limit = (open: Scope) => client && limitOf(client, open);
	const strangers = limit(strangersScope);
	const ways = [
		[identityNames, strangers],
		...(own ? [[permissionNames, strangers, role && roles[role]]] : []),
		...apis
			.filter((api) => accountId === null || isOpenTo(api, accountId))
			.map((api) => [scopeOfApi(api), limit(openToStrangers(api)), role && permittedAt(api, role)]),
	];
	return scope.filter((value) => ways.some((limits) => isWithinEach(value, limits)));
}

/**
 * What is passed on as it is, for a resource that nobody registered: nobody here knows what it means, and the person is told so.
 * Nothing that opens latchkey or one of the APIs that the account sees, and nothing where an administrator said what is the most.
 */
export function uncheckedIn(
	asked: Scope,
	{ foreign, isMisspelled }: Targets,
	client: AskingClient | null,
	visible: readonly Api[],
): Scope {
	if (foreign.length === 0 || isMisspelled || client?.options.ceiling?.scope) return [];
	// People would take `Orders:read` for `orders:read`, and so do servers.
	const known = new Set(
		[...ownScope, ...pairScopes, ...visible.flatMap(scopeOfApi)].map((value) => value.toLowerCase()),
	);
	return asked.filter((value) => !known.has(value.toLowerCase()));
}

/** What can be agreed to, and what of that nobody checks. */
export interface Agreeable {
	readonly scope: Scope;
	readonly unchecked: Scope;
}

/** What a person can allow of what was asked for. Null: something was, and nothing is left. */
export function agreeable(asked: Scope, targets: Targets, holder: Holder, visible: readonly Api[]): Agreeable | null {
	const unchecked = uncheckedIn(asked, targets, holder.client, visible);
	const scope = effectiveScope(asked, [...openAt(targets, holder), ...unchecked]);
	return scope && { scope, unchecked };
}

/**
 * What of a scope that was agreed to counts now. What nobody checked then is passed on where that is still so, and opens nothing
 * that was registered since.
 */
export function countsNow(
	{ scope, unchecked = [] }: { readonly scope: Scope; readonly unchecked?: Scope },
	targets: Targets,
	holder: Holder,
	visible: readonly Api[],
): Agreeable {
	const open = openOf(scope, targets, holder);
	const passed = uncheckedIn(unchecked, targets, holder.client, visible);
	const left = scope.filter((value) => (unchecked.includes(value) ? passed : open).includes(value));
	return { scope: left, unchecked: narrow(passed, scope) };
}

/** What a client asks for that asks for nothing by name: what it registered to do. Who somebody is has to be asked for. */
export function defaultScope({ scope, options }: AskingClient): Scope {
	return options.statesNoScope ? [] : splitScope(scope).access;
}
