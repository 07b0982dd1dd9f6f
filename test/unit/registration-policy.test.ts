import { describe, expect, test } from "vitest";
import { developmentSealKey } from "../../src/config.ts";
import { startMemoryApp } from "../support/memory-app.ts";

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
			const { register, metadata, adminToken } = await deployment(variables);
			expect(await register()).toMatchObject({ status: 403, body: { error: "access_denied" } });
			expect(await register({ authorization: `Bearer ${await adminToken()}` })).toMatchObject({ status: 403 });
			expect(await metadata()).not.toHaveProperty("registration_endpoint");
		}
	});

	test("token: whoever may make clients of an account, and nobody else", async () => {
		const { register, metadata, adminToken, send } = await deployment({ REGISTRATION: "token" });
		expect(await register()).toMatchObject({ status: 401, body: { error: "invalid_token" } });
		expect(await register({ authorization: "Bearer nonsense" })).toMatchObject({ status: 401 });
		expect(await register({ authorization: `Basic ${btoa("a:b")}` })).toMatchObject({ status: 401 });
		const made = await register({ authorization: `Bearer ${await adminToken()}` });
		expect(made.status).toBe(201);
		expect(await metadata()).toMatchObject({ registration_endpoint: `${issuer}/oauth/register` });
		// RFC 7592 goes on by the client's own token.
		const headers = { authorization: `Bearer ${made.body.registration_access_token}` };
		expect((await send(`/oauth/register/${made.body.client_id}`, { headers })).status).toBe(200);
	});

	test("open: everybody", async () => {
		const { register, metadata } = await deployment({ REGISTRATION: "open" });
		expect((await register()).status).toBe(201);
		expect(await metadata()).toMatchObject({ registration_endpoint: `${issuer}/oauth/register` });
	});
});

describe("CLIENT_METADATA_DOCUMENTS", () => {
	async function asked(variables: Record<string, string>) {
		const { send, metadata } = await deployment(variables);
		const query = new URLSearchParams({ client_id: documentId, response_type: "code" }).toString();
		const page = await send(`/oauth/authorize?${query}`);
		const { client_id_metadata_document_supported: said } = await metadata();
		return { status: page.status, text: await page.text(), said };
	}

	test("off: a URL is no client, nothing is fetched, and nothing is advertised", async () => {
		const { status, text, said } = await asked({ CLIENT_METADATA_DOCUMENTS: "off" });
		expect([status, said]).toEqual([400, false]);
		expect(text).toContain("Unknown application");
	});
});
