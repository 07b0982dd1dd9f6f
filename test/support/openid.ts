import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyResult, jwtVerify } from "jose";
import type { Consent } from "./people.ts";
import { type Answer, ask, bearer, type Fields } from "./requests.ts";
import { demo, issuer, now } from "./target.ts";
import { authorized, exchange, type Registered, tokensOf } from "./tokens.ts";

/** A person signs in to an application (OIDC Core §3.1) that asks for `openid`, and for what else the query says. */
export async function signedInTo(application: Registered = demo.webApp, query: Fields = {}, consent: Consent = {}) {
	const code = await authorized(application, { scope: "openid", ...query }, consent);
	const answer = await exchange(code, { client: application });
	const { accessToken, refreshToken } = tokensOf(answer);
	if (refreshToken === null) throw new Error("A grant without a refresh token");
	return { accessToken, refreshToken, idToken: idTokenOf(answer) };
}

export function idTokenOf({ text, body }: Answer): string {
	if (typeof body.id_token !== "string") throw new Error(`No id_token: ${text}`);
	return body.id_token;
}

/** OIDC Core §3.1.3.7: what a client does with an id_token before it believes it. */
export async function verifiedBy(
	{ client }: Registered,
	idToken: string,
	algorithm = "RS256",
): Promise<JWTVerifyResult> {
	const published: JSONWebKeySet = JSON.parse((await ask("/.well-known/jwks.json")).text);
	return jwtVerify(idToken, createLocalJWKSet(published), {
		issuer,
		audience: client.id,
		algorithms: [algorithm],
		currentDate: new Date(now() * 1000),
	});
}

export function userinfo(token: string): Promise<Answer> {
	return ask("/oauth/userinfo", { headers: bearer(token) });
}
