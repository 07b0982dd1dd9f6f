import type { InvalidProof } from "../domain/dpop-proof.ts";
import type { Limited } from "../domain/limit.ts";
import { oauthErrorSchema } from "../http/oauth-error-schema.ts";
import { rateLimitHeaders } from "../http/rate-limit.ts";
import { json } from "../http/reply.ts";

/** RFC 6749 §5.2. `detail` is for the developer of the client, and must not tell an attacker which part was right. */
export type OAuthError =
	| { code: "invalid_request"; detail: string; status?: 400 | 408 | 413 | 415 }
	| { code: "invalid_client"; basic: boolean; detail: string }
	| { code: "temporarily_unavailable"; limited: Limited; detail: string }
	/** RFC 9449 §5, §8. */
	| { code: InvalidProof["error"]; detail: string }
	| {
			code:
				| "invalid_grant"
				| "unauthorized_client"
				| "unsupported_grant_type"
				| "invalid_scope"
				| "invalid_target"
				| "authorization_pending"
				| "slow_down"
				| "access_denied"
				| "expired_token";
			detail: string;
	  };

/** Whether it is not known, has ended or showed the wrong secret, nobody learns: `detail` is of what it wrote itself. */
export function clientRefused(request: Request, detail = "Client authentication failed"): OAuthError {
	return { code: "invalid_client", basic: request.headers.has("authorization"), detail };
}

/** Too many clients that nobody knows were named from one network. */
export function clientLimited(limited: Limited): OAuthError {
	return {
		code: "temporarily_unavailable",
		limited,
		detail: "Too many clients that are unknown here were named: wait",
	};
}

export function refuse(error: OAuthError): Response {
	switch (error.code) {
		case "invalid_client":
			// RFC 6749 §5.2: 401, and the challenge of the scheme that the client used.
			return json(
				401,
				wire(error.code, error.detail),
				error.basic ? { "www-authenticate": 'Basic realm="latchkey", charset="UTF-8"' } : {},
			);
		case "temporarily_unavailable":
			return json(429, wire(error.code, error.detail), rateLimitHeaders(error.limited));
		case "invalid_request":
			return json(error.status ?? 400, wire(error.code, error.detail));
		case "invalid_grant":
		case "unauthorized_client":
		case "unsupported_grant_type":
		case "invalid_scope":
		// RFC 8707 §2
		case "invalid_target":
		// RFC 8628 §3.5
		case "authorization_pending":
		case "slow_down":
		case "access_denied":
		case "expired_token":
		// RFC 9449 §5, §8
		case "invalid_dpop_proof":
		case "use_dpop_nonce":
			return json(400, wire(error.code, error.detail));
	}
}

function wire(error: OAuthError["code"], description: string) {
	return { error, error_description: description };
}

/** Of an endpoint that clients authenticate at. */
export const limitedAnswer = {
	429: {
		description:
			"`temporarily_unavailable`: too many URLs were named as `client_id` from this network that are no client here, with nothing " +
			"that was given out here beside them. See `Retry-After`.",
		schema: oauthErrorSchema,
	},
};
