import { type Bound, bounds } from "../../domain/bounds.ts";
import type { SqlDatabase } from "./database.ts";

/** What of an account has a bound. Each is a kind of the table `totals`: clients and people only while they are active. */
const counted = {
	policies: bounds.policies,
	keys: bounds.keys,
	environments: bounds.environments,
	clients: bounds.clients,
	apis: bounds.apis,
	people: bounds.people,
} as const satisfies Readonly<Record<string, Bound>>;

type Counted = keyof typeof counted;

/** SQL for how many there are. Of nobody, `''`, as the deployment's own APIs are; of the whole deployment, `'*'`. */
export function total(kind: Counted | "accounts" | "waiting" | "listed_clients" | "grants", accountId: string): string {
	return `coalesce((SELECT n FROM totals WHERE account_id = ${accountId} AND kind = '${kind}'), 0)`;
}

/** SQL for the statement that inserts, so that of two at once one finds it full. `accountId` is SQL too. */
export function hasRoom(what: Counted, accountId: string): string {
	return `${total(what, accountId)} < ${counted[what].most}`;
}

/** Why nothing was inserted, after the fact. */
export async function isFull(db: SqlDatabase, what: Counted, accountId: string | null): Promise<boolean> {
	const query = db.prepare(`SELECT NOT ${hasRoom(what, "?")} AS is_full`).bind(accountId);
	return (await query.first<number>("is_full")) === 1;
}
