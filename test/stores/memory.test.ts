import { describe, expect, test } from "vitest";
import { memoryPlatform } from "../../src/platform/memory/platform.ts";
import { MapRows } from "../../src/platform/memory/map-rows.ts";
import { byPassword, codeRecord, hash, login, newSubject, now, redeem } from "./builders.ts";
import { describeStores } from "./suite.ts";

const platform = memoryPlatform(now);
const { tables } = platform.register;

describeStores("memory", {
	platform,
	copiedRev: async (keyId) => tables.verdicts.get(keyId)?.verdict.rev ?? null,
	auditedActions: async () => tables.audit.map((entry) => entry.action),
	installedGrants: async () => tables.installs.where(() => true).map((install) => install.grantId),
	eventIds: async () => platform.events.table.where(() => true).map((event) => event.id),
});

describe("memory alone", () => {
	test("DESIGN §3.4: a subject has at most 10,000 live sessions", async () => {
		let clock = now();
		const ledger = memoryPlatform(() => clock).ledgers.of(newSubject());
		for (let index = 0; index < 10_000; index++) await ledger.login(byPassword, login({ sessionId: `${index}` }));
		expect(await ledger.login(byPassword, login({ sessionId: "one more" }))).toEqual({ kind: "full" });
		expect(await ledger.login(byPassword, login({ sessionId: "7" }))).toMatchObject({ kind: "same" });
		clock += 7201;
		expect(await ledger.login(byPassword, login({ sessionId: "one more" }))).toMatchObject({ kind: "started" });
	});

	test("a code's record disappears by itself", async () => {
		let clock = now();
		const { codes } = memoryPlatform(() => clock);
		await codes.put(hash("x"), codeRecord(), 180);
		clock += 180;
		expect(await codes.get(hash("x"))).toBeNull();
	});

	test("what is purged is unknown", async () => {
		let clock = now();
		const ledger = memoryPlatform(() => clock).ledgers.of(newSubject());
		const record = codeRecord();
		await ledger.openGrant(record);
		clock += 180 + 600;
		expect(await ledger.redeem(record.id, redeem())).toEqual({ kind: "unknown" });
	});

	test("an exception undoes what was written before it", () => {
		const rows = new MapRows();
		rows.put("revoked_token", "kept", "lookup", {}, 100);
		const fail = () =>
			rows.transact(() => {
				rows.delete("revoked_token", "kept");
				rows.put("revoked_token", "added", null, {}, 100);
				rows.put("revoked_token", "added", null, {}, 200);
				throw new Error("no");
			});
		expect(fail).toThrow("no");
		expect(rows.count("revoked_token")).toBe(1);
		expect(rows.get("revoked_token", "added")).toBeNull();
		expect(rows.find("revoked_token", "lookup")).toEqual({});
	});
});
