import { hmac, isSameBytes } from "./digest.ts";
import { base64url, type Bytes, concat, fromBase64url } from "./encoding.ts";
import type { ServerKeys } from "./server-keys.ts";

/** 128 bits: a forger needs luck that nobody has, online or off. */
const tagLength = 16;

/** `base64url(version ‖ content ‖ MAC)`: text that we can tell to be ours without looking anything up. */
export async function tagged(keys: ServerKeys, purpose: string, content: Bytes): Promise<string> {
	const body = concat(Uint8Array.of(keys.newest), content);
	return base64url(concat(body, await tagOf(keys, purpose, keys.newest, body)));
}

/** The content, where the tag is ours and the content as long as it should be; else null. */
export async function untagged(
	keys: ServerKeys,
	purpose: string,
	text: string,
	length: number,
): Promise<{ content: Bytes; version: number } | null> {
	const bytes = text.length > 512 ? null : fromBase64url(text);
	const version = bytes?.[0];
	if (!bytes || version === undefined || bytes.length !== 1 + length + tagLength) return null;
	const key = await keys.hmac(`tag ${purpose}`, version);
	if (!key) return null;
	const body = bytes.slice(0, 1 + length);
	const tag = (await hmac(key, body)).subarray(0, tagLength);
	return isSameBytes(tag, bytes.subarray(1 + length)) ? { content: body.slice(1), version } : null;
}

async function tagOf(keys: ServerKeys, purpose: string, version: number, body: Bytes): Promise<Bytes> {
	const key = await keys.hmac(`tag ${purpose}`, version);
	if (!key) throw new RangeError(`There is no server key of version ${version}`);
	return (await hmac(key, body)).slice(0, tagLength);
}
