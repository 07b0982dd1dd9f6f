import type { ClientSecret } from "../domain/client.ts";
import type { Clear, Seconds } from "../domain/brands.ts";
import { withChecksum, withoutChecksum } from "./checksum.ts";
import { isSameText } from "./digest.ts";
import { base64url } from "./encoding.ts";
import { pepper } from "./pepper.ts";
import type { Random } from "./random.ts";
import type { ServerKeys } from "./server-keys.ts";
import { tagged, untagged } from "./tagged.ts";

/** `lkid_<version ‖ 16 random bytes ‖ MAC>`: an id that was never given out does not reach the register. */
const clientIdPrefix = "lkid_";
/** `lkcs_<32 random bytes><checksum>` */
const clientSecretPrefix = "lkcs_";

export async function makeClientId(keys: ServerKeys, random: Random): Promise<string> {
	return clientIdPrefix + (await tagged(keys, "client id", random(16)));
}

export async function isOurClientId(text: string, keys: ServerKeys): Promise<boolean> {
	if (!text.startsWith(clientIdPrefix)) return false;
	return (await untagged(keys, "client id", text.slice(clientIdPrefix.length), 16)) !== null;
}

export async function makeClientSecret(
	keys: ServerKeys,
	random: Random,
): Promise<{ secret: Clear; stored: ClientSecret }> {
	const secret = withChecksum(clientSecretPrefix + base64url(random(32))) as Clear;
	const hash = await pepper(keys, "client secret", secret, keys.newest);
	if (!hash) throw new RangeError("There is no newest server key");
	return { secret, stored: { hash, version: keys.newest, expiresAt: null } };
}

/** Whether the text is one of the secrets that are good now. */
export async function isClientSecret(
	text: string,
	stored: readonly ClientSecret[],
	keys: ServerKeys,
	now: Seconds,
): Promise<boolean> {
	if (!text.startsWith(clientSecretPrefix) || !withoutChecksum(text)) return false;
	let good = false;
	for (const each of stored) {
		const hash = await pepper(keys, "client secret", text, each.version);
		const inTime = each.expiresAt === null || now < each.expiresAt;
		if (hash && isSameText(hash, each.hash) && inTime) good = true;
	}
	return good;
}
