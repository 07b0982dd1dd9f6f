import * as v from "valibot";
import { json } from "../http/reply.ts";
import type { Call } from "../endpoint/call.ts";
import { endpoint } from "../endpoint/endpoint.ts";

/** RFC 7517 §5. May be cached for five minutes: `next` is published for far longer before it signs. */
async function jwks({ services }: Call): Promise<Response> {
	const keys = await services.signingKeys.publicKeys();
	return json(200, { keys }, { "cache-control": "public, max-age=300", "content-type": "application/jwk-set+json" });
}

export const jwksEndpoint = endpoint(jwks, {
	tag: "Discovery",
	summary: "The public keys that tokens are signed with",
	description:
		"RFC 7517. Access tokens and login tokens are signed with Ed25519, id_tokens with what the client registered (RS256 where it " +
		"registered nothing). A key is published long before it signs, so that a cache of 5 minutes never misses one.",
	credentials: [],
	answers: {
		200: {
			description: "A JWK set. Each key has `kid`, `alg` and `use`.",
			media: "application/jwk-set+json",
			schema: v.object({ keys: v.array(v.record(v.string(), v.unknown())) }),
		},
	},
});
