import { rm } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { developmentSealKey, readConfig } from "../../src/config.ts";
import { systemRandom } from "../../src/crypto/random.ts";
import type { Consent } from "../../src/domain/consent.ts";
import { noClaims } from "../../src/domain/identity.ts";
import { createServices } from "../../src/operations/upkeep/create-services.ts";
import { type NodePlatform, openPlatform } from "../../src/platform/node/platform.ts";
import type { SqlFile } from "../../src/platform/node/sql-file.ts";
import { temporaryFolder } from "../runners/temporary-folder.ts";
import { codeRecord, event, newSubject, redeem, times } from "./builders.ts";
import { account, auditEntry, install } from "./register-builders.ts";

const now = () => 1_800_000_000;
let folder: string;
let opened: NodePlatform;
beforeEach(async () => {
	folder = await temporaryFolder();
	opened = openPlatform(folder);
});
afterEach(async () => {
	opened.close();
	await rm(folder, { recursive: true });
});

/** SQLite takes a file that may not grow for a disk that is full. */
function fill(file: SqlFile): void {
	const [size] = file.exec<{ page_count: number }>("PRAGMA page_count").toArray();
	file.script(`PRAGMA max_page_count = ${size?.page_count}`);
}

function makeRoom(file: SqlFile): void {
	file.script("PRAGMA max_page_count = 1000000");
}

function count(file: SqlFile, table: string): Promise<unknown> {
	return file.prepare(`SELECT count(*) AS n FROM ${table}`).first("n");
}

/** Does it until the disk is full; how often it was done. */
async function untilFull(step: (index: number) => Promise<unknown>): Promise<number> {
	for (let index = 0; index < 10_000; index++) {
		try {
			await step(index);
		} catch (error) {
			if (String(error).includes("disk is full")) return index;
			throw error;
		}
	}
	throw new Error("the disk is never full");
}

describe("on a full disk", () => {
	test("a verb of a ledger fails whole, what was answered stays, and there is a ledger again when there is room", async () => {
		const { platform, files } = opened;
		const subject = newSubject();
		const ledger = platform.ledgers.of(subject);
		const records = times(10_000, () => codeRecord());
		const at = (index: number) => records[index] ?? codeRecord();
		fill(files.ledgers);
		const done = await untilFull((index) => ledger.openGrant(at(index), consentTo(index)));
		expect(done).toBeGreaterThan(0);
		expect(await ledger.grantTerms(at(done - 1).id)).not.toBeNull();
		expect(await ledger.grantTerms(at(done).id)).toBeNull();
		// The grant and the consent are one verb.
		expect(await ledger.listConsents({ after: "", limit: 10_000 })).toHaveLength(done);
		makeRoom(files.ledgers);
		await ledger.openGrant(at(done), consentTo(done));
		expect(await ledger.redeem(at(done).id, redeem())).toMatchObject({ kind: "redeemed" });
		expect(await ledger.redeem(at(0).id, redeem())).toMatchObject({ kind: "redeemed" });
	});

	test("a batch fails whole", async () => {
		const { platform, files } = opened;
		const { register, events } = platform;
		const owner = account();
		await register.add({ accounts: [owner] });
		fill(files.register);
		const entries = times(10_000, () => auditEntry());
		const installs = times(10_000, () => install(owner.id));
		const done = await untilFull(async (index) => {
			await register.addInstall(installs[index] ?? install(owner.id), entries[index] ?? auditEntry());
		});
		expect([await count(files.register, "installs"), await count(files.register, "audit")]).toEqual([done, done]);
		fill(files.events);
		await expect(events.add(times(1000, () => event()))).rejects.toThrow("disk is full");
		expect(await count(files.events, "events")).toBe(0);
		for (const file of [files.register, files.events]) makeRoom(file);
		await register.addInstall(installs[done] ?? install(owner.id), auditEntry());
		await events.add(times(1000, () => event()));
		expect(await count(files.events, "events")).toBe(1000);
	});

	test("a request is answered with 503, and succeeds when there is room", async () => {
		const { platform, files } = opened;
		const issuer = "http://localhost:8787";
		const config = readConfig({ ISSUER: issuer, SEAL_KEYS: `1:${developmentSealKey}`, SETUP_SECRET: "s".repeat(32) });
		const app = createApp(createServices(config, platform, { now, random: systemRandom, log: () => {} }));
		const keys = () => app.fetch(new Request(`${issuer}/.well-known/jwks.json`), null);
		// The first request makes the signing keys.
		fill(files.ledgers);
		await untilFull((index) => platform.limiter.take(`${index}`, { attempts: 1, window: 60 }));
		expect((await keys()).status).toBe(503);
		makeRoom(files.ledgers);
		expect((await keys()).status).toBe(200);
	});
});

function consentTo(index: number): Omit<Consent, "agreedAt"> {
	const asked = { scope: ["events:read"], resource: [], claims: noClaims } as const;
	return { clientId: `client ${index}`, accountId: "account", ...asked, expiresAt: 4_000_000_000 };
}
