import * as oauth from "oauth4webapi";
import { afterAll, beforeAll, expect, test } from "vitest";
import { demo } from "../support/demo-world.ts";
import { freePort } from "../runners/free-port.ts";
import { answerConsent, createPerson } from "../support/person.ts";
import { type RunningWorker, startWorker } from "../runners/start-worker.ts";

let worker: RunningWorker;
let issuer: URL;

const overHttp = { [oauth.allowInsecureRequests]: true }; // a loopback issuer
const { webApp, ada } = demo;

beforeAll(async () => {
	const port = await freePort();
	issuer = new URL(`http://localhost:${port}/tenants/acme`);
	worker = await startWorker({ port, variables: { ISSUER: issuer.href } });
});
afterAll(() => worker?.stop());

test.each(["oauth2", "oidc"] as const)(
	"an unmodified client finds it by the rules of %s, and gets a token",
	async (algorithm) => {
		const found = await oauth.discoveryRequest(issuer, { ...overHttp, algorithm });
		const server = await oauth.processDiscoveryResponse(issuer, found);
		expect(server.issuer).toBe(issuer.href);

		const client: oauth.Client = { client_id: webApp.id };
		const verifier = oauth.generateRandomCodeVerifier();
		const link = new URL(server.authorization_endpoint ?? "");
		const query = {
			response_type: "code",
			client_id: webApp.id,
			redirect_uri: webApp.redirectUri,
			scope: "openid environments:read",
			code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
			code_challenge_method: "S256",
		};
		link.search = new URLSearchParams(query).toString();
		const person = createPerson(worker.origin);
		const params = oauth.validateAuthResponse(server, client, await answerConsent(person, link.href, ada, "Allow"));
		const auth = oauth.ClientSecretBasic(webApp.secret);
		const answer = await oauth.authorizationCodeGrantRequest(
			server,
			client,
			auth,
			params,
			webApp.redirectUri,
			verifier,
			overHttp,
		);
		const tokens = await oauth.processAuthorizationCodeResponse(server, client, answer, { requireIdToken: true });

		const resource = new URL(`${issuer.href}/oauth/environments`);
		const listed = await oauth.protectedResourceRequest(
			tokens.access_token,
			"GET",
			resource,
			undefined,
			null,
			overHttp,
		);
		expect(listed.status).toBe(200);
	},
);

test("RFC 9728 §3.1: an unmodified client finds a resource's metadata, and that it is of this issuer", async () => {
	const resource = new URL(`${issuer.href}/oauth/environments`);
	const found = await oauth.resourceDiscoveryRequest(resource, overHttp);
	const metadata = await oauth.processResourceDiscoveryResponse(resource, found);
	expect(metadata.authorization_servers).toEqual([issuer.href]);
});

test("the style, the script and the picture of a page are where it says", async () => {
	const html = await (await fetch(`${issuer.href}/sign-in`)).text();
	const files = [...html.matchAll(/\s(?:href|src)="([^"]*\/static\/[^"]*)"/g)].map(([, path = ""]) => path);
	expect(files.length).toBeGreaterThan(3);
	for (const path of new Set(files)) {
		expect(path.startsWith("/tenants/acme/static/")).toBe(true);
		const file = await fetch(new URL(path, worker.origin));
		expect([path, file.status]).toEqual([path, 200]);
		expect(file.headers.get("content-type")).toMatch(/^(?:text\/(?:css|javascript)|image\/svg\+xml)/);
		expect(file.headers.get("x-content-type-options")).toBe("nosniff");
	}
	expect((await fetch(`${issuer.href}/static/nothing.css`)).status).toBe(404);
	expect((await fetch(`${issuer.href}/static/../../../oauth/token`)).status).toBe(404);
});
