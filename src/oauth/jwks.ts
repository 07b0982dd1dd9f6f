import * as v from "valibot";
import { keySetTtl } from "../domain/signing-key-ring.ts";
import { described, titled } from "../http/described.ts";
import { preparedJson } from "../http/reply.ts";
import type { Call } from "../endpoint/call.ts";
import { endpoint } from "../endpoint/endpoint.ts";
import type { PublicKeys } from "../operations/signing/signing-keys.ts";

/** RFC 7517 §5. May be cached for five minutes: what signs has been published for longer. */
function jwks(call: Call): Promise<Response> | Response {
	const keys = call.services.signingKeys.publicKeys();
	return keys instanceof Promise ? keys.then((read) => keySet(call, read)) : keySet(call, keys);
}

const keySet = preparedJson((keys: PublicKeys) => ({ keys }), {
	"cache-control": `public, max-age=${keySetTtl}`,
	"content-type": "application/jwk-set+json",
});

export const jwksEndpoint = endpoint(jwks, {
	tag: "Discovery",
	summary: "The public keys that tokens are signed with",
	description:
		"RFC 7517. Access tokens and login tokens are signed with ES256, unless their client chose otherwise " +
		"(`access_token_signed_response_alg`), id_tokens with what the client registered (RS256 where it registered nothing). RSA keys " +
		"come first, then EC, then OKP; of what nobody chose there is none. A key is published before it signs access tokens, so that " +
		"a cache of 5 minutes never misses one.",
	credentials: [],
	answers: {
		200: {
			description: "A JWK set. Each key has `kid`, `alg` and `use`.",
			media: "application/jwk-set+json",
			schema: titled(
				"KeySet",
				v.object({ keys: described(v.array(v.record(v.string(), v.unknown())), "The keys, as JWKs.") }),
			),
		},
	},
});
