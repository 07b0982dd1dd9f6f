import { expect, test } from "vitest";
import { developmentSealKey, readConfig } from "../../../src/config.ts";
import { systemRandom } from "../../../src/crypto/random.ts";
import { createServices } from "../../../src/operations/upkeep/create-services.ts";
import { forgetLateUsage } from "../../../src/operations/upkeep/delete-accounts.ts";
import { openPlatform } from "../../../src/platform/node/platform.ts";
import { auditEntry } from "../../stores/register-builders.ts";

const start = 1_800_000_000;

test("counts of an account that has just been deleted are deleted when they come late, those of others are not", async () => {
	let clock = start;
	const now = () => clock;
	const { platform, close } = openPlatform(":memory:", { now });
	const config = readConfig({ ISSUER: "http://localhost:8787", SEAL_KEYS: `1:${developmentSealKey}` });
	const services = createServices(config, platform, { now, random: systemRandom, log: () => {} });
	await platform.register.addAudit(auditEntry({ at: start, action: "account.delete", target: "gone" }));
	const cell = (accountId: string) => ({ accountId, object: "", at: start, what: "check", count: 1 }) as const;
	const arrive = (id: string) => platform.usage.add({ id, at: now(), cells: [cell("gone"), cell("here")] });
	const left = async (accountId: string) => (await platform.usage.hours(accountId, "", start, start + 1)).length;
	await arrive("late");
	await forgetLateUsage(services);
	expect([await left("gone"), await left("here")]).toEqual([0, 1]);
	// For as long as an isolate may hold them, and no longer: nothing is asked for each account that ever was.
	clock += 86_400 * 2;
	await arrive("much later");
	await forgetLateUsage(services);
	expect(await left("gone")).toBe(1);
	close();
});
