import { isPublic } from "../domain/client.ts";
import { readBody } from "../http/body.ts";
import { json } from "../http/reply.ts";
import type { Call } from "../operations/call.ts";
import { inspectToken } from "../operations/inspect-token.ts";
import { clientOf } from "./client.ts";
import { refuse } from "./error.ts";

/** RFC 7662 §2. A form with `token`; `{"active":false}` and nothing more for a token that is not the caller's. */
export async function introspect({ request, services }: Call): Promise<Response> {
	const body = await readBody(request, { json: false });
	if (!body.ok) return refuse({ code: "invalid_request", ...body.error });
	const authenticated = await clientOf(request, body.params, services);
	if (!authenticated.ok) return refuse(authenticated.error);
	const { client } = authenticated;
	// RFC 7662 §2.1: the caller has to authenticate, which a public client cannot.
	if (isPublic(client)) return refuse({ code: "invalid_client", basic: false });
	const presented = body.params.get("token");
	if (presented === undefined) return refuse({ code: "invalid_request", detail: "token is missing" });
	const active = await inspectToken(presented, client, services);
	if (!active) return json(200, { active: false });
	return json(200, {
		active: true,
		iss: services.config.issuer,
		sub: active.subject,
		aud: active.audience,
		client_id: active.clientId,
		account_id: active.accountId,
		scope: active.scope.join(" "),
		iat: active.issuedAt,
		exp: active.expiresAt,
		...(active.jti !== null && { jti: active.jti }),
		token_type: active.use === "access_token" ? "Bearer" : "refresh_token",
	});
}
