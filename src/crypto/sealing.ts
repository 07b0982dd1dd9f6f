import type { Sealed } from "../domain/brands.ts";
import { hmac } from "./digest.ts";
import { base64url, type Bytes, concat, fromBase64url, utf8 } from "./encoding.ts";
import type { ServerKeys } from "./server-keys.ts";

const ivLength = 12;
const tagLength = 16;

/**
 * AES-256-GCM under a server key: `version ‖ iv ‖ ciphertext ‖ tag`. The purpose chooses the key; `context` is additional
 * data. The IV is an HMAC of what is sealed: two different texts never share one by accident, and the same text seals to
 * the same bytes, which a retried rotation needs. So it is for texts that hold a random secret, which all of ours do.
 */
export async function sealBytes(
	keys: ServerKeys,
	purpose: string,
	context: string,
	plain: Bytes,
	version: number = keys.newest,
): Promise<Bytes> {
	const [key, ivKey] = await Promise.all([keys.aes(purpose, version), keys.hmac(`${purpose} iv`, version)]);
	if (!key || !ivKey) throw new RangeError(`There is no server key of version ${version}`);
	const additional = additionalData(purpose, version, context);
	const iv = (await hmac(ivKey, concat(additional, new Uint8Array(1), plain))).subarray(0, ivLength);
	const box = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: additional }, key, plain);
	return concat(Uint8Array.of(version), iv, new Uint8Array(box));
}

/** Null for anything that {@link sealBytes} has not written for this purpose and context, under a key that is still here. */
export async function unsealBytes(
	keys: ServerKeys,
	purpose: string,
	context: string,
	box: Bytes,
): Promise<{ plain: Bytes; version: number } | null> {
	const version = box[0];
	if (version === undefined || box.length < 1 + ivLength + tagLength) return null;
	const key = await keys.aes(purpose, version);
	if (!key) return null;
	const iv = box.subarray(1, 1 + ivLength);
	const additional = additionalData(purpose, version, context);
	try {
		const plain = await crypto.subtle.decrypt(
			{ name: "AES-GCM", iv, additionalData: additional },
			key,
			box.subarray(1 + ivLength),
		);
		return { plain: new Uint8Array(plain), version };
	} catch {
		return null; // a tag that does not fit: forged, damaged, or for something else
	}
}

/** {@link sealBytes} as text, for the stores. */
export async function sealText(keys: ServerKeys, purpose: string, context: string, plain: string): Promise<Sealed> {
	return base64url(await sealBytes(keys, purpose, context, utf8(plain))) as Sealed;
}

export async function unsealText(
	keys: ServerKeys,
	purpose: string,
	context: string,
	sealed: Sealed,
): Promise<string | null> {
	const box = fromBase64url(sealed);
	const opened = box && (await unsealBytes(keys, purpose, context, box));
	return opened && new TextDecoder().decode(opened.plain);
}

function additionalData(purpose: string, version: number, context: string): Bytes {
	return utf8(`${purpose} ${version} ${context}`);
}
