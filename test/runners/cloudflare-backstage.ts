import * as keys from "../../src/operations/keys/change-key.ts";
import { cloudflarePlatform } from "../../src/platform/cloudflare/platform.ts";
import worker from "../../src/worker.ts";
import type { Backstage } from "./backstage.ts";
import { holdPorts } from "../../src/operations/ports-of.ts";

const columns = {
	account: { table: "accounts", id: "id" },
	client: { table: "clients", id: "id" },
	person: { table: "people", id: "id" },
} as const;

/** For code that runs inside the Worker. What it logs and what time it is are for the caller to say. */
export function cloudflareBackstage(env: Env): Omit<Backstage, "now" | "advance" | "logged"> {
	const platform = cloudflarePlatform(env);
	return {
		addRows: (rows) => platform.register.add(rows),
		changeKey: (keyId, change) => keys.changeKey(keyId, change, holdPorts(platform)),
		async setStanding(of, { state, notBefore }) {
			const update = (table: string, where: string, ...ids: readonly string[]) =>
				env.DB.prepare(`UPDATE ${table} SET state = ?, not_before = ? WHERE ${where}`).bind(state, notBefore, ...ids);
			const { meta } = await (
				of.kind === "membership"
					? update("memberships", "person_id = ? AND account_id = ?", of.personId, of.accountId)
					: update(columns[of.kind].table, "id = ?", of.id)
			).run();
			if (meta.changes !== 1) throw new Error(`There is no such ${of.kind}`);
		},
		keyRing: (algorithm = "EdDSA") => platform.keyRings.published(algorithm),
		async runCron() {
			await worker.scheduled();
		},
	};
}
