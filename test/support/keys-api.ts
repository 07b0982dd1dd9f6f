import { loggedIn } from "./logins.ts";
import { ada, grace, type Login } from "./people.ts";
import { aKey, aPolicy } from "./registered.ts";
import { type Answer, ask, bearer } from "./requests.ts";
import { demo, now } from "./target.ts";

// The JSON API of keys, as programs of people call it.

export type Credential = Readonly<Record<string, string>>;

const kept = new Map<string, { credential: Credential; at: number }>();

/** A login token of a person in an account: Ada administers Acme, Grace Globex. */
export async function tokenOf(who: Login, account: string): Promise<Credential> {
	const name = `${who.username} ${account}`;
	const known = kept.get(name);
	if (known && now() < known.at + 3600) return known.credential;
	const { username, password } = who;
	const credential = bearer(await loggedIn({ username, password, account }));
	kept.set(name, { credential, at: now() });
	return credential;
}

export const inAcme = () => tokenOf(ada, "acme");
export const inGlobex = () => tokenOf(grace, "globex");

/** An API key of Acme that may do this, as a credential. */
export async function keyWith(permissions: readonly string[]): Promise<Credential> {
	const { secret } = await aKey(demo.accounts.acme, [await aPolicy(demo.accounts.acme, permissions)]);
	return { "x-api-key": secret };
}

export async function call(
	method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
	path: string,
	body?: object,
	credential?: Credential,
): Promise<Answer> {
	const headers = { ...(credential ?? (await inAcme())), ...(body && { "content-type": "application/json" }) };
	return ask(path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
}

let made = 0;
/** A name that no other key or policy of the file has. */
export function newName(word = "Key"): string {
	made += 1;
	return `${word} ${made}`;
}

/** The body of an answer that has to have this status. */
export function good<Body = Record<string, unknown>>(answer: Answer, status = 200): Readonly<Body> {
	if (answer.status !== status) throw new Error(`Not ${status}: ${answer.status} ${answer.text}`);
	const body: Body = JSON.parse(answer.text === "" ? "{}" : answer.text);
	return body;
}

export interface ShownKey {
	readonly id: string;
	readonly kind: "own" | "linked";
	readonly name: string;
	readonly tags: readonly string[];
	readonly type: string;
	readonly state: string;
	readonly switched_off_by?: readonly string[];
	readonly policies: readonly string[];
	readonly limits?: object;
	readonly uses_left?: number;
	readonly created_at: string;
	readonly code?: { readonly id: string; readonly secret: string; readonly expires_at: string };
	readonly key_file?: unknown;
}

export interface ShownCode {
	readonly id: string;
	readonly description: string;
	readonly visible: string | null;
	readonly enabled: boolean;
	readonly created_at: string;
	readonly expires_at: string;
	readonly last_used_at: string | null;
	readonly revealable: boolean;
	readonly secret: string;
}

export async function newKey(body: object = {}, credential?: Credential): Promise<ShownKey> {
	return good<ShownKey>(await call("POST", "/v1/keys", { name: newName(), ...body }, credential), 201);
}

export async function newCode(keyId: string, description = "A server", credential?: Credential): Promise<ShownCode> {
	return good<ShownCode>(await call("POST", `/v1/keys/${keyId}/codes`, { description }, credential), 201);
}

export async function newPolicy(permissions: readonly string[], credential?: Credential): Promise<string> {
	const body = { name: newName("Policy"), description: "For a test", permissions };
	return good<{ id: string }>(await call("POST", "/v1/policies", body, credential), 201).id;
}

export async function codesOf(keyId: string, credential?: Credential): Promise<readonly ShownCode[]> {
	const answer = await call("GET", `/v1/keys/${keyId}/codes`, undefined, credential);
	return good<{ codes: ShownCode[] }>(answer).codes;
}

/** A key of Acme with a policy and one code, made over the API. */
export async function usableKey(permissions: readonly string[] = ["environments:read"]) {
	const policy = await newPolicy(permissions);
	const key = await newKey({ policies: [policy] });
	const code = await newCode(key.id);
	return { key, code, policy };
}

/** What a resource of ours answers to an access code: 200 where it opens. */
export async function opensWith(secret: string, account?: string): Promise<number> {
	const query = account === undefined ? "" : `?account=${account}`;
	return (await ask(`/v1/environments${query}`, { headers: { "x-api-key": secret } })).status;
}
