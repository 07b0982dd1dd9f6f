import { isSameResource, normalResource } from "./audience.ts";
import type { Seconds } from "./brands.ts";
import type { Client } from "./client.ts";
import { identityScopes } from "./identity.ts";
import { type Permission, permissions, type Role, roles } from "./permission.ts";
import { toScope, type Scope } from "./scope.ts";
import type { RingAlgorithm } from "./signing-key-ring.ts";

/**
 * A resource server that latchkey issues tokens for, with what may be permitted there. latchkey's own is one of them
 * ({@link builtInApi}), and no row.
 */
export interface Api {
	readonly id: string;
	/** Whose it is, and who alone can be given something of it; null: of the whole deployment, so that every account can. */
	readonly accountId: string | null;
	/** RFC 8707: what `resource` and `aud` name it by, spelled as whoever registered it did. */
	readonly identifier: string;
	readonly name: string;
	readonly description: string;
	readonly permissions: readonly ApiPermission[];
	/** How long its access tokens are good at most; null: as long as the client's are. */
	readonly tokenTtl: Seconds | null;
	/** What signs its access tokens where the client did not choose; null: what signs all others. */
	readonly algorithm: RingAlgorithm | null;
	/** The ids of the clients that may ask what a credential permits here. */
	readonly servers: readonly string[];
}

export interface ApiPermission {
	/** A scope-token of RFC 6749 §3.3. It never changes, and nothing else that an account sees is called so. */
	readonly name: string;
	readonly title: string;
	readonly description: string;
	/** Whether members of an account may do it. Administrators may do all. */
	readonly members: boolean;
	/** Whether software that registered itself may ask for it. */
	readonly selfRegistered: boolean;
}

/** The id of latchkey's own API: none that a row could have, since those have 22 characters. */
export const builtInApiId = "latchkey";

/** latchkey as an API like any other. What strangers may ask of it is `registrableScope`, in registration.ts. */
export function builtInApi(issuer: string): Api {
	const names = Object.keys(permissions) as Permission[];
	return {
		id: builtInApiId,
		accountId: null,
		identifier: issuer,
		name: "latchkey",
		description: "",
		permissions: names.map((name) => ({
			name,
			title: permissions[name],
			description: "",
			members: roles.member.some((each) => each === name),
			selfRegistered: false,
		})),
		tokenTtl: null,
		algorithm: null,
		servers: [],
	};
}

/** What two identifiers have in common that people would take for one. Only for refusing the second of them. */
export function foldedIdentifier(identifier: string): string {
	return normalResource(identifier).toLowerCase().replace(/\/+$/, "");
}

/** Whether people of an account, and what acts in it, can be given something of an API. */
export function isOpenTo({ accountId }: Pick<Api, "accountId">, account: string): boolean {
	return accountId === null || accountId === account;
}

/** All that can be permitted at an API. */
export function scopeOfApi(api: Pick<Api, "permissions">): Scope {
	return toScope(api.permissions.map(({ name }) => name));
}

/** What somebody of this role may do at an API: an administrator all of it, a member what the API says. */
export function permittedAt(api: Pick<Api, "permissions">, role: Role): Scope {
	return toScope(api.permissions.filter(({ members }) => role === "admin" || members).map(({ name }) => name));
}

/**
 * The most that somebody of this role can do, or allow, in an account that these APIs are open to: latchkey's own, theirs, and
 * who they are, which is theirs to tell whatever the role.
 */
export function permittedBy(role: Role, apis: readonly Pick<Api, "permissions">[]): Scope {
	const elsewhere = apis.flatMap((api) => permittedAt(api, role));
	return toScope([...roles[role], ...elsewhere, ...Object.keys(identityScopes)]);
}

/**
 * The APIs that a client is the resource server of: those that name it, and its account's own that it lists among what it serves.
 * What it lists of somebody else's says nothing, since anybody may list anything.
 */
export function servedBy(client: Pick<Client, "id" | "accountId" | "options">, apis: readonly Api[]): readonly Api[] {
	const { resources = [] } = client.options;
	return apis.filter((api) => {
		if (!isOpenTo(api, client.accountId ?? "")) return false;
		if (api.servers.includes(client.id)) return true;
		return api.accountId !== null && resources.some((each) => isSameResource(each, api.identifier));
	});
}

/** What software that registered itself may ask of an API. */
export function openToStrangers(api: Pick<Api, "permissions">): Scope {
	return toScope(api.permissions.filter(({ selfRegistered }) => selfRegistered).map(({ name }) => name));
}
