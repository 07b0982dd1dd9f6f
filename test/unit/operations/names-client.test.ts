import { beforeEach, expect, test } from "vitest";
import { developmentSealKey, readConfig } from "../../../src/config.ts";
import { systemRandom } from "../../../src/crypto/random.ts";
import type { Client } from "../../../src/domain/client.ts";
import type { Register } from "../../../src/domain/ports/register.ts";
import { namesClient } from "../../../src/operations/clients/names-client.ts";
import type { Services } from "../../../src/operations/services.ts";
import { createServices } from "../../../src/operations/upkeep/create-services.ts";
import { openPlatform } from "../../../src/platform/node/platform.ts";
import { registerRows } from "../../stores/register-builders.ts";

// What a stranger names as `resource` is looked for among the clients before anybody has signed in.

const now = () => 1_800_000_000;
const [asker] = registerRows().clients;
const inDocument: Client = { ...asker, id: "https://client.example/oauth.json", accountId: null };

let services: Services;
let asked: number;

beforeEach(async () => {
	const { platform } = openPlatform(":memory:", { now });
	await platform.register.add({ clients: [inDocument] });
	asked = 0;
	const register = new Proxy(platform.register, {
		get(target, verb: keyof Register) {
			asked += 1;
			return target[verb];
		},
	});
	const config = readConfig({ ISSUER: "http://localhost:8787", SEAL_KEYS: `1:${developmentSealKey}` });
	services = createServices(config, { ...platform, register }, { now, random: systemRandom, log: () => {} });
});

const invented = Array.from({ length: 8 }, (_, index) => `https://invented.example/${index}`);

test("eight that are invented cost one query, and none when they are named again", async () => {
	expect(await namesClient(invented, asker, services)).toBe(false);
	expect(asked).toBe(1);
	expect(await namesClient(invented, asker, services)).toBe(false);
	expect(asked).toBe(1);
});

test("one client among them is found", async () => {
	expect(await namesClient([...invented.slice(1), inDocument.id], asker, services)).toBe(true);
	expect(await namesClient([inDocument.id], asker, services)).toBe(true);
	expect(await namesClient(["HTTPS://Client.example:443/oauth.json"], asker, services)).toBe(true);
});

test.each([
	["no path", "https://api.example"],
	["nothing but the root", "https://api.example/"],
	["no https", "http://api.example/v1"],
	["no URL", "urn:example:api"],
])("what can be no client's id, for it has %s, costs none", async (_, resource) => {
	expect(await namesClient([resource], asker, services)).toBe(false);
	expect(asked).toBe(0);
});

test("nor does the id of whoever asks, which nobody has consented to yet", async () => {
	expect(await namesClient([asker.id], asker, services)).toBe(true);
	expect(asked).toBe(0);
});
