import { expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { developmentSealKey, readConfig } from "../../src/config.ts";
import { systemRandom } from "../../src/crypto/random.ts";
import { createServices } from "../../src/operations/upkeep/create-services.ts";
import { openPlatform } from "../../src/platform/node/platform.ts";

const issuer = "http://localhost:8787";
const now = () => 1_800_000_000;
const down = () => Promise.reject(new Error("the storage is down: secret-detail"));

test("when something fails on our side, pages of other origins see that too, where they may call", async () => {
	const platform = {
		...openPlatform(":memory:", { now }).platform,
		keyRings: { published: down, advance: down, rotate: down, withdraw: down },
	};
	const config = readConfig({ ISSUER: issuer, SEAL_KEYS: `1:${developmentSealKey}` });
	const app = createApp(createServices(config, platform, { now, random: systemRandom, log: () => {} }));

	const answer = await app.fetch(new Request(`${issuer}/.well-known/jwks.json`), null);
	expect(answer.status).toBe(503);
	expect(answer.headers.get("retry-after")).toBe("1");
	expect(answer.headers.get("access-control-allow-origin")).toBe("*");
	expect(await answer.text()).not.toContain("secret-detail");
});

test("GET /healthz is 503 where the register does not answer, and says nothing of why", async () => {
	const { platform } = openPlatform(":memory:", { now });
	const register = { ...platform.register, accountBySlug: down };
	const config = readConfig({ ISSUER: issuer, SEAL_KEYS: `1:${developmentSealKey}` });
	const app = createApp(
		createServices(config, { ...platform, register }, { now, random: systemRandom, log: () => {} }),
	);

	const answer = await app.fetch(new Request(`${issuer}/healthz`), null);
	expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "1"]);
	expect(await answer.text()).not.toContain("secret-detail");
});
