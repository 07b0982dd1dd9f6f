import { dirname, join } from "node:path";
import { readD1Migrations } from "@cloudflare/vitest-plugin";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, type V4MiniflareOptions } from "miniflare";
import { unstable_readConfig } from "wrangler";
import { findWorkerd, workerds } from "./cpu.ts";
import { asItIs, type Build, buildOf, direct, emptyWorker, type ModulesOf, workerOf } from "./worker-options.ts";

export interface Started {
	/** The own socket of each build. */
	readonly builds: readonly URL[];
	/** An empty Worker in the same process. */
	readonly floor: URL;
	/** Another product's, where it was asked for. */
	readonly peer: URL | null;
	readonly pid: number;
	stop(): Promise<void>;
}

interface StartedWorkers extends Started {
	/** A database of a build, by the build's place among the scripts. */
	database(build: number, binding: string): Promise<D1Database>;
}

/**
 * Starts built Workers in one workerd, so that none of them has the luckier process, each with KV, D1 and Durable Objects of its
 * own that go when it stops.
 */
export async function start(
	scripts: readonly string[],
	{ modulesOf = asItIs, peer = null }: { readonly modulesOf?: ModulesOf; readonly peer?: string | null } = {},
): Promise<StartedWorkers> {
	const builds = scripts.map((script, index) => buildOf(script, `latchkey-${index}`));
	const { compatibility_date: compatibilityDate = "", compatibility_flags: compatibilityFlags } = unstable_readConfig({
		config: "wrangler.toml",
	});
	const other = (name: string, contents: string) => {
		const modules = [{ type: "ESModule" as const, path: "worker.js", contents }];
		return { ...direct, name, modules, compatibilityDate, compatibilityFlags, kvNamespaces: { OAUTH_KV: name } };
	};
	const { miniflare, pid } = await startWorkerd([
		...builds.map((build) => workerOf(build, { DEMO_DATA: "on" }, modulesOf)),
		other("floor", emptyWorker),
		...(peer === null ? [] : [other("peer", peer)]),
	]);
	for (const build of builds) await migrate(miniflare, build);
	return {
		builds: await Promise.all(builds.map(({ name }) => miniflare.unsafeGetDirectURL(name))),
		floor: await miniflare.unsafeGetDirectURL("floor"),
		peer: peer === null ? null : await miniflare.unsafeGetDirectURL("peer"),
		pid,
		database: (build, binding) => miniflare.getD1Database(binding, `latchkey-${build}`),
		stop: () => miniflare.dispose(),
	};
}

export async function startWorkerd(workers: Extract<V4MiniflareOptions, { workers: unknown }>["workers"]) {
	const known = workerds();
	const quiet = { cf: false, telemetry: { enabled: false }, log: new Log(LogLevel.WARN) } as const;
	const miniflare = new Miniflare(convertV4MiniflareOptions({ ...quiet, workers }));
	await miniflare.ready;
	return { miniflare, pid: findWorkerd(known) };
}

async function migrate(miniflare: Miniflare, { name, config }: Build): Promise<void> {
	for (const { binding, migrations_dir: folder = "" } of unstable_readConfig({ config }).d1_databases) {
		const database = await miniflare.getD1Database(binding, name);
		const migrations = await readD1Migrations(join(dirname(config), folder));
		const statements = migrations.flatMap(({ queries }) => queries).map((query) => database.prepare(query));
		if (statements.length > 0) await database.batch(statements);
	}
}
