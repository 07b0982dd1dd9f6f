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
import { holdPorts } from "../../../src/operations/ports-of.ts";

const now = () => 1_800_000_000;

test("RFC 7523 §3 (7): where nobody can say whether an assertion is new, it is refused", async () => {
	const issuer = "http://localhost:8787";
	const broken: Limiter = {
		take: () => Promise.reject(new Error("The object is gone")),
		giveBack: () => Promise.reject(new Error("The object is gone")),
	};
	const platform = { ...openPlatform(":memory:", { now }).platform, limiter: broken };
	const config = readConfig({ ISSUER: issuer, SEAL_KEYS: `1:${developmentSealKey}` });
	const services = createServices(config, platform, { now, random: systemRandom, log: () => {} });
	const { privateKey, publicKey } = await generateKeyPair("ES256");
	const { webApp } = await makeDemoData(services.serverKeys);
	const jwks = { keys: [{ ...(await exportJWK(publicKey)) }] };
	const client = { ...webApp.client, accountId: null, authMethods: ["private_key_jwt" as const], options: { jwks } };
	await platform.register.add({ clients: [client] });
	const { id } = client;
	const claims = { iss: id, sub: id, aud: issuer, jti: "new", exp: now() + 60 };
	const assertion = await new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
		.setProtectedHeader({ alg: "ES256" })
		.sign(privateKey);
	const body = new URLSearchParams({
		token: "x",
		client_assertion_type: assertionType,
		client_assertion: assertion,
	});
	const request = () => new Request(`${issuer}/oauth/introspect`, { method: "POST", body });
	const refused = await createApp(services).fetch(request(), null);
	expect(refused.status).toBe(503);
	const mended = createApp({
		...services,
		...holdPorts({ ...platform, limiter: openPlatform(":memory:", { now }).platform.limiter }),
	});
	expect((await mended.fetch(request(), null)).status).toBe(200);
});
