import { rm } from "node:fs/promises";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { expect, test } from "vitest";
import { createApp } from "../../../src/app.ts";
import { developmentSealKey, readConfig } from "../../../src/config.ts";
import { systemRandom } from "../../../src/crypto/random.ts";
import type { Limiter } from "../../../src/domain/ports/limiter.ts";
import { holdPorts } from "../../../src/operations/ports-of.ts";
import { createServices } from "../../../src/operations/upkeep/create-services.ts";
import { makeDemoData } from "../../../src/operations/upkeep/demo-data.ts";
import { openPlatform } from "../../../src/platform/node/platform.ts";
import { temporaryFolder } from "../../runners/temporary-folder.ts";

const issuer = "http://localhost:8787";
let time = 1_800_000_000;
const now = () => time;
const { privateKey, publicKey } = await generateKeyPair("ES256");
const jwk = await exportJWK(publicKey);

/** A deployment in that folder. */
async function deployment(folder: string) {
	const { platform, close } = openPlatform(folder, { now });
	const config = readConfig({ ISSUER: issuer, SEAL_KEYS: `1:${developmentSealKey}` });
	const services = createServices(config, platform, { now, random: systemRandom, log: () => {} });
	const { webApp, accounts } = await makeDemoData(services.serverKeys);
	return { platform, services, close, webApp, account: accounts.acme };
}

async function tokenRequest(
	{ webApp }: Pick<Awaited<ReturnType<typeof deployment>>, "webApp">,
	iat: number,
	fields: Record<string, string> = { grant_type: "client_credentials" },
) {
	const dpop = await new SignJWT({ jti: "new", htm: "POST", htu: `${issuer}/oauth/token`, iat })
		.setProtectedHeader({ typ: "dpop+jwt", alg: "ES256", jwk })
		.sign(privateKey);
	const headers = { dpop, authorization: `Basic ${btoa(`${webApp.client.id}:${webApp.secret}`)}` };
	const body = new URLSearchParams(fields);
	return () => new Request(`${issuer}/oauth/token`, { method: "POST", headers, body });
}

async function register({ platform, webApp, account }: Awaited<ReturnType<typeof deployment>>): Promise<void> {
	const standing = { state: "active", notBefore: 0 } as const;
	await platform.register.add({
		accounts: [{ id: account, slug: "acme", name: "Acme", ...standing }],
		clients: [webApp.client],
	});
}

test("RFC 9449 §11.1: where nobody can say whether a proof is new, nothing is given for it", async () => {
	const broken: Limiter = {
		take: () => Promise.reject(new Error("The object is gone")),
		giveBack: () => Promise.reject(new Error("The object is gone")),
	};
	const deployed = await deployment(":memory:");
	await register(deployed);
	const { platform, services } = deployed;
	const request = await tokenRequest(deployed, now());
	const without = createApp({ ...services, ...holdPorts({ ...platform, limiter: broken }) });
	expect((await without.fetch(request(), null)).status).toBe(503);
	expect((await createApp(services).fetch(request(), null)).status).toBe(200);
});

test("RFC 9449 §11.1: garbage with a good proof has nothing written", async () => {
	const deployed = await deployment(":memory:");
	await register(deployed);
	const { platform, services } = deployed;
	const taken: string[] = [];
	const limiter: Limiter = {
		take(name, limit) {
			taken.push(name);
			return platform.limiter.take(name, limit);
		},
		giveBack: (name) => platform.limiter.giveBack(name),
	};
	const app = createApp({ ...services, ...holdPorts({ ...platform, limiter }) });
	const garbage = [
		{ grant_type: "authorization_code" },
		{ grant_type: "authorization_code", code: "garbage" },
		{ grant_type: "refresh_token", refresh_token: "garbage" },
		{ grant_type: "client_credentials", scope: '"' },
	];
	for (const fields of garbage) {
		const request = await tokenRequest(deployed, now(), fields);
		expect((await app.fetch(request(), null)).status).toBe(400);
	}
	expect(taken).toEqual([]);
	const request = await tokenRequest(deployed, now());
	expect((await app.fetch(request(), null)).status).toBe(200);
	expect(taken).toHaveLength(1);
});

test("RFC 9449 §11.1: a server that was started anew refuses a proof that it took before, as long as it could be good", async () => {
	const folder = await temporaryFolder();
	const first = await deployment(folder);
	await register(first);
	// From a clock that is as far ahead as may be.
	const request = await tokenRequest(first, now() + 10);
	const answers = [await createApp(first.services).fetch(request(), null)];
	first.close();
	for (const more of [1, 150, 159, 1]) {
		time += more;
		const again = await deployment(folder);
		answers.push(await createApp(again.services).fetch(request(), null));
		again.close();
	}
	await rm(folder, { recursive: true });
	const said = await Promise.all(answers.map(async (answer) => JSON.parse(await answer.text()).error_description));
	const [used, old] = ["jti was used before", "iat is more than 300 seconds ago"];
	expect(said).toEqual([undefined, used, used, used, old]);
});
