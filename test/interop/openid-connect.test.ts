import * as client from "openid-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { demo } from "../support/demo-world.ts";
import { answerConsent, createPerson, type Person } from "../support/person.ts";
import { type RunningWorker, startWorker } from "../runners/start-worker.ts";

// openid-client, as it is, as an OpenID Connect relying party: each client here registered itself by RFC 7591 as well.

let worker: RunningWorker;
let ada: Person;

beforeAll(async () => {
	worker = await startWorker({ variables: { REGISTRATION: "open" } });
	ada = createPerson(worker.origin);
});
afterAll(() => worker?.stop());

const redirectUri = "http://127.0.0.1:33334/callback";
const options: client.DiscoveryRequestOptions = { algorithm: "oidc", execute: [client.allowInsecureRequests] }; // loopback
const scope = "openid profile email offline_access";

describe.each(["RS256", "ES256", "PS256", "EdDSA"])("OpenID Connect, id_tokens by %s", (alg) => {
	test("discovery, registration, code flow, id_token with nonce and auth_time, UserInfo, refresh", async () => {
		const config = await register({ id_token_signed_response_alg: alg });
		const { answer, checks } = await authorized(config, { max_age: "3600" });
		const tokens = await client.authorizationCodeGrant(config, answer, { ...checks, maxAge: 3600 });
		const claims = tokens.claims();
		expect(claims).toMatchObject({ iss: worker.origin, nonce: checks.expectedNonce, acr: "pwd", amr: ["pwd"] });
		expect(headerOf(tokens.id_token)).toMatchObject({ alg });

		const told = await client.fetchUserInfo(config, tokens.access_token, claims?.sub ?? "");
		expect(told).toMatchObject({ name: "Ada Lovelace", given_name: "Ada", email: "ada@acme.example" });
		expect(told).not.toHaveProperty("address");

		const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? "");
		expect(headerOf(refreshed.id_token)).toMatchObject({ alg });
		// OIDC Core §12.2
		const { iss, sub, auth_time } = claims ?? {};
		expect(refreshed.claims()).toMatchObject({ iss, sub, auth_time });
	});
});

test("form_post: the library takes the answer out of the form that the browser posts", async () => {
	const config = await register({});
	const { link, checks } = await request(config, { response_mode: "form_post" });
	const page = await ada.submit(await signedIn(link), "Allow");
	const tokens = await client.authorizationCodeGrant(config, postedBy(page.html), checks);
	expect(tokens.claims()).toMatchObject({ nonce: checks.expectedNonce });
});

test("OIDC Core §3.1.2.1: max_age=0 asks for the password again, and auth_time says so", async () => {
	const config = await register({});
	await signedIn((await request(config, {})).link);
	const { link, checks } = await request(config, { max_age: "0" });
	expect((await ada.open(link)).html).toContain('name="password"');
	const answer = await answerConsent(ada, link, demo.ada, "Allow");
	const tokens = await client.authorizationCodeGrant(config, answer, { ...checks, maxAge: 0 });
	expect(Math.abs((tokens.claims()?.auth_time as number) - Date.now() / 1000)).toBeLessThan(30);
});

test("private_key_jwt: code flow, refresh, introspection and revocation without a secret", async () => {
	const config = await registerWithKey({});
	const { answer, checks } = await authorized(config, {});
	const tokens = await client.authorizationCodeGrant(config, answer, checks);
	const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? "");
	expect(await client.tokenIntrospection(config, refreshed.access_token)).toMatchObject({ active: true });
	await client.tokenRevocation(config, refreshed.refresh_token ?? "");
	expect(await client.tokenIntrospection(config, refreshed.access_token)).toEqual({ active: false });
});

test("private_key_jwt: a key that is not the client's is refused", async () => {
	const config = await registerWithKey({});
	const { privateKey } = await keyPair();
	const another = await discover(config.clientMetadata().client_id, client.PrivateKeyJwt(privateKey));
	const { answer, checks } = await authorized(config, {});
	await expect(client.authorizationCodeGrant(another, answer, checks)).rejects.toMatchObject({
		error: "invalid_client",
	});
	// RFC 6749 §4.1.2: and it burned nothing.
	expect(await client.authorizationCodeGrant(config, answer, checks)).toMatchObject({ token_type: "bearer" });
});

describe("client_credentials", () => {
	test("by a secret: a token of the client's own, with its scope, and no refresh token", async () => {
		const config = await discover(demo.webApp.id, client.ClientSecretBasic(demo.webApp.secret));
		const tokens = await client.clientCredentialsGrant(config, { scope: "events:read" });
		expect(tokens).toMatchObject({ token_type: "bearer", scope: "events:read" });
		expect(tokens.refresh_token).toBeUndefined();
		expect(tokens.id_token).toBeUndefined();
		const told = await client.tokenIntrospection(config, tokens.access_token);
		expect(told).toMatchObject({ active: true, client_id: demo.webApp.id, scope: "events:read" });
	});

	test("by private_key_jwt, for a client that an account registered", async () => {
		const config = await registerWithKey(
			{ grant_types: ["client_credentials"], scope: "events:read", redirect_uris: [] },
			await loginToken(),
		);
		expect(await client.clientCredentialsGrant(config)).toMatchObject({ scope: "events:read" });
	});

	test("RFC 6749 §5.2: not for a client that registered itself", async () => {
		const config = await register({});
		await expect(client.clientCredentialsGrant(config)).rejects.toMatchObject({ error: "unauthorized_client" });
	});
});

test("RP-Initiated Logout: the library's URL asks, ends the session and returns; then prompt=none is login_required", async () => {
	const person = createPerson(worker.origin);
	const config = await discover(demo.webApp.id, client.ClientSecretBasic(demo.webApp.secret));
	const to = { redirect_uri: demo.webApp.redirectUri };
	const first = await authorized(config, to, person);
	const tokens = await client.authorizationCodeGrant(config, first.answer, first.checks);

	// What was allowed is remembered: nobody is asked.
	const silent = await request(config, { ...to, prompt: "none" });
	const allowed = leftOf(await person.open(silent.link));
	expect(await client.authorizationCodeGrant(config, allowed, silent.checks)).toHaveProperty("id_token");

	const end = client.buildEndSessionUrl(config, {
		id_token_hint: tokens.id_token ?? "",
		post_logout_redirect_uri: "http://localhost:8788/portal/signed-out",
		state: "s t",
	});
	const returned = await person.submit(await person.open(end.href), "Sign out");
	expect(leftOf(returned).href).toBe("http://localhost:8788/portal/signed-out?state=s+t");

	const after = await request(config, { ...to, prompt: "none" });
	const refused = leftOf(await person.open(after.link));
	await expect(client.authorizationCodeGrant(config, refused, after.checks)).rejects.toMatchObject({
		error: "login_required",
	});
});

function discover(clientId: string, auth: client.ClientAuth): Promise<client.Configuration> {
	return client.discovery(new URL(worker.origin), clientId, {}, auth, options);
}

type Metadata = Readonly<Record<string, client.JsonValue>>;

/** RFC 7591: by nobody, or with an account's token. Whatever it gets is signed, and verified (OIDC Core §3.1.3.7). */
async function register(
	metadata: Metadata,
	auth = client.ClientSecretBasic(),
	initialAccessToken = "",
): Promise<client.Configuration> {
	const about = {
		client_name: "openid-client",
		application_type: "native", // its redirect is on loopback
		redirect_uris: [redirectUri],
		grant_types: ["authorization_code", "refresh_token"],
		token_endpoint_auth_method: "client_secret_basic",
		scope,
		...metadata,
	};
	const config = await client.dynamicClientRegistration(new URL(worker.origin), about, auth, {
		...options,
		...(initialAccessToken !== "" && { initialAccessToken }),
	});
	client.enableNonRepudiationChecks(config);
	return config;
}

async function registerWithKey(metadata: Metadata, initialAccessToken?: string): Promise<client.Configuration> {
	const { privateKey, publicKey } = await keyPair();
	const { kty = "", crv = "", x = "", y = "" } = await crypto.subtle.exportKey("jwk", publicKey);
	const jwks = { keys: [{ kty, crv, x, y, alg: "ES256", use: "sig", kid: "1" }] };
	const about = { token_endpoint_auth_method: "private_key_jwt", jwks, ...metadata };
	return register(about, client.PrivateKeyJwt({ key: privateKey, kid: "1" }), initialAccessToken);
}

function keyPair(): Promise<CryptoKeyPair> {
	return crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
}

async function loginToken(): Promise<string> {
	const answer = await fetch(`${worker.origin}/auth/login`, { method: "POST", body: new URLSearchParams(demo.ada) });
	const { access_token: token } = (await answer.json()) as { access_token: string };
	return token;
}

/** A link for the person's browser, and what the client has to check the answer against. */
async function request(config: client.Configuration, more: Record<string, string>) {
	const pkceCodeVerifier = client.randomPKCECodeVerifier();
	const checks = { pkceCodeVerifier, expectedState: client.randomState(), expectedNonce: client.randomNonce() };
	const link = client.buildAuthorizationUrl(config, {
		redirect_uri: redirectUri,
		scope,
		state: checks.expectedState,
		nonce: checks.expectedNonce,
		code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
		code_challenge_method: "S256",
		...more,
	});
	return { link: link.href, checks };
}

async function authorized(config: client.Configuration, more: Record<string, string>, person = ada) {
	const { link, checks } = await request(config, more);
	return { answer: await answerConsent(person, link, demo.ada, "Allow"), checks };
}

/** At the page that comes after the sign-in. */
async function signedIn(link: string) {
	const page = await ada.open(link);
	return page.html.includes('name="password"') ? ada.submit(page, "Sign in", { ...demo.ada }) : page;
}

function leftOf({ left, status }: { left: URL | null; status: number }): URL {
	if (!left) throw new Error(`The answer did not lead back: ${status}`);
	return left;
}

/** OAuth 2.0 Form Post Response Mode §2: what a browser makes of the page. */
function postedBy(html: string): Request {
	const [, action = ""] = /<form[^>]*action="([^"]*)"/.exec(html) ?? [];
	const fields = [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
	const body = new URLSearchParams(fields.map(([, name = "", value = ""]) => [name, value.replaceAll("&amp;", "&")]));
	return new Request(action, { method: "POST", body });
}

function headerOf(token = ""): unknown {
	return JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString());
}
