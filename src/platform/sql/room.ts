import { type Bound, bounds } from "../../domain/bounds.ts";
import type { SqlDatabase } from "./database.ts";

/** What of an account is counted, and where. */
const counted = {
	policies: { bound: bounds.policies, rows: "policies WHERE account_id" },
	keys: { bound: bounds.keys, rows: "api_keys WHERE account_id" },
	environments: { bound: bounds.environments, rows: "environments WHERE account_id" },
	// Whoever ended, or left, makes room.
	clients: { bound: bounds.clients, rows: "clients WHERE state = 'active' AND account_id" },
	// Those of the deployment are nobody's, and counted as such.
	apis: { bound: bounds.apis, rows: "apis WHERE coalesce(account_id, '')" },
	people: { bound: bounds.people, rows: "memberships WHERE state = 'active' AND account_id" },
} as const satisfies Readonly<Record<string, { readonly bound: Bound; readonly rows: string }>>;

type Counted = keyof typeof counted;

/** SQL for the statement that inserts, so that of two at once one finds it full. `accountId` is SQL too. */
export function hasRoom(what: Counted, accountId: string): string {
	const { bound, rows } = counted[what];
	return `(SELECT count(*) FROM ${rows} = ${accountId}) < ${bound.most}`;
}

/** Why nothing was inserted, after the fact. */
export async function isFull(db: SqlDatabase, what: Counted, accountId: string | null): Promise<boolean> {
	const query = db.prepare(`SELECT NOT ${hasRoom(what, "?")} AS is_full`).bind(accountId);
	return (await query.first<number>("is_full")) === 1;
}
