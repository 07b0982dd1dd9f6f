// The D1 schemas of `wrangler dev`, in one start of a runtime. `wrangler d1 migrations apply` starts one for each file: twenty
// of them were a minute on a busy machine, before anything answered.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { unstable_readConfig, unstable_splitSqlQuery } from "wrangler";

// As wrangler makes it, whose command then goes on from here.
const noted =
	"CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, " +
	"applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)";

/** What wrangler.toml has of one. */
interface Database {
	readonly binding: string;
	readonly database_id?: string;
	readonly preview_database_id?: string;
	readonly migrations_dir?: string;
}

/** `state` is where `wrangler dev --persist-to` keeps its storage. */
export async function applyMigrations(state: string): Promise<void> {
	const databases: readonly Database[] = unstable_readConfig({ config: "wrangler.toml" }).d1_databases;
	const miniflare = new Miniflare(
		convertV4MiniflareOptions({
			cf: false,
			telemetry: { enabled: false },
			log: new Log(LogLevel.ERROR),
			modules: [{ type: "ESModule", path: "nothing.mjs", contents: "export default {}" }],
			// Under the name that wrangler has for each.
			d1Databases: Object.fromEntries(
				databases.map(({ binding, preview_database_id: preview, database_id: id }) => [
					binding,
					preview ?? id ?? binding,
				]),
			),
			resourcePersistencePath: join(state, "v3"),
		}),
	);
	try {
		for (const { binding, migrations_dir: folder = "migrations" } of databases) {
			const database = await miniflare.getD1Database(binding);
			await database.prepare(noted).run();
			const { results } = await database.prepare("SELECT name FROM d1_migrations").all<{ name: string }>();
			const done = new Set(results.map(({ name }) => name));
			const files = readdirSync(folder).toSorted();
			for (const file of files.filter((name) => !done.has(name))) {
				const queries = unstable_splitSqlQuery(readFileSync(join(folder, file), "utf8"));
				// A file and the note of it in one transaction: a start that is cut off goes on with the next.
				await database.batch([
					...queries.map((query) => database.prepare(query)),
					database.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(file),
				]);
			}
			console.log(`The schema of ${binding} is there: ${files.length} migrations.`);
		}
	} finally {
		await miniflare.dispose();
	}
}
