import { runInDurableObject } from "cloudflare:test";
import { describe, expect, test, vi } from "vitest";
import type { LedgerObject } from "../../src/platform/cloudflare/ledger-object.ts";
import { codeRecord, hash, login, newId, newSubject, now, redeem, type Stores } from "./builders.ts";
import { crash, stub } from "./cloudflare-cleaning.ts";

/** A verb costs what it is about: rows that are read are billed, and a subject may have 10,000 grants and sessions. */
export function describeGrowth({ platform }: Stores): void {
	describe("a ledger in which others have much", () => {
		test("reads as many rows in each verb with 4,000 grants and sessions as with 40", async () => {
			const few = await rowsRead(40);
			const many = await rowsRead(4000);
			expect(Object.keys(many).length).toBeGreaterThan(12);
			for (const [verb, read] of Object.entries(many)) {
				expect([verb, read, read <= 1.2 * (few[verb] ?? 0) + 2]).toEqual([verb, read, true]);
			}
		});

		test("a table from before, and rows that an earlier version writes, are found by account and client too", async () => {
			const subject = newSubject();
			await runInDurableObject(stub(subject), (_: LedgerObject, { storage: { sql } }) => {
				sql.exec(`
					CREATE TABLE rows (kind TEXT NOT NULL, id TEXT NOT NULL, lookup TEXT, body TEXT NOT NULL, purge_at INTEGER,
						PRIMARY KEY (kind, id)) WITHOUT ROWID;
					CREATE UNIQUE INDEX rows_by_lookup ON rows (kind, lookup) WHERE lookup IS NOT NULL;
					CREATE INDEX rows_by_purge ON rows (purge_at) WHERE purge_at IS NOT NULL;`);
				addGrants(sql, 3);
				sql.exec("INSERT INTO rows (kind, id, body) VALUES ('grant', 'damaged', '{')");
			});
			const ledger = platform.ledgers.of(subject);
			const log = vi.spyOn(console, "error").mockImplementation(() => {});
			expect(await ledger.grantsTo("client 1")).toMatchObject([{ id: "g1", accountId: "account 1" }]);
			await runInDurableObject(stub(subject), (_: LedgerObject, { storage: { sql } }) => {
				sql.exec("DELETE FROM rows WHERE id = 'g2'");
				addGrants(sql, 3);
			});
			await crash(subject);
			expect(await ledger.revokeGrantsTo("client 2", "account 2")).toEqual(["g2"]);
			expect(await ledger.grantsTo("client 2")).toEqual([]);
			log.mockRestore();
		});
	});

	/** By verb, in a ledger with so many rows that have nothing to do with it. */
	async function rowsRead(others: number): Promise<Readonly<Record<string, number>>> {
		const subject = newSubject("key");
		const own = platform.ledgers.of(subject);
		const record = { ...codeRecord(), clientId: "theirs", accountId: "account" };
		await own.changeKey({ kind: "create", ownerId: "account", policies: [] });
		for (const id of ["code", "other code"]) await own.changeKey({ kind: "add_code", id, hash: hash(id) });
		const first = await own.login(proof("code"), asked("first"));
		await own.openGrant(record);
		await own.redeem(record.id, redeem({ clientId: "theirs" }));
		return runInDurableObject(stub(subject), async (object: LedgerObject, { storage: { sql } }) => {
			addGrants(sql, others);
			sql.exec(
				`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
				INSERT INTO rows (kind, id, lookup, body, purge_at) SELECT 'session', 's' || i, 's' || i,
					json_object('sid', 's' || i, 'credential', 'other code', 'accountId', 'account', 'expiresAt', ?2, 'startedAt', ?2), ?2 FROM n`,
				others,
				now() + 7200,
			);
			// How many sessions there are is counted once in the life of an instance.
			await object.run("login", [proof("code"), asked("counted")]);
			const cursors: SqlStorageCursor<never>[] = [];
			const exec = sql.exec.bind(sql);
			vi.spyOn(sql, "exec").mockImplementation((query, ...values) => {
				const cursor = exec<never>(query, ...values);
				cursors.push(cursor);
				return cursor;
			});
			const read: Record<string, number> = {};
			const sid = "sid" in first ? first.sid : "";
			const mine = { credential: "code", accountId: "account", after: "", limit: 50 };
			const verbs: readonly (readonly [name: string, verb: string, ...args: readonly unknown[]])[] = [
				["inspect a grant", "inspectGrant", record.id, { jti: "j", notBefore: 0 }],
				["inspect a session", "inspectSession", sid, { jti: "j", notBefore: 0 }],
				["check a key", "checkKey", hash("code"), null],
				["login, live", "login", proof("code"), asked("first")],
				["login, new", "login", proof("code"), asked("new")],
				["open a grant", "openGrant", { ...codeRecord(), id: newId() }],
				["what a client has", "grantsTo", "theirs"],
				["sessions of a credential", "listSessions", mine],
				["sessions, a page of all", "listSessions", { all: true, after: "", limit: 50 }],
				["grants, a page", "listGrants", { after: "", limit: 50 }],
				["another code", "changeKey", { kind: "set_policies", accountId: "account", policies: ["p"] }],
				["a code off", "changeKey", { kind: "set_code_enabled", id: "code", enabled: false }],
				["end what a client has", "revokeGrantsTo", "theirs", "account"],
				["withdraw a consent", "withdrawConsent", "theirs"],
				["end sign-ins", "endEverything", { signIn: "", sessionsOf: "password" }],
				["end a session", "revokeSession", sid, null],
				["an account is gone", "forgetAccount", "elsewhere"],
			];
			for (const [name, verb, ...args] of verbs) {
				cursors.length = 0;
				await object.run(verb, args);
				read[name] = cursors.reduce((sum, cursor) => sum + cursor.rowsRead, 0);
			}
			vi.restoreAllMocks();
			return read;
		});
	}
}

/** Each of another client in another account of three. As an earlier version writes them. */
function addGrants(sql: SqlStorage, count: number): void {
	sql.exec(
		`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
		INSERT OR IGNORE INTO rows (kind, id, lookup, body, purge_at) SELECT 'grant', 'g' || i, NULL,
			json_object('id', 'g' || i, 'clientId', 'client ' || i, 'accountId', 'account ' || (i % 3), 'scope', json_array('events:read'),
				'createdAt', ?2, 'expiresAt', ?2 + 9000, 'phase', 'active', 'attempt', NULL, 'refresh', NULL, 'code', NULL), ?2 + 9000 FROM n`,
		count,
		now(),
	);
}

function proof(code: string) {
	return { kind: "access_code", codeHash: hash(code), accountId: null } as const;
}

function asked(sessionId: string) {
	return login({ sessionId, policies: { accountId: "account", ids: [] } });
}
