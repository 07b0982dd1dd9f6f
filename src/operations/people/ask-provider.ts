import * as oauth from "oauth4webapi";
import { type Vouched, readClaims } from "../../domain/provider-claims.ts";
import type { SignInProvider } from "../../domain/sign-in-provider.ts";
import type { Services } from "../services.ts";
import type { ProviderFlow } from "./provider-flow.ts";
import { readGithubUser } from "./github-user.ts";
import { providerSecret } from "./sign-in-providers.ts";

/** Why a provider is of no help now: `reason` is for the log, and holds nothing of what was answered. */
export type ProviderFailure =
	/** It is down, too slow, or answers more than anybody should read: later it may be otherwise. */
	| { readonly kind: "unreachable"; readonly reason: string }
	/** What it says does not hold, or we cannot use it. */
	| { readonly kind: "refused"; readonly reason: string }
	/** It says that there was no sign-in, because its user or its own rules would not have it. */
	| { readonly kind: "denied"; readonly reason: string };

/** What a provider says is at most this long, and said within this time: all that one step asks of it together. */
const maxBytes = 256 * 1024;
const timeoutMs = 8000;

/**
 * Where to send the browser. What a provider says of itself is asked at each sign-in, as its keys are: nothing is stale, and a
 * provider that is down is in nobody's way who comes in otherwise.
 */
export function authorizationUrl(
	provider: SignInProvider,
	{ state, nonce, verifier, anew }: ProviderFlow,
	redirectUri: string,
	services: Services,
): Promise<{ readonly kind: "at"; readonly url: string } | ProviderFailure> {
	return attempt(async () => {
		const { server } = await connect(provider, services);
		const url = new URL(server.authorization_endpoint ?? "");
		oauth.checkProtocol(url, !services.config.isLocal);
		const isOpenId = provider.kind === "oidc";
		const asked = {
			response_type: "code",
			client_id: provider.clientId,
			redirect_uri: redirectUri,
			scope: scopesOf(provider).join(" "),
			state,
			// RFC 9700 §2.1.1: for a confidential client too.
			code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
			code_challenge_method: "S256",
			...(isOpenId && { nonce }),
			...(isOpenId && anew && { prompt: "login", max_age: "0" }),
		};
		for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
		return { kind: "at", url: url.href };
	});
}

/** Whom the provider vouches for, by what the browser came back with. */
export function whoCameBack(
	provider: SignInProvider,
	flow: ProviderFlow,
	returned: URLSearchParams,
	redirectUri: string,
	services: Services,
): Promise<{ readonly kind: "vouched"; readonly vouched: Vouched } | ProviderFailure> {
	return attempt(async () => {
		const { server, client, options } = await connect(provider, services);
		// RFC 9207 §2.4, RFC 9700 §4.4.2: an answer that names another server than the one that was asked is nobody's.
		const params = oauth.validateAuthResponse(server, client, returned, flow.state);
		const secret = await providerSecret(provider, services);
		if (secret === null) throw new Refused("secret");
		const isBasic = provider.tokenAuth === "client_secret_basic";
		const auth = isBasic ? oauth.ClientSecretBasic(secret) : oauth.ClientSecretPost(secret);
		const answered = await oauth.authorizationCodeGrantRequest(
			server,
			client,
			auth,
			params,
			redirectUri,
			flow.verifier,
			options,
		);
		const claims =
			provider.kind === "oidc"
				? await openIdClaims(provider, answered, flow, { server, client, options })
				: await githubClaims(provider, answered, { server, client, options });
		const vouched = readClaims(claims, groupsIn(provider));
		return vouched ? { kind: "vouched", vouched } : { kind: "refused", reason: "sub" };
	});
}

/** Where the browser may be sent to sign out there as well (OpenID Connect RP-Initiated Logout 1.0 §2); null: nowhere. */
export async function signOutUrl(
	provider: SignInProvider,
	returnTo: string,
	services: Services,
): Promise<string | null> {
	const found = await attempt(async () => {
		const { server } = await connect(provider, services);
		if (server.end_session_endpoint === undefined) throw new Refused("end_session_endpoint");
		const url = new URL(server.end_session_endpoint);
		oauth.checkProtocol(url, !services.config.isLocal);
		url.searchParams.set("client_id", provider.clientId);
		url.searchParams.set("post_logout_redirect_uri", returnTo);
		return { kind: "at" as const, url: url.href };
	});
	return found.kind === "at" ? found.url : null;
}

/** What the library would have fetched. */
interface Sent {
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: unknown;
}

interface Connection {
	readonly server: oauth.AuthorizationServer;
	readonly client: oauth.Client;
	readonly options: Readonly<{
		[oauth.customFetch]: (url: string, sent: Sent) => Promise<Response>;
		[oauth.allowInsecureRequests]: boolean;
	}>;
}

async function connect(provider: SignInProvider, { config, outbound, now }: Services): Promise<Connection> {
	const signal = AbortSignal.timeout(timeoutMs);
	const options: Connection["options"] = {
		// Each address, be it one that the provider has named, is judged as any that a stranger chose (domain/public-host.ts).
		[oauth.customFetch]: async (url, { headers, body }) => {
			const sent = { headers, body: body instanceof URLSearchParams ? body.toString() : null };
			const asked = await outbound.ask(url, sent, { maxBytes, signal });
			if (asked.kind === "failed") throw new Unreachable(asked.reason);
			const { response } = asked;
			if (response.status >= 500) throw new Unreachable(`It was answered with ${response.status}`);
			return response;
		},
		[oauth.allowInsecureRequests]: config.isLocal,
	};
	const client = { client_id: provider.clientId, [oauth.clockSkew]: now() - Math.floor(Date.now() / 1000) };
	const issuer = new URL(provider.issuer);
	if (provider.kind === "github") return { server: githubAt(issuer.origin), client, options };
	// OpenID Connect Discovery §4.3: what names another issuer is not this one's.
	const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options));
	return { server, client, options };
}

/** OIDC Core §3.1.3.7, and §5.3.2 for what the id_token leaves out. */
async function openIdClaims(
	{ groupsClaim }: SignInProvider,
	answered: Response,
	{ nonce, anew, startedAt }: ProviderFlow,
	{ server, client, options }: Connection,
): Promise<Readonly<Record<string, unknown>>> {
	const expected = { expectedNonce: nonce, requireIdToken: true };
	const tokens = await oauth.processAuthorizationCodeResponse(server, client, answered, expected);
	// §3.1.3.7 lets TLS stand for it. A signature is still good where somebody sits between.
	await oauth.validateApplicationLevelSignature(server, answered, options);
	const claims = oauth.getValidatedIdTokenClaims(tokens);
	if (!claims) throw new Refused("id_token");
	// §3.1.2.1, `max_age`: it was told to ask anew, and says that it did not.
	if (anew && claims.auth_time !== undefined && claims.auth_time < startedAt - leeway) throw new Refused("auth_time");
	const wanted = ["name", "email", ...(groupsClaim === null ? [] : [groupsClaim])];
	if (server.userinfo_endpoint === undefined || wanted.every((claim) => claim in claims)) return claims;
	const asked = await oauth.userInfoRequest(server, client, tokens.access_token, options);
	const told = await oauth.processUserInfoResponse(server, client, claims.sub, asked);
	// §5.1, `email_verified`: of the address beside it, and of no other.
	const isAnother = claims.email !== undefined && claims.email !== told.email;
	return { ...told, ...(isAnother && { email_verified: undefined }), ...claims };
}

const leeway = 60;

async function githubClaims(
	{ issuer, scopes }: SignInProvider,
	answered: Response,
	{ server, client, options }: Connection,
): Promise<Readonly<Record<string, unknown>>> {
	const tokens = await oauth.processAuthorizationCodeResponse(server, client, answered);
	const api = githubApi(new URL(issuer));
	const get = async (path: string): Promise<unknown> => {
		const headers = new Headers({ accept: "application/vnd.github+json" });
		const response = await oauth.protectedResourceRequest(
			tokens.access_token,
			"GET",
			new URL(api + path),
			headers,
			null,
			options,
		);
		if (response.status !== 200) throw new Refused(`user API ${response.status}`);
		return response.json();
	};
	// A hundred is what it gives at most; whoever is in more than ten of those is in the first of them.
	const all = async (path: string): Promise<readonly unknown[]> => {
		const found: unknown[] = [];
		for (let page = 1; page <= 10; page++) {
			const part = await get(`${path}?per_page=100&page=${page}`);
			if (!Array.isArray(part)) break;
			found.push(...part);
			if (part.length < 100) break;
		}
		return found;
	};
	// Refused to whoever may not see them.
	const groups = scopes.includes("read:org")
		? { orgs: await all("/user/orgs"), teams: await all("/user/teams") }
		: { orgs: [], teams: [] };
	return readGithubUser({ user: await get("/user"), emails: await get("/user/emails?per_page=100"), ...groups });
}

/**
 * GitHub has no discovery for this: its paths are those of its documentation, at github.com and where a company runs it itself, as is
 * what its answers call it (RFC 9207 `iss`).
 */
function githubAt(origin: string): oauth.AuthorizationServer {
	const issuer = `${origin}/login/oauth`;
	return { issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/access_token` };
}

export function githubApi({ origin }: URL): string {
	return origin === "https://github.com" ? "https://api.github.com" : `${origin}/api/v3`;
}

/** GitHub's are where readGithubUser() puts them. */
function groupsIn(provider: SignInProvider): SignInProvider {
	return provider.kind === "github" ? { ...provider, groupsClaim: "groups" } : provider;
}

function scopesOf({ kind, scopes }: SignInProvider): readonly string[] {
	return kind === "oidc" && !scopes.includes("openid") ? ["openid", ...scopes] : scopes;
}

class Unreachable extends Error {}
class Refused extends Error {}

/** Whatever goes wrong between the two is the provider's: nothing of ours is asked meanwhile. */
async function attempt<Outcome>(ask: () => Promise<Outcome>): Promise<Outcome | ProviderFailure> {
	try {
		return await ask();
	} catch (error) {
		if (error instanceof Unreachable) return { kind: "unreachable", reason: error.message };
		if (error instanceof Refused) return { kind: "refused", reason: error.message };
		if (error instanceof oauth.AuthorizationResponseError) return { kind: "denied", reason: error.error };
		return { kind: "refused", reason: reasonOf(error) };
	}
}

/** The library's own words for what it found wrong; of the answer, no more than which claim it was. */
function reasonOf(error: unknown): string {
	const { code, cause } = error as { readonly code?: unknown; readonly cause?: { readonly claim?: unknown } };
	const claim = typeof cause?.claim === "string" ? ` ${cause.claim}` : "";
	return typeof code === "string" ? `${code}${claim}` : "malformed";
}
