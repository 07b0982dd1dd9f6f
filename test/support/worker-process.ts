// One server: the built Worker on workerd, in a process group of its own. start-worker.ts starts it, with an IPC channel.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions, unstable_splitSqlQuery } from "wrangler";
import type { WorkerMessage, WorkerSettings } from "./start-worker.ts";

const settings = JSON.parse(process.argv[2] ?? "{}") as WorkerSettings;
const migrations = "src/platform/cloudflare/migrations";

// Whoever started this server is gone, however it went: nobody wants the server any more.
process.on("disconnect", () => void stop());

// wrangler would warn of a required secret that it does not see; which one the Worker gets is up to the settings alone.
process.env.SEAL_KEYS ??= "";
const { workerOptions } = unstable_getMiniflareWorkerOptions("wrangler.toml");
const miniflare = new Miniflare(
	convertV4MiniflareOptions({
		...workerOptions,
		modulesRules: undefined, // for wrangler's own bundling, which the build has behind it
		modules: [{ type: "ESModule", path: "dist/worker.js" }],
		// Not those of wrangler.toml and .dev.vars: a developer may have made them their own.
		bindings: settings.variables,
		host: "127.0.0.1",
		port: settings.port,
		resourcePersistencePath: settings.state,
		log: new Log(LogLevel.WARN),
		telemetry: { enabled: false },
		cf: false,
	}),
);

try {
	await miniflare.ready;
	await migrate("DB", "register");
	await migrate("EVENTS", "events");
	tell({ kind: "ready" });
} catch (error) {
	tell({ kind: "failed", reason: error instanceof Error ? error.message : String(error) });
	await stop();
}

async function migrate(binding: string, folder: string): Promise<void> {
	const applied = join(settings.state, `applied-${folder}`);
	if (existsSync(applied)) return;
	const database = await miniflare.getD1Database(binding);
	for (const name of readdirSync(join(migrations, folder)).toSorted()) {
		const queries = unstable_splitSqlQuery(readFileSync(join(migrations, folder, name), "utf8"));
		await database.batch(queries.map((query) => database.prepare(query)));
	}
	writeFileSync(applied, "");
}

async function stop(): Promise<void> {
	await miniflare.dispose();
	process.exit();
}

function tell(message: WorkerMessage): void {
	process.send?.(message);
}
