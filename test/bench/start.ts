import { readFileSync } from "node:fs";
import { readD1Migrations } from "@cloudflare/vitest-plugin";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, type V4MiniflareOptions } from "miniflare";
import { unstable_getMiniflareWorkerOptions, unstable_readConfig } from "wrangler";
import { developmentSealKey } from "../../src/config.ts";
import { findWorkerd, workerds } from "./cpu.ts";

export interface Started {
	/** Latchkey's own socket: no proxy and no assets router stand before it, as they would with `wrangler dev`. */
	readonly latchkey: URL;
	/** An empty Worker in the same process. */
	readonly floor: URL;
	readonly pid: number;
	stop(): Promise<void>;
}

const name = "latchkey";
const emptyWorker = `export default { fetch: () => new Response("ok") };`;

/** Starts a built Worker in workerd, with KV, D1 and Durable Objects of its own that go when it stops. */
export async function start(script: string): Promise<Started> {
	// wrangler would warn of a required secret that it does not see.
	process.env.SEAL_KEYS ??= `1:${developmentSealKey}`;
	const { workerOptions } = unstable_getMiniflareWorkerOptions("wrangler.toml");
	const { modulesRules: _, assets: __, ...options } = workerOptions;
	const { compatibility_date: compatibilityDate = "", compatibility_flags: compatibilityFlags } = unstable_readConfig({
		config: "wrangler.toml",
	});
	const direct = { unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }] };
	const workers: V4MiniflareOptions = {
		cf: false,
		telemetry: { enabled: false },
		log: new Log(LogLevel.WARN),
		workers: [
			{
				...options,
				...direct,
				name,
				modules: [{ type: "ESModule", path: "worker.js", contents: readFileSync(script, "utf8") }],
				bindings: { ISSUER: "http://localhost:8787", SEAL_KEYS: `1:${developmentSealKey}`, DEMO_DATA: "on" },
			},
			{
				...direct,
				name: "floor",
				modules: [{ type: "ESModule", path: "floor.js", contents: emptyWorker }],
				compatibilityDate,
				compatibilityFlags,
			},
		],
	};
	const known = workerds();
	const miniflare = new Miniflare(convertV4MiniflareOptions(workers));
	await miniflare.ready;
	await migrate(miniflare, "DB", "register");
	await migrate(miniflare, "EVENTS", "events");
	return {
		latchkey: await miniflare.unsafeGetDirectURL(name),
		floor: await miniflare.unsafeGetDirectURL("floor"),
		pid: findWorkerd(known),
		stop: () => miniflare.dispose(),
	};
}

async function migrate(miniflare: Miniflare, binding: string, folder: string): Promise<void> {
	const database = await miniflare.getD1Database(binding, name);
	const migrations = await readD1Migrations(`src/platform/sql/migrations/${folder}`);
	const statements = migrations.flatMap(({ queries }) => queries).map((query) => database.prepare(query));
	if (statements.length > 0) await database.batch(statements);
}
