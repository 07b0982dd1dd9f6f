import type { Api } from "../../src/domain/api.ts";
import type { Login } from "./people.ts";
import { anApi, permission } from "./registered.ts";
import type { Fields } from "./requests.ts";
import { demo } from "./target.ts";
import { authorized, exchange, type Registered, tokensOf } from "./tokens.ts";

// What clients are given at APIs of one's own.

let made = 0;

/** A word that stands in no other permission of the file. */
export function newWord(): string {
	made += 1;
	return `tasks${made}`;
}

/** An API of Acme, whose names no other test has. */
export async function anApiOfAcme(changes: Partial<Omit<Api, "permissions">> = {}) {
	const word = newWord();
	const names = { read: `${word}:read`, write: `${word}:write`, admin: `${word}:admin` };
	const api = await anApi({
		accountId: demo.accounts.acme,
		permissions: [
			permission(names.read, { title: "Read tasks", description: "Every task", members: true, selfRegistered: true }),
			permission(names.write, { title: "Write tasks", selfRegistered: true }),
			permission(names.admin, { title: "Rule over tasks" }),
		],
		...changes,
	});
	return { ...names, api, resource: api.identifier };
}

/** The tokens of a grant, and what their answer says of the scope. */
export async function grantTo(client: Registered, query: Fields, consent: { who?: Login; account?: string } = {}) {
	const answer = await exchange(await authorized(client, query, consent), { client });
	return { ...tokensOf(answer), scope: answer.body.scope };
}
