import type { Register } from "../../domain/ports/register.ts";
import { copyVerdict } from "./copy-verdict.ts";
import { insertPasskey } from "./passkey-store.ts";
import * as rows from "./register-rows.ts";
import { additions, firstAccount, insertAudit, insertInstall } from "./register-writes.ts";
import { purgeOldest, purgeSlices } from "./purge-slices.ts";
import type { SqlDatabase } from "./database.ts";

const people = `SELECT ${rows.personColumns} FROM people`;

/** The register over D1. A binding's own queries go to the primary: replicas are asked only through a session. */
export function register(db: SqlDatabase): Register {
	return {
		async client(id) {
			const row = await db.prepare("SELECT * FROM clients WHERE id = ?").bind(id).first<rows.ClientRow>();
			return row && rows.clientOfRow(row);
		},
		async hasClient(ids) {
			const query = db.prepare("SELECT 1 AS one FROM clients WHERE id IN (SELECT value FROM json_each(?)) LIMIT 1");
			return (await query.bind(JSON.stringify(ids)).first()) !== null;
		},
		async servedIn(accountId) {
			const query = db.prepare(
				`SELECT DISTINCT each.value AS resource
				FROM clients, json_each(CASE WHEN json_valid(options) THEN options ELSE '{}' END, '$.resources') AS each
				WHERE account_id = ? AND state = 'active' AND each.type = 'text' ORDER BY resource`,
			);
			const { results } = await query.bind(accountId).all<{ resource: string }>();
			return results.map(({ resource }) => resource);
		},
		async account(id) {
			const row = await db
				.prepare(`SELECT ${rows.accountColumns} FROM accounts WHERE id = ?`)
				.bind(id)
				.first<rows.AccountRow>();
			return row && rows.toAccount(row);
		},
		async accountBySlug(slug) {
			const row = await db
				.prepare(`SELECT ${rows.accountColumns} FROM accounts WHERE slug = ?`)
				.bind(slug)
				.first<rows.AccountRow>();
			return row && rows.toAccount(row);
		},
		async person(id) {
			const row = await db.prepare(`${people} WHERE id = ?`).bind(id).first<rows.PersonRow>();
			return row && rows.toPerson(row);
		},
		async personByUsername(username) {
			// The column compares without regard to case.
			const query = db.prepare(`${people} WHERE username = ?`).bind(username);
			const row = await query.first<rows.PersonRow>();
			return row && rows.toPerson(row);
		},
		async membership(personId, accountId) {
			const query = db.prepare("SELECT * FROM memberships WHERE person_id = ? AND account_id = ?");
			const row = await query.bind(personId, accountId).first<rows.MembershipRow>();
			return row && rows.toMembership(row);
		},
		async accountsOf(personId) {
			const all = await belongsTo(db, personId);
			return all.filter(({ account }) => account.state === "active");
		},
		belongsTo: (personId) => belongsTo(db, personId),
		async policies(accountId) {
			const query = db.prepare("SELECT * FROM policies WHERE account_id = ? ORDER BY name, id");
			const { results } = await query.bind(accountId).all<rows.PolicyRow>();
			return results.map(rows.toPolicy);
		},
		async environment(id) {
			const row = await db.prepare("SELECT * FROM environments WHERE id = ?").bind(id).first<rows.EnvironmentRow>();
			return row && rows.toEnvironment(row);
		},
		async environments(accountId) {
			const query = db.prepare(
				"SELECT * FROM environments WHERE account_id = ? AND enabled = 1 ORDER BY workspace, name",
			);
			const { results } = await query.bind(accountId).all<rows.EnvironmentRow>();
			return results.map(rows.toEnvironment);
		},

		async addInstall(install, entry) {
			await db.batch([insertInstall(db, install, 0), insertAudit(db, entry)]);
		},
		async addAudit(entry) {
			await insertAudit(db, entry).run();
		},

		setUp: (first) => setUp(db, first),
		isSetUp: async () => (await firstAccountId(db)) !== null,

		async add(added) {
			const statements = additions(db, added);
			if (statements.length > 0) await db.batch(statements);
		},
		copyVerdict: (keyId, verdict, at, entries) => copyVerdict(db, keyId, verdict, at, entries),

		async purge(now, auditBefore) {
			await purgeSlices(db, { table: "installs", column: "expires_at", key: "grant_id" }, now + 1);
			await purgeSlices(db, { table: "recovery_links", column: "expires_at", key: "id" }, now + 1);
			await purgeSlices(db, { table: "email_links", column: "expires_at", key: "person_id" }, now + 1);
			await purgeOldest(db, { table: "audit", column: "at" }, auditBefore);
		},
	};
}

async function belongsTo(db: SqlDatabase, personId: string) {
	const query = db.prepare(
		`SELECT ${rows.accountColumns}, memberships.role FROM memberships JOIN accounts ON accounts.id = memberships.account_id
		WHERE memberships.person_id = ? AND memberships.state = 'active' AND accounts.state = 'active'
		ORDER BY accounts.name, accounts.id`,
	);
	const { results } = await query.bind(personId).all<rows.AccountRow & { role: string }>();
	return results.map((row) => ({ account: rows.toAccount(row), role: rows.toRole(row.role) }));
}

/** The unique row of `setup` decides. Whoever fails looks whose it is, since its own answer may only have been lost. */
async function setUp(
	db: SqlDatabase,
	{ account, person, passkey, entry }: Parameters<Register["setUp"]>[0],
): Promise<"done" | "already"> {
	try {
		await db.batch([
			...firstAccount(db, account, person, entry),
			...(passkey ? [insertPasskey(db, passkey, "TRUE")] : []),
		]);
		return "done";
	} catch (error) {
		const first = await firstAccountId(db);
		if (first === null) throw error;
		return first === account.id ? "done" : "already";
	}
}

function firstAccountId(db: SqlDatabase): Promise<string | null> {
	return db.prepare("SELECT account_id FROM setup").first<string>("account_id");
}
