import { cpSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { linksOf, findManagedKey } from "../../src/operations/keys/find-managed-key.ts";
import { holdPorts } from "../../src/operations/ports-of.ts";
import { type NodePlatform, openPlatform } from "../../src/platform/node/platform.ts";
import { temporaryFolder } from "../runners/temporary-folder.ts";
import { hash, newId, newSubject, now } from "./builders.ts";
import { account, keysByName } from "./register-builders.ts";

// Once, rows of links and codes were written apart from the verdict, and what raced left them different from it.

let base: string;
let storage: NodePlatform;
beforeEach(async () => {
	base = await temporaryFolder();
	storage = openPlatform(join(base, "data"));
});
afterEach(async () => {
	storage.close();
	await rm(base, { recursive: true });
});

function migrationsBefore(number: string): URL {
	const copy = join(base, "migrations");
	const isBefore = (path: string) => !path.includes("/register/") || basename(path) < number;
	cpSync("src/platform/sql/migrations", copy, { recursive: true, filter: isBefore });
	expect(readdirSync(join(copy, "register"))).not.toContain("0007_links_of_verdicts.sql");
	return pathToFileURL(`${copy}/`);
}

const addAccount = "INSERT INTO accounts (id, slug, name, state, not_before) VALUES (?, ?, ?, 'active', 0)";
const addKey = "INSERT INTO api_keys (id, account_id, name, tags, created_at) VALUES (?, ?, ?, '[]', ?)";
const copy = "INSERT INTO key_verdicts (key_id, rev, verdict) VALUES (?, 2, ?)";

/** A key that opens a linker's account, though no row says so; and rows of what its ledger knows no more. */
async function planted() {
	const { ledgers } = storage.platform;
	const [owner, linker, stranger] = [account(), account(), account()];
	// As the register was then: what writes one now knows of columns that came later.
	for (const { id, slug, name } of [owner, linker, stranger]) storage.files.register.exec(addAccount, id, slug, name);
	const id = newSubject("key");
	const key = { id, accountId: owner.id, name: `Key ${id}`, tags: [], type: "standard", createdAt: now() } as const;
	storage.files.register.exec(addKey, id, key.accountId, key.name, key.createdAt);
	const ledger = ledgers.of(id);
	await ledger.changeKey({ kind: "create", ownerId: owner.id, policies: [] });
	await ledger.changeKey({ kind: "add_code", id: "code", hash: hash("code") });
	await ledger.changeKey({ kind: "add_link", accountId: linker.id, policies: ["p"] });
	const verdict = await ledger.readKey();
	if (!verdict) throw new Error("There is no verdict");
	storage.files.register.exec(copy, id, JSON.stringify(verdict));
	storage.files.register.exec("INSERT INTO access_codes (id, key_id, description) VALUES ('code', ?, 'One')", id);
	storage.files.register.exec("DELETE FROM key_links");
	const late = newId();
	storage.files.register.exec("INSERT INTO access_codes (id, key_id, description) VALUES (?, ?, 'Gone')", late, id);
	storage.files.register.exec(
		"INSERT INTO key_links (account_id, key_id, created_at) VALUES (?, ?, 1)",
		stranger.id,
		id,
	);
	return { key, linker, owner };
}

describe("a link that opens an account and is not listed", () => {
	test("is listed by the migration, and what stands for nothing goes", async () => {
		storage.close();
		storage = openPlatform(join(base, "old"), { migrations: migrationsBefore("0007") });
		const { key, linker, owner } = await planted();
		const deleted = { ...key, id: newSubject("key"), name: "Deleted" };
		storage.files.register.exec(addKey, deleted.id, owner.id, deleted.name, 1);
		const tombstone = { ownerId: owner.id, state: "deleted", codes: [], policies: {}, rev: 2, copiedRev: 0 };
		storage.files.register.exec(copy, deleted.id, JSON.stringify(tombstone));
		const unread = { ...key, id: newSubject("key"), name: "Unread" };
		storage.files.register.exec(addKey, unread.id, owner.id, unread.name, 1);
		storage.files.register.exec(copy, unread.id, '{"state":');
		storage.files.register.exec("INSERT INTO access_codes VALUES ('kept', ?, 'Kept', NULL)", unread.id);
		storage.close();
		storage = openPlatform(join(base, "old"));
		const { keyRegister } = storage.platform;
		expect((await keyRegister.links(key.id)).map(({ accountId }) => accountId)).toEqual([linker.id]);
		expect((await keyRegister.keysWithPolicy({ id: "p", accountId: linker.id })).map(({ id }) => id)).toEqual([key.id]);
		expect((await keysByName(keyRegister, linker.id, null, 9)).map((each) => each.key.id)).toEqual([key.id]);
		expect((await keyRegister.codes(key.id)).map(({ id }) => id)).toEqual(["code"]);
		expect((await keyRegister.codes(unread.id)).map(({ id }) => id)).toEqual(["kept"]);
		expect(await keyRegister.key(deleted.id)).toBeNull();
		expect(await storage.platform.keyCopies.find(deleted.id)).toMatchObject({ name: "Deleted" });
	});

	test("is found by whoever asks for it, and is listed from then on", async () => {
		const { key, linker } = await planted();
		const { keyRegister } = storage.platform;
		const services = { ...holdPorts(storage.platform), now };
		expect(await keysByName(keyRegister, linker.id, null, 9)).toEqual([]);
		const found = await findManagedKey(key.id, linker.id, services);
		expect(found).toMatchObject({ row: key, linkedAt: expect.any(Number) });
		expect((await keysByName(keyRegister, linker.id, null, 9)).map((each) => each.key.id)).toEqual([key.id]);
	});

	test("is seen by the key's owner, who sees none that the ledger does not have", async () => {
		const { key, linker, owner } = await planted();
		const services = { ...holdPorts(storage.platform), now };
		const found = await findManagedKey(key.id, owner.id, services);
		expect(found && (await linksOf(found, services)).map(({ accountId }) => accountId)).toEqual([linker.id]);
		const { keyRegister } = storage.platform;
		expect((await keyRegister.links(key.id)).map(({ accountId }) => accountId)).toEqual([linker.id]);
		expect((await keyRegister.codes(key.id)).map(({ id }) => id)).toEqual(["code"]);
	});
});
