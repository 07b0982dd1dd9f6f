import type { Clear, Hash } from "../domain/brands.ts";
import { withChecksum, withoutChecksum } from "./checksum.ts";
import { isSameText } from "./digest.ts";
import { base64url } from "./encoding.ts";
import { pepper } from "./pepper.ts";
import type { Random } from "./random.ts";
import type { ServerKeys } from "./server-keys.ts";

/** `lkrt_<32 random bytes><checksum>`: RFC 7592's registration access token, which manages one client and nothing else. */
const prefix = "lkrt_";
const purpose = "registration token";

export interface StoredRegistrationToken {
	readonly hash: Hash;
	/** The version of the pepper under which the hash was made. */
	readonly version: number;
}

export async function makeRegistrationToken(
	keys: ServerKeys,
	random: Random,
): Promise<{ token: Clear; stored: StoredRegistrationToken }> {
	const token = withChecksum(prefix + base64url(random(32))) as Clear;
	const hash = await pepper(keys, purpose, token, keys.newest);
	if (!hash) throw new RangeError("There is no newest server key");
	return { token, stored: { hash, version: keys.newest } };
}

export async function isRegistrationToken(
	text: string,
	stored: StoredRegistrationToken,
	keys: ServerKeys,
): Promise<boolean> {
	if (!looksLikeRegistrationToken(text)) return false;
	const hash = await pepper(keys, purpose, text, stored.version);
	return hash !== null && isSameText(hash, stored.hash);
}

/** What does not, looks nothing up. */
export function looksLikeRegistrationToken(text: string): boolean {
	return text.startsWith(prefix) && text.length < 100 && withoutChecksum(text) !== null;
}
