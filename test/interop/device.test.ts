import * as oauth from "oauth4webapi";
import * as client from "openid-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deviceCodeGrant } from "../../src/domain/client.ts";
import { demo } from "../support/demo-world.ts";
import { createPerson, type Person } from "../support/person.ts";
import { type RunningWorker, startWorker } from "../runners/start-worker.ts";

// RFC 8628, by clients that know nothing of latchkey: a program without a browser, and a person who has one elsewhere.

let worker: RunningWorker;
let ada: Person;

beforeAll(async () => {
	worker = await startWorker();
	ada = createPerson(worker.origin);
});
afterAll(() => worker?.stop());

/** A program that registers itself for nothing else, and so needs no redirect URL. */
async function aProgram(): Promise<string> {
	const answer = await fetch(`${worker.origin}/oauth/register`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify({
			client_name: "A command line",
			grant_types: [deviceCodeGrant, "refresh_token"],
			token_endpoint_auth_method: "none",
		}),
	});
	const { client_id } = (await answer.json()) as { client_id: string };
	return client_id;
}

/** Ada types the code that the program shows, or comes with it in the link, and presses the button. */
async function answered(url: string, typed: string | null, button: string): Promise<string> {
	let page = await ada.open(url);
	if (page.html.includes('name="password"')) page = await ada.submit(page, "Sign in", { ...demo.ada });
	if (typed !== null) page = await ada.open(`${url}?user_code=${encodeURIComponent(typed.toLowerCase())}`);
	expect(page.html).toContain("A command line");
	return (await ada.submit(page, button)).html;
}

test("RFC 8628: openid-client shows a code, waits, and has who it is and a refresh token", async () => {
	const config = await client.discovery(new URL(worker.origin), await aProgram(), {}, client.None(), {
		execute: [client.allowInsecureRequests], // a loopback issuer
	});
	const codes = await client.initiateDeviceAuthorization(config, { scope: "openid environments:read" });
	expect(codes).toMatchObject({ verification_uri: `${worker.origin}/device`, expires_in: 600, interval: 5 });
	// It waits before it asks: whoever answers meanwhile is answered at once.
	const waiting = client.pollDeviceAuthorizationGrant(config, codes);
	expect(await answered(codes.verification_uri, codes.user_code, "Allow")).toContain("Go back to your device");
	const tokens = await waiting;
	expect(tokens).toMatchObject({ token_type: "bearer", scope: "environments:read openid" });
	expect(tokens.claims()?.sub).toMatch(/^usr_/);
	const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? "");
	expect(refreshed.access_token).not.toBe(tokens.access_token);
});

test("RFC 8628: oauth4webapi is told to wait, to slow down, and that the person said no", async () => {
	const overHttp = { [oauth.allowInsecureRequests]: true }; // a loopback issuer
	const issuer = new URL(worker.origin);
	const found = await oauth.discoveryRequest(issuer, { ...overHttp, algorithm: "oauth2" });
	const server = await oauth.processDiscoveryResponse(issuer, found);
	const program: oauth.Client = { client_id: await aProgram() };
	const begun = await oauth.deviceAuthorizationRequest(server, program, oauth.None(), {}, overHttp);
	const codes = await oauth.processDeviceAuthorizationResponse(server, program, begun);
	const poll = async () => {
		const { device_code } = codes;
		const answer = await oauth.deviceCodeGrantRequest(server, program, oauth.None(), device_code, overHttp);
		return oauth.processDeviceCodeResponse(server, program, answer);
	};
	await expect(poll()).rejects.toMatchObject({ status: 400, error: "authorization_pending" });
	await expect(poll()).rejects.toMatchObject({ status: 400, error: "slow_down" });
	expect(await answered(codes.verification_uri_complete ?? "", null, "Deny")).toContain("It was not let in");
	await expect(poll()).rejects.toMatchObject({ status: 400, error: "access_denied" });
});
