import * as v from "valibot";
import type { AccessRefusal, Challenge } from "../guard/access.ts";
import type { BearerError } from "../../http/challenge.ts";
import { json } from "../../http/reply.ts";

/** Every error of contract 002's routes: one member, for people. */
export const pairErrorSchema = v.object({ error: v.string() });

export function pairError(status: number, error: string, headers: Record<string, string> = {}): Response {
	return json(status, { error }, headers);
}

/** Why a token does not open a route of contract 002. */
export function refusePair(refusal: AccessRefusal, challenge: Challenge): Response {
	// RFC 9110 §15.5.2: a 401 says how to do better.
	const unauthorized = (error: string, code?: BearerError) => pairError(401, error, challenge(code));
	switch (refusal.kind) {
		case "none":
			return unauthorized("Authorization token is missing: send X-LAST9-API-TOKEN: Bearer <access token>");
		case "no_bearer":
			return unauthorized(
				"Authorization token has to follow the word Bearer: X-LAST9-API-TOKEN: Bearer <access token>",
				"invalid_request",
			);
		case "conflict":
			return pairError(400, "The request has two different credentials: send one");
		case "expired":
			// The contract's own words.
			return unauthorized("Authorization token is expired", "invalid_token");
		case "invalid":
			return unauthorized("Authorization token is not valid", "invalid_token");
		case "elsewhere":
			return pairError(403, "Authorization token is of another organization", challenge());
		case "forbidden": {
			const { permission } = refusal;
			const scope = permission.slice(permission.indexOf(":") + 1);
			const detail = `This needs a ${scope} token: the permission ${permission}`;
			return pairError(403, detail, challenge("insufficient_scope"));
		}
	}
}
