import { expect, test } from "vitest";
import { developmentSealKey, readConfig } from "../../../src/config.ts";
import { systemRandom } from "../../../src/crypto/random.ts";
import { makePublicKey } from "../../../src/crypto/public-key.ts";
import { checkPublicKey } from "../../../src/operations/checks/check-public-key.ts";
import { rotatePublicKey, switchEnvironment } from "../../../src/operations/events/environments.ts";
import { staleness } from "../../../src/operations/lookups.ts";
import type { Services } from "../../../src/operations/services.ts";
import { createServices } from "../../../src/operations/upkeep/create-services.ts";
import { openPlatform } from "../../../src/platform/node/platform.ts";

const config = readConfig({ ISSUER: "http://localhost:8787", SEAL_KEYS: `1:${developmentSealKey}` });
const id = "A".repeat(22);
const actor = { subject: "usr_any_1" as const, accountId: "acme", permissions: [], address: null };

/** Two isolates over one storage, an environment, and the key that both have seen to be good. */
async function twoIsolates() {
	let clock = 1_800_000_000;
	const now = () => clock;
	const { platform } = openPlatform(":memory:", { now });
	const isolate = () => createServices(config, platform, { now, random: systemRandom, log: () => {} });
	const [here, elsewhere] = [isolate(), isolate()];
	const environment = { id, accountId: "acme", workspace: "w", name: "prod", keyVersion: 1, enabled: true };
	const account = {
		id: "acme",
		slug: "acme",
		name: "Acme",
		state: "active",
		notBefore: 0,
		revealAllowed: true,
	} as const;
	await platform.register.add({ accounts: [account], environments: [environment] });
	const key = await makePublicKey(id, 1, here.serverKeys);
	const isGood = async (services: typeof here) => (await checkPublicKey(key, services)) !== null;
	expect([await isGood(here), await isGood(elsewhere)]).toEqual([true, true]);
	return { here, elsewhere, isGood, wait: (seconds: number) => (clock += seconds) };
}

test.each([
	["replaced", (services: Services) => rotatePublicKey(id, null, actor, services)],
	["switched off with its environment", (services: Services) => switchEnvironment(id, false, actor, services)],
])(
	"DESIGN §4.9: a public key that was %s is refused at once where that was done, in 30 s elsewhere",
	async (_, end) => {
		const { here, elsewhere, isGood, wait } = await twoIsolates();
		await end(here);
		expect(await isGood(here)).toBe(false);
		wait(staleness - 1);
		expect(await isGood(elsewhere)).toBe(true);
		wait(1);
		expect(await isGood(elsewhere)).toBe(false);
		expect(staleness).toBe(30);
	},
);
