import type { Permission } from "../domain/permission.ts";
import { readBearer } from "../http/authorization-header.ts";
import { json } from "../http/reply.ts";
import type { Call } from "../operations/call.ts";
import { checkToken, type TokenFacts } from "../operations/check-token.ts";

/**
 * RFC 6750 §3: the access token of the request, where it is good and permits this; else the refusal to answer with. One
 * ledger call, so that a revoked token is refused at the next request.
 */
export async function requireToken(
	{ request, url, services }: Call,
	permission: Permission,
): Promise<TokenFacts | Response> {
	const presented = readBearer(request);
	if (presented === null) {
		return refused(401, "", "invalid_request", "Send an access token as Authorization: Bearer");
	}
	const checked = await checkToken(presented, url.pathname, services);
	if (checked.kind !== "valid") {
		const detail = checked.kind === "expired" ? "The access token has expired" : "The access token is not valid";
		return refused(401, `, error="invalid_token", error_description="${detail}"`, "invalid_token", detail);
	}
	if (!checked.facts.scope.includes(permission)) {
		const challenge = `, error="insufficient_scope", scope="${permission}"`;
		return refused(403, challenge, "insufficient_scope", `This needs the permission ${permission}`);
	}
	return checked.facts;
}

function refused(status: 401 | 403, challenge: string, error: string, detail: string): Response {
	return json(
		status,
		{ error, error_description: detail },
		{ "www-authenticate": `Bearer realm="latchkey"${challenge}` },
	);
}
