import type { Seconds } from "../../domain/brands.ts";
import type { SqlDatabase, SqlStatement } from "./database.ts";
import { total } from "./room.ts";

export const waiting = "registered_at IS NOT NULL AND kept_at IS NULL";

/** While somebody who just registered may be signing in. */
const grace: Seconds = 3600;

/** Of how many networks that have as many, the most, is looked for who goes: where they are more, each has few. */
const mostNetworks = 100;

/**
 * Beyond `most` clients that wait for a first consent one goes, never the one that just came: of the network that has most, the
 * oldest that never was used, else the one that was used longest ago. Whoever came within the hour counts as used just then;
 * not so where most of their network's never were, several of them, which is how a flood looks.
 *
 * Two go where there are more than that, after `most` was lowered: room is made step by step, and each time by who has most. In each
 * network the first that goes is the first of the index, of those that never were used or of the others: so two of both are asked for.
 */
export function makeRoom(
	db: SqlDatabase,
	{ id, at, most }: { readonly id: string; readonly at: Seconds; readonly most: number },
): SqlStatement {
	return db
		.prepare(
			`DELETE FROM clients WHERE id IN (
				SELECT id FROM (
					SELECT network, size, unused FROM waiting_networks
					WHERE size = (SELECT max(size) FROM waiting_networks) AND ${total("waiting", "'*'")} > ?3 LIMIT ${mostNetworks})
				CROSS JOIN clients ON clients.id IN (
					${first("NULL", "registered_at, id")} UNION ALL ${first("NOT NULL", "used_at, registered_at, id")})
				ORDER BY used_at IS NULL AND (registered_at <= ?2 OR unused > max(1, size / 2)) DESC,
					coalesce(used_at, registered_at), id
				LIMIT min(2, max(0, ${total("waiting", "'*'")} - ?3)))`,
		)
		.bind(id, at - grace, most);
}

/** Of one network, but ?1. */
function first(used: "NULL" | "NOT NULL", by: string): string {
	return `SELECT id FROM (SELECT id FROM clients INDEXED BY clients_waiting
		WHERE registered_from IS nullif(network, '') AND ${waiting} AND used_at IS ${used} AND id <> ?1 ORDER BY ${by} LIMIT 2)`;
}
