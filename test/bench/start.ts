import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { readD1Migrations } from "@cloudflare/vitest-plugin";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, type V4MiniflareOptions } from "miniflare";
import { unstable_getMiniflareWorkerOptions, unstable_readConfig } from "wrangler";
import { developmentSealKey } from "../../src/config.ts";
import { findWorkerd, workerds } from "./cpu.ts";

export interface Started {
	/** The own socket of each build: no proxy and no assets router stand before it, as they would with `wrangler dev`. */
	readonly builds: readonly URL[];
	/** An empty Worker in the same process. */
	readonly floor: URL;
	readonly pid: number;
	stop(): Promise<void>;
}

interface StartedWorkers extends Started {
	/** A database of a build, by the build's place among the scripts. */
	database(build: number, binding: string): Promise<D1Database>;
}

const emptyWorker = `export default { fetch: () => new Response("ok") };`;

/**
 * Starts built Workers in one workerd, so that none of them has the luckier process, each with KV, D1 and Durable Objects of its
 * own that go when it stops.
 */
export async function start(scripts: readonly string[], modulesOf: ModulesOf = asItIs): Promise<StartedWorkers> {
	// wrangler would warn of a required secret that it does not see.
	process.env.SEAL_KEYS ??= `1:${developmentSealKey}`;
	const builds = scripts.map((script, index) => ({ script, name: `latchkey-${index}`, config: configOf(script) }));
	const { compatibility_date: compatibilityDate = "", compatibility_flags: compatibilityFlags } = unstable_readConfig({
		config: "wrangler.toml",
	});
	const workers: V4MiniflareOptions = {
		cf: false,
		telemetry: { enabled: false },
		log: new Log(LogLevel.WARN),
		workers: [
			...builds.map((build) => workerOf(build, modulesOf)),
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
	for (const { name, config } of builds)
		for (const { binding, migrations_dir: folder } of unstable_readConfig({ config }).d1_databases)
			await migrate(miniflare, name, binding, join(dirname(config), folder ?? ""));
	return {
		builds: await Promise.all(builds.map(({ name }) => miniflare.unsafeGetDirectURL(name))),
		floor: await miniflare.unsafeGetDirectURL("floor"),
		pid: findWorkerd(known),
		database: (build, binding) => miniflare.getD1Database(binding, `latchkey-${build}`),
		stop: () => miniflare.dispose(),
	};
}

const direct = { unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }] };

interface Build {
	readonly script: string;
	readonly name: string;
	readonly config: string;
}

/** Another version has other bindings and migrations: its own, where the build lies in the `dist` of its checkout. */
function configOf(script: string): string {
	const own = resolve(dirname(script), "../wrangler.toml");
	return existsSync(own) ? own : resolve("wrangler.toml");
}

/** What a request writes to its log goes to the platform in a deployment, and to a pipe and a terminal here, which is dear. */
export const quiet = `console.info = console.log = () => {};`;
const entry = `import "./quiet.js"; export * from "./worker.js"; export { default } from "./worker.js";`;

/** The modules of a Worker, by their paths and the first of them first, of the text that was built. */
export type ModulesOf = (worker: string) => Readonly<Record<string, string>>;

function asItIs(worker: string): Record<string, string> {
	return { "entry.js": entry, "quiet.js": quiet, "worker.js": worker };
}

function workerOf({ script, name, config }: Build, modulesOf: ModulesOf) {
	const { workerOptions } = unstable_getMiniflareWorkerOptions(config);
	const { modulesRules: _, assets: __, rootPath: ___, ...options } = workerOptions;
	const modules = modulesOf(readFileSync(script, "utf8"));
	return {
		...options,
		...direct,
		name,
		modules: Object.entries(modules).map(([path, contents]) => ({ type: "ESModule" as const, path, contents })),
		bindings: { ISSUER: "http://localhost:8787", SEAL_KEYS: `1:${developmentSealKey}`, DEMO_DATA: "on" },
		kvNamespaces: ownOf(name, options.kvNamespaces),
		d1Databases: ownOf(name, options.d1Databases),
	};
}

/** Bindings of the same name are the same store for all Workers of a workerd. */
function ownOf(name: string, bindings: unknown): Record<string, string> {
	return Object.fromEntries(Object.keys(bindings ?? {}).map((binding) => [binding, `${name}-${binding}`]));
}

async function migrate(miniflare: Miniflare, name: string, binding: string, folder: string): Promise<void> {
	const database = await miniflare.getD1Database(binding, name);
	const migrations = await readD1Migrations(folder);
	const statements = migrations.flatMap(({ queries }) => queries).map((query) => database.prepare(query));
	if (statements.length > 0) await database.batch(statements);
}
