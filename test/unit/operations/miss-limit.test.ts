import { expect, test } from "vitest";
import { createApp } from "../../../src/app.ts";
import { developmentSealKey, readConfig } from "../../../src/config.ts";
import { systemRandom } from "../../../src/crypto/random.ts";
import { makeDemoData } from "../../../src/operations/upkeep/demo-data.ts";
import { createServices } from "../../../src/operations/upkeep/create-services.ts";
import { openPlatform } from "../../../src/platform/node/platform.ts";

const issuer = "http://localhost:8787";

test("DESIGN §8: a flood of invented client URLs is no flood of queries, and who is known goes on", async () => {
	let clock = 1_800_000_000;
	let queries = 0;
	const now = () => clock;
	const platform = openPlatform(":memory:", { now }).platform;
	const { register } = platform;
	const counted = Object.assign(Object.create(register), {
		client(id: string) {
			queries++;
			return register.client(id);
		},
	});
	const config = readConfig({ ISSUER: issuer, SEAL_KEYS: `1:${developmentSealKey}` });
	const surroundings = { now, random: systemRandom, log: () => {} };
	const services = createServices(config, { ...platform, register: counted }, surroundings);
	const app = createApp(services);
	const known = "https://client.example/oauth.json";
	const { nativeApp } = await makeDemoData(services.serverKeys);
	await register.add({ clients: [{ ...nativeApp.client, id: known, accountId: null }] });

	const asked = async (id: string) => {
		const body = new URLSearchParams({ client_id: id, grant_type: "refresh_token", refresh_token: "lkr_x" });
		return (await app.fetch(new Request(`${issuer}/oauth/token`, { method: "POST", body }), null)).status;
	};
	expect(await asked(known)).toBe(400);
	const flood = Array.from({ length: 1000 }, (_, index) => `https://stranger.example/${index}.json`);
	const statuses: number[] = [];
	for (const id of flood) statuses.push(await asked(id));
	expect(queries).toBe(101);
	expect(statuses.filter((status) => status === 401)).toHaveLength(100);
	expect(statuses.filter((status) => status === 503)).toHaveLength(900);
	expect(await asked(known)).toBe(400);

	clock += 10;
	expect(await asked(flood[999] ?? "")).toBe(401);
});
