import { bounds } from "../../domain/bounds.ts";
import type { DeploymentCounts, Operator, OperatorRegister } from "../../domain/ports/operators.ts";
import { auditIfChanged } from "./audit-if-changed.ts";
import type { SqlDatabase } from "./database.ts";
import { isOfNoAdmin } from "./invitation-store.ts";
import { operatorMay } from "./operator-may.ts";
import { total } from "./room.ts";

const operators = `SELECT people.id, people.username, people.name, operators.since
	FROM operators CROSS JOIN people ON people.id = operators.person_id WHERE people.state = 'active'`;

export function operatorStore(db: SqlDatabase): OperatorRegister {
	return {
		async list() {
			const { results } = await db.prepare(`${operators} ORDER BY people.name, people.id`).all<Operator>();
			return results;
		},
		async add(personId, by, entry) {
			const add = db
				.prepare(
					`INSERT INTO operators (person_id, since)
					SELECT id, ?2 FROM people WHERE id = ?1 AND state = 'active' AND ${operatorMay("?3")}
						AND (SELECT count(*) FROM (${operators})) < ${bounds.operators.most}
					ON CONFLICT (person_id) DO NOTHING`,
				)
				.bind(personId, entry.at, by);
			const now = db
				.prepare(
					`SELECT ${operatorMay("?2")} AS may, EXISTS (SELECT 1 FROM operators WHERE person_id = ?1) AS there,
						EXISTS (SELECT 1 FROM people WHERE id = ?1 AND state = 'active') AS known`,
				)
				.bind(personId, by);
			const [added, , found] = await db.batch<{ may: 0 | 1; there: 0 | 1; known: 0 | 1 }>([
				add,
				auditIfChanged(db, entry),
				now,
			]);
			if (added?.meta.changes) return "added";
			const { may = 0, there = 0, known = 0 } = found?.results[0] ?? {};
			if (!may) return "not_permitted";
			if (!known) return "unknown";
			return there ? "same" : "full";
		},
		async remove(personId, by, entry) {
			const remove = db
				.prepare(
					`DELETE FROM operators WHERE person_id = ?1 AND ${operatorMay("?2")}
						AND EXISTS (SELECT 1 FROM (${operators}) AS others WHERE others.id <> ?1)`,
				)
				.bind(personId, by);
			const now = db
				.prepare(`SELECT ${operatorMay("?2")} AS may, EXISTS (SELECT 1 FROM operators WHERE person_id = ?1) AS there`)
				.bind(personId, by);
			// They could keep a link back, and begin an account by it when they run nothing any more.
			const endLinks = db
				.prepare(
					`UPDATE invitations SET state = 'revoked', ended_at = ?2
					WHERE invited_by = ?1 AND state = 'open' AND ${isOfNoAdmin}
						AND NOT EXISTS (SELECT 1 FROM operators WHERE person_id = ?1)`,
				)
				.bind(personId, entry.at);
			const [removed, , , found] = await db.batch<{ may: 0 | 1; there: 0 | 1 }>([
				remove,
				auditIfChanged(db, entry),
				endLinks,
				now,
			]);
			if (removed?.meta.changes) return "removed";
			const { may = 0, there = 0 } = found?.results[0] ?? {};
			if (!may) return "not_permitted";
			return there ? "last" : "unknown";
		},
		async counts() {
			const counts = await db
				.prepare(
					`SELECT ${total("accounts", "'*'")} AS accounts, ${total("people", "'*'")} AS people,
						${total("clients", "'*'")} AS clients, ${total("keys", "'*'")} AS keys, ${total("apis", "'*'")} AS apis`,
				)
				.first<DeploymentCounts>();
			return counts ?? { accounts: 0, people: 0, clients: 0, keys: 0, apis: 0 };
		},
	};
}
