// `npm run export -- <folder>`: a copy of DATA_FOLDER, which may be in use. For D1 there is `wrangler d1 export` (docs/recovery.md).
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileNames } from "../src/platform/node/data-folder.ts";

const [target, ...more] = process.argv.slice(2);
const { DATA_FOLDER: folder } = process.env;
if (target === undefined || more.length > 0 || !folder) {
	console.error("DATA_FOLDER=<folder> npm run export -- <new folder>");
	process.exit(2);
}
// Sealed secrets and password hashes are in it.
process.umask(0o077);
mkdirSync(target);
const files = fileNames.map((name) => {
	const db = new DatabaseSync(join(folder, `${name}.sqlite`), { timeout: 5000 });
	// Nobody writes meanwhile, so that the copies are of one instant: requests that would wait up to five seconds.
	db.exec("BEGIN IMMEDIATE");
	return { db, name };
});
for (const { name } of files) {
	const reader = new DatabaseSync(join(folder, `${name}.sqlite`), { readOnly: true });
	reader.prepare("VACUUM INTO ?").run(resolve(target, `${name}.sqlite`));
	reader.close();
}
for (const { db } of files) {
	db.exec("ROLLBACK");
	db.close();
}
console.log(`exported: ${resolve(target)}`);
