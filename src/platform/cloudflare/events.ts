import type { Events } from "../../domain/ports.ts";

export function events(db: D1Database): Events {
	return {
		async add(added) {
			if (added.length === 0) return;
			const insert = db.prepare(
				`INSERT INTO events (id, account_id, environment_id, received_at, occurred_at, body)
				VALUES (?, ?, ?, ?, ?, ?)`,
			);
			// A batch is one transaction.
			await db.batch(
				added.map(({ id, accountId, environmentId, receivedAt, occurredAt, body }) =>
					insert.bind(id, accountId, environmentId, receivedAt, occurredAt, body),
				),
			);
		},
		async purge(receivedBefore) {
			await db.prepare("DELETE FROM events WHERE received_at < ?").bind(receivedBefore).run();
		},
	};
}
