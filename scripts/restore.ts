// `npm run restore -- <copy>`: DATA_FOLDER, of a server that is stopped, as it was when `npm run export` made the copy; but what
// was ended, narrowed or made since stays so, as far as the present folder can still be read. `npm run restore -- <older.sql>
// --present <present.sql> --output <new.sql>`: the same for the register in D1, between `wrangler d1 export` and `wrangler d1
// execute`. docs/recovery.md says what it means.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { fileNames } from "../src/platform/node/data-folder.ts";
import { openPlatform } from "../src/platform/node/platform.ts";
import { endUnlistedKeys, fence, fenceLedgers, replaceUnasked, rewind } from "./recovery/rewind.ts";
import { fromSql, toSql } from "./recovery/sql-text.ts";

const { values, positionals } = parseArgs({
	options: { present: { type: "string" }, output: { type: "string" } },
	allowPositionals: true,
});
// Sealed secrets and password hashes are in each file.
process.umask(0o077);
const [older] = positionals;
const { DATA_FOLDER: folder } = process.env;
// What was given out this very second counts no more either.
const now = Math.floor(Date.now() / 1000) + 1;
try {
	if (older !== undefined && values.output !== undefined) restoreSql(older, values.present ?? null, values.output);
	else if (older !== undefined && folder) restoreFolder(older, folder);
	else
		throw new Error(
			"DATA_FOLDER=<folder> npm run restore -- <copy>, or: npm run restore -- <older.sql> [--present <present.sql>] --output <new.sql>",
		);
	// Whoever signs in as soon as the server is there again is none of before.
	await setTimeout(Math.max(0, now * 1000 - Date.now()));
} catch (error) {
	console.error(`restore: ${(error as Error).message}`);
	process.exitCode = 1;
}

function restoreFolder(copy: string, target: string): void {
	const present = resolve(target);
	const made = `${present}.restoring`;
	const kept = `${present}.before-${now}`;
	if (existsSync(made)) throw new Error(`${made} is left of another time: remove it`);
	const hasRegister = isReadable(join(present, "register.sqlite"), "SELECT id FROM accounts");
	const hasLedgers = isReadable(join(present, "ledgers.sqlite"), "SELECT subject, body FROM rows");
	if (hasRegister) refuseWhileServing(join(present, "register.sqlite"));
	mkdirSync(made);
	cpSync(copy, made, { recursive: true });
	// What else lies in the folder is of now: `npm run serve` has its SEAL_KEYS there.
	if (existsSync(present))
		cpSync(present, made, { recursive: true, filter: (path) => !isData(relative(present, path)) });
	if (hasLedgers) copyOf(join(present, "ledgers.sqlite"), join(made, "ledgers.sqlite"));
	// Brings it up to date, and refuses what is no data folder.
	openPlatform(made).close();
	const register = new DatabaseSync(join(made, "register.sqlite"), { enableForeignKeyConstraints: false });
	let notes: readonly string[] = [];
	if (hasRegister) {
		// By itself, brought up to date: whatever the other files of the present folder are like.
		const scratch = mkdtempSync(join(tmpdir(), "latchkey-restore-"));
		copyOf(join(present, "register.sqlite"), join(scratch, "register.sqlite"));
		openPlatform(scratch, { lost: fileNames }).close();
		register.prepare("ATTACH ? AS present").run(join(scratch, "register.sqlite"));
		notes = rewind(register);
		register.exec("DETACH present");
		rmSync(scratch, { recursive: true });
	} else replaceUnasked(register);
	const ledgers = new DatabaseSync(join(made, "ledgers.sqlite"));
	if (!hasRegister || !hasLedgers) fence(register, now);
	if (!hasLedgers) fenceLedgers(ledgers);
	refuseLooseEnds(register);
	register.close();
	if (!hasRegister) {
		ledgers.prepare("ATTACH ? AS register").run(join(made, "register.sqlite"));
		endUnlistedKeys(ledgers);
	}
	ledgers.close();
	if (existsSync(present)) renameSync(present, kept);
	renameSync(made, present);
	say(hasRegister, hasLedgers, notes);
	console.log(`restored: ${present}${existsSync(kept) ? `; as it was before: ${kept}` : ""}`);
}

function restoreSql(file: string, present: string | null, output: string): void {
	const scratch = mkdtempSync(join(tmpdir(), "latchkey-restore-"));
	let notes: readonly string[] = [];
	try {
		const register = fromSql(readFileSync(file, "utf8"), join(scratch, "older"));
		if (present !== null) {
			fromSql(readFileSync(present, "utf8"), join(scratch, "present")).close();
			register.prepare("ATTACH ? AS present").run(join(scratch, "present"));
			notes = rewind(register);
		} else {
			fence(register, now);
			replaceUnasked(register);
		}
		refuseLooseEnds(register);
		writeFileSync(output, toSql(register));
		register.close();
	} finally {
		rmSync(scratch, { recursive: true });
	}
	say(present !== null, true, notes);
	console.log(`written: ${resolve(output)}`);
}

/** With what SQLite puts beside a file of the folder. */
function isData(path: string): boolean {
	return fileNames.some((name) => path.startsWith(`${name}.sqlite`));
}

/** With what is still beside it in its WAL. */
function copyOf(path: string, target: string): void {
	rmSync(target, { force: true });
	const db = new DatabaseSync(path);
	db.prepare("VACUUM INTO ?").run(target);
	db.close();
}

function isReadable(path: string, query: string): boolean {
	if (!existsSync(path)) return false;
	const db = new DatabaseSync(path);
	try {
		const [check] = db.prepare("PRAGMA quick_check").all();
		return check?.quick_check === "ok" && db.prepare(query).all().length > 0;
	} catch {
		return false;
	} finally {
		db.close();
	}
}

/** https://sqlite.org/pragma.html#pragma_locking_mode: nobody else may have it open then. */
function refuseWhileServing(path: string): void {
	const db = new DatabaseSync(path);
	try {
		db.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; ROLLBACK");
	} catch {
		throw new Error(`${path} is open elsewhere: stop the server`);
	} finally {
		db.close();
	}
}

function refuseLooseEnds(db: DatabaseSync): void {
	const broken = db.prepare("PRAGMA main.foreign_key_check").all();
	if (broken.length > 0) throw new Error(`rows point nowhere: ${JSON.stringify(broken.slice(0, 5))}`);
}

function say(hasRegister: boolean, hasLedgers: boolean, notes: readonly string[]): void {
	const lines = [
		hasRegister
			? "The present register was read: what was ended, narrowed or made since stays so."
			: "The present register could not be read: everybody signs in anew, every grant has to be given anew; environments have other public keys, and registration access tokens are good no more. Look through passwords, roles, policies, clients' secrets and redirect URLs: they are as they were.",
		...(hasLedgers
			? []
			: ["The present ledgers could not be read: every access code is off. Enable those that should open something."]),
		...notes,
	];
	console.log(lines.join("\n"));
}
