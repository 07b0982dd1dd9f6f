import { describe, expect, test } from "vitest";
import { developmentSealKey } from "../../src/config.ts";
import { startMemoryApp } from "../runners/memory-app.ts";

const issuer = "http://localhost:8787";
const body = JSON.stringify({ redirect_uris: ["https://weather.example/cb"], token_endpoint_auth_method: "none" });
const documentId = "https://weather.example/client.json";

async function deployment(variables: Record<string, string>) {
	const app = await startMemoryApp({
		ISSUER: issuer,
		SEAL_KEYS: `1:${developmentSealKey}`,
		DEMO_DATA: "on",
		...variables,
	});
	const send = (path: string, init: RequestInit = {}) => app.fetch(new Request(issuer + path, init));
	return {
		send,
		async register(headers: Record<string, string> = {}) {
			const init = { method: "POST", body, headers: { "content-type": "application/json", ...headers } };
			const response = await send("/oauth/register", init);
			return { status: response.status, body: JSON.parse(await response.text()) };
		},
		async metadata(): Promise<Record<string, unknown>> {
			return JSON.parse(await (await send("/.well-known/oauth-authorization-server")).text());
		},
		async adminToken(): Promise<string> {
			const init = {
				method: "POST",
				headers: { "content-type": "application/json" },
				body: JSON.stringify({ username: "ada", password: "ada-demo-password", account: "acme" }),
			};
			return JSON.parse(await (await send("/auth/login", init)).text()).access_token;
		},
	};
}

describe("REGISTRATION", () => {
	test("off, which it is where nothing is said: nobody registers, whoever they are, and nothing is advertised", async () => {
		for (const variables of [{}, { REGISTRATION: "off" }]) {
			const at = await deployment(variables);
			expect(await at.register()).toMatchObject({ status: 403, body: { error: "access_denied" } });
			expect(await at.register({ authorization: `Bearer ${await at.adminToken()}` })).toMatchObject({ status: 403 });
			expect(await at.metadata()).not.toHaveProperty("registration_endpoint");
		}
	});

	test("token: whoever may make clients of an account, and nobody else", async () => {
		const at = await deployment({ REGISTRATION: "token" });
		expect(await at.register()).toMatchObject({ status: 401, body: { error: "invalid_token" } });
		expect(await at.register({ authorization: "Bearer nonsense" })).toMatchObject({ status: 401 });
		expect(await at.register({ authorization: `Basic ${btoa("a:b")}` })).toMatchObject({ status: 401 });
		const made = await at.register({ authorization: `Bearer ${await at.adminToken()}` });
		expect(made.status).toBe(201);
		expect(await at.metadata()).toMatchObject({ registration_endpoint: `${issuer}/oauth/register` });
		// RFC 7592 goes on by the client's own token.
		const headers = { authorization: `Bearer ${made.body.registration_access_token}` };
		expect((await at.send(`/oauth/register/${made.body.client_id}`, { headers })).status).toBe(200);
	});

	test("open: everybody", async () => {
		const at = await deployment({ REGISTRATION: "open" });
		expect((await at.register()).status).toBe(201);
		expect(await at.metadata()).toMatchObject({ registration_endpoint: `${issuer}/oauth/register` });
	});
});

describe("CLIENT_METADATA_DOCUMENTS", () => {
	test("off: a URL is no client, and nothing is advertised", async () => {
		const at = await deployment({ CLIENT_METADATA_DOCUMENTS: "off" });
		const page = await at.send(`/oauth/authorize?${new URLSearchParams({ client_id: documentId }).toString()}`);
		expect([page.status, await page.text()]).toEqual([400, expect.stringContaining("Unknown application")]);
		const token = await at.send("/oauth/token", {
			method: "POST",
			body: new URLSearchParams({ grant_type: "refresh_token", refresh_token: "x", client_id: documentId }),
		});
		expect(token.status).toBe(401);
		expect(await at.metadata()).toMatchObject({ client_id_metadata_document_supported: false });
	});
});
