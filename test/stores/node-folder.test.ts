import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fileNames } from "../../src/platform/node/data-folder.ts";
import { FolderRefused } from "../../src/platform/node/folder-refused.ts";
import { openPlatform, type PlatformOptions } from "../../src/platform/node/platform.ts";
import { SqlFile } from "../../src/platform/node/sql-file.ts";
import { temporaryFolder } from "../runners/temporary-folder.ts";
import { codeRecord, newSubject } from "./builders.ts";
import { account } from "./register-builders.ts";

let base: string;
let folder: string;
beforeEach(async () => {
	base = await temporaryFolder();
	folder = join(base, "deep", "data");
});
afterEach(() => rm(base, { recursive: true }));

function refusal(options: PlatformOptions = {}, path = folder): FolderRefused {
	try {
		openPlatform(path, { patience: 50, ...options }).close();
	} catch (error) {
		if (error instanceof FolderRefused) return error;
		throw error;
	}
	throw new Error("the folder was opened");
}

function prepared(): void {
	openPlatform(folder).close();
}

function alter(name: string, script: string): void {
	const file = new SqlFile(join(folder, name), 50);
	file.script(script);
	file.close();
}

/** Every file of the folder, byte by byte. */
function contents(): Record<string, string> {
	return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "latin1")]));
}

/** A copy of the migrations, with more of them. */
function moreMigrations(added: Readonly<Record<string, string>>): URL {
	const copy = join(base, "migrations");
	cpSync("src/platform/sql/migrations", copy, { recursive: true });
	for (const [path, text] of Object.entries(added)) writeFileSync(join(copy, path), text);
	return pathToFileURL(`${copy}/`);
}

describe("a data folder", () => {
	test("is made where there is none, and has what was written when it is opened again", async () => {
		const [subject, record, made] = [newSubject(), codeRecord(), account()];
		const first = openPlatform(folder);
		await first.platform.ledgers.of(subject).openGrant(record);
		await first.platform.register.add({ accounts: [made] });
		first.close();
		const second = openPlatform(folder);
		expect(await second.platform.ledgers.of(subject).grantTerms(record.id)).not.toBeNull();
		expect(await second.platform.register.account(made.id)).toEqual(made);
		second.close();
		expect(readdirSync(folder).toSorted()).toEqual(["events.sqlite", "ledgers.sqlite", "register.sqlite"]);
	});

	test("has no file that others can read, though they may look into the folder", async () => {
		mkdirSync(folder, { recursive: true, mode: 0o755 });
		const { platform, close } = openPlatform(folder);
		await platform.register.add({ accounts: [account()] });
		const modes = readdirSync(folder).map((name) => (statSync(join(folder, name)).mode & 0o777).toString(8));
		// Each with what SQLite puts beside it.
		expect(modes).toEqual(Array.from({ length: 9 }, () => "600"));
		close();
	});

	test("waits for the disk before it answers", () => {
		const { files, close } = openPlatform(folder);
		for (const file of Object.values(files)) {
			// https://www.sqlite.org/pragma.html#pragma_synchronous: FULL, which WAL needs to survive a power cut.
			expect(file.exec("PRAGMA synchronous").toArray()).toEqual([{ synchronous: 2 }]);
			expect(file.exec("PRAGMA journal_mode").toArray()).toEqual([{ journal_mode: "wal" }]);
			expect(file.exec("PRAGMA foreign_keys").toArray()).toEqual([{ foreign_keys: 1 }]);
		}
		close();
	});

	test("that another major version wrote is refused, and stays as it is", () => {
		prepared();
		alter("events.sqlite", "PRAGMA application_id = 0x6c6b0002");
		const before = contents();
		expect(refusal()).toMatchObject({
			reason: "other_version",
			message: "events.sqlite was written by major version 2 of latchkey; this is major version 1.",
		});
		expect(contents()).toEqual(before);
	});

	test("with a file that was cut off is refused, and stays as it is", () => {
		prepared();
		truncateSync(join(folder, "register.sqlite"), 8192);
		const before = contents();
		expect(refusal()).toMatchObject({ reason: "damaged" });
		expect(contents()).toEqual(before);
	});

	test("of another program is refused, and stays as it is", () => {
		prepared();
		alter("register.sqlite", "PRAGMA application_id = 0");
		const before = contents();
		expect(refusal()).toMatchObject({ reason: "other_version", message: expect.stringContaining("another program") });
		expect(contents()).toEqual(before);
	});

	test("with a file that is no database is refused", () => {
		mkdirSync(folder, { recursive: true });
		writeFileSync(join(folder, "ledgers.sqlite"), "not a database ".repeat(500));
		expect(refusal().reason).toBe("other_version");
		expect(contents()["ledgers.sqlite"]).toMatch(/^not a database not/);
	});

	describe.for(fileNames)("that was in use and has lost %s", (name) => {
		const others = fileNames.filter((each) => each !== name).map((each) => `${each}.sqlite`);
		const subject = newSubject();
		beforeEach(async () => {
			const { platform, close } = openPlatform(folder);
			await platform.register.add({ accounts: [account()] });
			await platform.ledgers.of(subject).openGrant(codeRecord());
			close();
		});

		test.for([
			["is missing", (path: string) => rmSync(path)],
			["is empty", (path: string) => truncateSync(path)],
		] as const)("is refused and named where the file %s, and stays as it is", ([, lose]) => {
			lose(join(folder, `${name}.sqlite`));
			const before = contents();
			const { reason, message } = refusal();
			expect(reason).toBe("incomplete");
			expect(message).toContain(`${name}.sqlite is missing or empty beside ${others.join(" and ")}.`);
			expect(message).toContain(`LOST_FILES=${name}.`);
			expect(contents()).toEqual(before);
		});

		test("is opened where whoever starts it says that the file is gone for good", () => {
			rmSync(join(folder, `${name}.sqlite`));
			expect(refusal({ lost: fileNames.filter((each) => each !== name) }).reason).toBe("incomplete");
			openPlatform(folder, { lost: [name] }).close();
			openPlatform(folder).close();
		});
	});

	test("whose first start was cut off before all of its files were made is opened", () => {
		prepared();
		rmSync(join(folder, "ledgers.sqlite"));
		truncateSync(join(folder, "events.sqlite"));
		expect(() => openPlatform(folder).close()).not.toThrow();
	});

	test("that a later minor version wrote is opened, and stays what it is", () => {
		const later = moreMigrations({ "events/0900_more.sql": "CREATE TABLE more (x)" });
		openPlatform(folder, { migrations: later }).close();
		prepared();
		const again = openPlatform(folder, { migrations: later });
		expect(again.files.events.exec("SELECT * FROM more").toArray()).toEqual([]);
		again.close();
	});

	test("with a migration that fails half-way is refused with the reason, and nothing has changed", () => {
		prepared();
		const migrations = moreMigrations({
			"register/0900_good.sql": "CREATE TABLE good (x)",
			"ledgers/0900_good.sql": "CREATE TABLE good (x)",
			"ledgers/0901_bad.sql": "CREATE TABLE half (x); INSERT INTO half VALUES (1); INSERT INTO nowhere VALUES (1)",
		});
		expect(refusal({ migrations })).toMatchObject({
			reason: "migration_failed",
			message: expect.stringMatching(/^ledgers\.sqlite: migration 0901_bad\.sql failed: .*no such table: nowhere/),
		});
		const { files, close } = openPlatform(folder);
		for (const file of Object.values(files)) {
			const query = "SELECT name FROM sqlite_master WHERE name IN ('good', 'half')";
			expect(file.exec(query).toArray()).toEqual([]);
			expect(file.exec<{ user_version: number }>("PRAGMA user_version").toArray()[0]?.user_version).toBeLessThan(900);
		}
		close();
	});

	test("that another process holds locked is refused after a while", () => {
		prepared();
		const other = new SqlFile(join(folder, "ledgers.sqlite"), 50);
		other.begin();
		expect(refusal()).toMatchObject({ reason: "locked", message: expect.stringContaining("another process") });
		other.rollBack();
		other.close();
		prepared();
	});

	test("is a path, and no URI, whatever it begins with", () => {
		const before = process.cwd();
		process.chdir(base);
		try {
			openPlatform("file:data").close();
		} finally {
			process.chdir(before);
		}
		expect(readdirSync(join(base, "file:data"))).toContain("register.sqlite");
	});

	test("in whose place there is a file, or in which nobody can write, is refused", () => {
		writeFileSync(join(base, "file"), "");
		expect(refusal({}, join(base, "file")).reason).toBe("not_writable");
		expect(refusal({}, join(base, "file", "below")).reason).toBe("not_writable");
		expect(refusal({}, "/proc/none/below").reason).toBe("not_writable");
		// Not even root can.
		expect(refusal({}, "/proc/self")).toMatchObject({
			reason: "not_writable",
			message: expect.stringContaining("/proc/self cannot be written"),
		});
	});
});
