import {
	accessSync,
	constants,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import { FolderRefused, refusalOf } from "./folder-refused.ts";
import { SqlFile } from "./sql-file.ts";

/** "lk", and the major version of the format: what another one wrote is not touched. */
const mark = 0x6c6b;
const major = 1;

export const fileNames = ["register", "events", "ledgers"] as const;
export type FileName = (typeof fileNames)[number];
export type DataFiles = Readonly<Record<FileName, SqlFile>>;

/**
 * Opens the files of a data folder, and makes or migrates them. All that is to be changed is changed, or nothing: no
 * transaction is committed before the last migration has succeeded. Migrations of one major version only add, so that a
 * folder which a later minor version wrote is good for an earlier one too. A file that is missing or empty is made anew only where
 * all of them are, or where it is one of `lost`.
 */
export function openFolder(folder: string, migrations: URL, patience: number, lost: readonly FileName[]): DataFiles {
	const files: Partial<Record<FileName, SqlFile>> = {};
	try {
		if (folder !== ":memory:") prepareFolder(folder);
		if (folder !== ":memory:") checkWholeness(folder, lost, patience);
		for (const name of fileNames) {
			const file = new SqlFile(folder === ":memory:" ? folder : prepareFile(folder, name), patience);
			files[name] = file;
			checkFormat(file, name);
			file.script("PRAGMA journal_mode = WAL");
			file.begin();
			migrate(file, name, new URL(`${name}/`, migrations));
		}
		for (const file of Object.values(files)) file.commit();
		return files as DataFiles;
	} catch (error) {
		for (const file of Object.values(files)) {
			file.rollBack();
			file.close();
		}
		throw refusalOf(error, folder) ?? error;
	}
}

function prepareFolder(folder: string): void {
	makeFolder(resolve(folder));
	// SQLite would open what it cannot write, and fail at the first write.
	accessSync(folder, constants.W_OK | constants.X_OK);
}

/** Sealed secrets and password hashes are in it. One after the other: in /proc Node 26 makes `recursive` ones for ever. */
function makeFolder(path: string): void {
	if (existsSync(path)) return;
	makeFolder(dirname(path));
	try {
		mkdirSync(path, { mode: 0o700 });
	} catch (error) {
		// Or another process was faster.
		if (!existsSync(path)) throw error;
	}
}

/** Made before SQLite would make it for everybody to read; what SQLite puts beside it is for the same readers. */
function prepareFile(folder: string, name: string): string {
	// Absolute: what begins with `file:` SQLite would take for a URI.
	const path = resolve(folder, `${name}.sqlite`);
	// Not where it is there: to close a file gives up the locks that this process has on it (https://sqlite.org/howtocorrupt.html).
	if (!existsSync(path)) writeFileSync(path, "", { mode: 0o600, flag: "a" });
	return path;
}

/**
 * Without the ledgers of a register nothing that it lists is good, and nobody would know why; without the register of the
 * ledgers whoever comes first sets the deployment up. So neither is made up beside the other.
 */
function checkWholeness(folder: string, lost: readonly FileName[], patience: number): void {
	const gone = fileNames.filter((name) => !isWritten(resolve(folder, `${name}.sqlite`)) && !lost.includes(name));
	const there = fileNames.filter((name) => isWritten(resolve(folder, `${name}.sqlite`)));
	if (gone.length === 0 || !there.some((name) => hasRows(folder, name, patience))) return;
	const [missing, present] = [gone, there].map((each) => each.map((name) => `${name}.sqlite`).join(" and "));
	throw new FolderRefused(
		"incomplete",
		`${folder}: ${missing} is missing or empty beside ${present}. Put it back from a backup; if it is lost for good, start once with LOST_FILES=${gone.join(",")}.`,
	);
}

function isWritten(path: string): boolean {
	return existsSync(path) && statSync(path).size > 0;
}

/** Not in a folder whose first start was cut off before the last of its files had been made. */
function hasRows(folder: string, name: FileName, patience: number): boolean {
	const file = new SqlFile(resolve(folder, `${name}.sqlite`), patience);
	try {
		checkFormat(file, name);
		const tables = file.exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'").toArray();
		return tables.some((table) => file.exec(`SELECT 1 FROM "${table.name}" LIMIT 1`).toArray().length > 0);
	} finally {
		file.close();
	}
}

function checkFormat(file: SqlFile, name: string): void {
	const written = pragma(file, "application_id");
	if (written === (mark << 16) + major) return;
	const [table] = file.exec("SELECT 1 FROM sqlite_master LIMIT 1").toArray();
	if (written === 0 && !table) return;
	const by = written >>> 16 === mark ? `major version ${written & 0xffff} of latchkey` : "another program";
	throw new FolderRefused("other_version", `${name}.sqlite was written by ${by}; this is major version ${major}.`);
}

/** Inside a transaction: another process may have done the same a moment ago. */
function migrate(file: SqlFile, name: string, folder: URL): void {
	const done = pragma(file, "user_version");
	let last = done;
	for (const migration of readdirSync(folder).toSorted()) {
		const number = Number.parseInt(migration, 10);
		if (!(number > done)) continue;
		try {
			file.script(readFileSync(new URL(migration, folder), "utf8"));
		} catch (error) {
			if (refusalOf(error, name)) throw error;
			throw new FolderRefused("migration_failed", `${name}.sqlite: migration ${migration} failed: ${String(error)}`);
		}
		last = number;
	}
	// Written at every start, so that a file which cannot be written is noticed here.
	file.script(`PRAGMA application_id = ${(mark << 16) + major}; PRAGMA user_version = ${last}`);
}

function pragma(file: SqlFile, name: string): number {
	const [row] = file.exec<Record<string, number>>(`PRAGMA ${name}`).toArray();
	return row?.[name] ?? 0;
}
