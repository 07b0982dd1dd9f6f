import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { V4MiniflareOptions } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { developmentSealKey } from "../../src/config.ts";

/** A built Worker, under the name that its stores go by. */
export interface Build {
	readonly script: string;
	readonly name: string;
	/** Another version has other bindings and migrations: its own, where the build lies in the `dist` of its checkout. */
	readonly config: string;
}

export function buildOf(script: string, name: string): Build {
	// wrangler would warn of a required secret that it does not see, and tell of one that it does.
	process.env.SEAL_KEYS ??= `1:${developmentSealKey}`;
	process.env.WRANGLER_LOG ??= "error";
	const own = resolve(dirname(script), "../wrangler.toml");
	return { script, name, config: existsSync(own) ? own : resolve("wrangler.toml") };
}

/** No proxy and no assets router stand before it, as they would with `wrangler dev`. */
export const direct = { unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }] };

export const emptyWorker = `export default { fetch: () => new Response("ok") };`;

/** What a request writes to its log goes to the platform in a deployment, and to a pipe and a terminal here, which is dear. */
export const quiet = `console.info = console.log = () => {};`;
const entry = `import "./quiet.js"; export * from "./worker.js"; export { default } from "./worker.js";`;

/** The modules of a Worker, by their paths and the first of them first, of the text that was built. */
export type ModulesOf = (worker: string) => Readonly<Record<string, string>>;

export function asItIs(worker: string): Record<string, string> {
	return { "entry.js": entry, "quiet.js": quiet, "worker.js": worker };
}

export function workerOf(build: Build, variables: Readonly<Record<string, string>>, modulesOf: ModulesOf = asItIs) {
	return withBindings(build, modulesOf(readFileSync(build.script, "utf8")), variables);
}

/** Does nothing, and has all bindings of that build. */
export function emptyWorkerLike(build: Build) {
	const { durableObjects = {} } = optionsOf(build);
	const classes = Object.values(durableObjects as Record<string, { readonly className: string }>);
	const exported = classes.map(({ className }) => `export class ${className} extends DurableObject {}`);
	const imported = `import { DurableObject } from "cloudflare:workers";`;
	return withBindings(build, { "entry.js": [imported, ...exported, emptyWorker].join("\n") }, {});
}

function withBindings(
	build: Build,
	modules: Readonly<Record<string, string>>,
	variables: Readonly<Record<string, string>>,
) {
	const options = optionsOf(build);
	return {
		...options,
		...direct,
		name: build.name,
		modules: Object.entries(modules).map(([path, contents]) => ({ type: "ESModule" as const, path, contents })),
		bindings: { ISSUER: "http://localhost:8787", SEAL_KEYS: `1:${developmentSealKey}`, ...variables },
		kvNamespaces: ownOf(build, options.kvNamespaces),
		d1Databases: ownOf(build, options.d1Databases),
	} satisfies Partial<V4MiniflareOptions>;
}

function optionsOf({ config }: Build) {
	const { workerOptions } = unstable_getMiniflareWorkerOptions(config);
	const { modulesRules: _, assets: __, rootPath: ___, ...options } = workerOptions;
	return options;
}

/** Bindings of the same name are the same store for all Workers of a workerd. */
function ownOf({ name }: Build, bindings: unknown): Record<string, string> {
	return Object.fromEntries(Object.keys(bindings ?? {}).map((binding) => [binding, `${name}-${binding}`]));
}
