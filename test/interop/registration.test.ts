import * as oauth from "oauth4webapi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { demo } from "../support/demo-world.ts";
import { answerConsent, createPerson, type Person } from "../support/person.ts";
import { type RunningWorker, startWorker } from "../runners/start-worker.ts";

// oauth4webapi, as it is, at what it does step by step: registration and its management, resources and their tokens.

let worker: RunningWorker;
let ada: Person;
let server: oauth.AuthorizationServer;

const overHttp = { [oauth.allowInsecureRequests]: true }; // a loopback issuer
const redirectUri = "http://127.0.0.1:33335/callback";
const resource = "https://mcp.example/mcp";

beforeAll(async () => {
	worker = await startWorker({ variables: { REGISTRATION: "open" } });
	ada = createPerson(worker.origin);
	const issuer = new URL(worker.origin);
	const found = await oauth.discoveryRequest(issuer, { ...overHttp, algorithm: "oidc" });
	server = await oauth.processDiscoveryResponse(issuer, found);
});
afterAll(() => worker?.stop());

test("RFC 7591, RFC 7592: a client registers, reads, changes and deletes itself", async () => {
	const made = await register({ client_name: "First", token_endpoint_auth_method: "client_secret_post" });
	const { registration_access_token: token, registration_client_uri: uri, client_secret: secret } = made;
	const at = new URL(uri);
	expect(secret).toMatch(/^lkcs_/);

	const read = await manage(token, "GET", at);
	expect(await read.json()).toMatchObject({ client_id: made.client_id, client_name: "First" });

	const changed = await manage(token, "PUT", at, {
		client_id: made.client_id,
		client_name: "Second",
		redirect_uris: made.redirect_uris,
		application_type: "native",
		token_endpoint_auth_method: "client_secret_post",
	});
	const now = (await changed.json()) as { client_name: string; registration_access_token?: string };
	expect(now.client_name).toBe("Second");

	// RFC 7592 §2.2: it may be another from now on.
	const current = now.registration_access_token ?? token;
	expect((await manage(current, "DELETE", at)).status).toBe(204);
	const auth = oauth.ClientSecretPost(secret);
	const gone = await oauth.refreshTokenGrantRequest(server, made, auth, "lkr_unknown", overHttp);
	await expect(oauth.processRefreshTokenResponse(server, made, gone)).rejects.toMatchObject({
		error: "invalid_client",
	});
});

describe("RFC 9728", () => {
	const paths = ["", "/oauth/environments", "/v1/keys", "/oauth/userinfo"];
	test.each(paths)("the library finds the metadata of the resource at %j, and this issuer in it", async (path) => {
		const identifier = new URL(worker.origin + path);
		const found = await oauth.resourceDiscoveryRequest(identifier, overHttp);
		const { authorization_servers: servers } = await oauth.processResourceDiscoveryResponse(identifier, found);
		expect(servers).toEqual([worker.origin]);
	});

	test("§5.1: the challenge of a protected route leads there", async () => {
		const url = new URL("/oauth/environments", worker.origin);
		const refused: unknown = await oauth
			.protectedResourceRequest("not.a.token", "GET", url, undefined, null, overHttp)
			.then(
				() => null,
				(error: unknown) => error,
			);
		expect(refused).toBeInstanceOf(oauth.WWWAuthenticateChallengeError);
		const [challenge] = (refused as oauth.WWWAuthenticateChallengeError).cause;
		expect(challenge?.parameters).toMatchObject({
			error: "invalid_token",
			resource_metadata: `${worker.origin}/.well-known/oauth-protected-resource/oauth/environments`,
		});
	});
});

test("RFC 8707: the resource that a token names takes it and may introspect it; nobody else can", async () => {
	const tokens = await tokensFor(resource);
	const request = () => new Request(resource, { headers: { authorization: `Bearer ${tokens.access_token}` } });
	expect(await oauth.validateJwtAccessToken(server, request(), resource, overHttp)).toMatchObject({ aud: resource });
	await expect(oauth.validateJwtAccessToken(server, request(), worker.origin, overHttp)).rejects.toThrow(/"aud"/);

	const [owner, other] = [await resourceServer("Owner", [resource]), await resourceServer("Other", [])];
	expect(await introspect(owner, tokens.access_token)).toMatchObject({ active: true, aud: [resource] });
	expect(await introspect(other, tokens.access_token)).toEqual({ active: false });
});

test("RFC 8707 §2.2: a refresh for another resource is refused, and burns nothing", async () => {
	const tokens = await tokensFor(resource);
	const refresh = async (wanted: string) => {
		const more = { ...overHttp, additionalParameters: { resource: wanted } };
		const answer = await oauth.refreshTokenGrantRequest(server, cli, oauth.None(), tokens.refresh_token ?? "", more);
		return oauth.processRefreshTokenResponse(server, cli, answer);
	};
	await expect(refresh("https://another.example/")).rejects.toMatchObject({ error: "invalid_target" });
	expect(await refresh(resource)).toMatchObject({ token_type: "bearer" });
});

const cli: oauth.Client = { client_id: demo.nativeApp.id };

/** RFC 7592 §3: what the library passes on without words of its own. */
type Managed = oauth.Client & Record<"registration_access_token" | "registration_client_uri" | "client_secret", string>;

async function register(metadata: Partial<oauth.Client>): Promise<Managed> {
	const about = { redirect_uris: [redirectUri], application_type: "native", ...metadata };
	const answer = await oauth.dynamicClientRegistrationRequest(server, about, overHttp);
	return (await oauth.processDynamicClientRegistrationResponse(answer)) as Managed;
}

/** The library has no words for RFC 7592, which is a protected resource. */
function manage(token: string, method: string, url: URL, body: object | null = null): Promise<Response> {
	const headers = new Headers(body ? { "content-type": "application/json" } : {});
	return oauth.protectedResourceRequest(token, method, url, headers, body && JSON.stringify(body), overHttp);
}

async function tokensFor(wanted: string): Promise<oauth.TokenEndpointResponse> {
	const verifier = oauth.generateRandomCodeVerifier();
	const url = new URL(server.authorization_endpoint ?? "");
	url.search = new URLSearchParams({
		client_id: cli.client_id,
		redirect_uri: demo.nativeApp.redirectUri,
		response_type: "code",
		scope: "profile",
		resource: wanted,
		code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
		code_challenge_method: "S256",
	}).toString();
	const answer = await answerConsent(ada, url.href, demo.ada, "Allow");
	const params = oauth.validateAuthResponse(server, cli, answer, oauth.expectNoState);
	const { redirectUri: to } = demo.nativeApp;
	const exchanged = await oauth.authorizationCodeGrantRequest(
		server,
		cli,
		oauth.None(),
		params,
		to,
		verifier,
		overHttp,
	);
	return oauth.processAuthorizationCodeResponse(server, cli, exchanged);
}

interface Registered {
	readonly client_id: string;
	readonly client_secret: string;
}

/** Registered by an account, which says what it serves. */
async function resourceServer(name: string, resources: readonly string[]): Promise<Registered> {
	const login = await fetch(`${worker.origin}/auth/login`, { method: "POST", body: new URLSearchParams(demo.ada) });
	const { access_token: token } = (await login.json()) as { access_token: string };
	const about = { name, kind: "application", redirect_urls: ["https://mcp.example/callback"], scopes: [], resources };
	const made = await fetch(`${worker.origin}/v1/integrations`, {
		method: "POST",
		headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
		body: JSON.stringify(about),
	});
	if (made.status !== 201) throw new Error(await made.text());
	return made.json() as Promise<Registered>;
}

async function introspect({ client_id, client_secret }: Registered, token: string) {
	const client = { client_id };
	const auth = oauth.ClientSecretBasic(client_secret);
	const answer = await oauth.introspectionRequest(server, client, auth, token, overHttp);
	return oauth.processIntrospectionResponse(server, client, answer);
}
