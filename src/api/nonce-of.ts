import { randomId } from "../crypto/random.ts";
import type { Call } from "../endpoint/call.ts";

/** What a request makes is made of this: new each time, but of the runs of one `Idempotency-Key` the same (operations/form-nonce.ts). */
export function nonceOf({ nonce, services }: Pick<Call, "nonce" | "services">): string {
	return nonce ?? randomId(services.random);
}
