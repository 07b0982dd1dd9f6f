import type { Seconds } from "../../domain/brands.ts";
import type { SqlDatabase, SqlStatement } from "./database.ts";

const waiting = "registered_at IS NOT NULL AND kept_at IS NULL";

/** While somebody who just registered may be signing in. */
const grace: Seconds = 3600;

/**
 * Beyond `most` clients that wait for a first consent one goes, never the one that just came: of the network that has most, the
 * oldest that never was used, else the one that was used longest ago. Whoever came within the hour counts as used just then;
 * not so where most of their network's never were, several of them, which is how a flood looks.
 *
 * Two go where there are more than that, after `most` was lowered: room is made step by step, and each time by who has most.
 */
export function makeRoom(
	db: SqlDatabase,
	{ id, at, most }: { readonly id: string; readonly at: Seconds; readonly most: number },
): SqlStatement {
	return db
		.prepare(
			`WITH networks AS (
				SELECT registered_from AS network, count(*) AS size, count(*) - count(used_at) AS unused
				FROM clients WHERE ${waiting} GROUP BY registered_from)
			DELETE FROM clients WHERE id IN (
				SELECT id FROM networks CROSS JOIN clients ON registered_from IS network
				WHERE ${waiting} AND id <> ?1 AND size = (SELECT max(size) FROM networks)
				ORDER BY used_at IS NULL AND (registered_at <= ?2 OR unused > max(1, size / 2)) DESC,
					coalesce(used_at, registered_at), id
				LIMIT min(2, max(0, (SELECT count(*) FROM clients WHERE ${waiting}) - ?3)))`,
		)
		.bind(id, at - grace, most);
}
