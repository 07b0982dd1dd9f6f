import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { V4MiniflareOptions } from "miniflare";
import { unstable_getMiniflareWorkerOptions, unstable_splitSqlQuery } from "wrangler";
import { developmentSealKey } from "../../src/config.ts";

/** The Worker but for its code and its variables, for a Miniflare of the tests. */
export interface WorkerShape {
	readonly bindings: Partial<V4MiniflareOptions>;
	readonly migrations: readonly { readonly binding: string; readonly queries: readonly string[] }[];
}

/** What wrangler.toml says of the Worker, but for its variables: a developer may have made those of .dev.vars their own. */
export function readShape(): WorkerShape {
	// It would tell of .dev.vars, and warn of a required secret that it does not see.
	process.env.WRANGLER_LOG ??= "error";
	process.env.SEAL_KEYS ??= `1:${developmentSealKey}`;
	const { workerOptions } = unstable_getMiniflareWorkerOptions("wrangler.toml");
	const { modulesRules: _, bindings: __, ...bindings } = workerOptions;
	const migrations = Object.entries({ DB: "register", EVENTS: "events" }).map(([binding, name]) => {
		const folder = join("src/platform/sql/migrations", name);
		const files = readdirSync(folder).toSorted();
		return {
			binding,
			queries: files.flatMap((file) => unstable_splitSqlQuery(readFileSync(join(folder, file), "utf8"))),
		};
	});
	return { bindings, migrations };
}
