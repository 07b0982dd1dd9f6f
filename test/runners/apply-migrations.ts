import { applyD1Migrations, type D1Migration } from "cloudflare:test";
import { env } from "cloudflare:workers";

declare global {
	namespace Cloudflare {
		interface Env {
			/** Of vitest.config.ts. */
			readonly REGISTER_MIGRATIONS: D1Migration[];
			readonly EVENTS_MIGRATIONS: D1Migration[];
		}
	}
}

await applyD1Migrations(env.DB, env.REGISTER_MIGRATIONS);
await applyD1Migrations(env.EVENTS, env.EVENTS_MIGRATIONS);
