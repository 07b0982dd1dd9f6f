import type { AccountRemoval, GoingAccount } from "../../domain/ports/account-removal.ts";
import type { SubjectId } from "../../domain/subject.ts";
import { auditIfChanged } from "./audit-if-changed.ts";
import type { SqlDatabase, SqlValue } from "./database.ts";
import { purgeSlices } from "./purge-slices.ts";

/** Of the person of a row `people`: no membership of an account that is left, suspended or not, and no operator. */
const isLast = `NOT EXISTS (
		SELECT 1 FROM memberships AS other JOIN accounts ON accounts.id = other.account_id
		WHERE other.person_id = people.id AND other.account_id <> ?1 AND other.state = 'active' AND accounts.state = 'active')
	AND NOT EXISTS (SELECT 1 FROM operators WHERE person_id = people.id)`;

export function accountRemovalStore(db: SqlDatabase): AccountRemoval {
	return {
		async begin(now) {
			await db
				.prepare(
					`UPDATE accounts SET state = 'ended'
					WHERE delete_at <= ? AND state = 'active' AND suspended_at IS NOT NULL`,
				)
				.bind(now)
				.run();
			const query = db.prepare(
				"SELECT id, slug FROM accounts WHERE delete_at IS NOT NULL AND state = 'ended' ORDER BY delete_at, id",
			);
			return (await query.all<GoingAccount>()).results;
		},
		async keys(accountId, limit) {
			const there = await ids("SELECT id FROM api_keys WHERE account_id = ? LIMIT ?", accountId, limit);
			if (there.length > 0) return there;
			// As the index has it.
			const owner = "CASE WHEN json_valid(verdict) THEN verdict END ->> '$.ownerId'";
			return ids(`SELECT key_id AS id FROM key_verdicts WHERE ${owner} = ? LIMIT ?`, accountId, limit);
		},
		async removeKeys(keyIds) {
			await removeIn(
				[
					"access_codes WHERE key_id IN",
					"key_links WHERE key_id IN",
					"key_verdicts WHERE key_id IN",
					"api_keys WHERE id IN",
				],
				keyIds,
			);
		},
		linkedKeys: (accountId, limit) =>
			ids("SELECT key_id AS id FROM key_links WHERE account_id = ? LIMIT ?", accountId, limit),
		async removeLinks(accountId, keyIds) {
			const tables = ["key_links", "key_policies"].map((table) => `${table} WHERE account_id = ?2 AND key_id IN`);
			await removeIn(tables, keyIds, accountId);
		},
		async client(accountId, limit) {
			const query = db.prepare("SELECT id FROM clients WHERE account_id = ? LIMIT 1").bind(accountId);
			const id = await query.first<string>("id");
			if (id === null) return null;
			const subjects =
				"SELECT DISTINCT subject AS id FROM installs INDEXED BY installs_by_client WHERE client_id = ? LIMIT ?";
			return { id, subjects: await ids(subjects, id, limit) };
		},
		async removeInstalls(of, subjects) {
			const [column, id] =
				"clientId" in of ? (["client_id", of.clientId] as const) : (["account_id", of.accountId] as const);
			await removeIn([`installs WHERE ${column} = ?2 AND subject IN`], subjects, id);
		},
		async removeClient(id) {
			await db.prepare("DELETE FROM clients WHERE id = ?").bind(id).run();
		},
		installers: (accountId, limit) =>
			ids(
				"SELECT DISTINCT subject AS id FROM installs INDEXED BY installs_by_account WHERE account_id = ? LIMIT ?",
				accountId,
				limit,
			),
		async members(accountId, limit) {
			const query = db.prepare(
				`SELECT people.id, ${isLast} AS isLast FROM memberships JOIN people ON people.id = memberships.person_id
				WHERE memberships.account_id = ?1 ORDER BY memberships.person_id LIMIT ?2`,
			);
			const { results } = await query.bind(accountId, limit).all<{ id: SubjectId; isLast: 0 | 1 }>();
			return results.map(({ id, isLast: last }) => ({ id, isLast: last === 1 }));
		},
		async removeMembers(accountId, personIds) {
			const these = JSON.stringify(personIds);
			const going = `SELECT id FROM people WHERE id IN (SELECT value FROM json_each(?2)) AND ${isLast}`;
			await db.batch([
				...[
					"passkeys",
					"recovery_codes",
					"recovery_links",
					"wrong_passwords",
					"email_links",
					"one_time_codes",
					"provider_identities",
				].map((table) => db.prepare(`DELETE FROM ${table} WHERE person_id IN (${going})`).bind(accountId, these)),
				// Others' logs name them by their id, and memberships that have ended refer to it.
				db
					.prepare(
						`UPDATE people SET state = 'ended', username = id, name = '', password_hash = '', profile = '{}',
							verified_email = NULL WHERE id IN (${going})`,
					)
					.bind(accountId, these),
				db
					.prepare("DELETE FROM memberships WHERE account_id = ?1 AND person_id IN (SELECT value FROM json_each(?2))")
					.bind(accountId, these),
			]);
		},
		async removeRest(accountId) {
			const tables = [
				"environments",
				"policies",
				"apis",
				"trusted_issuers",
				"sign_in_providers",
				"account_domains",
				"webhook_endpoints",
				"webhook_outbox",
				"invitations",
				"recovery_links",
				"installs",
			];
			await db.batch([
				db
					.prepare(
						"DELETE FROM provider_identities WHERE provider_id IN (SELECT id FROM sign_in_providers WHERE account_id = ?)",
					)
					.bind(accountId),
				...tables.map((table) => db.prepare(`DELETE FROM ${table} WHERE account_id = ?`).bind(accountId)),
			]);
			await purgeSlices(db, { table: "audit", column: "account_id", is: true }, accountId);
		},
		async finish(accountId, entry) {
			await db.batch([
				db
					.prepare(
						`UPDATE accounts SET name = '', made_by = NULL, suspended_at = NULL, delete_at = NULL
						WHERE id = ? AND state = 'ended' AND delete_at IS NOT NULL`,
					)
					.bind(accountId),
				auditIfChanged(db, entry),
			]);
		},
	};

	async function ids(query: string, ...values: readonly SqlValue[]): Promise<readonly SubjectId[]> {
		const { results } = await db
			.prepare(query)
			.bind(...values)
			.all<{ id: SubjectId }>();
		return results.map(({ id }) => id);
	}

	/** In one transaction, of each of these tables the rows of these ids. */
	async function removeIn(tables: readonly string[], these: readonly string[], value?: string): Promise<void> {
		const all = JSON.stringify(these);
		await db.batch(
			tables.map((table) =>
				db
					.prepare(`DELETE FROM ${table} (SELECT value FROM json_each(?1))`)
					.bind(all, ...(value === undefined ? [] : [value])),
			),
		);
	}
}
