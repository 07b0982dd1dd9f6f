import * as oauth from "oauth4webapi";
import * as client from "openid-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { demo } from "../support/demo-world.ts";
import { answerConsent, createPerson, type Person } from "../support/person.ts";
import { type RunningWorker, startWorker } from "../runners/start-worker.ts";

// RFC 9449, by libraries that make the proofs, take a nonce where they are told one, and verify bound tokens as a resource server.

const { webApp, nativeApp } = demo;
const scope = "openid environments:read events:read";
const overHttp = { [oauth.allowInsecureRequests]: true }; // a loopback issuer

describe.each(["off", "on"])("DPOP_NONCE=%s", (nonce) => {
	let worker: RunningWorker;
	let ada: Person;
	beforeAll(async () => {
		worker = await startWorker({ variables: { DPOP_NONCE: nonce } });
		ada = createPerson(worker.origin);
	});
	afterAll(() => worker?.stop());

	const clients = [
		{ title: "a confidential client", of: webApp, auth: client.ClientSecretBasic(webApp.secret) },
		{ title: "a public client", of: nativeApp, auth: client.None() },
	];

	test.each(clients)("RFC 9449: openid-client as $title, from the code to UserInfo", async ({ of, auth }) => {
		const config = await discover(of.id, auth);
		expect(config.serverMetadata().dpop_signing_alg_values_supported).toContain("ES256");
		const [mine, another] = [await handle(config), await handle(config)];
		const thumbprint = await mine.calculateThumbprint();
		const { answer, checks } = await authorized(config, of.redirectUri, { dpop_jkt: thumbprint });
		// §10: the code is bound to the key.
		const stolen = client.authorizationCodeGrant(config, answer, checks, undefined, { DPoP: another });
		await expect(stolen).rejects.toMatchObject({ error: "invalid_grant" });
		const tokens = await client.authorizationCodeGrant(config, answer, checks, undefined, { DPoP: mine });
		expect(tokens).toMatchObject({ token_type: "dpop" });

		const sub = tokens.claims()?.sub ?? "";
		expect(await client.fetchUserInfo(config, tokens.access_token, sub, { DPoP: mine })).toMatchObject({ sub });
		const environments = new URL("/oauth/environments", worker.origin);
		const [token, none] = [tokens.access_token, [null, new Headers()] as const];
		const listed = await client.fetchProtectedResource(config, token, environments, "GET", ...none, { DPoP: mine });
		expect(await listed.json()).toHaveLength(2);
		const challenged = { code: "OAUTH_WWW_AUTHENTICATE_CHALLENGE" };
		await expect(client.fetchProtectedResource(config, token, environments, "GET")).rejects.toMatchObject(challenged);
		await expect(
			client.fetchProtectedResource(config, token, environments, "GET", ...none, { DPoP: another }),
		).rejects.toMatchObject(challenged);

		const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? "", undefined, { DPoP: mine });
		expect(refreshed).toMatchObject({ token_type: "dpop" });
		// §5: a public client's refresh token is bound to its key, and another's is not.
		const byAnother = client.refreshTokenGrant(config, refreshed.refresh_token ?? "", undefined, { DPoP: another });
		const outcome = await byAnother.catch((error: unknown) => error);
		expect(outcome).toMatchObject(of === nativeApp ? { error: "invalid_grant" } : { token_type: "dpop" });
	});

	test.each(["ES256", "PS256", "Ed25519"])("RFC 9449 §5.1: oauth4webapi, by a key for %s", async (alg) => {
		const issuer = new URL(worker.origin);
		const found = await oauth.discoveryRequest(issuer, { ...overHttp, algorithm: "oauth2" });
		const server = await oauth.processDiscoveryResponse(issuer, found);
		const own: oauth.Client = { client_id: webApp.id };
		const DPoP = oauth.DPoP(own, await oauth.generateKeyPair(alg));
		const ask = async () => {
			const auth = oauth.ClientSecretPost(webApp.secret);
			const answer = await oauth.clientCredentialsGrantRequest(server, own, auth, {}, { ...overHttp, DPoP });
			return oauth.processClientCredentialsResponse(server, own, answer);
		};
		// A library of this kind leaves it to its caller to come again with the nonce.
		const tokens = await ask().catch(async (error: unknown) => {
			if (!oauth.isDPoPNonceError(error)) throw error;
			return ask();
		});
		expect(tokens).toMatchObject({ token_type: "dpop" });

		const url = new URL("/oauth/environments", worker.origin);
		const request = (headers = new Headers()) =>
			oauth.protectedResourceRequest(tokens.access_token, "GET", url, headers, null, { ...overHttp, DPoP });
		expect((await request()).status).toBe(200);
		const told = await oauth.introspectionRequest(
			server,
			own,
			oauth.ClientSecretPost(webApp.secret),
			tokens.access_token,
			overHttp,
		);
		expect(await oauth.processIntrospectionResponse(server, own, told)).toMatchObject({
			active: true,
			token_type: "DPoP",
			cnf: { jkt: await DPoP.calculateThumbprint() },
		});
	});

	test("RFC 9449 §7: a resource server that knows only the issuer takes a bound token with its proof alone", async () => {
		const issuer = new URL(worker.origin);
		const found = await oauth.discoveryRequest(issuer, { ...overHttp, algorithm: "oauth2" });
		const server = await oauth.processDiscoveryResponse(issuer, found);
		const config = await discover(webApp.id, client.ClientSecretBasic(webApp.secret));
		const mine = await handle(config);
		const tokens = await client.clientCredentialsGrant(config, undefined, { DPoP: mine });
		let headers = new Headers();
		const resource = "https://api.example/events";
		// What the client would send there.
		const captured = async (_: string, sent: { readonly headers: Record<string, string> }) => {
			headers = new Headers(sent.headers);
			return new Response();
		};
		const options = { DPoP: mine, [oauth.customFetch]: captured };
		await oauth.protectedResourceRequest(tokens.access_token, "GET", new URL(resource), undefined, null, options);
		const verify = (shown: Headers) =>
			oauth.validateJwtAccessToken(server, new Request(resource, { headers: shown }), worker.origin, overHttp);
		expect(await verify(headers)).toMatchObject({ cnf: { jkt: await mine.calculateThumbprint() } });
		const asBearer = new Headers({ authorization: `Bearer ${tokens.access_token}` });
		await expect(verify(asBearer)).rejects.toThrow(/DPoP/);
	});

	function discover(clientId: string, auth: client.ClientAuth): Promise<client.Configuration> {
		return client.discovery(new URL(worker.origin), clientId, {}, auth, {
			algorithm: "oauth2",
			execute: [client.allowInsecureRequests], // a loopback issuer
		});
	}

	async function authorized(config: client.Configuration, redirectUri: string, more: Record<string, string>) {
		const pkceCodeVerifier = client.randomPKCECodeVerifier();
		const expectedState = client.randomState();
		const link = client.buildAuthorizationUrl(config, {
			redirect_uri: redirectUri,
			scope,
			state: expectedState,
			code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
			code_challenge_method: "S256",
			...more,
		});
		const answer = await answerConsent(ada, link.href, demo.ada, "Allow");
		return { answer, checks: { pkceCodeVerifier, expectedState, idTokenExpected: true } };
	}
});

async function handle(config: client.Configuration): Promise<client.DPoPHandle> {
	return client.getDPoPHandle(config, await client.randomDPoPKeyPair());
}
