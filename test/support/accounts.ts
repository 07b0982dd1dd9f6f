import { call, type Credential, good, inAcme, tokenOf } from "./keys-api.ts";
import type { Login } from "./people.ts";
import { anOperator, slugOf } from "./registered.ts";
import type { Answer } from "./requests.ts";

// What an operator does to accounts: Ada, unless somebody else is named.

let count = 0;

/** That no account has. */
export function newSlug(): string {
	count += 1;
	return `made-${count}`;
}

/** An operator, and an account that they made for themselves. */
export async function newAccount(): Promise<{ id: string; slug: string; maker: Login }> {
	const maker = await anOperator();
	const body = { name: "Made by a test", slug: newSlug() };
	const made = await call("POST", "/v1/accounts", body, await tokenOf(maker, "acme"));
	return { ...good<{ id: string; slug: string }>(made, 201), maker };
}

export async function suspend(accountId: string, by?: Credential): Promise<Answer> {
	return call("POST", `/v1/accounts/${slugOf(accountId)}/suspend`, undefined, by ?? (await inAcme()));
}

export async function reinstate(accountId: string, by?: Credential): Promise<Answer> {
	return call("POST", `/v1/accounts/${slugOf(accountId)}/reinstate`, undefined, by ?? (await inAcme()));
}
