import type { Clear, Hash } from "../domain/brands.ts";
import { withChecksum, withoutChecksum } from "./checksum.ts";
import { type Bytes, concat, fromBase64url } from "./encoding.ts";
import { pepper } from "./pepper.ts";
import type { Random } from "./random.ts";
import type { ServerKeys } from "./server-keys.ts";
import { tagged, untagged } from "./tagged.ts";

/**
 * The secret of an access code: `lk_ <version ‖ locator ‖ 32 random bytes ‖ MAC> <checksum>`. The locator names the key
 * under the MAC, so that a check goes straight to the key's ledger and garbage goes nowhere (DESIGN §2.3).
 */
export const accessCodePrefix = "lk_";

/** A key's home and id, as operations/key-locator.ts writes them. */
const locatorLength = 17;

export async function makeAccessCode(locator: Bytes, keys: ServerKeys, random: Random): Promise<Clear> {
	if (locator.length !== locatorLength) throw new TypeError("A key's locator is 17 bytes");
	const content = concat(locator, random(32));
	return withChecksum(accessCodePrefix + (await tagged(keys, "access code", content))) as Clear;
}

/** Where its key is, and the hash by which the key's ledger knows it; null for what is none of ours. */
export async function readAccessCode(text: string, keys: ServerKeys): Promise<{ locator: Bytes; hash: Hash } | null> {
	const body = text.startsWith(accessCodePrefix) ? withoutChecksum(text) : null;
	if (!body) return null;
	const opened = await untagged(keys, "access code", body.slice(accessCodePrefix.length), locatorLength + 32);
	if (!opened) return null;
	const hash = await pepper(keys, "access code", text, opened.version);
	return hash && { locator: opened.content.slice(0, locatorLength), hash };
}

/** What tells a code apart from others and opens nothing: its begin, which names the key in part, and the end of its checksum. */
export function visibleCode(secret: string): string {
	return `${secret.slice(0, visibleBegin)}…${secret.slice(-4)}`;
}

/** The begin of a locator in what was visible of a code, as a person copied it or its begin alone; null for anything else. */
export function readVisibleCode(text: string): Bytes | null {
	const [, begin] = /^lk_([\w-]{8})(?:(?:\u2026|\.{3})[\w-]{4})?$/.exec(text) ?? [];
	return begin === undefined ? null : (fromBase64url(begin)?.subarray(1) ?? null);
}

const visibleBegin = accessCodePrefix.length + 8;
