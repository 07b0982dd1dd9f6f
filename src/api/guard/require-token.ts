import type { Permission } from "../../domain/permission.ts";
import { readBearer } from "../../http/authorization-header.ts";
import { type BearerError, bearerChallenge, placeOf } from "../../http/challenge.ts";
import { json } from "../../http/reply.ts";
import type { Call } from "../../operations/call.ts";
import { checkToken } from "../../operations/checks/check-token.ts";
import { type TokenFacts } from "../../operations/signing/token-facts.ts";

/**
 * RFC 6750 §3: the access token of the request, where it is good and permits this; else the refusal to answer with. One
 * ledger call, so that a revoked token is refused at the next request.
 */
export async function requireToken(call: Call, permission: Permission): Promise<TokenFacts | Response> {
	const refused = (status: 401 | 403, error: BearerError, description: string, isSaid = true) =>
		json(
			status,
			{ error, error_description: description },
			bearerChallenge(placeOf(call), { scope: permission, ...(isSaid && { error, description }) }),
		);
	const presented = readBearer(call.request);
	if (presented === null) {
		// RFC 6750 §3.1: no error in the challenge where nothing was presented.
		return refused(401, "invalid_request", "Send an access token as Authorization: Bearer", false);
	}
	const checked = await checkToken(presented, call.url.pathname, call.services);
	if (checked.kind !== "valid") {
		const detail = checked.kind === "expired" ? "The access token has expired" : "The access token is not valid";
		return refused(401, "invalid_token", detail);
	}
	if (!checked.facts.scope.includes(permission)) {
		return refused(403, "insufficient_scope", `This needs the permission ${permission}`);
	}
	return checked.facts;
}
