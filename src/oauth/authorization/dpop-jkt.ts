import type { Params } from "../../http/body.ts";
import { checked, type Checked, refused } from "./refusal.ts";

/** RFC 9449 §10: the thumbprint of the key that the code is bound to, or null where it is bound to none. */
export function readSenderKey(params: Params): Checked<string | null> {
	const thumbprint = params.get("dpop_jkt") ?? null;
	// RFC 7638 §3: base64url of a SHA-256.
	return thumbprint === null || /^[A-Za-z0-9_-]{43}$/.test(thumbprint)
		? checked(thumbprint)
		: refused("invalid_request", "dpop_jkt is malformed");
}
