import type { SubjectId } from "../domain/subject.ts";
import type { Clear, Hash } from "../domain/brands.ts";
import { hmac, sha256 } from "./digest.ts";
import { base64url, type Bytes, concat, fromBase64url, fromUtf8, utf8 } from "./encoding.ts";
import { sealBytes, unsealBytes } from "./sealing.ts";
import type { ServerKeys } from "./server-keys.ts";

/**
 * Authorization codes, refresh tokens and session cookies: a prefix and a sealed reference to a row in the ledger of a
 * subject. The seal is a filter, so that garbage never wakes an object; the ledger's hash of the secret decides. A device code has
 * its row by the hash of its user code. What names a browser opens nothing, and has no row; nor has
 * what says whose password was right, until a second factor is shown. What stands in a link that a person is given (an invitation, a way back in, the
 * verification of an address) has its row, and its hash, in the register.
 */
export const tokenPrefixes = {
	code: "lkc_",
	device: "lkd_",
	refresh: "lkr_",
	sign_in: "lks_",
	browser: "lkb_",
	second_factor: "lkf_",
	invitation: "lki_",
	recovery: "lkv_",
	verification: "lke_",
} as const;
export type TokenKind = keyof typeof tokenPrefixes;

export interface TokenReference {
	/** Empty where it is of nobody yet (an invitation, a device). */
	readonly subject: SubjectId;
	/** Empty where the token is of no account (a sign-in). */
	readonly accountId: string;
	/** The row: a grant's, a sign-in's or a link's id, 22 characters of base64url; of a browser or a device code, its own. */
	readonly id: string;
	/** 0 for a code and a sign-in, from 1 on for refresh tokens; of whoever is asked for a second factor, when that is over. */
	readonly generation: number;
	/** 32 bytes; of a browser and before a second factor, the digest of what is stored of the password, of a device code that of its user code. */
	readonly secret: Bytes;
}

const idLength = 16;
const secretLength = 32;
const fixedLength = 4 + idLength + secretLength + 1;

export async function sealToken(
	kind: TokenKind,
	reference: TokenReference,
	keys: ServerKeys,
	version: number = keys.newest,
): Promise<Clear> {
	const box = await sealBytes(keys, `token ${kind}`, "", pack(reference), version);
	return `${tokenPrefixes[kind]}${base64url(box)}` as Clear;
}

/** Null for whatever {@link sealToken} has not made. */
export async function unsealToken(kind: TokenKind, text: string, keys: ServerKeys): Promise<TokenReference | null> {
	const prefix = tokenPrefixes[kind];
	if (text.length > 512 || !text.startsWith(prefix)) return null;
	const box = fromBase64url(text.slice(prefix.length));
	const opened = box && (await unsealBytes(keys, `token ${kind}`, "", box));
	return opened && unpack(opened.plain);
}

/** The secret of the token that comes after: the same from the same, so that a retry gets an equal successor. */
export async function deriveSuccessor(
	reference: TokenReference,
	keys: ServerKeys,
	version: number = keys.newest,
): Promise<TokenReference> {
	const key = await keys.hmac("refresh successor", version);
	if (!key) throw new RangeError(`There is no server key of version ${version}`);
	const secret = await hmac(key, pack(reference));
	return { ...reference, generation: reference.generation + 1, secret };
}

/** What the ledger keeps of a secret. It has 256 random bits, so a plain digest tells nothing. */
export function hashSecret(reference: TokenReference): Promise<Hash> {
	return sha256(reference.secret);
}

function pack({ subject, accountId, id, generation, secret }: TokenReference): Bytes {
	const row = fromBase64url(id);
	const account = utf8(accountId);
	if (row?.length !== idLength || secret.length !== secretLength || account.length > 255) {
		throw new TypeError("A token reference of the wrong shape");
	}
	const counter = new Uint8Array(4);
	new DataView(counter.buffer).setUint32(0, generation);
	return concat(counter, row, secret, Uint8Array.of(account.length), account, utf8(subject));
}

function unpack(bytes: Bytes): TokenReference | null {
	if (bytes.length < fixedLength) return null;
	const accountLength = bytes[fixedLength - 1] ?? 0;
	const subject = fromUtf8(bytes.subarray(fixedLength + accountLength));
	return {
		generation: new DataView(bytes.buffer, bytes.byteOffset).getUint32(0),
		id: base64url(bytes.subarray(4, 4 + idLength)),
		secret: bytes.slice(4 + idLength, 4 + idLength + secretLength),
		accountId: fromUtf8(bytes.subarray(fixedLength, fixedLength + accountLength)),
		subject,
	};
}
