import { expect, test } from "vitest";
import { createApp } from "../../../src/app.ts";
import { developmentSealKey, readConfig } from "../../../src/config.ts";
import { systemRandom } from "../../../src/crypto/random.ts";
import { holdPorts } from "../../../src/operations/ports-of.ts";
import { createServices } from "../../../src/operations/upkeep/create-services.ts";
import { seedDemo } from "../../../src/operations/upkeep/seed-demo.ts";
import { openPlatform } from "../../../src/platform/node/platform.ts";
import { storedPassword } from "../../runners/stored-password.ts";
import { demo } from "../../support/demo-world.ts";
import { answerConsent, createPerson } from "../../support/person.ts";
import { challenged } from "../../support/pkce.ts";

const issuer = "http://localhost:8787";
const start = 1_800_000_000;
/** What is counted would wait for it before it is written. */
const pause = () => Promise.resolve();

test("a client that registered itself costs a write a day, however often a person has it before them, and none before that", async () => {
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
	const made = createServices(config, platform, { now, random: systemRandom, log: () => {}, later, pause });
	await seedDemo({ ...made, passwords: { ...made.passwords, hash: storedPassword } });
	const app = createApp({ ...made, ...holdPorts({ ...platform, clients }) });
	const registering = new Request(`${issuer}/oauth/register`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify({ redirect_uris: ["https://a.example/cb"], token_endpoint_auth_method: "none" }),
	});
	const { client_id } = JSON.parse(await (await app.fetch(registering, null)).text());
	const query = new URLSearchParams({ client_id, response_type: "code", ...challenged });
	const link = `${issuer}/oauth/authorize?${query.toString()}`;
	const send = async (url: string, init: RequestInit) => app.fetch(new Request(url, init), null);
	const person = createPerson(issuer, send);
	for (const hours of [0, 0, 1, 23, 24, 25, 47, 48, 71]) {
		time = start + hours * 3600 - 60;
		// Whoever knows its id can ask in its name, and be asked to sign in.
		expect((await createPerson(issuer, send).open(link)).html).toContain('name="password"');
		await Promise.all(after.splice(0));
		time += 60;
		const answer = await answerConsent(person, link, demo.ada, "Deny");
		expect(answer.searchParams.get("error")).toBe("access_denied");
		await Promise.all(after.splice(0));
	}
	expect(noted).toEqual([0, 24 * 3600, 48 * 3600]);
	close();
});
