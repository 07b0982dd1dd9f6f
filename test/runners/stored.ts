import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fastFolder } from "./temporary-folder.ts";

/** All that a deployment has stored: the rows of each table of each database, by a name of both, in an order that is always one. */
export type Stored = Readonly<Record<string, readonly string[]>>;

/** Of a folder of SQLite files, as a data folder is one and what workerd keeps its objects, databases and KV in. */
export async function storedIn(folder: string): Promise<Stored> {
	// A copy: to open a file gives it a journal and locks, and here nothing is to be changed.
	const copies = await fastFolder();
	try {
		const stored: Record<string, readonly string[]> = {};
		for (const name of await readdir(folder, { recursive: true })) {
			if (!name.endsWith(".sqlite")) continue;
			const copy = join(copies, name);
			await mkdir(dirname(copy), { recursive: true });
			await copyDatabase(join(folder, name), copy);
			const database = new DatabaseSync(copy);
			const rows = (sql: string) => {
				const statement = database.prepare(sql);
				statement.setReadBigInts(true);
				return statement.all();
			};
			for (const [table, lines] of Object.entries(rowsOf(rows))) stored[`${name} ${table}`] = lines;
			database.close();
		}
		return stored;
	} finally {
		await rm(copies, { recursive: true, force: true });
	}
}

/** Of one database, by whatever asks it. */
export function rowsOf(all: (sql: string) => readonly unknown[]): Stored {
	const tables = all("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name") as { name: string }[];
	return Object.fromEntries(tables.map(({ name }) => [name, all(`SELECT * FROM "${name}"`).map(written).toSorted()]));
}

/** The file and its journal, of one moment: an object that nobody asks any more writes the one into the other, and drops it. */
async function copyDatabase(file: string, copy: string): Promise<void> {
	for (let attempt = 0; attempt < 20; attempt += 1) {
		const hadJournal = existsSync(`${file}-wal`);
		await copyFile(file, copy);
		if (hadJournal) {
			const isCopied = await copyFile(`${file}-wal`, `${copy}-wal`).then(
				() => true,
				() => false,
			);
			if (isCopied) return;
		} else if (!existsSync(`${file}-wal`)) return;
	}
	throw new Error(`${file} is never at rest`);
}

function written(row: unknown): string {
	return JSON.stringify(row, (_, value: unknown) => {
		if (typeof value === "bigint") return String(value);
		return value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value;
	});
}
