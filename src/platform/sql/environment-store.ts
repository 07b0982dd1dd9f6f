import {
	type EnvironmentInAccount,
	type EnvironmentRegister,
	lastPublicKeyVersion,
} from "../../domain/ports/environments.ts";
import type { AuditEntry } from "../../domain/audit-entry.ts";
import { auditIfChanged } from "./audit-if-changed.ts";
import { type EnvironmentRow, toEnvironment } from "./register-rows.ts";
import { hasRoom } from "./room.ts";
import type { SqlDatabase, SqlStatement } from "./database.ts";

export function environmentStore(db: SqlDatabase): EnvironmentRegister {
	const byId = ({ id, accountId }: EnvironmentInAccount) =>
		db.prepare("SELECT * FROM environments WHERE id = ? AND account_id = ?").bind(id, accountId);

	async function update(of: EnvironmentInAccount, change: SqlStatement, entry: AuditEntry) {
		const outcomes = await db.batch<EnvironmentRow>([change, auditIfChanged(db, entry), byId(of)]);
		const row = outcomes[2]?.results[0];
		return row ? toEnvironment(row) : null;
	}

	return {
		async list(accountId, after, limit) {
			const query = db.prepare(
				`SELECT * FROM environments WHERE account_id = ? AND (workspace, name) > (?, ?)
				ORDER BY workspace, name LIMIT ?`,
			);
			const bound = query.bind(accountId, after?.workspace ?? "", after?.name ?? "", limit);
			return (await bound.all<EnvironmentRow>()).results.map(toEnvironment);
		},
		async find(accountId, id) {
			const row = await byId({ accountId, id }).first<EnvironmentRow>();
			return row && toEnvironment(row);
		},
		async create(environment, entry) {
			const { id, accountId, workspace, name, keyVersion, enabled } = environment;
			const insert = db
				.prepare(
					`INSERT INTO environments (id, account_id, workspace, name, key_version, enabled)
					SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE ${hasRoom("environments", "?2")}
					ON CONFLICT DO NOTHING`,
				)
				.bind(id, accountId, workspace, name, keyVersion, enabled ? 1 : 0);
			const inTheWay = db
				.prepare("SELECT 1 FROM environments WHERE id = ? OR (account_id = ? AND workspace = ? AND name = ?)")
				.bind(id, accountId, workspace, name);
			const [inserted, , found, other] = await db.batch<EnvironmentRow>([
				insert,
				auditIfChanged(db, entry),
				byId(environment),
				inTheWay,
			]);
			if (inserted?.meta.changes) return "created";
			const row = found?.results[0];
			if (other?.results.length === 0) return "full";
			return row?.workspace === workspace && row.name === name ? "same" : "taken";
		},
		setEnabled(of, enabled, entry) {
			const value = enabled ? 1 : 0;
			const change = db
				.prepare("UPDATE environments SET enabled = ? WHERE id = ? AND account_id = ? AND enabled <> ?")
				.bind(value, of.id, of.accountId, value);
			return update(of, change, entry);
		},
		rotateKey(of, version, entry) {
			const change = db
				.prepare(
					`UPDATE environments SET key_version = key_version + 1
					WHERE id = ? AND account_id = ? AND key_version = ? AND key_version < ?`,
				)
				.bind(of.id, of.accountId, version, lastPublicKeyVersion);
			return update(of, change, entry);
		},
	};
}
