import { env } from "cloudflare:workers";
import { cloudflarePlatform } from "../../src/platform/cloudflare/platform.ts";
import type { Stores } from "./builders.ts";
import { describeCleaning } from "./cloudflare-cleaning.ts";
import { describeCloudflare } from "./cloudflare-only.ts";
import { describeDatabase } from "./database.ts";
import { describeStores } from "./suite.ts";

const stores: Stores = {
	platform: cloudflarePlatform(env),
	databases: { register: env.DB, events: env.EVENTS },
	copiedRev: (keyId) =>
		env.DB.prepare("SELECT rev FROM key_verdicts WHERE key_id = ?").bind(keyId).first<number>("rev"),
	auditedActions: () => column(env.DB, "SELECT action FROM audit"),
	installedGrants: () => column(env.DB, "SELECT grant_id FROM installs"),
	eventIds: () => column(env.EVENTS, "SELECT id FROM events"),
};

describeStores("cloudflare", stores);
describeDatabase("cloudflare", env.DB);
describeCleaning(stores);
describeCloudflare(stores);

async function column(db: D1Database, query: string): Promise<readonly string[]> {
	const rows = await db.prepare(query).raw<[string]>();
	return rows.map(([value]) => value);
}
