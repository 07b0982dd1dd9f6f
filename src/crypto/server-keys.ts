import { type Bytes, fromBase64url, utf8 } from "./encoding.ts";

/**
 * The server's own keys. Each version is one 256-bit master secret; what is used is derived from it by HKDF for one
 * purpose only, so that a key for one thing never opens another. The newest version makes, all of them check.
 */
export interface ServerKeys {
	/** The version that new things are made under. */
	readonly newest: number;
	/** Null where this deployment does not have that version (any more). */
	hmac(purpose: string, version: number): Promise<CryptoKey | null>;
	aes(purpose: string, version: number): Promise<CryptoKey | null>;
}

/** A version (1 to 255) and its 32 bytes, newest first. */
export type MasterSecrets = readonly { readonly version: number; readonly secret: Bytes }[];

/** Reads `2:<43 characters of base64url>,1:<…>`; a string says what is wrong with it, and never shows it. */
export function parseMasterSecrets(text: string): MasterSecrets | string {
	const secrets: { version: number; secret: Bytes }[] = [];
	for (const part of text.split(",")) {
		const match = /^([1-9]\d{0,2}):([A-Za-z0-9_-]{43})$/.exec(part.trim());
		const secret = fromBase64url(match?.[2] ?? "");
		const version = Number(match?.[1]);
		if (!secret || secret.length !== 32) return "each part must be <version>:<32 bytes as 43 characters of base64url>";
		if (version > 255) return "a version must be from 1 to 255";
		if (secrets.some((each) => each.version === version)) return `version ${version} stands there twice`;
		secrets.push({ version, secret });
	}
	return secrets;
}

export function createServerKeys(secrets: MasterSecrets): ServerKeys {
	const [newest] = secrets;
	if (!newest) throw new TypeError("There has to be a master secret");
	const derived = new Map<string, Promise<CryptoKey | null>>();

	function cached(purpose: string, version: number, usage: "hmac" | "aes"): Promise<CryptoKey | null> {
		const name = `${usage} ${version} ${purpose}`;
		const known = derived.get(name);
		if (known) return known;
		const master = secrets.find((each) => each.version === version);
		if (!master) return Promise.resolve(null);
		const key = derive(master.secret, purpose, usage);
		derived.set(name, key);
		return key;
	}
	return {
		newest: newest.version,
		hmac: (purpose, version) => cached(purpose, version, "hmac"),
		aes: (purpose, version) => cached(purpose, version, "aes"),
	};
}

async function derive(secret: Bytes, purpose: string, usage: "hmac" | "aes"): Promise<CryptoKey> {
	const master = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
	const params = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: utf8(`latchkey ${usage} ${purpose}`) };
	return usage === "hmac"
		? crypto.subtle.deriveKey(params, master, { name: "HMAC", hash: "SHA-256", length: 256 }, false, ["sign"])
		: crypto.subtle.deriveKey(params, master, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}
