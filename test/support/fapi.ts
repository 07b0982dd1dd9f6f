import type { AssertionAlg } from "../../src/domain/client-keys.ts";
import { aSigningKey, assertionOf, type KeyClient, withAssertion } from "./assertions.ts";
import { aSenderKey, askWith, type ProofChanges, proofOf, type SenderKey, tokenRequest } from "./dpop.ts";
import { anIntegration } from "./integrations.ts";
import { type Consent, decide } from "./people.ts";
import { pkce } from "./pkce.ts";
import { push, pushedPath, requestUriOf } from "./pushed.ts";
import { type Answer, type Fields, locationOf, postForm } from "./requests.ts";
import { tokensOf } from "./tokens.ts";

// FAPI 2.0 Security Profile: clients that are registered with one switch, and what such a client does.

export interface FapiClient extends KeyClient {
	readonly sender: SenderKey;
}

export const redirectUrls = [
	"https://bank.example/callback",
	"https://bank.example/callback?dummy1=lorem&dummy2=ipsum",
];

/** What the JSON API is told of one, but for what is said. */
export async function fapiBody(alg: AssertionAlg = "PS256") {
	const key = await aSigningKey(alg);
	const body = {
		kind: "application",
		redirect_urls: redirectUrls,
		scopes: ["openid", "email", "profile", "offline_access", "environments:read", "events:read"],
		authentication: "private_key_jwt",
		jwks: { keys: [{ ...key.publicJwk }] },
		acts_for_itself: true,
		profile: "fapi2",
	};
	return { key, body };
}

export async function aFapiClient(alg?: AssertionAlg, changes: object = {}): Promise<FapiClient> {
	const { key, body } = await fapiBody(alg);
	return { ...(await anIntegration({ ...body, ...changes })), key, sender: await aSenderKey() };
}

export interface Made {
	/** Of the assertion. */
	readonly assertion?: Parameters<typeof assertionOf>[1];
	readonly headers?: Record<string, string>;
}

export async function pushBy(client: FapiClient, query: Fields = {}, made: Made = {}): Promise<Answer> {
	const asserted = withAssertion(await assertionOf(client, made.assertion));
	const standard = { scope: "openid environments:read", nonce: "nonce", prompt: undefined };
	return push(client, { ...standard, ...query, ...asserted }, made.headers);
}

/** What the redirect URI is told. */
export async function answerOf(client: FapiClient, query: Fields = {}, consent: Consent = {}, made: Made = {}) {
	const uri = requestUriOf(await pushBy(client, { prompt: "consent", ...query }, made));
	return locationOf(await decide(pushedPath(client, uri), consent));
}

export async function codeFor(client: FapiClient, query: Fields = {}, made: Made = {}): Promise<string> {
	const location = await answerOf(client, query, {}, made);
	const code = location.searchParams.get("code");
	if (code === null) throw new Error(`No code: ${location.href}`);
	return code;
}

export interface Asked extends Made {
	readonly by?: SenderKey;
	readonly proof?: ProofChanges;
	readonly isUnproven?: true;
}

export async function askFor(client: FapiClient, fields: Fields, asked: Asked = {}): Promise<Answer> {
	const { by = client.sender, proof, isUnproven, assertion } = asked;
	const asserted = withAssertion(await assertionOf(client, assertion));
	const headers = isUnproven ? {} : { dpop: await proofOf(by, tokenRequest, proof) };
	return postForm("/oauth/token", { ...asserted, ...fields }, headers);
}

export function redeem(client: FapiClient, code: string, fields: Fields = {}, asked: Asked = {}): Promise<Answer> {
	const standard = {
		grant_type: "authorization_code",
		code,
		redirect_uri: redirectUrls[0],
		code_verifier: pkce.verifier,
	};
	return askFor(client, { ...standard, ...fields }, asked);
}

/** The whole flow, and a use of the token. */
export async function signIn(client: FapiClient, query: Fields = {}, changes: ProofChanges = {}) {
	const code = await codeFor(client, query);
	const redirect_uri = "redirect_uri" in query ? query.redirect_uri : redirectUrls[0];
	const answer = await redeem(client, code, { redirect_uri }, { proof: changes });
	const { accessToken, refreshToken } = tokensOf(answer);
	const used = await askWith(client.sender, accessToken, "/oauth/environments", changes);
	if (used.status !== 200) throw new Error(`Not taken: ${used.status} ${used.text}`);
	return { answer, accessToken, refreshToken: refreshToken ?? "" };
}

/** A client in its own name, and a use of the token. */
export async function actAlone(client: FapiClient, asked: Asked = {}): Promise<Answer> {
	const answer = await askFor(client, { grant_type: "client_credentials", scope: "environments:read" }, asked);
	if (answer.status !== 200) return answer;
	return askWith(asked.by ?? client.sender, tokensOf(answer).accessToken, "/oauth/environments", asked.proof);
}
