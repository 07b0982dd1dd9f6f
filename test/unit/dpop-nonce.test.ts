import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { developmentSealKey } from "../../src/config.ts";
import { createServerKeys, parseMasterSecrets } from "../../src/crypto/server-keys.ts";
import { makeDemoData } from "../../src/operations/upkeep/demo-data.ts";
import { startMemoryApp } from "../runners/memory-app.ts";

// RFC 9449 §8, §9: a deployment whose proofs need a nonce.

const issuer = "http://localhost:8787";
const secrets = parseMasterSecrets(`1:${developmentSealKey}`);
if (typeof secrets === "string") throw new Error(secrets);
const { webApp } = await makeDemoData(createServerKeys(secrets));
const { privateKey, publicKey } = await generateKeyPair("ES256");
const jwk = await exportJWK(publicKey);

type App = Awaited<ReturnType<typeof startMemoryApp>>;
let app: App;
beforeAll(async () => {
	const variables = { ISSUER: issuer, SEAL_KEYS: `1:${developmentSealKey}`, DEMO_DATA: "on" };
	app = await startMemoryApp({ ...variables, DPOP_NONCE: "on" });
});

let made = 0;
function proof(htm: string, path: string, claims: object): Promise<string> {
	return new SignJWT({ jti: `${++made}`, htm, htu: issuer + path, ...claims })
		.setProtectedHeader({ typ: "dpop+jwt", alg: "ES256", jwk })
		.setIssuedAt(app.now())
		.sign(privateKey);
}

async function tokenRequest(claims: object | null): Promise<Response> {
	const headers: Record<string, string> = { authorization: `Basic ${btoa(`${webApp.client.id}:${webApp.secret}`)}` };
	if (claims) headers.dpop = await proof("POST", "/oauth/token", claims);
	const body = new URLSearchParams({ grant_type: "client_credentials" });
	return app.fetch(new Request(`${issuer}/oauth/token`, { method: "POST", headers, body }));
}

async function resource(token: string, claims: object): Promise<Response> {
	const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token)));
	const ath = digest.toBase64({ alphabet: "base64url", omitPadding: true });
	const dpop = await proof("GET", "/oauth/environments", { ath, ...claims });
	const headers = { authorization: `DPoP ${token}`, dpop };
	return app.fetch(new Request(`${issuer}/oauth/environments`, { headers }));
}

async function nonceOf(response: Promise<Response>): Promise<string> {
	const nonce = (await response).headers.get("dpop-nonce");
	if (nonce === null) throw new Error("No nonce");
	return nonce;
}

async function boundToken(): Promise<string> {
	const nonce = await nonceOf(tokenRequest({}));
	const { access_token: token }: { access_token: string } = JSON.parse(await (await tokenRequest({ nonce })).text());
	return token;
}

describe("RFC 9449 §8: at the token endpoint", () => {
	test("a proof without a nonce is refused, and told one by which it is good", async () => {
		const refused = await tokenRequest({});
		expect([refused.status, await refused.json()]).toEqual([
			400,
			{ error: "use_dpop_nonce", error_description: expect.any(String) },
		]);
		// §8: the syntax of a scope-token; §8.2: not to be cached.
		expect(refused.headers.get("dpop-nonce")).toMatch(/^[\x21\x23-\x5b\x5d-\x7e]+$/);
		expect(refused.headers.get("cache-control")).toBe("no-store");
		const nonce = refused.headers.get("dpop-nonce");
		const answer = await tokenRequest({ nonce });
		expect(await answer.json()).toMatchObject({
			token_type: "DPoP",
			access_token: expect.any(String),
		});
		expect(answer.status).toBe(200);
	});

	test("§8.2: a good answer has the nonce of the next one, and one may be used again", async () => {
		const nonce = await nonceOf(tokenRequest({}));
		const next = await nonceOf(tokenRequest({ nonce }));
		expect((await tokenRequest({ nonce: next })).status).toBe(200);
		expect((await tokenRequest({ nonce })).status).toBe(200);
	});

	test("§8, §11.3: what was not given out here, a moment ago, is none", async () => {
		const nonce = await nonceOf(tokenRequest({}));
		const other = `${nonce.slice(0, -1)}${nonce.endsWith("A") ? "B" : "A"}`;
		for (const claimed of ["", "x", other, `${nonce}A`, 1, [nonce], null]) {
			const answer = await tokenRequest({ nonce: claimed });
			expect([claimed, await answer.json()]).toMatchObject([claimed, { error: "use_dpop_nonce" }]);
		}
		await app.advance(239);
		expect((await tokenRequest({ nonce })).status).toBe(200);
		await app.advance(61);
		expect(await (await tokenRequest({ nonce })).json()).toMatchObject({ error: "use_dpop_nonce" });
	});

	test("a proof that is wrong in something else is told that", async () => {
		const answer = await tokenRequest({ htm: "GET" });
		expect(await answer.json()).toMatchObject({ error: "invalid_dpop_proof" });
		expect(answer.headers.has("dpop-nonce")).toBe(true);
	});

	test("without DPoP nobody is told of a nonce", async () => {
		const answer = await tokenRequest(null);
		expect(answer.status).toBe(200);
		expect(answer.headers.has("dpop-nonce")).toBe(false);
	});
});

describe("RFC 9449 §9: at a resource", () => {
	test("the challenge says that a nonce is needed, and the answer has it", async () => {
		const token = await boundToken();
		const refused = await resource(token, {});
		expect(refused.status).toBe(401);
		expect(refused.headers.get("www-authenticate")).toMatch(/^DPoP .*error="use_dpop_nonce",.*algs="ES256 /);
		const nonce = await nonceOf(Promise.resolve(refused));
		const answer = await resource(token, { nonce });
		expect(answer.status).toBe(200);
		expect(answer.headers.has("dpop-nonce")).toBe(true);
	});

	test("§4.3 (10): what was refused for its nonce did not spend its jti", async () => {
		const token = await boundToken();
		expect((await resource(token, { jti: "kept" })).status).toBe(401);
		const nonce = await nonceOf(resource(token, {}));
		expect((await resource(token, { jti: "kept", nonce })).status).toBe(200);
		expect((await resource(token, { jti: "kept", nonce })).status).toBe(401);
	});

	test("§9: by the service binding the nonce is told to the Worker that asks", async () => {
		const token = await boundToken();
		const method = "GET";
		const path = "/oauth/environments";
		const about = async (claims: object) => ({
			dpop: { proof: await proof(method, path, { ...claims }), method, url: issuer + path },
		});
		const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token)));
		const ath = digest.toBase64({ alphabet: "base64url", omitPadding: true });
		const refused = await app.verify.token(token, await about({ ath }));
		expect(refused).toEqual({ valid: false, reason: "use_dpop_nonce", nonce: expect.any(String) });
		const { nonce } = refused as { nonce: string };
		expect(await app.verify.token(token, await about({ ath, nonce }))).toMatchObject({
			valid: true,
			cnf: { jkt: await calculateJwkThumbprint(jwk) },
		});
	});
});
