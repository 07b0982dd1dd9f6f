import type { Seconds } from "./brands.ts";
import { type AssertionAlg, isJwk, type Jwk, keysFor } from "./client-keys.ts";

/**
 * RFC 9449 §5.1: what a proof may be signed with. RS256 is not among them, as FAPI 2.0 has it (§5.4): whoever begins with DPoP has
 * nothing older to be understood by.
 */
export const dpopAlgs = ["ES256", "PS256", "EdDSA", "Ed25519"] as const satisfies readonly AssertionAlg[];
type DpopAlg = (typeof dpopAlgs)[number];

/** A `DPoP` header, and the request that its proof has to be for. */
export interface PresentedProof {
	/** Null where there is no such header. */
	readonly text: string | null;
	readonly method: string;
	/** As we published it, and not as the request says that it arrived. */
	readonly uri: string;
}

/** An access token in `Authorization`, or where else one may be. */
export type PresentedToken =
	| { readonly kind: "bearer"; readonly value: string }
	| { readonly kind: "dpop"; readonly value: string; readonly proof: PresentedProof };

/** Why it is not known that a request comes from whoever has the key. */
export interface Unproven {
	readonly kind: "unproven";
	/** RFC 9449 §7.1 */
	readonly error: "invalid_token" | InvalidProof["error"];
	/** For the developer of the client: all of it stands in what they sent. */
	readonly detail: string;
	/** RFC 9449 §7.2: the token came as a bearer token, and is bound to a key. */
	readonly isBound?: true;
}

/** RFC 9449 §5, §8: what it is, where there is no access token yet. */
export interface InvalidProof extends Unproven {
	readonly error: "invalid_dpop_proof" | "use_dpop_nonce";
}

/** One that no nonce would mend. */
export interface BadProof extends InvalidProof {
	readonly error: "invalid_dpop_proof";
}

export function invalidProof(detail: string): BadProof {
	return { kind: "unproven", error: "invalid_dpop_proof", detail };
}

/** A stranger wrote it, so that its members may be of any kind. */
export interface ProofText {
	readonly typ: unknown;
	readonly alg: unknown;
	readonly jwk: unknown;
	readonly claims: Readonly<Partial<Record<"jti" | "htm" | "htu" | "iat" | "ath" | "nonce", unknown>>>;
}

/** What a proof says that may be good: who signed it, and whether it came before, nobody has looked yet. */
export interface ReadProof {
	readonly alg: DpopAlg;
	readonly jwk: Jwk;
	readonly jti: string;
	readonly nonce: unknown;
	/** From when on one that is the same is too old to be good. */
	readonly endsAt: Seconds;
}

/** RFC 9449 §11.1: how long after it was made a proof is good, and how far ahead the clock of its maker may be. */
const lifetime: Seconds = 300;
const ahead: Seconds = 10;

/** The clock that forgets a `jti` may be ahead of the one that judges the proof. */
const leeway: Seconds = 60;

/** RFC 9449 §11.1: an unnecessarily large one is refused. */
const maxJtiLength = 256;

/** RFC 9449 §4.3, but for the signature, the nonce and the number of uses. A string says what is wrong. */
export function checkProof(
	{ typ, alg, jwk, claims }: ProofText,
	expected: Omit<PresentedProof, "text"> & {
		/** The hash of the access token beside it; null where there is none. */
		readonly ath: string | null;
		readonly now: Seconds;
	},
): ReadProof | string {
	const { jti, htm, htu, iat, ath, nonce } = claims;
	const { method, uri, now } = expected;
	// RFC 9449 §4.3 (4)
	if (typ !== "dpop+jwt") return "typ has to be dpop+jwt";
	// RFC 9449 §4.3 (5): one of ours, so that neither `none` nor a MAC is.
	const known = dpopAlgs.find((each) => each === alg);
	if (known === undefined) return `alg has to be one of ${dpopAlgs.join(", ")}`;
	// RFC 9449 §4.3 (7): public, and of the kind of the algorithm.
	if (!isJwk(jwk) || keysFor({ keys: [jwk] }, { alg: known, kid: null }).length === 0) {
		return "jwk has to be a public key for that alg, and nothing private";
	}
	if (typeof jti !== "string" || jti === "" || jti.length > maxJtiLength) {
		return `jti has to be a text of 1 to ${maxJtiLength} characters`;
	}
	// RFC 9449 §4.3 (8): methods are of one case (RFC 9110 §9.1).
	if (htm !== method) return "htm is not the method of this request";
	// RFC 9449 §4.3 (9)
	if (typeof htu !== "string" || normalized(htu) === null || normalized(htu) !== normalized(uri)) {
		return "htu is not the URI of this request";
	}
	// RFC 9449 §4.3 (11): `nbf` and `exp`, which it does not ask for, say nothing here.
	if (typeof iat !== "number" || !Number.isFinite(iat)) return "iat is missing, or no number";
	if (iat < now - lifetime) return `iat is more than ${lifetime} seconds ago`;
	if (iat > now + ahead) return `iat is more than ${ahead} seconds ahead`;
	// RFC 9449 §4.3 (12)
	if (expected.ath !== null && ath !== expected.ath) return "ath is not the hash of the access token";
	return { alg: known, jwk, jti, nonce, endsAt: Math.ceil(iat) + lifetime + leeway };
}

/**
 * RFC 9449 §4.3, RFC 3986 §6.2.2 and §6.2.3: without query and fragment, the scheme and the host in small letters, no default port, no
 * dot segments, and what need not be encoded in clear. Null for what is no such URI.
 */
function normalized(uri: string): string | null {
	const url = /^https?:\/\/[\x21-\x5b\x5d-\x7e]+$/i.test(uri) ? URL.parse(uri) : null;
	if (!url || url.username !== "" || url.password !== "") return null;
	const path = url.pathname.replaceAll(/%[0-9a-f]{2}/gi, (encoded) => {
		const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
		return /[\w.~-]/.test(character) ? character : encoded.toUpperCase();
	});
	return url.origin + path;
}
