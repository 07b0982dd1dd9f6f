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

	const asked = async (id: string, address: string | null = null) => {
		const body = new URLSearchParams({ client_id: id, grant_type: "refresh_token", refresh_token: "lkr_x" });
		return (await app.fetch(new Request(`${issuer}/oauth/token`, { method: "POST", body }), address)).status;
	};
	expect(await asked(known)).toBe(400);
	const flood = Array.from({ length: 1000 }, (_, index) => `https://stranger.example/${index}.json`);
	const statuses = await Promise.all(flood.map((id) => asked(id)));
	expect(queries).toBe(21);
	expect(statuses.filter((status) => status === 401)).toHaveLength(20);
	expect(statuses.filter((status) => status === 429)).toHaveLength(980);
	expect(await asked(known)).toBe(400);

	// Whoever is found costs nothing, however often; and nobody pays for others.
	clock += 31;
	for (const address of ["192.0.2.1", "2001:db8:1:1::1"]) expect(await asked(known, address)).toBe(400);
	expect(await asked(flood[999] ?? "")).toBe(401);

	// A /48 has so many /64s.
	const site = await Promise.all(flood.map((id, index) => asked(id, `2001:db8:2:${index.toString(16)}::1`)));
	expect(site.filter((status) => status === 401)).toHaveLength(80);
	expect(await asked(flood[0] ?? "", "2001:db8:3::1")).toBe(401);

	clock += 10;
	expect(await asked(flood[999] ?? "", "2001:db8:2::1")).toBe(401);
});
