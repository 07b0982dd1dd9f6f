import type { Hash } from "../../domain/brands.ts";
import type { EmailLink, EmailLinks } from "../../domain/ports/email-links.ts";
import type { SubjectId } from "../../domain/subject.ts";
import { auditAllIfChanged } from "./audit-if-changed.ts";
import type { SqlDatabase } from "./database.ts";
import { readable } from "./stored-json.ts";

interface LinkRow {
	readonly person_id: SubjectId;
	readonly hash: Hash;
	readonly email: string;
	readonly expires_at: number;
}

const open = "SELECT * FROM email_links WHERE person_id = ?1 AND hash = ?2 AND expires_at > ?3";

export function emailLinks(db: SqlDatabase): EmailLinks {
	return {
		async put({ personId, hash, email, expiresAt }) {
			await db
				.prepare(
					`INSERT INTO email_links (person_id, hash, email, expires_at) VALUES (?1, ?2, ?3, ?4)
					ON CONFLICT (person_id) DO UPDATE SET hash = ?2, email = ?3, expires_at = ?4`,
				)
				.bind(personId, hash, email, expiresAt)
				.run();
		},
		async find(personId, hash, now) {
			const row = await db.prepare(open).bind(personId, hash, now).first<LinkRow>();
			return row && toLink(row);
		},
		async use(personId, hash, now, entries) {
			const [before, changed] = await db.batch<{ is_entered: 0 | 1 }>([
				db
					.prepare(
						`SELECT ${readable("profile")} ->> '$.email' IS link.email AS is_entered
						FROM (${open}) AS link JOIN people ON people.id = link.person_id WHERE people.state = 'active'`,
					)
					.bind(personId, hash, now),
				// The unique index would say so too, as an error.
				db
					.prepare(
						`UPDATE people SET verified_email = link.email FROM (${open}) AS link
						WHERE people.id = ?1 AND people.state = 'active' AND ${readable("people.profile")} ->> '$.email' IS link.email
							AND NOT EXISTS (SELECT 1 FROM people AS others
								WHERE others.verified_email = link.email COLLATE NOCASE AND others.id <> ?1)`,
					)
					.bind(personId, hash, now),
				...auditAllIfChanged(db, entries),
				db
					.prepare(
						`DELETE FROM email_links WHERE person_id = ?1 AND hash = ?2
							AND EXISTS (SELECT 1 FROM people WHERE id = ?1 AND verified_email = email_links.email)`,
					)
					.bind(personId, hash),
			]);
			if (changed?.meta.changes) return "verified";
			const found = before?.results[0];
			if (!found) return "gone";
			return found.is_entered ? "taken" : "entered_another";
		},
	};
}

function toLink({ person_id, hash, email, expires_at }: LinkRow): EmailLink {
	return { personId: person_id, hash, email, expiresAt: expires_at };
}
