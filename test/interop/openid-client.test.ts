import * as client from "openid-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { demo } from "../support/demo-world.ts";
import { answerConsent, createPerson, type Person } from "../support/person.ts";
import { accessTokenType } from "../../src/domain/token-exchange.ts";
import { exchangeParties } from "./exchange-parties.ts";
import { type RunningWorker, startWorker } from "../runners/start-worker.ts";

let worker: RunningWorker;
let ada: Person;

beforeAll(async () => {
	worker = await startWorker();
	ada = createPerson(worker.origin);
});
afterAll(() => worker?.stop());

const scope = "environments:read events:read";
const { webApp, nativeApp } = demo;
const clients = [
	{ title: "a confidential client, client_secret_basic", of: webApp, auth: client.ClientSecretBasic(webApp.secret) },
	{ title: "a confidential client, client_secret_post", of: webApp, auth: client.ClientSecretPost(webApp.secret) },
	{ title: "a public client", of: nativeApp, auth: client.None() },
];

describe.each(clients)("openid-client as $title", ({ of, auth }) => {
	test("RFC 8414 discovery, RFC 7636 code flow, RFC 9207 iss, refresh with rotation, RFC 7009 revocation", async () => {
		const config = await discover(of.id, auth);
		expect(config.serverMetadata().code_challenge_methods_supported).toEqual(["S256"]);
		const { answer, checks } = await authorized(config, of.redirectUri);

		const tokens = await client.authorizationCodeGrant(config, answer, checks);
		expect(tokens).toMatchObject({ token_type: "bearer", expires_in: 3600, scope });

		const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? "");
		expect(refreshed.access_token).not.toBe(tokens.access_token);
		expect(refreshed.refresh_token).toMatch(/^lkr_/);
		// RFC 9700 §4.14.2: the refresh token rotates.
		expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);

		const environments = new URL("/oauth/environments", worker.origin);
		const listed = await client.fetchProtectedResource(config, refreshed.access_token, environments, "GET");
		expect(await listed.json()).toHaveLength(2);

		await client.tokenRevocation(config, refreshed.refresh_token ?? "");
		await expect(client.refreshTokenGrant(config, refreshed.refresh_token ?? "")).rejects.toMatchObject({
			status: 400,
			error: "invalid_grant",
		});
	});

	test("RFC 6749 §4.1.2.1: a person's refusal arrives as access_denied", async () => {
		const config = await discover(of.id, auth);
		const { answer, checks } = await authorized(config, of.redirectUri, "Deny");
		await expect(client.authorizationCodeGrant(config, answer, checks)).rejects.toMatchObject({
			error: "access_denied",
		});
	});

	test("RFC 7636 §4.6: another verifier is refused, and the right one is good after it", async () => {
		const config = await discover(of.id, auth);
		const { answer, checks } = await authorized(config, of.redirectUri);
		const another = { ...checks, pkceCodeVerifier: client.randomPKCECodeVerifier() };
		await expect(client.authorizationCodeGrant(config, answer, another)).rejects.toMatchObject({
			error: "invalid_grant",
		});
		expect(await client.authorizationCodeGrant(config, answer, checks)).toMatchObject({ scope });
	});
});

test.each(clients)(
	"RFC 9126: openid-client as $title pushes its request, which nobody edits and which is good once",
	async ({ of, auth }) => {
		const config = await discover(of.id, auth);
		const pkceCodeVerifier = client.randomPKCECodeVerifier();
		const expectedState = client.randomState();
		const url = await client.buildAuthorizationUrlWithPAR(config, {
			redirect_uri: of.redirectUri,
			scope,
			state: expectedState,
			code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
			code_challenge_method: "S256",
		});
		expect([...url.searchParams.keys()].toSorted()).toEqual(["client_id", "request_uri"]);
		url.searchParams.set("scope", "events:read");
		const checks = { pkceCodeVerifier, expectedState };
		const answer = await answerConsent(ada, url.href, demo.ada, "Allow");
		expect(await client.authorizationCodeGrant(config, answer, checks)).toMatchObject({ scope });
		const again = await answerConsent(ada, url.href, demo.ada, "Allow");
		await expect(client.authorizationCodeGrant(config, again, checks)).rejects.toMatchObject({
			error: "invalid_request_uri",
		});
	},
);

test("RFC 9700 §4.14.2: an ancestor of a used refresh token ends the family, as the library sees it", async () => {
	const config = await discover(webApp.id, client.ClientSecretBasic(webApp.secret));
	const { answer, checks } = await authorized(config, webApp.redirectUri);
	const first = await client.authorizationCodeGrant(config, answer, checks);
	const second = await client.refreshTokenGrant(config, first.refresh_token ?? "");
	const third = await client.refreshTokenGrant(config, second.refresh_token ?? "");
	for (const each of [first, third]) {
		await expect(client.refreshTokenGrant(config, each.refresh_token ?? "")).rejects.toMatchObject({
			error: "invalid_grant",
		});
	}
	expect(await client.tokenIntrospection(config, third.access_token)).toEqual({ active: false });
});

test("RFC 7662: introspection of an access token, a refresh token, and after revocation", async () => {
	const config = await discover(webApp.id, client.ClientSecretBasic(webApp.secret));
	const { answer, checks } = await authorized(config, webApp.redirectUri);
	const tokens = await client.authorizationCodeGrant(config, answer, checks);
	const facts = { active: true, client_id: webApp.id, scope, iss: worker.origin };
	expect(await client.tokenIntrospection(config, tokens.access_token)).toMatchObject(facts);
	expect(await client.tokenIntrospection(config, tokens.refresh_token ?? "")).toMatchObject(facts);
	await client.tokenRevocation(config, tokens.access_token);
	expect(await client.tokenIntrospection(config, tokens.access_token)).toEqual({ active: false });
	// RFC 7009 §2.1: the revocation of an access token leaves its grant alone.
	expect(await client.tokenIntrospection(config, tokens.refresh_token ?? "")).toMatchObject(facts);
});

function discover(clientId: string, auth: client.ClientAuth): Promise<client.Configuration> {
	return client.discovery(new URL(worker.origin), clientId, {}, auth, {
		algorithm: "oauth2",
		execute: [client.allowInsecureRequests], // a loopback issuer
	});
}

/** The answer that the person's browser brings back, and what the client has to check it against. */
async function authorized(config: client.Configuration, redirectUri: string, button = "Allow") {
	const pkceCodeVerifier = client.randomPKCECodeVerifier();
	const expectedState = client.randomState();
	const link = client.buildAuthorizationUrl(config, {
		redirect_uri: redirectUri,
		scope,
		state: expectedState,
		code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
		code_challenge_method: "S256",
		// Else what was allowed before is remembered, and there is nothing to refuse.
		...(button === "Deny" && { prompt: "consent" }),
	});
	const answer = await answerConsent(ada, link.href, demo.ada, button);
	return { answer, checks: { pkceCodeVerifier, expectedState } };
}

test("RFC 8693: a server exchanges the token that it was called with, for another API", async () => {
	const { front, back, app, server, scope: open } = await exchangeParties(worker.origin);
	const [asApp, asServer] = await Promise.all(
		[app, server].map(({ client_id, client_secret }) => discover(client_id, client.ClientSecretBasic(client_secret))),
	);
	if (!asApp || !asServer) throw new Error("Not discovered");
	const called = await client.clientCredentialsGrant(asApp, { resource: front });
	const grantType = "urn:ietf:params:oauth:grant-type:token-exchange";
	expect(asServer.serverMetadata().grant_types_supported).toContain(grantType);
	const subject = { subject_token: called.access_token, subject_token_type: accessTokenType };
	const made = await client.genericGrantRequest(asServer, grantType, { ...subject, audience: back });
	expect(made).toMatchObject({ token_type: "bearer", issued_token_type: accessTokenType, scope: open });
	expect(await client.tokenIntrospection(asServer, made.access_token)).toMatchObject({ active: true, aud: [back] });
	const wider = client.genericGrantRequest(asServer, grantType, { ...subject, audience: front });
	await expect(wider).rejects.toMatchObject({ status: 400, error: "invalid_target" });
});
