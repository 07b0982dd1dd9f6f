import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { requireBearerAuth } from "@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js";
import { InvalidTokenError } from "@modelcontextprotocol/sdk/server/auth/errors.js";
import {
	getOAuthProtectedResourceMetadataUrl,
	mcpAuthMetadataRouter,
} from "@modelcontextprotocol/sdk/server/auth/router.js";
import type { AuthInfo } from "@modelcontextprotocol/sdk/server/auth/types.js";
import { createMcpExpressApp } from "@modelcontextprotocol/sdk/server/express.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { OAuthMetadata } from "@modelcontextprotocol/sdk/shared/auth.js";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { freePort } from "../runners/free-port.ts";

export interface RunningMcpServer {
	/** Where it is, and the resource that it is (RFC 8707): tokens for any other are refused. */
	readonly url: URL;
	close(): Promise<void>;
}

/** As Express and the SDK's guard hand it on. */
type McpRequest = IncomingMessage & { readonly auth?: AuthInfo; readonly body?: unknown };

export interface McpScopes {
	/** What every request needs. */
	readonly required: string;
	/** What a call of a tool of this name needs. */
	readonly tools: Readonly<Record<string, string>>;
}

/**
 * An MCP server of somebody's, which knows of latchkey its metadata and its keys alone. Its tools are `whoami`, and those that it
 * wants a scope for. Of those the scopes are not in its metadata: who calls one is told by its 403.
 */
export async function startMcpServer(
	authorizationServer: OAuthMetadata,
	// What a token for a resource that nobody registered may carry: who somebody is.
	{ required, tools }: McpScopes = { required: "openid", tools: {} },
): Promise<RunningMcpServer> {
	const url = new URL(`http://127.0.0.1:${await freePort()}/mcp`);
	const app = createMcpExpressApp();
	const scopesSupported = [required];
	app.use(mcpAuthMetadataRouter({ oauthMetadata: authorizationServer, resourceServerUrl: url, scopesSupported }));
	const guardFor = (scope: string) =>
		requireBearerAuth({
			verifier: { verifyAccessToken: verifierFor(url.href, authorizationServer) },
			requiredScopes: [scope],
			resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(url),
		});
	const guard = guardFor(required);
	const toolGuards = new Map(Object.entries(tools).map(([name, scope]) => [name, guardFor(scope)]));
	const guardTool = (request: McpRequest, response: ServerResponse, next: () => void) =>
		(toolGuards.get(toolOf(request.body)) ?? guard)(request, response, next);
	// Without sessions: a transport for each request.
	app.post("/mcp", guardTool, async (request: McpRequest, response: ServerResponse) => {
		const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
		await makeServer(Object.keys(tools)).connect(transport);
		await transport.handleRequest(request, response, request.body);
	});
	app.get("/mcp", guard, (_request: McpRequest, response: ServerResponse) => void response.writeHead(405).end());
	const server = await new Promise<Server>((resolve) => {
		const started = app.listen(Number(url.port), "127.0.0.1", () => resolve(started));
	});
	return {
		url,
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/** Which tool a message calls; none is called "". */
function toolOf(body: unknown): string {
	const { method, params } = body as { method?: string; params?: { name?: string } };
	return method === "tools/call" ? (params?.name ?? "") : "";
}

/** Every tool answers whom the access token stands for. */
function makeServer(tools: readonly string[]): McpServer {
	const server = new McpServer({ name: "interop", version: "1.0.0" });
	for (const name of ["whoami", ...tools]) {
		server.registerTool(name, { description: "Whom the access token stands for" }, ({ authInfo }) => ({
			content: [{ type: "text", text: JSON.stringify(authInfo?.extra ?? null) }],
		}));
	}
	return server;
}

/** RFC 9068 §4: the type, the issuer, the signature by a published key, and itself as audience. */
function verifierFor(resource: string, { issuer, jwks_uri: jwksUri }: OAuthMetadata) {
	const keys = createRemoteJWKSet(new URL(String(jwksUri)));
	return async (token: string): Promise<AuthInfo> => {
		const checks = { issuer, audience: resource, typ: "at+jwt", requiredClaims: ["sub", "client_id", "exp"] };
		const verified = await jwtVerify(token, keys, checks).catch((error: unknown) => {
			throw new InvalidTokenError(error instanceof Error ? error.message : "not a token");
		});
		const { payload } = verified;
		return {
			token,
			clientId: String(payload.client_id),
			scopes: String(payload.scope).split(" "),
			expiresAt: payload.exp ?? 0,
			extra: payload,
		};
	};
}
