import { env, exports } from "cloudflare:workers";
import { vi } from "vitest";
import type { Seconds } from "../../src/domain/words.ts";
import * as keys from "../../src/operations/change-key.ts";
import { cloudflarePlatform } from "../../src/platform/cloudflare/platform.ts";
import worker from "../../src/worker.ts";
import { issuer, type Target } from "./target.ts";

const columns = {
	account: { table: "accounts", id: "id" },
	client: { table: "clients", id: "id" },
	person: { table: "people", id: "id" },
} as const;

/** The Worker as it is deployed, in workerd, with its real KV, D1 and Durable Objects. They all share the faked Date. */
export async function openWorkerd(): Promise<Target> {
	vi.useFakeTimers({ toFake: ["Date"], now: Math.ceil(Date.now() / 1000) * 1000 });
	const lines: string[] = [];
	vi.spyOn(console, "info").mockImplementation((line) => lines.push(String(line)));
	const platform = cloudflarePlatform(env);
	const target: Target = {
		now,
		async advance(seconds) {
			vi.setSystemTime((now() + seconds) * 1000);
		},
		addRows: (rows) => platform.register.add(rows),
		changeKey: (keyId, change) => keys.changeKey(keyId, change, platform),
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
		keyRing: () => platform.keyRings.published("EdDSA"),
		logged: async () => lines,
		async runCron() {
			await worker.scheduled();
		},
		send: (path, init) => exports.default.fetch(new Request(issuer + path, { redirect: "manual", ...init })),
	};
	// The Worker seeds itself before its first answer.
	await target.send("/", {});
	return target;
}

function now(): Seconds {
	return Math.floor(Date.now() / 1000);
}
