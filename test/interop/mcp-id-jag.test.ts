import type { OAuthClientProvider } from "@modelcontextprotocol/sdk/client/auth.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { OAuthTokens } from "@modelcontextprotocol/sdk/shared/auth.js";
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningMcpServer, startMcpServer } from "../peers/mcp-server.ts";
import { type RunningWorker, startWorker } from "../runners/start-worker.ts";
import { demo } from "../support/demo-world.ts";
import { loginToken, type MadeClient, makeClient, registerApi } from "../support/own-api.ts";

// Enterprise-Managed Authorization: the MCP SDK's client, whose program brings an ID-JAG of the company's identity provider.

const idp = "https://idp.acme.example";
const { publicKey, privateKey } = await generateKeyPair("ES256");

let worker: RunningWorker;
let notes: RunningMcpServer;
let agent: MadeClient;
let ada: string;

beforeAll(async () => {
	worker = await startWorker();
	const found = await fetch(`${worker.origin}/.well-known/oauth-authorization-server`);
	notes = await startMcpServer(await found.json(), { required: "notes:read", tools: {} });
	const token = await loginToken(worker.origin, demo.ada, "acme");
	ada = decodeJwt(token).sub ?? "";
	await registerApi(worker.origin, token, { identifier: notes.url.href, permissions: ["notes:read", "notes:write"] });
	agent = await makeClient(worker.origin, token, { scopes: ["notes:read"] });
	const trusted = {
		kind: "identity_provider",
		name: "The company's",
		issuer: idp,
		jwks: { keys: [await exportJWK(publicKey)] },
		algorithms: ["ES256"],
		clients: [agent.id],
	};
	const made = await fetch(`${worker.origin}/v1/trusted-issuers`, {
		method: "POST",
		headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
		body: JSON.stringify(trusted),
	});
	if (made.status !== 201) throw new Error(`Not trusted: ${made.status} ${await made.text()}`);
});
afterAll(async () => {
	await Promise.all([worker?.stop(), notes?.close()]);
});

function noBrowser(): never {
	throw new Error("Nobody is asked");
}

/** What the program is, which sends nobody anywhere. */
function byIdJag(claims: Record<string, unknown> = {}): OAuthClientProvider {
	let tokens: OAuthTokens | undefined;
	return {
		redirectUrl: undefined,
		clientMetadata: { redirect_uris: [], token_endpoint_auth_method: "client_secret_basic" },
		clientInformation: () => ({ client_id: agent.id, client_secret: agent.secret }),
		tokens: () => tokens,
		saveTokens: (given) => void (tokens = given),
		redirectToAuthorization: noBrowser,
		saveCodeVerifier: noBrowser,
		codeVerifier: noBrowser,
		async prepareTokenRequest() {
			const said = { client_id: agent.id, resource: notes.url.href, scope: "notes:read notes:write", aud_sub: ada };
			const assertion = await new SignJWT({ ...said, ...claims })
				.setProtectedHeader({ alg: "ES256", typ: "oauth-id-jag+jwt" })
				.setIssuer(idp)
				.setSubject("U019488227")
				.setAudience(worker.origin)
				.setJti(crypto.randomUUID())
				.setIssuedAt()
				.setExpirationTime("5m")
				.sign(privateKey);
			return new URLSearchParams({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion });
		},
	};
}

async function whoAmI(authProvider: OAuthClientProvider): Promise<Record<string, unknown>> {
	const client = new Client({ name: "interop", version: "1.0.0" });
	await client.connect(new StreamableHTTPClientTransport(notes.url, { authProvider }));
	try {
		const { content } = await client.callTool({ name: "whoami" });
		const [{ text }] = content as [{ text: string }];
		return JSON.parse(text);
	} finally {
		await client.close();
	}
}

test("MCP, Enterprise-Managed Authorization: 401 → metadata → ID-JAG → token → tool, and nobody is asked", async () => {
	const provider = byIdJag();
	const claims = await whoAmI(provider);
	expect(claims).toMatchObject({ sub: ada, client_id: agent.id, aud: notes.url.href, scope: "notes:read" });
	expect((await provider.tokens())?.refresh_token).toBeUndefined();
});

test("an ID-JAG for somebody whom the account does not know, or for another client, opens no tool", async () => {
	await expect(whoAmI(byIdJag({ aud_sub: "usr_any_AAAAAAAAAAAAAAAAAAAAAA" }))).rejects.toThrow(/no member/);
	await expect(whoAmI(byIdJag({ client_id: demo.webApp.id }))).rejects.toThrow(/client_id/);
});
