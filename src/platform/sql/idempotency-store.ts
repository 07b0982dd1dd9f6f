import type { Sealed, Seconds } from "../../domain/brands.ts";
import type { IdempotencyKeys } from "../../domain/ports/idempotency.ts";
import type { SqlDatabase } from "./database.ts";
import { purgeSlices } from "./purge-slices.ts";

interface Row {
	readonly turn: string;
	readonly nonce: string;
	readonly fingerprint: string;
	readonly answer: Sealed | null;
	readonly startedAt: Seconds;
}

export function idempotencyStore(db: SqlDatabase): IdempotencyKeys {
	return {
		async begin(id, turn, { forgotten, brokenOff }) {
			const taken = db
				.prepare(
					`INSERT INTO idempotency_keys (id, turn, fingerprint, started_at, nonce) VALUES (?1, ?2, ?3, ?4, ?5)
					ON CONFLICT (id) DO UPDATE
						SET turn = ?2, fingerprint = ?3, started_at = ?4, nonce = iif(started_at < ?6, ?5, nonce), answer = NULL
						WHERE started_at < ?6 OR (answer IS NULL AND fingerprint = ?3 AND started_at < ?7)`,
				)
				// Nothing is before what is null.
				.bind(id, turn.id, turn.fingerprint, turn.at, turn.nonce, forgotten, brokenOff);
			const found = db
				.prepare("SELECT turn, nonce, fingerprint, answer, started_at AS startedAt FROM idempotency_keys WHERE id = ?")
				.bind(id);
			const [, now] = await db.batch<Row>([taken, found]);
			const [row] = now?.results ?? [];
			if (!row) throw new Error("A row that was written is not there");
			if (row.turn === turn.id) return { kind: "begun", nonce: row.nonce };
			const { fingerprint, answer, startedAt } = row;
			return { kind: "first", turn: row.turn, fingerprint, answer, startedAt };
		},
		async keep(id, turn, answer) {
			const written = db.prepare("UPDATE idempotency_keys SET answer = ? WHERE id = ? AND turn = ?");
			await written.bind(answer, id, turn).run();
		},
		async release(id, turn) {
			await db.prepare("DELETE FROM idempotency_keys WHERE id = ? AND turn = ?").bind(id, turn).run();
		},
		async breakOff(id, turn, at) {
			const written = db.prepare("UPDATE idempotency_keys SET started_at = ? WHERE id = ? AND turn = ?");
			await written.bind(at, id, turn).run();
		},
		async purge(before) {
			await purgeSlices(db, { table: "idempotency_keys", column: "started_at", key: "id" }, before);
		},
	};
}
