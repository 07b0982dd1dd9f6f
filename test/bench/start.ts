import { readD1Migrations } from "@cloudflare/vitest-plugin";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, type V4MiniflareOptions } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { developmentSealKey } from "../../src/config.ts";
import { findWorkerd } from "./cpu.ts";

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
	const { workerOptions } = unstable_getMiniflareWorkerOptions("wrangler.toml");
	const { bindings, assets: _, ...options } = workerOptions;
	const { compatibilityDate, compatibilityFlags } = options;
	const direct = { unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }] };
	const miniflare = new Miniflare(
		convertV4MiniflareOptions({
			cf: false,
			log: new Log(LogLevel.WARN),
			workers: [
				{
					...options,
					...direct,
					name,
					modules: true,
					scriptPath: script,
					bindings: { ...bindings, SEAL_KEYS: `1:${developmentSealKey}`, DEMO_DATA: "on" },
				},
				{
					...direct,
					name: "floor",
					modules: true,
					script: emptyWorker,
					...(compatibilityDate !== undefined && { compatibilityDate }),
					...(compatibilityFlags && { compatibilityFlags }),
				},
			],
		} as V4MiniflareOptions),
	);
	await miniflare.ready;
	await migrate(miniflare, "DB", "register");
	await migrate(miniflare, "EVENTS", "events");
	return {
		latchkey: await miniflare.unsafeGetDirectURL(name),
		floor: await miniflare.unsafeGetDirectURL("floor"),
		pid: findWorkerd(),
		stop: () => miniflare.dispose(),
	};
}

async function migrate(miniflare: Miniflare, binding: string, folder: string): Promise<void> {
	const database = await miniflare.getD1Database(binding, name);
	const migrations = await readD1Migrations(`src/platform/cloudflare/migrations/${folder}`);
	const statements = migrations.flatMap(({ queries }) => queries).map((query) => database.prepare(query));
	if (statements.length > 0) await database.batch(statements);
}
