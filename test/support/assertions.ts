import { CompactSign, exportJWK, generateKeyPair, type JWK } from "jose";
import { assertionType } from "../../src/domain/client-assertion.ts";
import type { AssertionAlg } from "../../src/domain/client-keys.ts";
import type { Client } from "../../src/domain/client.ts";
import { aClient } from "./registered.ts";
import { type Answer, type Fields, postForm } from "./requests.ts";
import { demo, issuer, now } from "./target.ts";
import type { Registered } from "./tokens.ts";

// RFC 7523 §2.2: clients that authenticate by a key.

export interface SigningKey {
	readonly alg: AssertionAlg;
	readonly kid: string;
	readonly privateKey: CryptoKey;
	/** With `kid`. */
	readonly publicJwk: JWK;
	readonly privateJwk: JWK;
}

let made = 0;

export async function aSigningKey(alg: AssertionAlg = "ES256"): Promise<SigningKey> {
	const kid = `key-${++made}`;
	const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
	const [publicJwk, privateJwk] = await Promise.all([exportJWK(publicKey), exportJWK(privateKey)]);
	return { alg, kid, privateKey, publicJwk: { ...publicJwk, kid }, privateJwk: { ...privateJwk, kid } };
}

export interface KeyClient extends Registered {
	readonly key: SigningKey;
}

/** A client that has registered a key, and may introspect. */
export async function aKeyClient(changes: Partial<Client> = {}, given: SigningKey | null = null): Promise<KeyClient> {
	const key = given ?? (await aSigningKey());
	const jwks = { keys: [{ ...key.publicJwk }] };
	const { client } = await aClient(demo.webApp, {
		authMethods: ["private_key_jwt"],
		secrets: [],
		...changes,
		options: { jwks, ...changes.options },
	});
	return { client, secret: null, key };
}

/** What a good assertion claims. */
export function claimsFor(client: Registered["client"], changes: object = {}): Record<string, unknown> {
	const { id } = client;
	return { iss: id, sub: id, aud: issuer, jti: `jti-${++made}`, iat: now(), exp: now() + 60, ...changes };
}

/** Signed as it should be, but for what is said; undefined leaves a member out. */
export async function assertionOf(
	{ client, key }: KeyClient,
	changes: { readonly claims?: object; readonly header?: object; readonly signedBy?: SigningKey } = {},
): Promise<string> {
	const { kid, privateKey, alg } = changes.signedBy ?? key;
	const header = JSON.parse(JSON.stringify({ alg, kid, ...changes.header }));
	return new CompactSign(new TextEncoder().encode(JSON.stringify(claimsFor(client, changes.claims))))
		.setProtectedHeader(header)
		.sign(privateKey);
}

export const withAssertion = (assertion: string): Record<string, string> => ({
	client_assertion_type: assertionType,
	client_assertion: assertion,
});

/** Asks something that only an authenticated client gets an answer to: 200, or the refusal. */
export function present(assertion: string, fields: Fields = {}, headers: Record<string, string> = {}): Promise<Answer> {
	return postForm("/oauth/introspect", { token: "x", ...withAssertion(assertion), ...fields }, headers);
}
