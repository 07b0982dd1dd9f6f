import type { OneTimeCodeRegister } from "../../domain/ports/one-time-codes.ts";
import { auditAllIfChanged } from "./audit-if-changed.ts";
import type { SqlDatabase } from "./database.ts";
import { storedPassword } from "./register-rows.ts";

export function oneTimeCodeStore(db: SqlDatabase): OneTimeCodeRegister {
	return {
		async turnOn(personId, { sealedSecret, lastStep, at, password }, entries) {
			const results = await db.batch<{ one: number }>([
				db
					.prepare(
						`INSERT INTO one_time_codes (person_id, sealed_secret, since, last_step)
						SELECT id, ?2, ?3, ?4 FROM people WHERE id = ?1 AND password_hash = ?5 AND state = 'active'
						ON CONFLICT DO NOTHING`,
					)
					.bind(personId, sealedSecret, at, lastStep, storedPassword(password)),
				...auditAllIfChanged(db, entries),
				db
					.prepare("SELECT 1 AS one FROM one_time_codes WHERE person_id = ? AND sealed_secret = ?")
					.bind(personId, sealedSecret),
			]);
			return results.at(-1)?.results[0] ? "on" : "overtaken";
		},
		async use(personId, secret, step) {
			const use = db.prepare(
				"UPDATE one_time_codes SET last_step = ?1 WHERE person_id = ?2 AND sealed_secret = ?3 AND last_step < ?1",
			);
			const { meta } = await use.bind(step, personId, secret).run();
			return meta.changes > 0;
		},
		async change(personId, from, { sealedSecret, lastStep, at }, entries) {
			const change = db
				.prepare(
					`UPDATE one_time_codes SET sealed_secret = ?3, since = ?4, last_step = ?5
					WHERE person_id = ?1 AND sealed_secret = ?2`,
				)
				.bind(personId, from, sealedSecret, at, lastStep);
			const [changed] = await db.batch([change, ...auditAllIfChanged(db, entries)]);
			return (changed?.meta.changes ?? 0) > 0;
		},
		async turnOff(personId, secret, entries) {
			const end = db
				.prepare("DELETE FROM one_time_codes WHERE person_id = ? AND sealed_secret = ?")
				.bind(personId, secret);
			const [ended] = await db.batch([end, ...auditAllIfChanged(db, entries)]);
			return (ended?.meta.changes ?? 0) > 0;
		},
	};
}
