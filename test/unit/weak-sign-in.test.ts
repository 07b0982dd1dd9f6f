import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { developmentSealKey, readConfig } from "../../src/config.ts";
import { systemRandom } from "../../src/crypto/random.ts";
import { createServices } from "../../src/operations/upkeep/create-services.ts";
import { seedDemo } from "../../src/operations/upkeep/seed-demo.ts";
import { openPlatform } from "../../src/platform/node/platform.ts";
import { storedPassword } from "../runners/stored-password.ts";
import { demo } from "../support/demo-world.ts";
import { createPerson, type Page } from "../support/person.ts";
import { challenged } from "../support/pkce.ts";

// A sign-in that is recorded otherwise than by a password: there is no way yet to sign in so, and what is asked of it counts already.

const issuer = "http://localhost:8787";
const { platform, files } = openPlatform(":memory:");
const config = readConfig({ ISSUER: issuer, SEAL_KEYS: `1:${developmentSealKey}`, DEMO_DATA: "on" });
const surroundings = { now: () => Math.floor(Date.now() / 1000), random: systemRandom, log: () => {} };
const services = createServices(config, platform, surroundings);
const app = createApp(services);
const person = createPerson(issuer, async (url, init) => app.fetch(new Request(url, init), null));

beforeAll(async () => {
	await seedDemo({ ...services, passwords: { ...services.passwords, hash: storedPassword } });
	await person.submit(await person.open(`${issuer}/sign-in`), "Sign in", demo.ada);
});

function recorded(sql: string): void {
	files.ledgers.exec(`UPDATE rows SET body = ${sql} WHERE kind = 'sign_in'`);
}

function asked(query: Record<string, string>): Promise<Page> {
	const { id, redirectUri } = demo.webApp;
	const standard = { response_type: "code", client_id: id, redirect_uri: redirectUri, scope: "openid", ...challenged };
	return person.open(`${issuer}/oauth/authorize?${new URLSearchParams({ ...standard, ...query }).toString()}`);
}

const byClaim = { claims: JSON.stringify({ id_token: { acr: { essential: true, values: ["phr", "pwd"] } } }) };
const password = 'name="password"';
const question = 'value="allow"';

describe("OIDC Core §3.1.2.1, §5.5.1.1: acr_values and the claim acr", () => {
	test("a sign-in of before, of which nothing was recorded, was by password", async () => {
		recorded("json_remove(body, '$.amr')");
		for (const query of [{ acr_values: "pwd" }, byClaim]) expect((await asked(query)).html).toContain(question);
	});

	test("a sign-in that is too weak has to be made again, and silently is login_required", async () => {
		recorded("json_set(body, '$.amr', json('[]'))");
		for (const query of [{ acr_values: "phr pwd" }, byClaim]) {
			expect((await asked(query)).html).toContain(password);
			const { left } = await asked({ ...query, prompt: "none" });
			expect(left?.searchParams.get("error")).toBe("login_required");
		}
	});

	test("a wish that nobody can grant changes nothing, nor does one that is not there", async () => {
		recorded("json_set(body, '$.amr', json('[]'))");
		const voluntary = { claims: JSON.stringify({ id_token: { acr: { values: ["phr"] } } }) };
		for (const query of [{}, { acr_values: "phr" }, voluntary]) expect((await asked(query)).html).toContain(question);
	});

	test("whoever signs in again has the context, and is asked", async () => {
		recorded("json_set(body, '$.amr', json('[]'))");
		const again = await person.submit(await asked({ acr_values: "pwd" }), "Sign in", demo.ada);
		expect(again.html).toContain(question);
	});
});
