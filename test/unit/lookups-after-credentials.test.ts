import { expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { developmentSealKey, readConfig } from "../../src/config.ts";
import { systemRandom } from "../../src/crypto/random.ts";
import { makeDemoData } from "../../src/operations/upkeep/demo-data.ts";
import { createServices } from "../../src/operations/upkeep/create-services.ts";
import { seedDemo } from "../../src/operations/upkeep/seed-demo.ts";
import { openPlatform } from "../../src/platform/node/platform.ts";

const issuer = "http://localhost:8787";
const now = () => 1_800_000_000;
const { platform } = openPlatform(":memory:", { now });
const asked: string[] = [];
const register = {
	...platform.register,
	accountBySlug(slug: string) {
		asked.push(slug);
		return platform.register.accountBySlug(slug);
	},
};
const config = readConfig({ ISSUER: issuer, SEAL_KEYS: `1:${developmentSealKey}`, DEMO_DATA: "on" });
const services = createServices(config, { ...platform, register }, { now, random: systemRandom, log: () => {} });
const app = createApp(services);
await seedDemo({ ...services, passwords: { ...services.passwords, hash: async () => "none" } });
const { accessCode } = (await makeDemoData(services.serverKeys)).apiKey;

const jwt = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ4In0.AAAA";

test.each([
	["no credential", "/v1/keys?account=SLUG", {}],
	["an invented access code", "/v1/keys?account=SLUG", { "x-api-key": "lk_invented" }],
	["one in the query", "/v1/keys?account=SLUG&apiKey=lk_invented", {}],
	["a damaged access code", "/v1/keys?account=SLUG", { "x-api-key": `${accessCode.slice(0, -1)}x` }],
	["an invented token", "/v1/policies?account=SLUG", { authorization: `Bearer ${jwt}` }],
	["the token of no key file", "/v1/policies?account=SLUG", { authorization: "Bearer QkxVLXg6bGtfeA==" }],
	["a token for an organization", "/api/v4/organizations/SLUG/change_events", { authorization: `Bearer ${jwt}` }],
])("%s asks nobody which account a stranger names", async (_, path, headers) => {
	const answer = await app.fetch(new Request(issuer + path.replace("SLUG", "invented"), { headers }), null);
	expect(answer.status).toBe(401);
	expect(asked).toEqual([]);
});

test("nor does an invented refresh token of a pair", async () => {
	const url = `${issuer}/api/v4/organizations/invented/oauth/access_token`;
	const body = JSON.stringify({ refresh_token: "lkr_invented" });
	expect((await app.fetch(new Request(url, { method: "POST", body }), null)).status).toBe(401);
	expect(asked).toEqual([]);
});

test("a good one does, and learns nothing of accounts that it does not open", async () => {
	for (const slug of ["globex", "invented"]) {
		const request = new Request(`${issuer}/v1/keys?account=${slug}`, { headers: { "x-api-key": accessCode } });
		const answer = await app.fetch(request, null);
		expect(answer.status).toBe(403);
		expect(await answer.json()).toMatchObject({ detail: "The credential does not open that account." });
	}
	expect(asked).toEqual(["globex", "invented"]);
});
