import { tagged, untagged } from "../../crypto/tagged.ts";
import type { Seconds } from "../../domain/brands.ts";
import type { Services } from "../services.ts";

// RFC 9449 §8, §9: a nonce is the time, under a MAC of ours. Nobody can say one beforehand, and nothing is stored of it.

const purpose = "dpop nonce";

/** For how long there is one nonce, and for how many of these spans it is good. */
const span: Seconds = 60;
const spans = 5;

type Timed = Pick<Services, "serverKeys" | "now">;

export function currentNonce({ serverKeys, now }: Timed): Promise<string> {
	const bytes = new Uint8Array(4);
	new DataView(bytes.buffer).setUint32(0, spanAt(now()));
	return tagged(serverKeys, purpose, bytes);
}

/** Whether it is one that was given out here, a moment ago. */
export async function isRecentNonce(nonce: unknown, { serverKeys, now }: Timed): Promise<boolean> {
	const read = typeof nonce === "string" ? await untagged(serverKeys, purpose, nonce, 4) : null;
	if (!read) return false;
	const age = spanAt(now()) - new DataView(read.content.buffer).getUint32(0);
	// Another isolate's clock may be a little ahead.
	return age >= -1 && age < spans;
}

function spanAt(now: Seconds): number {
	return Math.floor(now / span);
}
