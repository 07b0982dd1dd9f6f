import { base64url, utf8 } from "../crypto/encoding.ts";
import { hmac, isSameText } from "../crypto/digest.ts";
import type { ServerKeys } from "../crypto/server-keys.ts";

/**
 * What a form of ours carries against CSRF: an HMAC of the sign-in and of what the form does, down to every parameter of
 * the request that it answers. Nobody can make it elsewhere, nor take it from one form to another.
 */
export async function formToken(signInId: string, action: string, keys: ServerKeys): Promise<string> {
	const key = await keys.hmac("form token", keys.newest);
	if (!key) throw new RangeError("There is no newest server key");
	return base64url(await hmac(key, utf8(`${signInId} ${action}`)));
}

export async function isFormToken(
	given: string | undefined,
	signInId: string,
	action: string,
	keys: ServerKeys,
): Promise<boolean> {
	return isSameText(given ?? "", await formToken(signInId, action, keys));
}
