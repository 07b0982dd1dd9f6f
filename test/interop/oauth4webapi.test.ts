import * as oauth from "oauth4webapi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { demo } from "../support/demo-world.ts";
import { answerConsent, createPerson, type Person } from "../support/person.ts";
import { accessTokenType } from "../../src/domain/token-exchange.ts";
import { exchangeParties, type Party } from "./exchange-parties.ts";
import { type RunningWorker, startWorker } from "../runners/start-worker.ts";

let worker: RunningWorker;
let ada: Person;
let server: oauth.AuthorizationServer;

const overHttp = { [oauth.allowInsecureRequests]: true }; // a loopback issuer
const scope = "environments:read events:read";

beforeAll(async () => {
	worker = await startWorker();
	ada = createPerson(worker.origin);
	const issuer = new URL(worker.origin);
	const found = await oauth.discoveryRequest(issuer, { ...overHttp, algorithm: "oauth2" });
	server = await oauth.processDiscoveryResponse(issuer, found);
});
afterAll(() => worker?.stop());

const { webApp, nativeApp } = demo;
const clients = [
	{ title: "a confidential client, client_secret_basic", of: webApp, auth: oauth.ClientSecretBasic(webApp.secret) },
	{ title: "a confidential client, client_secret_post", of: webApp, auth: oauth.ClientSecretPost(webApp.secret) },
	{ title: "a public client", of: nativeApp, auth: oauth.None() },
];

describe.each(clients)("oauth4webapi as $title", ({ of, auth }) => {
	const client: oauth.Client = { client_id: of.id };

	test("RFC 7636 code flow, RFC 9207 iss, refresh with rotation, RFC 7009 revocation", async () => {
		const verifier = oauth.generateRandomCodeVerifier();
		const params = await authorized(of.redirectUri, client, verifier);
		const tokens = await exchanged(params, of.redirectUri, client, auth, verifier);
		expect(tokens).toMatchObject({ token_type: "bearer", expires_in: 3600, scope });

		const refreshed = await refresh(client, auth, tokens.refresh_token ?? "");
		expect(refreshed.refresh_token).toMatch(/^lkr_/);
		expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);

		const ended = await oauth.revocationRequest(server, client, auth, refreshed.refresh_token ?? "", overHttp);
		// RFC 7009 §2.2: nothing to say.
		expect(await oauth.processRevocationResponse(ended)).toBeUndefined();
		await expect(refresh(client, auth, refreshed.refresh_token ?? "")).rejects.toMatchObject({
			error: "invalid_grant",
		});
	});

	test("RFC 6749 §6: a refresh may narrow the scope, and not widen it", async () => {
		const verifier = oauth.generateRandomCodeVerifier();
		const params = await authorized(of.redirectUri, client, verifier);
		const tokens = await exchanged(params, of.redirectUri, client, auth, verifier);
		const narrow = await refresh(client, auth, tokens.refresh_token ?? "", "events:read");
		expect(narrow.scope).toBe("events:read");
		await expect(refresh(client, auth, narrow.refresh_token ?? "", "keys:write")).rejects.toMatchObject({
			error: "invalid_scope",
		});
		expect((await refresh(client, auth, narrow.refresh_token ?? "")).scope).toBe(scope);
	});
});

test.each(clients)(
	"RFC 9126: oauth4webapi as $title pushes its request, and sends the person with the reference",
	async ({ of, auth }) => {
		const client: oauth.Client = { client_id: of.id };
		const verifier = oauth.generateRandomCodeVerifier();
		const state = oauth.generateRandomState();
		const asked = new URL(await link(of.redirectUri, client, verifier, state)).searchParams;
		const answer = await oauth.pushedAuthorizationRequest(server, client, auth, asked, overHttp);
		const pushed = await oauth.processPushedAuthorizationResponse(server, client, answer);
		expect(pushed.expires_in).toBe(60);
		const url = new URL(server.authorization_endpoint ?? "");
		url.search = new URLSearchParams({ client_id: of.id, request_uri: pushed.request_uri }).toString();
		const back = await answerConsent(ada, url.href, demo.ada, "Allow");
		const params = oauth.validateAuthResponse(server, client, back, state);
		expect(await exchanged(params, of.redirectUri, client, auth, verifier)).toMatchObject({ scope });
		const again = await answerConsent(ada, url.href, demo.ada, "Allow");
		expect(() => oauth.validateAuthResponse(server, client, again, state)).toThrow(
			expect.objectContaining({ error: "invalid_request_uri" }),
		);
	},
);

test("RFC 9207 §2.4: the library takes the answer of this issuer and of no other", async () => {
	const client: oauth.Client = { client_id: webApp.id };
	const state = oauth.generateRandomState();
	const answer = await answerConsent(
		ada,
		await link(webApp.redirectUri, client, "a".repeat(43), state),
		demo.ada,
		"Allow",
	);
	expect(oauth.validateAuthResponse(server, client, answer, state).get("iss")).toBe(worker.origin);
	answer.searchParams.set("iss", "https://another.example");
	expect(() => oauth.validateAuthResponse(server, client, answer, state)).toThrow(/"iss"/);
});

test("RFC 9068: a resource server that knows only the issuer takes the access token, at its own audience alone", async () => {
	const client: oauth.Client = { client_id: nativeApp.id };
	const verifier = oauth.generateRandomCodeVerifier();
	const params = await authorized(nativeApp.redirectUri, client, verifier);
	const tokens = await exchanged(params, nativeApp.redirectUri, client, oauth.None(), verifier);
	const request = () =>
		new Request("https://api.example/events", { headers: { authorization: `Bearer ${tokens.access_token}` } });
	const claims = await oauth.validateJwtAccessToken(server, request(), worker.origin, overHttp);
	expect(claims).toMatchObject({ client_id: nativeApp.id, scope, account_id: demo.accounts.acme });
	await expect(oauth.validateJwtAccessToken(server, request(), "https://api.example", overHttp)).rejects.toThrow(
		/"aud"/,
	);
});

test("RFC 7662: introspection of a token that is the caller's, and of one that is another's", async () => {
	const client: oauth.Client = { client_id: webApp.id };
	const auth = oauth.ClientSecretBasic(webApp.secret);
	const verifier = oauth.generateRandomCodeVerifier();
	const own = await exchanged(
		await authorized(webApp.redirectUri, client, verifier),
		webApp.redirectUri,
		client,
		auth,
		verifier,
	);
	expect(await introspect(own.access_token)).toMatchObject({ active: true, client_id: webApp.id, scope });

	const cli: oauth.Client = { client_id: nativeApp.id };
	const params = await authorized(nativeApp.redirectUri, cli, verifier);
	const others = await exchanged(params, nativeApp.redirectUri, cli, oauth.None(), verifier);
	expect(await introspect(others.access_token)).toEqual({ active: false });

	async function introspect(token: string) {
		const answer = await oauth.introspectionRequest(server, client, auth, token, overHttp);
		return oauth.processIntrospectionResponse(server, client, answer);
	}
});

async function link(redirectUri: string, client: oauth.Client, verifier: string, state: string): Promise<string> {
	const url = new URL(server.authorization_endpoint ?? "");
	url.search = new URLSearchParams({
		client_id: client.client_id,
		redirect_uri: redirectUri,
		response_type: "code",
		scope,
		state,
		code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
		code_challenge_method: "S256",
	}).toString();
	return url.href;
}

async function authorized(redirectUri: string, client: oauth.Client, verifier: string): Promise<URLSearchParams> {
	const state = oauth.generateRandomState();
	const answer = await answerConsent(ada, await link(redirectUri, client, verifier, state), demo.ada, "Allow");
	return oauth.validateAuthResponse(server, client, answer, state);
}

async function exchanged(
	params: URLSearchParams,
	redirectUri: string,
	client: oauth.Client,
	auth: oauth.ClientAuth,
	verifier: string,
) {
	const answer = await oauth.authorizationCodeGrantRequest(
		server,
		client,
		auth,
		params,
		redirectUri,
		verifier,
		overHttp,
	);
	return oauth.processAuthorizationCodeResponse(server, client, answer);
}

async function refresh(client: oauth.Client, auth: oauth.ClientAuth, token: string, narrower?: string) {
	const options = { ...overHttp, ...(narrower !== undefined && { additionalParameters: { scope: narrower } }) };
	const answer = await oauth.refreshTokenGrantRequest(server, client, auth, token, options);
	return oauth.processRefreshTokenResponse(server, client, answer);
}

test("RFC 8693: a server exchanges the token that it was called with, for another API", async () => {
	const { front, back, app, server: called, scope: open } = await exchangeParties(worker.origin);
	const own = await grant(app, "client_credentials", { resource: front });
	const exchangeOf = (fields: Record<string, string>) =>
		grant(called, "urn:ietf:params:oauth:grant-type:token-exchange", {
			subject_token: own.access_token,
			subject_token_type: accessTokenType,
			resource: back,
			...fields,
		});
	expect(await exchangeOf({})).toMatchObject({ token_type: "bearer", issued_token_type: accessTokenType, scope: open });
	await expect(exchangeOf({ scope: "events:read" })).rejects.toMatchObject({ error: "invalid_scope" });
	await expect(exchangeOf({ subject_token: "none" })).rejects.toMatchObject({ error: "invalid_request" });
});

async function grant(as: Party, grantType: string, fields: Record<string, string>) {
	const client: oauth.Client = { client_id: as.client_id };
	const auth = oauth.ClientSecretPost(as.client_secret);
	const answer = await oauth.genericTokenEndpointRequest(server, client, auth, grantType, fields, overHttp);
	return oauth.processGenericTokenEndpointResponse(server, client, answer);
}
