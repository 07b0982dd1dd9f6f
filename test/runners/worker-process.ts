// One server: the built Worker on workerd, in a process group of its own. start-worker.ts starts it, with an IPC channel.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { rememberedCrypto } from "./remembered-crypto-module.ts";
import type { WorkerMessage, WorkerSettings } from "./start-worker.ts";

const name = "latchkey";
const settings = JSON.parse(process.argv[2] ?? "{}") as WorkerSettings;

process.once("message", () => void stop());
// Whoever started this server is gone, however it went: nobody wants the server any more.
process.once("disconnect", () => void stop());

const miniflare = new Miniflare(
	convertV4MiniflareOptions({
		...settings.bindings,
		// An object's id follows from the Worker's name: what deployments of before stored has none in it.
		...(settings.isStaged && { name }),
		modules: [
			{ type: "ESModule", path: "worker.js", contents: readFileSync(settings.build, "utf8") },
			...(settings.isStaged ? [rememberedCrypto] : []),
		],
		...(settings.isStaged && { unsafeDirectSockets: [{ host: "127.0.0.1", port: 0, entrypoint: "Backstage" }] }),
		bindings: settings.variables,
		host: "127.0.0.1",
		port: settings.port,
		...(settings.https && { https: true, httpsKey: settings.https.key, httpsCert: settings.https.cert }),
		...(settings.mailFrom !== null && {
			email: { send_email: [{ name: "EMAIL", allowed_sender_addresses: [settings.mailFrom] }] },
		}),
		resourcePersistencePath: settings.state,
		log: new Log(settings.mailFrom === null ? LogLevel.WARN : LogLevel.INFO),
		telemetry: { enabled: false },
		cf: false,
	}),
);

try {
	await miniflare.ready;
	for (const { binding, queries } of settings.migrations) await migrate(binding, queries);
	const backstage = settings.isStaged ? (await miniflare.unsafeGetDirectURL(name, "Backstage")).origin : null;
	tell({ kind: "ready", backstage });
} catch (error) {
	tell({ kind: "failed", reason: error instanceof Error ? error.message : String(error) });
	process.exitCode = 1;
	process.disconnect();
}

async function migrate(binding: string, queries: readonly string[]): Promise<void> {
	const applied = join(settings.state, `applied-${binding}`);
	if (existsSync(applied)) return;
	const database = await miniflare.getD1Database(binding);
	await database.batch(queries.map((query) => database.prepare(query)));
	writeFileSync(applied, "");
}

async function stop(): Promise<void> {
	try {
		await miniflare.dispose();
	} finally {
		process.exit();
	}
}

function tell(message: WorkerMessage): void {
	process.send?.(message);
}
