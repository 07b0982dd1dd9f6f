import type { UsageCounts } from "../../domain/ports/usage.ts";

declare global {
	namespace Cloudflare {
		interface Env {
			/** Where a deployment's wrangler.toml has it: `[[analytics_engine_datasets]]`, `binding = "USAGE"`. */
			readonly USAGE?: AnalyticsEngineDataset;
		}
	}
}

/** What Analytics Engine takes of one invocation. */
const most = 250;

/**
 * Tells a data set of Analytics Engine of what was added too, for queries of one's own: index and blobs are the account, the object and
 * what was done, the double is how often. It samples, and takes so many at once, so that nothing here is ever read from it.
 */
export function toldAnalytics(counts: UsageCounts, { USAGE: dataset }: Pick<Cloudflare.Env, "USAGE">): UsageCounts {
	if (!dataset) return counts;
	return {
		...counts,
		async add(batch) {
			await counts.add(batch);
			for (const { accountId, object, what, count } of batch.cells.slice(0, most)) {
				dataset.writeDataPoint({ indexes: [accountId], blobs: [object, what], doubles: [count] });
			}
		},
	};
}
