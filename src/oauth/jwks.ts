import { json } from "../http/reply.ts";
import type { Call } from "../operations/call.ts";

/** RFC 7517 §5. May be cached for as long as an isolate goes on with a ring: `next` is published for far longer. */
export async function jwks({ services }: Call): Promise<Response> {
	const keys = await services.signingKeys.publicKeys();
	return json(200, { keys }, { "cache-control": "public, max-age=300", "content-type": "application/jwk-set+json" });
}
