import { makeAccessCode } from "../../src/crypto/access-code.ts";
import { makeClientId, makeClientSecret } from "../../src/crypto/client-secret.ts";
import { makePublicKey } from "../../src/crypto/public-key.ts";
import { randomId, systemRandom } from "../../src/crypto/random.ts";
import type { Account } from "../../src/domain/account.ts";
import type { Api, ApiPermission } from "../../src/domain/api.ts";
import type { Client } from "../../src/domain/client.ts";
import type { Role } from "../../src/domain/permission.ts";
import type { Person } from "../../src/domain/person.ts";
import { type SubjectId, subjectId } from "../../src/domain/subject.ts";
import type { ApiKeyChange } from "../../src/domain/api-key-state.ts";
import { findApiKey, locatorOf } from "../../src/operations/checks/api-key-locator.ts";
import { staleness } from "../../src/operations/lookups.ts";
import { storedPassword } from "../runners/stored-password.ts";
import type { Login } from "./people.ts";
import { addRows, advance, changeKey, demo, now, serverKeys } from "./target.ts";
import type { Registered } from "./tokens.ts";

// What a test registers for itself, so that it may end it.

const standing = { state: "active", notBefore: 0 } as const;

/** A client like one of the demonstration data, but for what is said. */
export async function aClient(like: Registered, changes: Partial<Client> = {}): Promise<Registered> {
	const id = await makeClientId(serverKeys, systemRandom);
	const { secret, stored } = await makeClientSecret(serverKeys, systemRandom);
	const client: Client = { ...like.client, id, secrets: like.secret === null ? [] : [stored], ...changes };
	await addRows({ clients: [client] });
	return { client, secret: like.secret === null ? null : secret };
}

export async function anAccount(changes: Partial<Account> = {}): Promise<string> {
	const id = randomId(systemRandom);
	await addRows({ accounts: [{ id, slug: slugOf(id), name: "New", ...standing, ...changes }] });
	return id;
}

/** Of an account that {@link anAccount} made. */
export function slugOf(accountId: string): string {
	return `slug-${accountId.toLowerCase().replaceAll(/\W|_/g, "x")}`;
}

export async function aPerson(
	roles: Readonly<Record<string, Role>>,
	password = "a password of their own",
	more: Partial<Person> = {},
): Promise<Login & { id: SubjectId }> {
	const id = subjectId({ kind: "person", home: "any", id: randomId(systemRandom) });
	const login = { username: `user-${id}`, password };
	const passwordHash = await storedPassword(login.password);
	await addRows({
		people: [{ id, username: login.username, name: "New Person", passwordHash, ...standing, ...more }],
		memberships: Object.entries(roles).map(([accountId, role]) => ({ personId: id, accountId, role, ...standing })),
	});
	return { id, ...login };
}

/** Somebody who runs the deployment, and is a member of Acme beside that. */
export function anOperator(roles: Readonly<Record<string, Role>> = { [demo.accounts.acme]: "member" }) {
	return aPerson(roles, undefined, { isOperator: true });
}

/** A permission of an API, for administrators alone unless it is said otherwise. */
export function permission(name: string, changes: Partial<ApiPermission> = {}): ApiPermission {
	return { name, title: `May ${name}`, description: "", members: false, selfRegistered: false, ...changes };
}

/** A registered API, of the whole deployment unless it is said otherwise. Its permissions have names that no other has. */
export async function anApi(changes: Partial<Api> = {}): Promise<Api> {
	const id = randomId(systemRandom);
	const word = id.toLowerCase().replaceAll(/\W|_/g, "");
	const api: Api = {
		id,
		accountId: null,
		identifier: `https://${word}.example/v1`,
		name: `API ${word}`,
		description: "",
		permissions: [permission(`${word}:read`, { members: true }), permission(`${word}:write`)],
		tokenTtl: null,
		algorithm: null,
		servers: [],
		...changes,
	};
	await addRows({ apis: [api] });
	// That there are no others is remembered for half a minute.
	await advance(staleness + 1);
	return api;
}

export async function aPolicy(accountId: string, permissions: readonly string[]): Promise<string> {
	const id = randomId(systemRandom);
	await addRows({ policies: [{ id, accountId, name: `policy ${id}`, description: "", permissions }] });
	// Policies are remembered for half a minute, and the console says so.
	await advance(staleness + 1);
	return id;
}

/** The public key of an environment of this account, which has none yet. */
export async function anEnvironment(accountId: string): Promise<string> {
	const id = randomId(systemRandom);
	await addRows({ environments: [{ id, accountId, workspace: "main", name: "prod", keyVersion: 1, enabled: true }] });
	return makePublicKey(id, 1, serverKeys);
}

export interface Key {
	readonly id: SubjectId;
	readonly codeId: string;
	readonly secret: string;
	/** Changes it as the console will. */
	change(change: ApiKeyChange): Promise<void>;
}

/** An API key of an account (Acme) with one access code, and the demonstration's policy. */
export async function aKey(
	ownerId = demo.accounts.acme,
	policies: readonly string[] = [demo.policyId],
	name?: string,
): Promise<Key> {
	const id = subjectId({ kind: "key", home: "any", id: randomId(systemRandom) });
	await addRows({ apiKeys: [{ id, accountId: ownerId, name: name ?? `New key ${id}`, tags: [], createdAt: now() }] });
	const change = async (each: ApiKeyChange) => {
		const changed = await changeKey(id, each);
		if (changed.kind === "refused") throw new Error(`${each.kind}: ${changed.reason}`);
	};
	await change({ kind: "create", ownerId, policies });
	return { id, change, ...(await anAccessCode({ id, change })) };
}

/** One more access code of a key. */
export async function anAccessCode(key: Pick<Key, "id" | "change">): Promise<{ codeId: string; secret: string }> {
	const secret = await makeAccessCode(locatorOf(key.id), serverKeys, systemRandom);
	const hash = (await findApiKey(secret, serverKeys))?.hash;
	if (!hash) throw new Error("The access code does not read back");
	const codeId = randomId(systemRandom);
	await key.change({ kind: "add_code", id: codeId, hash });
	return { codeId, secret };
}
