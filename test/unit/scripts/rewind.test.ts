import { readdirSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
	asItIs,
	columnsOf,
	decided,
	derived,
	endUnlistedKeys,
	fenceLedgers,
	replaceUnasked,
	rewind,
	tablesOf,
} from "../../../scripts/recovery/rewind.ts";
import { toSql } from "../../../scripts/recovery/sql-text.ts";
import { lastPublicKeyVersion } from "../../../src/domain/ports/environments.ts";
import { wrongTotals } from "../../stores/totals.ts";
import { fastFolder } from "../../runners/temporary-folder.ts";

/** What a restored register has as the older one had it, since it opens nothing and ends nothing. */
const older: Readonly<Record<string, readonly string[]>> = {
	setup: ["id", "account_id"],
	accounts: ["id", "slug", "name", "created_at", "made_by"],
	people: ["id", "name", "profile"],
	memberships: ["person_id", "account_id", "name"],
	clients: ["id", "account_id", "kind", "name", "description", "logo_svg", "registered_at", "kept_at"],
	environments: ["id", "account_id", "workspace", "name"],
	policies: ["id", "account_id", "name", "description"],
	apis: ["id", "account_id", "identifier", "folded", "name", "description"],
};

function emptyRegister(path = ":memory:"): DatabaseSync {
	const folder = "src/platform/sql/migrations/register";
	const db = new DatabaseSync(path, { enableForeignKeyConstraints: false });
	for (const name of readdirSync(folder).toSorted()) db.exec(readFileSync(`${folder}/${name}`, "utf8"));
	db.exec("INSERT INTO accounts (id, slug, name, state, not_before) VALUES ('a', 'acme', 'Acme', 'active', 0)");
	return db;
}

function policies(db: DatabaseSync, ...rows: readonly [id: string, name: string, permissions: string][]): void {
	const insert = "INSERT INTO policies (id, account_id, name, description, permissions) VALUES (?, 'a', ?, '', ?)";
	for (const row of rows) db.prepare(insert).run(...row);
}

test("every column of the register is judged: from the older one, or as the present has it", () => {
	const db = emptyRegister();
	const unjudged = tablesOf(db).flatMap((table) => {
		const known = [...(older[table] ?? []), ...(decided[table] ?? [])];
		const columns = [...asItIs, ...derived].includes(table) ? [] : columnsOf(db, table).split(", ");
		return columns.filter((column) => !known.includes(column)).map((column) => `${table}.${column}`);
	});
	expect(unjudged).toEqual([]);
	expect(tablesOf(db).length).toBeGreaterThan(10);
});

describe("beside the present register", () => {
	let folder: string;
	let before: DatabaseSync;
	let present: DatabaseSync;

	beforeEach(async () => {
		folder = await fastFolder();
		before = emptyRegister();
		present = emptyRegister(join(folder, "present"));
	});
	afterEach(async () => {
		before.close();
		await rm(folder, { recursive: true });
	});
	const restored = () => {
		present.close();
		before.prepare("ATTACH ? AS present").run(join(folder, "present"));
		return rewind(before);
	};
	const verdict = (id: string, text: string) =>
		present.prepare("INSERT INTO key_verdicts (key_id, rev, verdict) VALUES (?, 1, ?)").run(id, text);
	const read = (sql: string) =>
		before
			.prepare(sql)
			.all()
			.map((row) => Object.values(row));

	test("an account of which all was deleted since is to be deleted anew, and none that was ended otherwise", () => {
		const insert = "INSERT INTO accounts (id, slug, name, state, not_before) VALUES ('b', 'b', 'B', 'active', 0)";
		for (const db of [before, present]) db.exec(insert);
		present.exec("UPDATE accounts SET state = 'ended', name = '', slug = slug WHERE id = 'a'");
		present.exec("UPDATE accounts SET state = 'ended' WHERE id = 'b'");
		restored();
		expect(before.prepare("SELECT id, state, delete_at FROM accounts ORDER BY id").all()).toEqual([
			{ id: "a", state: "ended", delete_at: 0 },
			{ id: "b", state: "ended", delete_at: null },
		]);
	});

	test("a policy that was taken away from keys comes back without permissions, and one that no key has comes back whole", () => {
		policies(before, ["w", "Wide", '["x"]'], ["g", "Gone", '["x"]'], ["d", "Of a deleted key", '["x"]']);
		verdict("k", JSON.stringify({ state: "disabled", policies: { a: [], b: ["w"] } }));
		verdict("l", JSON.stringify({ state: "deleted", policies: { a: ["d"] } }));
		expect(restored()).toEqual(["A policy that keys had when it was deleted has no permissions: Wide"]);
		expect(read("SELECT id, permissions FROM policies ORDER BY id")).toEqual([
			["d", '["x"]'],
			["g", '["x"]'],
			["w", "[]"],
		]);
	});

	test("where a key's verdict cannot be read, it may have any policy that was deleted", () => {
		policies(before, ["w", "Wide", '["x"]'], ["s", "Still there", '["x"]']);
		policies(present, ["s", "Still there", '["x"]']);
		verdict("k", '{"state":');
		restored();
		expect(read("SELECT id, permissions FROM policies ORDER BY id")).toEqual([
			["s", '["x"]'],
			["w", "[]"],
		]);
	});

	test("what was made since keeps its name, whoever had it before: renamed, deleted, or the two changed names", () => {
		policies(before, ["c", "Old", '["c"]'], ["g", "Gone", "[]"], ["x", "X", "[]"], ["y", "Y", "[]"], ["u", "U", "[]"]);
		policies(present, ["c", "New", '["c"]'], ["d", "OLD", '["d"]'], ["h", "gone", '["h"]']);
		policies(present, ["x", "z", "[]"], ["y", "X", "[]"], ["z", "Y", "[]"], ["u", "U since", "[]"]);
		const notes = restored();
		expect(read("SELECT id, name, permissions FROM policies ORDER BY id")).toEqual([
			["c", "New", '["c"]'],
			["d", "OLD", '["d"]'],
			["g", expect.stringMatching(/^Gone-[0-9a-f]{8}$/), "[]"],
			["h", "gone", '["h"]'],
			["u", "U", "[]"],
			["x", "z", "[]"],
			["y", "X", "[]"],
			["z", "Y", "[]"],
		]);
		expect(notes).toHaveLength(4);
		expect(notes).toContain("Another one of policies has its name of before: New");
	});

	test("what is counted by triggers is what is there then, and goes on from that where the text was put in place", () => {
		policies(before, ["g", "Gone", "[]"], ["s", "Same", "[]"]);
		policies(present, ["s", "Same", "[]"], ["n", "New", "[]"]);
		for (const [db, ids] of [
			[before, ["old"]],
			[present, ["k", "l"]],
		] as const) {
			const insert = db.prepare(
				"INSERT INTO api_keys (id, account_id, name, tags, created_at) VALUES (?, 'a', ?, '[]', 0)",
			);
			for (const id of ids) insert.run(id, id);
		}
		restored();
		const there = new DatabaseSync(":memory:", { enableForeignKeyConstraints: false });
		for (const db of [before, there]) {
			if (db === there) db.exec(toSql(before));
			expect(wrongTotals.flatMap((wrong) => db.prepare(wrong).all())).toEqual([]);
			expect(db.prepare("SELECT kind, n FROM totals WHERE account_id = 'a' ORDER BY kind").all()).toEqual([
				{ kind: "keys", n: 2 },
				{ kind: "policies", n: 3 },
			]);
		}
		there.exec("DELETE FROM api_keys WHERE id = 'k'");
		expect(wrongTotals.flatMap((wrong) => there.prepare(wrong).all())).toEqual([]);
	});

	test("so do people, accounts and environments", () => {
		const person = "INSERT INTO people (id, username, name, password_hash, state, not_before) VALUES";
		before.exec(`${person} ('p', 'ada', '', '', 'active', 0), ('q', 'bob', '', '', 'active', 0)`);
		present.exec(`${person} ('p', 'bob', '', '', 'active', 0), ('q', 'eve', '', '', 'active', 0)`);
		present.exec(`${person} ('r', 'Ada', '', '', 'active', 0)`);
		before.exec("UPDATE accounts SET slug = 'first' WHERE id = 'a'");
		present.exec("INSERT INTO accounts (id, slug, name, state, not_before) VALUES ('b', 'first', '', 'active', 0)");
		const environment = "INSERT INTO environments (id, account_id, workspace, name, key_version, enabled) VALUES";
		before.exec(`${environment} ('e', 'a', 'w', 'live', 1, 1)`);
		present.exec(`${environment} ('f', 'a', 'w', 'live', 1, 1)`);
		restored();
		expect(read("SELECT id, username FROM people ORDER BY id")).toEqual([
			["p", "bob"],
			["q", "eve"],
			["r", "Ada"],
		]);
		expect(read("SELECT id, slug FROM accounts ORDER BY id")).toEqual([
			["a", "acme"],
			["b", "first"],
		]);
		expect(read("SELECT id, name FROM environments ORDER BY id")).toEqual([
			["e", expect.stringMatching(/^live-[0-9a-f]{8}$/)],
			["f", "live"],
		]);
	});
});

test("without the present register: no registration access token is good, and no public key of before or of later", () => {
	const db = emptyRegister();
	db.exec(`INSERT INTO environments (id, account_id, workspace, name, key_version, enabled) VALUES
		('e', 'a', 'w', 'e', 1, 1), ('f', 'a', 'w', 'f', ${lastPublicKeyVersion - 1}, 1), ('g', 'a', 'w', 'g', 1, 0)`);
	db.exec(`INSERT INTO clients (id, kind, name, description, redirect_uris, auth_methods, secrets, grant_types, scope, rotation,
		access_token_ttl, options, state, not_before) VALUES
		('c', '', '', '', '', '', '', '', '', '', 1, '{"registration":{"hash":"h"},"ceiling":{"keys":true}}', 'active', 0),
		('d', '', '', '', '', '', '', '', '', '', 1, '{', 'active', 0)`);
	db.exec(`INSERT INTO invitations (id, hash, account_id, role, note, invited_by, created_at, expires_at, state)
			VALUES ('i', 'h', 'a', 'admin', '', 'p', 0, 9, 'open');
		INSERT INTO recovery_codes (person_id, hash, created_at) VALUES ('p', 'h', 0);
		INSERT INTO recovery_links (id, hash, person_id, kind, made_by, password, created_at, expires_at)
			VALUES ('l', 'h', 'p', 'operator', 'q', 'd', 0, 9);
		INSERT INTO email_links (person_id, hash, email, expires_at) VALUES ('p', 'h', 'a@a.example', 9)`);
	replaceUnasked(db);
	// Of what is good once nobody knows whether it was used since.
	for (const table of ["invitations", "recovery_codes", "recovery_links", "email_links"]) {
		expect(db.prepare(`SELECT count(*) AS left FROM ${table}`).get()).toEqual({ left: 0 });
	}
	const found = db.prepare("SELECT key_version, enabled FROM environments ORDER BY id").all();
	expect(found.map(({ enabled }) => enabled)).toEqual([1, 0, 0]);
	expect(found[1]?.key_version).toBe(lastPublicKeyVersion);
	for (const { key_version } of [found[0]!, found[2]!]) {
		expect(key_version).toBeGreaterThan(256);
		expect(key_version).toBeLessThan(5000);
	}
	const options = db.prepare("SELECT options FROM clients ORDER BY id").all();
	expect(options.map((row) => row.options)).toEqual(['{"ceiling":{"keys":true}}', "{"]);
});

test("ledgers of before: a key that cannot be read stays as it is, and opens nothing; the others are closed beside it", () => {
	const db = new DatabaseSync(":memory:");
	const folder = "src/platform/sql/migrations/ledgers";
	for (const name of readdirSync(folder).toSorted()) db.exec(readFileSync(`${folder}/${name}`, "utf8"));
	db.exec(
		"ATTACH ':memory:' AS register; CREATE TABLE register.api_keys (id TEXT); INSERT INTO register.api_keys VALUES ('kept')",
	);
	const key = '{"state":"enabled","rev":1,"codes":[{"id":"c","enabled":true}]}';
	const insert = db.prepare("INSERT INTO rows (subject, kind, id, body) VALUES (?, 'key', 'verdict', ?)");
	for (const [subject, body] of [
		["bad", "{"],
		["kept", key],
		["later", key],
	] as const)
		insert.run(subject, body);
	fenceLedgers(db);
	endUnlistedKeys(db);
	const found = db
		.prepare("SELECT body FROM rows ORDER BY subject")
		.all()
		.map(({ body }) => String(body));
	expect(found[0]).toBe("{");
	const closed = { rev: 2, codes: [{ id: "c", enabled: false }] };
	expect(found.slice(1).map((body) => JSON.parse(body))).toEqual([
		{ state: "enabled", ...closed },
		{ state: "deleted", ...closed },
	]);
});
