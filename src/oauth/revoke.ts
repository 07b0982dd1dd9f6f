import { readBody } from "../http/body.ts";
import { empty } from "../http/reply.ts";
import { oauthErrorSchema } from "../http/oauth-error-schema.ts";
import type { Call } from "../endpoint/call.ts";
import { endpoint } from "../endpoint/endpoint.ts";
import { revokeToken } from "../operations/tokens/revoke-token.ts";
import { clientOf } from "./client.ts";
import { limitedAnswer, refuse } from "./error.ts";
import { type TokenForm, tokenFormSchema } from "./token-form.ts";

/** RFC 7009 §2. A form with `token`; 200 for an unknown token as well (§2.2). `token_type_hint` is not needed. */
async function revoke(call: Call): Promise<Response> {
	const { request, address, services } = call;
	const body = await readBody(request, { json: false });
	if (!body.ok) return refuse({ code: "invalid_request", ...body.error });
	const params: TokenForm = body.params;
	const authenticated = await clientOf(call, params, [params.get("token")]);
	if (!authenticated.ok) return refuse(authenticated.error);
	const presented = params.get("token");
	if (presented === undefined) return refuse({ code: "invalid_request", detail: "token is missing" });
	await revokeToken(presented, authenticated.client, address, services);
	return empty(200);
}

export const revokeEndpoint = endpoint(revoke, {
	tag: "OAuth",
	summary: "Revoke a token of the client's own",
	description:
		"RFC 7009. A refresh token ends its whole grant, an access token itself alone. An unknown token is answered as one that was " +
		"revoked. Refused from the next request on, wherever latchkey is asked.",
	credentials: ["body", "client"],
	body: {
		media: ["application/x-www-form-urlencoded"],
		schema: tokenFormSchema,
		example: { token: "lkr_…", client_id: "lkid_…", client_secret: "lkcs_…" },
	},
	answers: {
		200: { description: "It is good no more, if it ever was." },
		400: { description: "`invalid_request`: there is no token in it.", schema: oauthErrorSchema },
		401: { description: "`invalid_client`: the client did not authenticate.", schema: oauthErrorSchema },
		413: { description: "The body is larger than 16 KiB.", schema: oauthErrorSchema },
		415: { description: "Not a form.", schema: oauthErrorSchema },
		...limitedAnswer,
	},
});
