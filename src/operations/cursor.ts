import { hmac, isSameBytes } from "../crypto/digest.ts";
import { base64url, fromBase64url, fromUtf8, utf8 } from "../crypto/encoding.ts";
import type { ServerKeys } from "../crypto/server-keys.ts";
import type { Position } from "../domain/list-query.ts";

/**
 * A cursor, `<version>.<position>.<MAC>`. The MAC covers the list, its account and its filters as well, so that a cursor
 * goes on with the list that it came from and with no other.
 */
export async function writeCursor(list: string, position: Position, keys: ServerKeys): Promise<string> {
	const body = `${keys.newest}.${base64url(utf8(JSON.stringify(position)))}`;
	return `${body}.${base64url((await macOf(list, body, keys.newest, keys)) ?? new Uint8Array())}`;
}

/** Null for what was not written for this list. */
export async function readCursor(text: string, list: string, keys: ServerKeys): Promise<Position | null> {
	const match = /^((\d{1,3})\.([\w-]+))\.([\w-]+)$/.exec(text);
	const [, body = "", version = "", position = "", mac = ""] = match ?? [];
	const [wanted, given] = [await macOf(list, body, Number(version), keys), fromBase64url(mac)];
	if (!match || !wanted || !given || !isSameBytes(wanted, given)) return null;
	const bytes = fromBase64url(position);
	return bytes && JSON.parse(fromUtf8(bytes));
}

async function macOf(list: string, body: string, version: number, keys: ServerKeys) {
	const key = await keys.hmac("cursor", version);
	return key && (await hmac(key, utf8(`${body} ${list}`))).slice(0, 16);
}
