import type { ClientRegister, UnsettledInstall, UnsettledQuery } from "../../domain/ports/clients.ts";
import type { AuditEntry } from "../../domain/audit-entry.ts";
import type { Seconds } from "../../domain/brands.ts";
import { auditIfChanged } from "./audit-if-changed.ts";
import type { SqlDatabase, SqlStatement } from "./database.ts";

// What the register hears of installs afterwards: that their code was redeemed, or was not, and that they have ended.

export async function selectUnsettled(
	db: SqlDatabase,
	of: UnsettledQuery,
	limit: number,
): Promise<readonly UnsettledInstall[]> {
	const [index, condition, value] =
		"accountId" in of
			? (["installs_unsettled_of_account", "account_id = ?", of.accountId] as const)
			: "clientId" in of
				? (["installs_unsettled_of_client", "client_id = ?", of.clientId] as const)
				: (["installs_unsettled", "created_at <= ?", of.createdBefore] as const);
	const { results } = await db
		.prepare(
			`SELECT grant_id AS grantId, subject, created_at AS createdAt FROM installs INDEXED BY ${index}
			WHERE ended_at IS NULL AND settled = 0 AND ${condition} ORDER BY created_at DESC, grant_id DESC LIMIT ?`,
		)
		.bind(value, limit)
		.all<UnsettledInstall>();
	return results;
}

export async function settleInstalls(
	db: SqlDatabase,
	{ live, gone }: Parameters<ClientRegister["settleInstalls"]>[0],
	at: Seconds,
): Promise<void> {
	const these = "grant_id IN (SELECT value FROM json_each(?)) AND ended_at IS NULL";
	await db.batch([
		db.prepare(`UPDATE installs SET settled = 1 WHERE ${these}`).bind(JSON.stringify(live)),
		db.prepare(`UPDATE installs SET ended_at = ? WHERE ${these}`).bind(at, JSON.stringify(gone)),
	]);
}

export async function noteInstallEnd(
	db: SqlDatabase,
	grantId: string,
	at: Seconds,
	entry: AuditEntry | null,
): Promise<void> {
	const end = db.prepare("UPDATE installs SET ended_at = ? WHERE grant_id = ? AND ended_at IS NULL").bind(at, grantId);
	await withEntry(db, end, entry);
}

export async function noteInstallEnds(
	db: SqlDatabase,
	{ subject, clientId, accountId, grants, openedBefore }: Parameters<ClientRegister["endInstallsOf"]>[0],
	at: Seconds,
	entry: AuditEntry | null,
): Promise<void> {
	const end = db
		.prepare(
			`UPDATE installs SET ended_at = ?1 WHERE subject = ?2 AND ended_at IS NULL
				AND (?3 IS NULL OR client_id = ?3) AND (?4 IS NULL OR account_id = ?4)
				AND (created_at < ?6 OR grant_id IN (SELECT value FROM json_each(?5)))`,
		)
		.bind(at, subject, clientId, accountId, JSON.stringify(grants), openedBefore);
	await withEntry(db, end, entry);
}

async function withEntry(db: SqlDatabase, end: SqlStatement, entry: AuditEntry | null): Promise<void> {
	await db.batch([end, ...(entry ? [auditIfChanged(db, entry)] : [])]);
}
