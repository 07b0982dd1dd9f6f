import { bounds } from "./bounds.ts";

/** RFC 7517: the public keys of a client, by which its assertions are verified. */
export interface JwkSet {
	readonly keys: readonly Jwk[];
}

export type Jwk = Readonly<Record<string, unknown>>;

/** More than a client that rotates its keys has at once. */
const mostKeys = bounds.clientKeys.most;

/** Null for what is no JWK set. What is in it may be of any kind, and is judged key by key. */
export function readJwkSet(value: unknown): JwkSet | null {
	if (typeof value !== "object" || value === null || !("keys" in value)) return null;
	const { keys } = value;
	if (!Array.isArray(keys) || keys.length > mostKeys) return null;
	return keys.every(isJwk) ? { keys } : null;
}

export function isJwk(key: unknown): key is Jwk {
	return typeof key === "object" && key !== null && !Array.isArray(key) && isShallow(key, 4);
}

/** Members may be objects and lists (`oth`, `x5c`), but whatever walks a key later does so by recursion. */
function isShallow(value: unknown, levels: number): boolean {
	if (typeof value !== "object" || value === null) return true;
	return levels > 0 && Object.values(value).every((each) => isShallow(each, levels - 1));
}

/** RFC 7518 §6: the members of a private RSA, EC or OKP key, and that of a symmetric one. */
const secretMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

/** Whether it can do more than verify. Whoever publishes such a key has lost it, and a symmetric one signs for anybody. */
export function isSecretKey(key: Jwk): boolean {
	return key.kty === "oct" || secretMembers.some((member) => key[member] !== undefined);
}

/** RFC 7523 §3, RFC 7518 §3.1: what assertions may be signed with. EdDSA is RFC 8037's name, Ed25519 that of RFC 9864. */
export const assertionAlgs = ["RS256", "PS256", "ES256", "EdDSA", "Ed25519"] as const;
export type AssertionAlg = (typeof assertionAlgs)[number];

export function isAssertionAlg(text: unknown): text is AssertionAlg {
	return assertionAlgs.some((each) => each === text);
}

export function isSameAlg(a: AssertionAlg, b: string): boolean {
	return a === b || (isEdwards(a) && isEdwards(b));
}

/** The keys of a set that may have signed this: public, for signatures, of the algorithm's own kind, and of that `kid`. */
export function keysFor(set: JwkSet, { alg, kid }: { alg: AssertionAlg; kid: string | null }): readonly Jwk[] {
	return set.keys.filter((key) => {
		const { kty, crv, use, key_ops, alg: own } = key;
		if (isSecretKey(key)) return false;
		if (kid !== null && key.kid !== kid) return false;
		if (use !== undefined && use !== "sig") return false;
		if (Array.isArray(key_ops) && !key_ops.includes("verify")) return false;
		if (own !== undefined && (typeof own !== "string" || !isSameAlg(alg, own))) return false;
		if (alg === "RS256" || alg === "PS256") return kty === "RSA" && isModulus(key.n) && isExponent(key.e);
		if (alg === "ES256") return kty === "EC" && crv === "P-256" && isOf32Bytes(key.x) && isOf32Bytes(key.y);
		return kty === "OKP" && crv === "Ed25519" && isOf32Bytes(key.x);
	});
}

/** Whether an assertion can be verified by one of them: by an algorithm that is stated, or (undefined) by any. */
export function canVerify(set: JwkSet, stated: AssertionAlg | undefined): boolean {
	const algs = stated === undefined ? assertionAlgs : [stated];
	return algs.some((alg) => keysFor(set, { alg, kid: null }).length > 0);
}

/**
 * As base64url, of 2048 bits (RFC 7518 §3.3) to 4096: verifying by a longer one costs as much as a stranger likes.
 */
function isModulus(text: unknown): boolean {
	return typeof text === "string" && text.length >= 342 && text.length <= 683;
}

/** As base64url, of at most 32 bits: most have 65537, and one as long as the modulus costs ten times as much. */
function isExponent(text: unknown): boolean {
	return typeof text === "string" && text !== "" && text.length <= 6;
}

/** RFC 7518 §6.2.1.2, RFC 8037 §2 */
function isOf32Bytes(text: unknown): boolean {
	return typeof text === "string" && text.length === 43;
}

function isEdwards(alg: string): boolean {
	return alg === "EdDSA" || alg === "Ed25519";
}
