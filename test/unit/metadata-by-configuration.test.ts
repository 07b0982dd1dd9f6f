import { describe, expect, test } from "vitest";
import { developmentSealKey } from "../../src/config.ts";
import { startMemoryApp } from "../runners/memory-app.ts";
import { demo } from "../support/demo-world.ts";
import { challenged } from "../support/pkce.ts";

const issuer = "https://keys.example";
const variables = { ISSUER: "http://localhost:8787", SEAL_KEYS: `1:${developmentSealKey}` };

async function deployment(changes: Record<string, string>) {
	const app = await startMemoryApp({ ...variables, ...changes });
	const send = (path: string, init?: RequestInit) => app.fetch(new Request(variables.ISSUER + path, init));
	const told: Record<string, unknown> = JSON.parse(
		await (await send("/.well-known/oauth-authorization-server")).text(),
	);
	return { send, told };
}

function registering(): RequestInit {
	return {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify({ redirect_uris: ["https://new.example/callback"], token_endpoint_auth_method: "none" }),
	};
}

describe("RFC 8414 §2: the registration endpoint is in the metadata where it works", () => {
	test.each([
		["off", undefined, 403],
		["token", "http://localhost:8787/oauth/register", 401],
		["open", "http://localhost:8787/oauth/register", 201],
	])("REGISTRATION=%s", async (policy, endpoint, status) => {
		const { send, told } = await deployment({ REGISTRATION: policy });
		expect(told.registration_endpoint).toBe(endpoint);
		expect((await send("/oauth/register", registering())).status).toBe(status);
	});

	test("RFC 9700 §4.11: nobody registers where nothing was said", async () => {
		const { send, told } = await deployment({});
		expect(told).not.toHaveProperty("registration_endpoint");
		expect((await send("/oauth/register", registering())).status).toBe(403);
	});
});

describe("Client ID Metadata Documents: whether a URL may be a client is in the metadata", () => {
	test.each([
		["on", true],
		["off", false],
	])("CLIENT_METADATA_DOCUMENTS=%s", async (policy, supported) => {
		const { told } = await deployment({ CLIENT_METADATA_DOCUMENTS: policy });
		expect(told.client_id_metadata_document_supported).toBe(supported);
	});
});

describe("RFC 9126 §5: whether requests have to be pushed is in the metadata, and holds for every client", () => {
	test.each([
		["on", true, [303, "invalid_request"]],
		["off", false, [200, undefined]],
	])("REQUIRE_PUSHED_AUTHORIZATION_REQUESTS=%s", async (policy, required, outcome) => {
		const { send, told } = await deployment({ DEMO_DATA: "on", REQUIRE_PUSHED_AUTHORIZATION_REQUESTS: policy });
		expect(told).toMatchObject({
			pushed_authorization_request_endpoint: `${variables.ISSUER}/oauth/par`,
			require_pushed_authorization_requests: required,
		});
		const { id, redirectUri } = demo.nativeApp;
		const asked = { response_type: "code", client_id: id, redirect_uri: redirectUri, ...challenged };
		const plain = await send(`/oauth/authorize?${new URLSearchParams(asked).toString()}`);
		const [, error] = /[?&]error=(\w+)/.exec(plain.headers.get("location") ?? "") ?? [];
		expect([plain.status, error]).toEqual(outcome);
		const pushed = await send("/oauth/par", { method: "POST", body: new URLSearchParams(asked) });
		const { request_uri }: { request_uri: string } = JSON.parse(await pushed.text());
		const query = new URLSearchParams({ client_id: id, request_uri }).toString();
		expect((await send(`/oauth/authorize?${query}`)).status).toBe(200);
	});
});

test("RFC 8414 §2: every URL is of the issuer, wherever a proxy has the request from", async () => {
	// The development key is for this machine alone.
	const app = await startMemoryApp({ ISSUER: issuer, SEAL_KEYS: `1:${"A".repeat(43)}` });
	const answer = await app.fetch(new Request("http://127.0.0.1:8787/.well-known/openid-configuration"));
	const text = await answer.text();
	expect(JSON.parse(text)).toMatchObject({ issuer, token_endpoint: `${issuer}/oauth/token` });
	expect(text).not.toContain("127.0.0.1");
	const refused = await app.fetch(new Request("http://127.0.0.1:8787/oauth/environments"));
	expect(refused.headers.get("www-authenticate")).toContain(
		`resource_metadata="${issuer}/.well-known/oauth-protected-resource/oauth/environments"`,
	);
});
