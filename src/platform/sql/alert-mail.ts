import type { AlertMail } from "../../domain/ports/alert-mail.ts";
import { auditIfChanged } from "./audit-if-changed.ts";
import type { SqlDatabase } from "./database.ts";
import { writerMay, writerValue } from "./writer-role.ts";

export function alertMail(db: SqlDatabase): AlertMail {
	return {
		async isOn(accountId) {
			const query = db.prepare("SELECT alert_mail FROM accounts WHERE id = ?").bind(accountId);
			return (await query.first<number>("alert_mail")) === 1;
		},
		async set(accountId, isOn, by, entry) {
			const change = db
				.prepare(`UPDATE accounts SET alert_mail = ?1 WHERE id = ?2 AND alert_mail <> ?1 AND ${writerMay("?3")}`)
				.bind(isOn ? 1 : 0, accountId, writerValue(by));
			const may = db.prepare(`SELECT ${writerMay("?1")} AS may`).bind(writerValue(by));
			const [changed, , found] = await db.batch<{ may: 0 | 1 }>([change, auditIfChanged(db, entry), may]);
			if (changed?.meta.changes) return "set";
			return found?.results[0]?.may ? "unchanged" : "not_permitted";
		},
		async recipients(accountId, limit) {
			const { results } = await db
				.prepare(
					`SELECT people.verified_email AS email FROM accounts
					JOIN memberships ON memberships.account_id = accounts.id AND memberships.state = 'active'
						AND memberships.role = 'admin'
					JOIN people ON people.id = memberships.person_id AND people.state = 'active'
					WHERE accounts.id = ?1 AND accounts.alert_mail = 1 AND accounts.state = 'active'
						AND accounts.suspended_at IS NULL AND people.verified_email IS NOT NULL
					ORDER BY memberships.person_id LIMIT ?2`,
				)
				.bind(accountId, limit)
				.all<{ email: string }>();
			return results.map(({ email }) => email);
		},
	};
}
