import { expect, test } from "vitest";
import { developmentSealKey, readConfig } from "../../../src/config.ts";
import { systemRandom } from "../../../src/crypto/random.ts";
import { settleInstalls, sweepUnsettledInstalls } from "../../../src/operations/clients/settle-installs.ts";
import { createServices } from "../../../src/operations/upkeep/create-services.ts";
import { openPlatform } from "../../../src/platform/node/platform.ts";
import { auditEntry, install, registerRows } from "../../stores/register-builders.ts";

const config = readConfig({ ISSUER: "http://localhost:8787", SEAL_KEYS: `1:${developmentSealKey}` });

/** An install whose row is there, over ledgers that may be away. */
async function anInstall() {
	let clock = 1_800_000_000;
	const state = { isAway: false };
	const now = () => clock;
	const { platform } = openPlatform(":memory:", { now });
	const away = { grantStates: () => Promise.reject(new Error("away")) };
	const ledgers: typeof platform.ledgers = {
		of: (subject) =>
			state.isAway ? Object.assign(Object.create(platform.ledgers.of(subject)), away) : platform.ledgers.of(subject),
	};
	const logged: string[] = [];
	const log = (event: string) => void logged.push(event);
	const services = createServices(config, { ...platform, ledgers }, { now, random: systemRandom, log });
	const rows = registerRows();
	await platform.register.add(rows);
	const [account, client] = [rows.accounts[0], rows.clients[0]];
	const made = install(account.id, { clientId: client.id, createdAt: clock });
	await platform.register.addInstall(made, auditEntry());
	const unsettled = async () => (await platform.clients.unsettledInstalls({ accountId: account.id }, 10)).length;
	return {
		services,
		state,
		logged,
		made,
		unsettled,
		accountId: account.id,
		wait: (seconds: number) => (clock += seconds),
	};
}

test("an install that its ledger does not answer for stays in the lists, and is asked for again", async () => {
	const { services, state, logged, accountId, unsettled, wait } = await anInstall();
	wait(86_400);
	state.isAway = true;
	expect(await settleInstalls({ accountId }, services)).toEqual({ pending: [], gone: [] });
	await sweepUnsettledInstalls(services);
	expect(await unsettled()).toBe(1);
	expect(logged).toContain("installs.unsettled");
	state.isAway = false;
	await sweepUnsettledInstalls(services);
	expect(await unsettled()).toBe(0);
});

test("DESIGN §3.2: one whose grant is about to be opened is not noted as ended, though no ledger knows it yet", async () => {
	const { services, accountId, made, unsettled, wait } = await anInstall();
	for (const seconds of [0, 200, 399]) {
		wait(seconds);
		expect(await settleInstalls({ accountId }, services)).toEqual({ pending: [], gone: [made.grantId] });
		expect(await unsettled()).toBe(1);
	}
	wait(1);
	await settleInstalls({ accountId }, services);
	expect(await unsettled()).toBe(0);
});
