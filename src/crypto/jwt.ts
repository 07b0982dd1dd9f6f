import {
	calculateJwkThumbprint,
	CompactSign,
	decodeProtectedHeader,
	errors,
	exportJWK,
	generateKeyPair,
	importJWK,
	type JWK,
	type JWTPayload,
	jwtVerify,
} from "jose";

/** JSON Web Tokens and keys: the only place that knows jose. */
export type Algorithm = "EdDSA";
export type Claims = JWTPayload;

export interface GeneratedKey {
	/** RFC 7638 thumbprint. */
	readonly kid: string;
	readonly publicJwk: Readonly<Record<string, string>>;
	/** The private JWK as JSON text. */
	readonly privateJwk: string;
}

export async function generateSigningKey(algorithm: Algorithm): Promise<GeneratedKey> {
	const pair = await generateKeyPair(algorithm, { crv: "Ed25519", extractable: true });
	const [publicJwk, privateJwk] = await Promise.all([exportJWK(pair.publicKey), exportJWK(pair.privateKey)]);
	const kid = await calculateJwkThumbprint(publicJwk);
	return { kid, publicJwk: publicJwk as Record<string, string>, privateJwk: JSON.stringify(privateJwk) };
}

export async function importSigningKey(
	jwk: Readonly<Record<string, string>>,
	algorithm: Algorithm,
): Promise<CryptoKey> {
	const key = await importJWK(jwk as JWK, algorithm);
	if (key instanceof Uint8Array) throw new TypeError("A signing key is not symmetric");
	return key;
}

/**
 * Signs the payload's text as it is. The header's members stand in this order for ever: with Ed25519 the same text under
 * the same key is then the same token, byte for byte.
 */
export function signPayload(
	payload: string,
	header: { alg: Algorithm; kid: string; typ: "at+jwt" },
	key: CryptoKey,
): Promise<string> {
	const { alg, kid, typ } = header;
	return new CompactSign(new TextEncoder().encode(payload)).setProtectedHeader({ alg, kid, typ }).sign(key);
}

/** The `kid` that a token names, or null; nothing of it is to be believed yet. */
export function claimedKid(token: string): string | null {
	try {
		return decodeProtectedHeader(token).kid ?? null;
	} catch {
		return null;
	}
}

export type Verified = { kind: "valid"; claims: Claims } | { kind: "expired"; claims: Claims } | { kind: "invalid" };

/** RFC 9068 §4: signature, `typ`, issuer, audience and times. */
export async function verifyAccessToken(
	token: string,
	key: CryptoKey,
	expected: { algorithm: Algorithm; issuer: string; audience: string; now: number },
): Promise<Verified> {
	try {
		const { payload } = await jwtVerify(token, key, {
			algorithms: [expected.algorithm],
			typ: "at+jwt",
			issuer: expected.issuer,
			audience: expected.audience,
			requiredClaims: ["exp", "iat", "sub", "client_id", "jti"],
			currentDate: new Date(expected.now * 1000),
		});
		return { kind: "valid", claims: payload };
	} catch (error) {
		if (error instanceof errors.JWTExpired) return { kind: "expired", claims: error.payload };
		if (error instanceof errors.JOSEError) return { kind: "invalid" };
		throw error;
	}
}
