#!/usr/bin/env bash
# The Model Context Protocol's TypeScript SDK 1.32.2 (@modelcontextprotocol/sdk), its client, where a tool needs a scope that the token
# lacks: 403 with error="insufficient_scope" and the scope, as the protocol's authorization has it ("step-up").
#
# Without a refresh token the client sends the person to the authorization server for the scope that the challenge names. With one it
# refreshes, without a scope, gets what it had, calls again, and on the second 403 says that it tried and gives up: nobody is asked, now
# or at any later call. A refresh cannot widen a grant (RFC 6749 §6), so that a program which asked for offline access, or whose
# authorization server gives refresh tokens to all, keeps the scope that it began with for ever. The error does not say why.
# The program has to do it: on this error, hand the SDK its stored tokens without the refresh token, and call once more. A server cannot
# help from outside: what it answers is what the protocol asks for.
#
#> without a refresh token: /mcp 403, a person is asked for write, Unauthorized
#> with a refresh token: /mcp 403, refresh_token for no scope, /mcp 403, Streamable HTTP error: Server returned 403 after trying upscoping
#> at the next call: /mcp 403, refresh_token for no scope, /mcp 403, Streamable HTTP error: Server returned 403 after trying upscoping
set -euo pipefail
expected=$(sed -n 's/^#> //p' "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' > package.json
npm install --silent --no-audit --no-fund @modelcontextprotocol/sdk@1.32.2

cat > step-up.mjs <<'JS'
import { createServer } from "node:http";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

console.warn = () => {};
let seen = [];

/** A resource that needs `write`, and the authorization server of its metadata. */
const server = createServer((request, response) => {
	const origin = `http://${request.headers.host}`;
	const { pathname } = new URL(request.url, origin);
	const answer = (status, body, headers = {}) =>
		response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
	let body = "";
	request.on("data", (chunk) => (body += chunk));
	request.on("end", () => {
		if (pathname.startsWith("/.well-known/oauth-protected-resource")) {
			return answer(200, { resource: `${origin}/mcp`, authorization_servers: [origin] });
		}
		if (pathname.startsWith("/.well-known/")) {
			return answer(200, {
				issuer: origin,
				authorization_endpoint: `${origin}/authorize`,
				token_endpoint: `${origin}/token`,
				response_types_supported: ["code"],
				code_challenge_methods_supported: ["S256"],
			});
		}
		if (pathname === "/token") {
			const form = new URLSearchParams(body);
			seen.push(`${form.get("grant_type")} for ${form.get("scope") ?? "no scope"}`);
			return answer(200, { access_token: "another", token_type: "Bearer", refresh_token: "another", scope: "read" });
		}
		seen.push("/mcp 403");
		const metadata = `${origin}/.well-known/oauth-protected-resource/mcp`;
		const challenge = `Bearer error="insufficient_scope", scope="write", resource_metadata="${metadata}"`;
		answer(403, {}, { "www-authenticate": challenge });
	});
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const url = new URL(`http://127.0.0.1:${server.address().port}/mcp`);

async function program(more) {
	let tokens = { access_token: "first", token_type: "Bearer", scope: "read", ...more };
	const authProvider = {
		redirectUrl: "http://127.0.0.1/callback",
		clientMetadata: { redirect_uris: ["http://127.0.0.1/callback"], token_endpoint_auth_method: "none" },
		clientInformation: () => ({ client_id: "program" }),
		tokens: () => tokens,
		saveTokens: (saved) => (tokens = saved),
		redirectToAuthorization: (to) => void seen.push(`a person is asked for ${to.searchParams.get("scope")}`),
		saveCodeVerifier: () => {},
		codeVerifier: () => "verifier",
	};
	return async () => {
		seen = [];
		const transport = new StreamableHTTPClientTransport(url, { authProvider });
		await transport.start();
		const sent = transport.send({ jsonrpc: "2.0", id: 1, method: "ping" });
		const end = await sent.then(() => "sent", (error) => error.message);
		return [...seen, end].join(", ");
	};
}
console.log("without a refresh token:", await (await program({}))());
const call = await program({ refresh_token: "first" });
console.log("with a refresh token:", await call());
console.log("at the next call:", await call());
server.close();
JS
seen=$(node step-up.mjs)
echo "$seen"
diff <(echo "$expected") <(echo "$seen")
