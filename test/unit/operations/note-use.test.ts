import { expect, test } from "vitest";
import { createApp } from "../../../src/app.ts";
import { developmentSealKey, readConfig } from "../../../src/config.ts";
import { systemRandom } from "../../../src/crypto/random.ts";
import { holdPorts } from "../../../src/operations/ports-of.ts";
import { createServices } from "../../../src/operations/upkeep/create-services.ts";
import { openPlatform } from "../../../src/platform/node/platform.ts";

const issuer = "http://localhost:8787";
const start = 1_800_000_000;

test("a client that registered itself costs a write a day, however often it is asked for", async () => {
	let time = start;
	const now = () => time;
	const { platform, close } = openPlatform(":memory:", { now });
	const noted: number[] = [];
	const after: Promise<void>[] = [];
	const later = (work: Promise<void>) => void after.push(work);
	const clients = {
		...platform.clients,
		noteUse(...use: Parameters<typeof platform.clients.noteUse>) {
			noted.push(use[1] - start);
			return platform.clients.noteUse(...use);
		},
	};
	const config = readConfig({ ISSUER: issuer, SEAL_KEYS: `1:${developmentSealKey}`, REGISTRATION: "open" });
	const made = createServices(config, platform, { now, random: systemRandom, log: () => {}, later });
	const app = createApp({ ...made, ...holdPorts({ ...platform, clients }) });
	const registering = new Request(`${issuer}/oauth/register`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify({ redirect_uris: ["https://a.example/cb"], token_endpoint_auth_method: "none" }),
	});
	const { client_id } = JSON.parse(await (await app.fetch(registering, null)).text());
	const query = new URLSearchParams({ client_id, response_type: "code", code_challenge_method: "S256" });
	query.set("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
	for (const hours of [0, 0, 1, 23, 24, 25, 47, 48, 71]) {
		time = start + hours * 3600;
		const page = await app.fetch(new Request(`${issuer}/oauth/authorize?${query.toString()}`), null);
		expect(page.status).toBe(200);
		await Promise.all(after.splice(0));
	}
	expect(noted).toEqual([0, 24 * 3600, 48 * 3600]);
	close();
});
