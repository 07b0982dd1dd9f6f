import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { CompactSign, exportJWK, generateKeyPair, type JWK } from "jose";

/** Another company's OpenID Provider, on this machine, that does what a test wants of it: also what none should do. */
export interface OpenIdProvider {
	readonly issuer: string;
	/** What it says of whoever is in its browser. */
	user: Readonly<Record<string, unknown>>;
	/** What its next id_tokens say otherwise; undefined leaves a claim out. */
	says: Readonly<Record<string, unknown>>;
	/** What its metadata say otherwise. */
	metadata: Readonly<Record<string, unknown>>;
	/** In the place of what it answers at a path. */
	readonly answers: Map<string, (request: IncomingMessage, response: ServerResponse) => void>;
	/** What it was asked for at the authorization endpoint, the last one last. */
	readonly asked: URLSearchParams[];
	/** What came to the token endpoint, in the order in which it came. */
	readonly redeemed: { readonly authorization: string | undefined; readonly form: URLSearchParams }[];
	/** Signs by another key from now on; the one before is in its key set no more. */
	rotate(): Promise<void>;
	/** Signs by a key that its key set never had. */
	forge(): Promise<void>;
	/** Its user says yes at the address that a browser was sent to: where the browser is sent then, with what `changes` say. */
	visit(url: string, changes?: Readonly<Record<string, string | undefined>>): Promise<URL>;
	reset(): void;
	close(): Promise<void>;
}

interface Code {
	readonly params: URLSearchParams;
	readonly user: Readonly<Record<string, unknown>>;
}

export const clientId = "latchkey-at-the-provider";
export const clientSecret = "a secret: of two+words";

export async function startOpenIdProvider(now: () => number): Promise<OpenIdProvider> {
	let key = await aKey();
	let published: readonly JWK[] = [key.jwk];
	const codes = new Map<string, Code>();
	const tokens = new Map<string, Code["user"]>();
	const redeemed: { authorization: string | undefined; form: URLSearchParams }[] = [];
	let made = 0;

	const server = createServer((request, response) => void handle(request, response));
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("The server has no port");
	const issuer = `http://127.0.0.1:${address.port}`;

	async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const { pathname } = new URL(request.url ?? "/", issuer);
		const otherwise = provider.answers.get(pathname);
		if (otherwise) return otherwise(request, response);
		switch (pathname) {
			case "/.well-known/openid-configuration":
				return send(response, 200, { ...ownMetadata(), ...provider.metadata });
			case "/jwks":
				return send(response, 200, { keys: published });
			case "/token":
			case "/login/oauth/access_token":
				return redeem(request, response, pathname === "/token");
			case "/userinfo":
			case "/api/v3/user":
			case "/api/v3/user/emails":
			case "/api/v3/user/orgs":
			case "/api/v3/user/teams": {
				const user = tokens.get((request.headers.authorization ?? "").replace("Bearer ", ""));
				if (!user) return send(response, 401, {});
				if (pathname === "/userinfo") return send(response, 200, user);
				// GitHub refuses whoever does not say what it is.
				if (!request.headers["user-agent"]) return send(response, 403, {});
				const { id, login, name } = user;
				const list = pathname.slice("/api/v3/user/".length);
				return send(response, 200, list === "" ? { id, login, name } : pageOf(user[list] ?? [], request.url));
			}
			default:
				return send(response, 404, {});
		}
	}

	function ownMetadata() {
		return {
			issuer,
			authorization_endpoint: `${issuer}/authorize`,
			token_endpoint: `${issuer}/token`,
			userinfo_endpoint: `${issuer}/userinfo`,
			jwks_uri: `${issuer}/jwks`,
			end_session_endpoint: `${issuer}/end-session`,
			response_types_supported: ["code"],
			subject_types_supported: ["public"],
			id_token_signing_alg_values_supported: ["ES256"],
		};
	}

	async function redeem(request: IncomingMessage, response: ServerResponse, isOpenId: boolean): Promise<void> {
		const form = new URLSearchParams(await textOf(request));
		const { authorization } = request.headers;
		redeemed.push({ authorization, form });
		const code = codes.get(form.get("code") ?? "");
		codes.delete(form.get("code") ?? "");
		const challenge = await challengeOf(form.get("code_verifier") ?? "");
		const isTheirs = isBasicOurs(authorization) || form.get("client_secret") === clientSecret;
		if (!isTheirs) return send(response, 401, { error: "invalid_client" });
		const isGood =
			code?.params.get("code_challenge") === challenge && code.params.get("redirect_uri") === form.get("redirect_uri");
		if (!code || !isGood) return send(response, 400, { error: "invalid_grant" });
		const token = `token-${++made}`;
		tokens.set(token, code.user);
		const answer = { access_token: token, token_type: "bearer", scope: "" };
		if (!isOpenId) return send(response, 200, answer);
		const claims = {
			iss: issuer,
			aud: clientId,
			iat: now(),
			exp: now() + 300,
			nonce: code.params.get("nonce") ?? undefined,
			...code.user,
			...provider.says,
		};
		const { alg, kid } = key.jwk;
		const signed = await new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
			.setProtectedHeader({ alg: alg ?? "", ...(kid !== undefined && { kid }) })
			.sign(key.privateKey);
		return send(response, 200, { ...answer, id_token: signed });
	}

	const provider: OpenIdProvider = {
		issuer,
		user: {},
		says: {},
		metadata: {},
		answers: new Map(),
		asked: [],
		redeemed,
		async rotate() {
			key = await aKey();
			published = [key.jwk];
		},
		async forge() {
			key = { ...(await aKey()), jwk: key.jwk };
		},
		async visit(url, changes = {}) {
			const asked = new URL(url);
			const paths = ["/authorize", "/login/oauth/authorize"];
			if (asked.origin !== issuer || !paths.includes(asked.pathname)) throw new Error(`Not of this provider: ${url}`);
			const { searchParams: params } = asked;
			provider.asked.push(params);
			const code = `code-${++made}`;
			codes.set(code, { params, user: provider.user });
			const back = new URL(params.get("redirect_uri") ?? "");
			const answer = { code, state: params.get("state") ?? undefined, ...changes };
			for (const [name, value] of Object.entries(answer)) {
				if (value !== undefined) back.searchParams.set(name, value);
			}
			return back;
		},
		reset() {
			provider.user = {};
			provider.says = {};
			provider.metadata = {};
			provider.answers.clear();
		},
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
	return provider;
}

/** RFC 6749 §2.3.1: each of the two is form-encoded first. */
function isBasicOurs(authorization: string | undefined): boolean {
	const [scheme, encoded = ""] = (authorization ?? "").split(" ");
	const parts = atob(encoded)
		.split(":")
		.map((part) => new URLSearchParams(`part=${part}`).get("part"));
	return scheme === "Basic" && parts.length === 2 && parts[0] === clientId && parts[1] === clientSecret;
}

/** RFC 7636 §4.2 */
async function challengeOf(verifier: string): Promise<string> {
	const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
	return Buffer.from(digest).toString("base64url");
}

async function aKey() {
	const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
	const jwk = { ...(await exportJWK(publicKey)), alg: "ES256", use: "sig", kid: crypto.randomUUID() };
	return { privateKey, jwk };
}

async function textOf(request: IncomingMessage): Promise<string> {
	const chunks: Uint8Array[] = [];
	for await (const chunk of request) chunks.push(chunk as Uint8Array);
	return new TextDecoder().decode(Buffer.concat(chunks));
}

function send(response: ServerResponse, status: number, body: unknown): void {
	response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** As GitHub hands its lists out: thirty a page where nobody says how many, and at most a hundred. */
function pageOf(list: unknown, url = ""): unknown {
	if (!Array.isArray(list)) return list;
	const { searchParams } = new URL(url, "http://provider.example");
	const size = Math.min(100, Number(searchParams.get("per_page") ?? 30));
	const from = (Number(searchParams.get("page") ?? 1) - 1) * size;
	return list.slice(from, from + size);
}
