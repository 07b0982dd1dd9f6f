import { rm } from "node:fs/promises";
import tls from "node:tls";
import { auth, type OAuthClientProvider, UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { OAuthMetadata } from "@modelcontextprotocol/sdk/shared/auth.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeCertificates } from "../peers/certificates.ts";
import { type ClientDocuments, serveClientDocuments } from "../peers/client-documents.ts";
import { demo } from "../support/demo-world.ts";
import { createMcpProvider, mcpRedirectUrl, type MemoryProvider } from "../peers/mcp-client.ts";
import { loginToken, registerApi } from "../support/own-api.ts";
import { type RunningMcpServer, startMcpServer } from "../peers/mcp-server.ts";
import { answerConsent, createPerson, type Person } from "../support/person.ts";
import { type RunningWorker, startWorker } from "../runners/start-worker.ts";
import { temporaryFolder } from "../runners/temporary-folder.ts";

// The MCP SDK's client and server, as they are, at an https issuer: client ids that are URLs exist there alone.

let folder: string;
let worker: RunningWorker;
let server: RunningMcpServer;
let documents: ClientDocuments;
let ada: Person;

beforeAll(async () => {
	folder = await temporaryFolder();
	const certificates = await makeCertificates(folder);
	// What NODE_EXTRA_CA_CERTS does for a process from its start.
	tls.setDefaultCACertificates([...tls.getCACertificates(), certificates.ca]);
	[worker, documents] = await Promise.all([
		startWorker({ certificates, variables: { REGISTRATION: "open" } }),
		serveClientDocuments(certificates),
	]);
	server = await startMcpServer(await metadata());
	ada = createPerson(worker.origin);
});
afterAll(async () => {
	await Promise.all([worker?.stop(), server?.close(), documents?.close()]);
	await rm(folder, { recursive: true, force: true });
});

const withoutRefresh = { grant_types: ["authorization_code"] };

const kinds: { title: string; make: () => MemoryProvider }[] = [
	{ title: "registered by RFC 7591", make: () => createMcpProvider() },
	{
		title: "registered by RFC 7591 with a secret",
		make: () => createMcpProvider({ metadata: { token_endpoint_auth_method: "client_secret_basic" } }),
	},
	{
		title: "named by its Client ID Metadata Document",
		make: () => createMcpProvider({ clientMetadataUrl: documents.publish({ redirect_uris: [mcpRedirectUrl] }) }),
	},
	{
		title: "registered beforehand, public",
		make: () => createMcpProvider({ known: { client_id: demo.nativeApp.id }, redirect: demo.nativeApp.redirectUri }),
	},
	{
		title: "registered beforehand, with a secret",
		make: () =>
			createMcpProvider({
				known: { client_id: demo.webApp.id, client_secret: demo.webApp.secret },
				redirect: demo.webApp.redirectUri,
			}),
	},
];

describe.each(kinds)("a client of the MCP SDK, $title", ({ make }) => {
	test("401 → resource metadata → issuer's metadata → PKCE → token → tool → refresh → tool", async () => {
		const provider = make();
		const transport = transportTo(server.url, provider);
		await expect(newClient().connect(transport)).rejects.toThrow(UnauthorizedError);
		await transport.finishAuth(codeOf(await consent(provider)));

		const claims = await whoAmI(provider);
		expect(claims).toMatchObject({ iss: worker.origin, aud: server.url.href, scope: "openid" });
		expect(claims.client_id).toBe((await provider.clientInformation())?.client_id);

		// As when it has expired: the SDK refreshes, and the call goes on.
		const before = provider.stored();
		await provider.saveTokens({ ...before, access_token: "not.a.token" });
		expect(await whoAmI(provider)).toMatchObject({ sub: claims.sub, aud: server.url.href });
		expect(provider.stored().access_token).not.toBe(before.access_token);
		expect(provider.stored().refresh_token).not.toBe(before.refresh_token);
	});
});

test("RFC 8707 §2.2: a token for the MCP server opens nothing of latchkey's, and one of latchkey's not the MCP server", async () => {
	const here = await authorized(server.url);
	const environments = new URL("/oauth/environments", worker.origin);
	expect((await bearing(environments, here)).status).toBe(401);

	// latchkey's own resources say where to get a token, as the MCP server does (RFC 9728 §5.1).
	const there = await authorized(environments);
	expect((await bearing(environments, there)).status).toBe(200);
	await expect(newClient().connect(transportTo(server.url, bearerOnly(there)))).rejects.toThrow(UnauthorizedError);
});

test("RFC 7591 §2: registered without a scope, it gets what a resource of latchkey's lists, and nothing else", async () => {
	const response = await fetch(`${worker.origin}/oauth/register`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify({ redirect_uris: [mcpRedirectUrl], token_endpoint_auth_method: "none" }),
	});
	const { client_id = "", scope } = (await response.json()) as { client_id?: string; scope?: string };
	expect(scope).toBeUndefined();
	const provider = createMcpProvider({ known: { client_id } });
	const environments = new URL("/oauth/environments", worker.origin);
	const token = await authorized(environments, provider);
	expect((await bearing(environments, token)).status).toBe(200);
	expect(provider.stored().scope).toBe("environments:read");
});

test("a client that registered itself: the consent page names its host, and the next time asks again", async () => {
	const provider = createMcpProvider({ clientMetadataUrl: documents.publish({ redirect_uris: [mcpRedirectUrl] }) });
	const allow = async () => {
		await auth(provider, { serverUrl: server.url });
		const page = await signedIn(provider.authorizationUrl().href);
		expect(page.html).toContain(new URL(documents.origin).host);
		expect(page.html).toContain(new URL(mcpRedirectUrl).hostname);
		return ada.submit(page, "Allow");
	};
	for (const { left } of [await allow(), await allow()]) expect(left?.searchParams.has("code")).toBe(true);
});

test("Client ID Metadata Documents: a redirect URL that the document does not list is never redirected to", async () => {
	const url = documents.publish({ redirect_uris: ["http://127.0.0.1/another"] });
	const provider = createMcpProvider({ clientMetadataUrl: url });
	await auth(provider, { serverUrl: server.url });
	const page = await signedIn(provider.authorizationUrl().href);
	expect(page.left).toBeNull();
	expect(page.status).toBe(400);
});

test("Client ID Metadata Documents: a document about another client is refused", async () => {
	const url = documents.publish({ redirect_uris: [mcpRedirectUrl], client_id: `${documents.origin}/another.json` });
	const provider = createMcpProvider({ clientMetadataUrl: url });
	await auth(provider, { serverUrl: server.url });
	const page = await signedIn(provider.authorizationUrl().href);
	expect(page.left).toBeNull();
	expect(page.status).toBe(400);
});

describe("an MCP server that is registered as an API, with two permissions", () => {
	let notes: RunningMcpServer;

	beforeAll(async () => {
		notes = await startMcpServer(await metadata(), { required: "notes:read", tools: { add_note: "notes:write" } });
		const token = await loginToken(worker.origin, demo.ada, "acme");
		await registerApi(worker.origin, token, { identifier: notes.url.href, permissions: ["notes:read", "notes:write"] });
	});
	afterAll(() => notes?.close());

	test.each([
		{ title: "registered by RFC 7591", make: () => createMcpProvider({ metadata: withoutRefresh }) },
		{
			title: "named by its Client ID Metadata Document",
			make: () =>
				createMcpProvider({
					metadata: withoutRefresh,
					clientMetadataUrl: documents.publish({ redirect_uris: [mcpRedirectUrl], ...withoutRefresh }),
				}),
		},
	])(
		"a client $title asks for one, and for the other when a tool wants it: what it had, it keeps",
		async ({ make }) => {
			const provider = make();
			const transport = transportTo(notes.url, provider);
			await expect(newClient().connect(transport)).rejects.toThrow(UnauthorizedError);
			expect(provider.authorizationUrl().searchParams.get("scope")).toBe("notes:read");
			await transport.finishAuth(codeOf(await consent(provider)));
			const first = await called("whoami", notes.url, provider);
			expect(first).toMatchObject({ aud: notes.url.href, scope: "notes:read" });

			const again = transportTo(notes.url, provider);
			const client = newClient();
			await client.connect(again);
			// The SDK asks for what the tool wants, and for nothing of what it has.
			await expect(client.callTool({ name: "add_note" })).rejects.toThrow(UnauthorizedError);
			expect(provider.authorizationUrl().searchParams.get("scope")).toBe("notes:write");
			await again.finishAuth(codeOf(await consent(provider)));
			await client.close();
			const second = await called("add_note", notes.url, provider);
			expect(second).toMatchObject({ aud: notes.url.href, sub: first.sub, scope: "notes:read notes:write" });
			expect(await called("whoami", notes.url, provider)).toMatchObject({ scope: "notes:read notes:write" });
		},
	);

	// This SDK refreshes where it has a refresh token, which cannot widen a scope, and then gives up: its program has to step up.
	test("a client that refreshes steps up by its program, and its older grant is no more", async () => {
		const provider = createMcpProvider();
		const transport = transportTo(notes.url, provider);
		await expect(newClient().connect(transport)).rejects.toThrow(UnauthorizedError);
		await transport.finishAuth(codeOf(await consent(provider)));
		await expect(called("add_note", notes.url, provider)).rejects.toThrow("403 after trying upscoping");
		const before = provider.stored();
		const { refresh_token: _, ...kept } = before;
		await provider.saveTokens(kept);
		await expect(called("add_note", notes.url, provider)).rejects.toThrow(UnauthorizedError);
		const authorizationCode = codeOf(await consent(provider));
		expect(await auth(provider, { serverUrl: notes.url, authorizationCode })).toBe("AUTHORIZED");
		expect(await called("add_note", notes.url, provider)).toMatchObject({ scope: "notes:read notes:write" });

		await provider.saveTokens({ ...before, access_token: "not.a.token" });
		await expect(called("whoami", notes.url, provider)).rejects.toThrow(/not any more/);
	});

	test("a permission that software may not ask for by itself is not asked of a person", async () => {
		const hidden = await startMcpServer(await metadata(), { required: "vault:read", tools: {} });
		const token = await loginToken(worker.origin, demo.ada, "acme");
		const api = { identifier: hidden.url.href, permissions: ["vault:read"], selfRegistered: false };
		await registerApi(worker.origin, token, api);
		const provider = createMcpProvider();
		await expect(newClient().connect(transportTo(hidden.url, provider))).rejects.toThrow(UnauthorizedError);
		const page = await signedIn(provider.authorizationUrl().href);
		expect(page).toMatchObject({ left: null, status: 400 });
		expect(page.html).toContain("open to a client that registered itself");
		await hidden.close();
	});
});

async function metadata(): Promise<OAuthMetadata> {
	return (await fetch(`${worker.origin}/.well-known/oauth-authorization-server`)).json() as Promise<OAuthMetadata>;
}

function newClient(): Client {
	return new Client({ name: "interop", version: "1.0.0" });
}

function transportTo(url: URL, authProvider: OAuthClientProvider): StreamableHTTPClientTransport {
	return new StreamableHTTPClientTransport(url, { authProvider });
}

function whoAmI(provider: OAuthClientProvider): Promise<Record<string, unknown>> {
	return called("whoami", server.url, provider);
}

/** Of the token that the tool was called with. */
async function called(tool: string, url: URL, provider: OAuthClientProvider): Promise<Record<string, unknown>> {
	const client = newClient();
	await client.connect(transportTo(url, provider));
	try {
		const { content } = await client.callTool({ name: tool });
		const [{ text }] = content as [{ text: string }];
		return JSON.parse(text);
	} finally {
		await client.close();
	}
}

/** By the flow alone, without a transport. */
async function authorized(serverUrl: URL, provider = createMcpProvider()): Promise<string> {
	const challenge = (await fetch(serverUrl)).headers.get("www-authenticate") ?? "";
	const [, resourceMetadata = ""] = /resource_metadata="([^"]+)"/.exec(challenge) ?? [];
	const options = { serverUrl, resourceMetadataUrl: new URL(resourceMetadata) };
	expect(await auth(provider, options)).toBe("REDIRECT");
	const authorizationCode = codeOf(await consent(provider));
	expect(await auth(provider, { ...options, authorizationCode })).toBe("AUTHORIZED");
	return provider.stored().access_token;
}

function bearing(url: URL, token: string): Promise<Response> {
	return fetch(url, { headers: { authorization: `Bearer ${token}` } });
}

/** Signed in, at the page that comes after. */
async function signedIn(link: string) {
	const page = await ada.open(link);
	return page.html.includes('name="password"') ? ada.submit(page, "Sign in", { ...demo.ada }) : page;
}

async function consent(provider: MemoryProvider): Promise<URL> {
	const answer = await answerConsent(ada, provider.authorizationUrl().href, demo.ada, "Allow");
	expect(answer.searchParams.get("state")).toBe(provider.state());
	expect(answer.searchParams.get("iss")).toBe(worker.origin);
	return answer;
}

function codeOf(answer: URL): string {
	return answer.searchParams.get("code") ?? "";
}

function bearerOnly(token: string): OAuthClientProvider {
	const provider = createMcpProvider();
	void provider.saveTokens({ access_token: token, token_type: "Bearer" });
	return provider;
}
