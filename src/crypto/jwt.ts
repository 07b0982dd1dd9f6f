import {
	calculateJwkThumbprint,
	compactVerify,
	decodeJwt,
	decodeProtectedHeader,
	errors,
	exportJWK,
	generateKeyPair,
	importJWK,
	type JWK,
	type JWTPayload,
	jwtVerify,
} from "jose";
import { isWithinLevels } from "../json-text.ts";
import { base64url, fromBase64url, utf8 } from "./encoding.ts";
import { hasLowS, withLowS } from "./low-s.ts";

/** JSON Web Tokens and keys: the only place that knows jose. */
export type Algorithm = "EdDSA" | "RS256" | "ES256" | "PS256";
export type Claims = JWTPayload;

export interface GeneratedSigningKey {
	/** RFC 7638 thumbprint. */
	readonly kid: string;
	readonly publicJwk: Readonly<Record<string, string>>;
	/** The private JWK as JSON text. */
	readonly privateJwk: string;
}

export async function generateSigningKey(algorithm: Algorithm): Promise<GeneratedSigningKey> {
	// Elliptic curves have no modulus, and look for none.
	const shape = algorithm === "EdDSA" ? { crv: "Ed25519" } : { modulusLength: 2048 };
	const pair = await generateKeyPair(algorithm, { ...shape, extractable: true });
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
 * the same key is then the same token, byte for byte. Other signatures differ each time, and are kept ({@link detached}).
 */
export async function signPayload(
	payload: string,
	header: { alg: Algorithm; kid: string; typ: "at+jwt" | "JWT" | "logout+jwt" | "oauth-id-jag+jwt" },
	key: CryptoKey,
): Promise<string> {
	const { alg } = header;
	const signed = `${headerText(header, key)}.${base64url(utf8(payload))}`;
	// RFC 7515 §5.1, as jose writes it, but that what it looks at each time is known: the key is of the algorithm's own ring.
	const signature = new Uint8Array(await crypto.subtle.sign(signatures[alg], key, utf8(signed)));
	return `${signed}.${base64url(alg === "ES256" ? withLowS(signature) : signature)}`;
}

/** A key signs thousands of tokens under the same header, or under two. */
const headerTexts = new WeakMap<CryptoKey, Map<string, string>>();

function headerText({ alg, kid, typ }: { alg: Algorithm; kid: string; typ: string }, key: CryptoKey): string {
	const known = headerTexts.get(key) ?? new Map<string, string>();
	headerTexts.set(key, known);
	const name = `${typ} ${kid}`;
	const text = known.get(name) ?? base64url(utf8(JSON.stringify({ alg, kid, typ })));
	known.set(name, text);
	return text;
}

/** RFC 7518 §3.1, RFC 8037 §3.1. */
const signatures = {
	EdDSA: { name: "Ed25519" },
	RS256: { name: "RSASSA-PKCS1-v1_5" },
	ES256: { name: "ECDSA", hash: "SHA-256" },
	PS256: { name: "RSA-PSS", saltLength: 32 },
} as const satisfies Readonly<Record<Algorithm, object>>;

/** RFC 7515 appendix F: a token without its payload, which stands elsewhere. */
export function detached(token: string): string {
	const [header = "", , signature = ""] = token.split(".");
	return `${header}..${signature}`;
}

/** The token again, byte for byte, of what {@link detached} left of it and its payload. */
export function attached(jws: string, payload: string): string {
	return jws.replace("..", `.${base64url(utf8(payload))}.`);
}

/** By which key a token says that it was signed; nothing of it is to be believed yet. */
export interface ClaimedKey {
	readonly alg: unknown;
	readonly kid: string | null;
}

/** Null for what is no token. */
export function claimedKey(token: string): ClaimedKey | null {
	try {
		const { alg, kid } = decodeProtectedHeader(canonical(token));
		return { alg, kid: kid ?? null };
	} catch {
		return null;
	}
}

/** What a token says of itself, or null; nothing of it is to be believed yet. */
export function readUnverified(token: string): (ClaimedKey & { typ: unknown; jwk: unknown; claims: Claims }) | null {
	try {
		const { alg, typ, kid, jwk } = decodeProtectedHeader(canonical(token));
		return { alg, typ, kid: kid ?? null, jwk, claims: decodeJwt(token) };
	} catch {
		return null;
	}
}

/**
 * Whether the owner of this public key signed the token, and with this algorithm (RFC 8725 §3.1). Nothing that it claims is
 * looked at. A key that cannot be one of the algorithm's has signed nothing, and nor has a short one (RFC 7518 §3.3).
 */
export async function isSignedBy(
	token: string,
	publicJwk: Readonly<Record<string, unknown>>,
	algorithm: Algorithm | "Ed25519",
): Promise<boolean> {
	return (await signedWith(token, () => importJWK(publicJwk as JWK, algorithm), algorithm)) !== null;
}

/** The same for a key that may come with many, told by its RFC 7638 thumbprint; null where it has not signed this. */
export async function thumbprintOfSigner(
	token: string,
	publicJwk: Readonly<Record<string, unknown>>,
	algorithm: Algorithm | "Ed25519",
): Promise<string | null> {
	const name = `${algorithm} ${JSON.stringify(publicJwk)}`;
	const known = signers.get(name);
	const key = await signedWith(token, () => known?.key ?? importJWK(publicJwk as JWK, algorithm), algorithm);
	if (!key) return null;
	if (known) return known.thumbprint;
	const thumbprint = await calculateJwkThumbprint(publicJwk);
	signers.set(name, { key, thumbprint });
	const [oldest] = signers.keys();
	if (signers.size > mostSigners && oldest !== undefined) signers.delete(oldest);
	return thumbprint;
}

/** Those that have signed something, as they were written then: to import one costs as much as to verify by it. */
const signers = new Map<string, { readonly key: VerifyingKey; readonly thumbprint: string }>();
const mostSigners = 500;

type VerifyingKey = Awaited<ReturnType<typeof importJWK>>;

async function signedWith(
	token: string,
	publicKey: () => Promise<VerifyingKey> | VerifyingKey,
	algorithm: Algorithm | "Ed25519",
): Promise<VerifyingKey | null> {
	try {
		// RFC 7515 §4.1.11: no extension is understood here. RFC 7797 §7: `b64` of false is none for a JWT, `crit` or not.
		const { crit, b64 } = decodeProtectedHeader(token);
		if (crit !== undefined || b64 === false) return null;
		const key = await publicKey();
		await compactVerify(canonical(token), key, { algorithms: [algorithm] });
		return key;
	} catch (error) {
		// What strangers publish as a key may be no point on the curve, too short, or nothing at all.
		const isOfKey = error instanceof TypeError || error instanceof DOMException;
		if (isOfKey || error instanceof errors.JOSEError) return null;
		throw error;
	}
}

export type Verified = { kind: "valid"; claims: Claims } | { kind: "expired"; claims: Claims } | { kind: "invalid" };

/**
 * RFC 9068 §4: signature, `typ`, issuer and times (RFC 7519 §4.1.4). Whom it is for, `aud`, is for each resource to ask. The
 * algorithm is the key's own, whatever the header says (RFC 8725 §2.1), and `typ` keeps an id_token apart (§3.11).
 */
export async function verifyAccessToken(
	token: string,
	key: CryptoKey,
	expected: { algorithm: Algorithm; issuer: string; now: number },
): Promise<Verified> {
	try {
		if (expected.algorithm === "ES256" && !hasLowS(token)) return { kind: "invalid" };
		const { payload } = await jwtVerify(canonical(token), key, {
			algorithms: [expected.algorithm],
			typ: "at+jwt",
			issuer: expected.issuer,
			requiredClaims: ["exp", "iat", "sub", "aud", "client_id", "jti"],
			currentDate: new Date(expected.now * 1000),
		});
		return { kind: "valid", claims: payload };
	} catch (error) {
		if (error instanceof errors.JWTExpired) return { kind: "expired", claims: error.payload };
		if (error instanceof errors.JOSEError) return { kind: "invalid" };
		throw error;
	}
}

/**
 * OIDC Core §3.1.2.1, `id_token_hint`: an id_token of ours, whose time may be over. Null for anything else; an access token
 * has another `typ`.
 */
export async function verifyIdToken(
	token: string,
	key: CryptoKey,
	expected: { algorithm: Algorithm; issuer: string },
): Promise<Claims | null> {
	try {
		const { payload } = await jwtVerify(canonical(token), key, {
			algorithms: [expected.algorithm],
			typ: "JWT",
			issuer: expected.issuer,
			requiredClaims: ["exp", "iat", "sub", "aud"],
			// It may be over: at the beginning of all times it was not.
			currentDate: new Date(0),
		});
		return payload;
	} catch (error) {
		if (error instanceof errors.JOSEError) return null;
		throw error;
	}
}

/**
 * RFC 7515 §2, RFC 4648 §3.5: three parts, each in its one canonical text. jose reads padding, white space and stray bits too,
 * by which one signature would vouch for many tokens. It reads the JSON itself, so how deep that is is looked at before.
 */
function canonical(token: string): string {
	const parts = token.split(".").map(fromBase64url);
	const [header, payload] = parts;
	const isCanonical = parts.length === 3 && parts.every((part) => part !== null);
	if (isCanonical && [header, payload].every((part) => part && isWithinLevels(lenient.decode(part)))) return token;
	throw new errors.JWSInvalid("Not in the canonical form of a compact JWS");
}

const lenient = new TextDecoder();
