import { digest } from "../../crypto/digest.ts";
import { base64url } from "../../crypto/encoding.ts";

/** The id of an event that is the same whenever it is sent: of what it says, or of what says which one it is. */
export async function eventIdOf(text: string): Promise<string> {
	return base64url((await digest(text)).subarray(0, 16));
}
