import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import type { LedgerObject } from "../../src/platform/cloudflare/ledger-object.ts";
import { cloudflarePlatform } from "../../src/platform/cloudflare/platform.ts";
import type { Stores } from "./builders.ts";
import { crash, describeCleaning, stub } from "./cloudflare-cleaning.ts";
import { describeCloudflare } from "./cloudflare-only.ts";
import { describeGrowth } from "./cloudflare-growth.ts";
import { describeDatabase } from "./database.ts";
import { describeStores } from "./suite.ts";

const stores: Stores = {
	platform: cloudflarePlatform(env),
	databases: { register: env.DB, events: env.EVENTS },
	async damageRow(subject, kind, id, text) {
		await runInDurableObject(stub(subject), (_: LedgerObject, { storage }) => {
			const found = storage.sql.exec("SELECT 1 FROM rows WHERE kind = ? AND id = ?", kind, id).toArray();
			expect(found).toHaveLength(1);
			storage.sql.exec("UPDATE rows SET body = ? WHERE kind = ? AND id = ?", text, kind, id);
		});
		// The instance has what it wrote itself in its memory.
		await crash(subject);
	},
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
describeGrowth(stores);

async function column(db: D1Database, query: string): Promise<readonly string[]> {
	const rows = await db.prepare(query).raw<[string]>();
	return rows.map(([value]) => value);
}
