import { rm } from "node:fs/promises";
import { CompactSign, exportJWK, generateKeyPair } from "jose";
import { expect, test } from "vitest";
import { createApp } from "../../../src/app.ts";
import { developmentSealKey, readConfig } from "../../../src/config.ts";
import { assertionType } from "../../../src/domain/client-assertion.ts";
import { systemRandom } from "../../../src/crypto/random.ts";
import type { Limiter } from "../../../src/domain/ports/limiter.ts";
import { makeDemoData } from "../../../src/operations/upkeep/demo-data.ts";
import { createServices } from "../../../src/operations/upkeep/create-services.ts";
import { openPlatform } from "../../../src/platform/node/platform.ts";
import { temporaryFolder } from "../../runners/temporary-folder.ts";
import { holdPorts } from "../../../src/operations/ports-of.ts";

const issuer = "http://localhost:8787";
let time = 1_800_000_000;
const now = () => time;

/** A deployment in that folder, with a client whose key is there. */
async function deployment(folder: string) {
	const { platform, close } = openPlatform(folder, { now });
	const config = readConfig({ ISSUER: issuer, SEAL_KEYS: `1:${developmentSealKey}` });
	const services = createServices(config, platform, { now, random: systemRandom, log: () => {} });
	return { platform, services, close };
}

async function aClient({ platform, services }: Awaited<ReturnType<typeof deployment>>) {
	const { privateKey, publicKey } = await generateKeyPair("ES256");
	const { webApp } = await makeDemoData(services.serverKeys);
	const jwks = { keys: [{ ...(await exportJWK(publicKey)) }] };
	const client = { ...webApp.client, accountId: null, authMethods: ["private_key_jwt" as const], options: { jwks } };
	await platform.register.add({ clients: [client] });
	return { id: client.id, privateKey };
}

async function introspectionBy({ id, privateKey }: Awaited<ReturnType<typeof aClient>>, exp: number) {
	const claims = { iss: id, sub: id, aud: issuer, jti: "new", exp };
	const assertion = await new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
		.setProtectedHeader({ alg: "ES256" })
		.sign(privateKey);
	const body = new URLSearchParams({
		token: "x",
		client_assertion_type: assertionType,
		client_assertion: assertion,
	});
	return () => new Request(`${issuer}/oauth/introspect`, { method: "POST", body });
}

test("RFC 7523 §3 (7): where nobody can say whether an assertion is new, it is refused", async () => {
	const broken: Limiter = {
		take: () => Promise.reject(new Error("The object is gone")),
		giveBack: () => Promise.reject(new Error("The object is gone")),
	};
	const deployed = await deployment(":memory:");
	const { platform, services } = deployed;
	const request = await introspectionBy(await aClient(deployed), now() + 60);
	const without = createApp({ ...services, ...holdPorts({ ...platform, limiter: broken }) });
	expect((await without.fetch(request(), null)).status).toBe(503);
	expect((await createApp(services).fetch(request(), null)).status).toBe(200);
});

test("RFC 7523 §3 (7): a server that was started anew refuses what it took before, for the whole hour", async () => {
	const folder = await temporaryFolder();
	const first = await deployment(folder);
	const request = await introspectionBy(await aClient(first), now() + 3600);
	const outcomes = [(await createApp(first.services).fetch(request(), null)).status];
	first.close();
	for (const more of [1, 1800, 1858]) {
		time += more;
		const again = await deployment(folder);
		const answer = await createApp(again.services).fetch(request(), null);
		outcomes.push(answer.status);
		expect(await answer.json()).toMatchObject({ error_description: "jti was used before" });
		again.close();
	}
	await rm(folder, { recursive: true });
	expect(outcomes).toEqual([200, 401, 401, 401]);
});
