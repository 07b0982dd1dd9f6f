import { readBody } from "../http/body.ts";
import { empty } from "../http/reply.ts";
import type { Call } from "../operations/call.ts";
import { revokeToken } from "../operations/revoke-token.ts";
import { clientOf } from "./client.ts";
import { refuse } from "./error.ts";

/** RFC 7009 §2. A form with `token`; 200 for an unknown token as well (§2.2). `token_type_hint` is not needed. */
export async function revoke({ request, address, services }: Call): Promise<Response> {
	const body = await readBody(request, { json: false });
	if (!body.ok) return refuse({ code: "invalid_request", ...body.error });
	const authenticated = await clientOf(request, body.params, services);
	if (!authenticated.ok) return refuse(authenticated.error);
	const presented = body.params.get("token");
	if (presented === undefined) return refuse({ code: "invalid_request", detail: "token is missing" });
	await revokeToken(presented, authenticated.client, address, services);
	return empty(200);
}
