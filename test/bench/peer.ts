// What the platform's own library asks of the same machine in the same run, in empty requests: it has its grants and tokens in KV.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { bundle } from "../../scripts/bundle.ts";
import { temporaryFolder } from "../runners/temporary-folder.ts";
import { challenged, verified } from "../support/pkce.ts";
import { type Answer, lanes, type Send, type Source } from "./load.ts";
import type { Operation } from "./operation.ts";
import { form } from "./requests.ts";

export const peerName = "@cloudflare/workers-oauth-provider 1.2.3";

/** It takes tokens where they are for its own address alone, which each request so has to name. */
const origin = "http://localhost:8788";
const redirectUri = "https://client.example/callback";

const peerWorker = `
import { OAuthProvider } from "@cloudflare/workers-oauth-provider";
const redirectUris = ["${redirectUri}"];
const people = {
	async fetch(request, env) {
		if (new URL(request.url).pathname === "/client") {
			return Response.json(await env.OAUTH_PROVIDER.createClient({ redirectUris, tokenEndpointAuthMethod: "client_secret_basic" }));
		}
		const asked = await env.OAUTH_PROVIDER.parseAuthRequest(request);
		const granted = { request: asked, userId: crypto.randomUUID(), scope: asked.scope, metadata: {}, props: {} };
		return Response.json(await env.OAUTH_PROVIDER.completeAuthorization(granted));
	},
};
export default new OAuthProvider({
	apiRoute: "/api",
	apiHandler: { fetch: () => new Response("ok") },
	defaultHandler: people,
	authorizeEndpoint: "/authorize",
	tokenEndpoint: "/token",
	scopesSupported: ["read"],
	resourceMetadata: { resource: "${origin}/api", authorization_servers: ["${origin}"] },
});
`;

/** Installed for the run alone: nothing of latchkey needs it. */
export async function buildPeer(): Promise<string> {
	const folder = await temporaryFolder();
	try {
		const [name, version] = peerName.split(" ");
		execFileSync("npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", `${name}@${version}`], {
			stdio: ["ignore", "ignore", "inherit"],
		});
		const [entry, outfile] = [join(folder, "entry.mjs"), join(folder, "peer.mjs")];
		writeFileSync(entry, peerWorker);
		await bundle(entry, outfile, { external: ["cloudflare:workers"], sourcemap: false });
		return readFileSync(outfile, "utf8");
	} finally {
		await rm(folder, { recursive: true });
	}
}

export async function makePeerOperations(send: Send): Promise<readonly PeerOperation[]> {
	const host = new URL(origin).host;
	const made = await send({ method: "GET", path: "/client", headers: { host } });
	const { clientId, clientSecret }: { clientId: string; clientSecret: string } = JSON.parse(bodyOf(made));
	const credentials = { host, authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}` };
	const makeCode = async () => {
		const query = {
			response_type: "code",
			client_id: clientId,
			redirect_uri: redirectUri,
			scope: "read",
			...challenged,
		};
		const path = `/authorize?${new URLSearchParams(query).toString()}`;
		const granted = await send({ method: "GET", path, headers: { host } });
		const { redirectTo }: { redirectTo: string } = JSON.parse(bodyOf(granted));
		return new URL(redirectTo).searchParams.get("code") ?? "";
	};
	const makeCodes = (count: number) => Promise.all(Array.from({ length: count }, makeCode));
	const exchange = (code: string) =>
		form("/token", { grant_type: "authorization_code", code, redirect_uri: redirectUri, ...verified }, credentials);
	const chains = await Promise.all((await makeCodes(lanes)).map(async (code) => tokensOf(await send(exchange(code)))));
	const checked = chains.map(({ access_token: token }) => ({ host, authorization: `Bearer ${token}` }));
	let codes: string[] = [];
	return [
		{
			name: "refresh",
			next: (lane) =>
				form("/token", { grant_type: "refresh_token", refresh_token: chains[lane]?.refresh_token ?? "" }, credentials),
			answered: (lane, answer) => (chains[lane] = tokensOf(answer)),
		},
		{
			name: "code exchange",
			prepare: async (requests) => {
				codes = await makeCodes(requests);
			},
			next: () => exchange(codes.pop() ?? ""),
		},
		{ name: "token check", next: (lane) => ({ method: "GET", path: "/api", headers: checked[lane] ?? {} }) },
	];
}

type PeerOperation = Pick<Operation, "name" | "prepare"> & Source;

interface Tokens {
	readonly access_token: string;
	readonly refresh_token: string;
}

function bodyOf({ status, body }: Answer): string {
	if (status !== 200) throw new Error(`${peerName} answered ${status}: ${body}`);
	return body;
}

function tokensOf(answer: Answer): Tokens {
	return JSON.parse(bodyOf(answer));
}
