import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { developmentSealKey } from "../../../src/config.ts";
import { temporaryFolder } from "../../runners/temporary-folder.ts";
import { readShape } from "../../runners/worker-shape.ts";
import { type Send, sender } from "../load.ts";
import { home, type Region, regions } from "./regions.ts";

/** An isolate in each region, on one storage, which lies in the home region. */
export interface World {
	readonly send: Readonly<Record<Region, Send>>;
	stop(): Promise<void>;
}

const folder = await temporaryFolder();
process.on("exit", () => void rm(folder, { recursive: true, force: true }));
execFileSync("wrangler", ["deploy", "test/bench/world/world-worker.ts", "--dry-run", "--outdir", folder], {
	stdio: ["ignore", "ignore", "inherit"],
});
const contents = readFileSync(join(folder, "world-worker.js"), "utf8");

export async function startWorld(replicas: "on" | "off"): Promise<World> {
	const { bindings, migrations } = readShape();
	const {
		assets: _,
		durableObjects,
		...shape
	} = bindings as {
		assets?: unknown;
		durableObjects: Readonly<Record<string, { readonly className: string }>>;
	};
	const workers = regions.map((region) => ({
		...shape,
		name: region,
		modules: [{ type: "ESModule" as const, path: "worker.js", contents }],
		durableObjects: Object.fromEntries(
			Object.entries(durableObjects).map(([binding, object]) => [
				binding,
				region === home ? object : { ...object, scriptName: home },
			]),
		),
		bindings: {
			ISSUER: "http://localhost:8787",
			SEAL_KEYS: `1:${developmentSealKey}`,
			DEMO_DATA: "on",
			REPLICAS: replicas,
			REGION: region,
		},
		unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
	}));
	const miniflare = new Miniflare(
		convertV4MiniflareOptions({
			cf: false,
			telemetry: { enabled: false },
			log: new Log(LogLevel.WARN),
			handleStructuredLogs: () => {},
			workers,
		}),
	);
	await miniflare.ready;
	for (const { binding, queries } of migrations) {
		const database = await miniflare.getD1Database(binding, home);
		await database.batch(queries.map((query) => database.prepare(query)));
	}
	const senders = await Promise.all(regions.map(async (region) => sender(await miniflare.unsafeGetDirectURL(region))));
	return {
		send: Object.fromEntries(senders.map(({ send }, index) => [regions[index], send])) as World["send"],
		async stop() {
			for (const { close } of senders) close();
			await miniflare.dispose();
		},
	};
}
