import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from "jose";
import { type Answer, ask, type Fields } from "./requests.ts";
import { demo, issuer, now } from "./target.ts";
import { askForToken, authorized, exchange, type Registered, refresh, type TokenRequest, tokensOf } from "./tokens.ts";

// RFC 9449: clients that prove with each request that they have a key.

export interface SenderKey {
	readonly alg: string;
	readonly privateKey: CryptoKey;
	readonly publicJwk: JWK;
	readonly privateJwk: JWK;
	/** RFC 7638 */
	readonly thumbprint: string;
}

export async function aSenderKey(alg = "ES256"): Promise<SenderKey> {
	const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
	const [publicJwk, privateJwk] = await Promise.all([exportJWK(publicKey), exportJWK(privateKey)]);
	return { alg, privateKey, publicJwk, privateJwk, thumbprint: await calculateJwkThumbprint(publicJwk) };
}

let made = 0;

/** What a proof has beside, or in the place of, what a good one has; undefined leaves it out. */
export interface ProofChanges {
	readonly header?: object;
	readonly claims?: object;
	readonly signedBy?: SenderKey;
}

/** A good proof, for a request by that method to that path, with that access token. */
export async function proofOf(
	key: SenderKey,
	{ method, path, token }: { readonly method: string; readonly path: string; readonly token?: string },
	{ header = {}, claims = {}, signedBy = key }: ProofChanges = {},
): Promise<string> {
	const ath = token === undefined ? {} : { ath: await athOf(token) };
	const said = {
		jti: `proof-${++made}-${key.thumbprint}`,
		htm: method,
		htu: issuer + path,
		iat: now(),
		...ath,
		...claims,
	};
	const head = JSON.parse(JSON.stringify({ typ: "dpop+jwt", alg: key.alg, jwk: key.publicJwk, ...header }));
	// Not by a library, which would sign nothing that is wrong.
	const signed = `${encoded(utf8(JSON.stringify(head)))}.${encoded(utf8(JSON.stringify(said)))}`;
	const { privateKey } = signedBy;
	const params = { name: privateKey.algorithm.name, hash: "SHA-256", saltLength: 32 };
	return `${signed}.${encoded(await crypto.subtle.sign(params, privateKey, utf8(signed)))}`;
}

/** RFC 9449 §4.2 */
async function athOf(token: string): Promise<string> {
	return encoded(await crypto.subtle.digest("SHA-256", utf8(token)));
}

export function encoded(bytes: ArrayBuffer | Uint8Array): string {
	return new Uint8Array(bytes).toBase64({ alphabet: "base64url", omitPadding: true });
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
	return new TextEncoder().encode(text);
}

export const tokenRequest = { method: "POST", path: "/oauth/token" };

/** The header of a token request. */
export async function proven(key: SenderKey, changes: ProofChanges = {}): Promise<{ dpop: string }> {
	return { dpop: await proofOf(key, tokenRequest, changes) };
}

/** A client acts for itself, with these headers. */
export function forItself(
	headers: Record<string, string>,
	client: Registered = demo.webApp,
	fields: Fields = {},
): Promise<Answer> {
	return askForToken({ client, headers }, { grant_type: "client_credentials", ...fields });
}

/** A grant whose access token is bound to the key. */
export async function boundGrant(key: SenderKey, client: Registered = demo.webApp, query: Fields = {}) {
	const code = await authorized(client, query);
	const { accessToken, refreshToken } = tokensOf(await exchange(code, { client, headers: await proven(key) }));
	if (refreshToken === null) throw new Error("A grant without a refresh token");
	return { code, accessToken, refreshToken };
}

export async function refreshedBy(key: SenderKey, token: string, request: TokenRequest): Promise<Answer> {
	return refresh(token, { ...request, headers: await proven(key) });
}

/** What a client with that key asks one of our resources. */
export async function askWith(
	key: SenderKey,
	token: string,
	path = "/oauth/environments",
	{ init = {}, scheme = "DPoP", ...changes }: ProofChanges & { init?: RequestInit; scheme?: string } = {},
): Promise<Answer> {
	const method = init.method ?? "GET";
	const { pathname } = new URL(path, issuer);
	const dpop = await proofOf(key, { method, path: pathname, token }, changes);
	const headers = { authorization: `${scheme} ${token}`, dpop, ...(init.headers as Record<string, string>) };
	return ask(path, { ...init, headers });
}
