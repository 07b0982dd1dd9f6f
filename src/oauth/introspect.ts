import * as v from "valibot";
import { described, epochSeconds, titled } from "../http/described.ts";
import type { ShownAuthentication } from "../domain/authentication.ts";
import { isPublic } from "../domain/client.ts";
import { scopeMember } from "../domain/scope.ts";
import { confirmed, tokenTypeOf } from "../domain/sender-key.ts";
import { type ParamsOf, readBody } from "../http/body.ts";
import { maxStalenessRule, maxStalenessSchema, readMaxStaleness } from "../endpoint/max-staleness.ts";
import { openJson } from "../http/reply.ts";
import { oauthErrorSchema } from "../http/oauth-error-schema.ts";
import type { Call } from "../endpoint/call.ts";
import { endpoint } from "../endpoint/endpoint.ts";
import { inspectToken } from "../operations/tokens/inspect-token.ts";
import { clientOf } from "./client.ts";
import { clientRefused, limitedAnswer, refuse } from "./error.ts";
import { tokenFormSchema } from "./token-form.ts";

/** RFC 7662 §2.1, and ours. */
const introspectionSchema = titled(
	"Introspection",
	v.object({ ...tokenFormSchema.entries, max_staleness: maxStalenessSchema }),
);

/** RFC 7662 §2. A form with `token`; `{"active":false}` and nothing more for a token that is not the caller's. */
async function introspect(call: Call): Promise<Response> {
	const { request, services } = call;
	const body = await readBody(request, { json: false });
	if (!body.ok) return refuse({ code: "invalid_request", ...body.error });
	const params: ParamsOf<typeof introspectionSchema> = body.params;
	const authenticated = await clientOf(call, params, [params.get("token")]);
	if (!authenticated.ok) return refuse(authenticated.error);
	const { client } = authenticated;
	// RFC 7662 §2.1: the caller has to authenticate, which a public client cannot.
	if (isPublic(client)) return refuse(clientRefused(request));
	const presented = params.get("token");
	if (presented === undefined) return refuse({ code: "invalid_request", detail: "token is missing" });
	const maxStaleness = readMaxStaleness(params.get("max_staleness"));
	if (maxStaleness === "not_one") return refuse({ code: "invalid_request", detail: maxStalenessRule });
	const { answer: active, checkedAt } = await inspectToken(presented, client, maxStaleness ?? 0, services);
	if (!active) return openJson(call, { active: false });
	return openJson(call, {
		active: true,
		iss: services.config.issuer,
		sub: active.subject,
		aud: active.audience,
		client_id: active.clientId,
		account_id: active.accountId,
		iat: active.issuedAt,
		exp: active.expiresAt,
		token_type: active.use === "access_token" ? tokenTypeOf(active.senderKey) : "refresh_token",
		// What is not always there stands last: each name after a spread is set by a call into the runtime.
		...(active.username !== null && { username: active.username }),
		...scopeMember(active.scope),
		...(active.jti !== null && { jti: active.jti }),
		...confirmed(active.senderKey),
		...(active.act && { act: active.act }),
		...shownOf(active.authentication),
		...(maxStaleness !== null && { checked_at: checkedAt }),
	});
}

/** RFC 9470 §6.2 */
function shownOf(authentication: ShownAuthentication | undefined) {
	if (!authentication) return {};
	const { at, acr } = authentication;
	return { auth_time: at, ...(acr !== undefined && { acr }) };
}

export const introspectEndpoint = endpoint(introspect, {
	tag: "OAuth",
	summary: "Ask whether a token is still good, and what it says",
	description:
		"RFC 7662, for confidential clients. `active` is false, and stands alone, for whatever is not good any more and for tokens " +
		"that were neither issued to the caller nor name it, or a resource or API that it is registered to serve (RFC 8707), as " +
		"audience. Whom it was not issued to, `scope` tells nothing of other APIs, and a token of a grant that another took the place of " +
		"is not active. An " +
		"id_token is never active: it opens nothing. `username` is there for a person's token, where the caller serves its audience " +
		"and belongs to the account of the token, or `profile` was granted. `max_staleness` lets the caller be told again what it was told " +
		"a moment ago of a token that was active; what is not active is never remembered.",
	credentials: ["body", "client"],
	body: {
		media: ["application/x-www-form-urlencoded"],
		schema: introspectionSchema,
		example: { token: "eyJ…", client_id: "lkid_…", client_secret: "lkcs_…" },
	},
	answers: {
		200: {
			description: "What the token says. Instants are in epoch seconds.",
			schema: v.union([
				titled(
					"InactiveToken",
					v.object({ active: described(v.literal(false), "It is not good, or not the caller's.") }),
				),
				titled(
					"ActiveToken",
					v.object({
						active: described(v.literal(true), "It is good."),
						iss: described(v.string(), "Who issued it: this server."),
						sub: described(v.string(), "Whom it stands for."),
						username: v.optional(described(v.string(), "The person's user name.")),
						aud: described(v.array(v.string()), "What it is for."),
						client_id: described(v.string(), "The client that it was issued to."),
						account_id: described(v.string(), "The account that it opens."),
						scope: v.optional(described(v.string(), "What it permits, as values with spaces between.")),
						iat: epochSeconds("When it was issued."),
						exp: epochSeconds("When it ends."),
						jti: v.optional(described(v.string(), "Its own id.")),
						act: v.optional(
							described(
								titled("Actor", v.looseObject({ sub: described(v.string(), "Who it is.") })),
								"Who acts for the subject (RFC 8693 §4.1); within it, in `act` again, for whom they do.",
							),
						),
						token_type: described(v.picklist(["Bearer", "DPoP", "refresh_token"]), "What it is."),
						cnf: v.optional(
							described(
								titled(
									"Confirmation",
									v.object({ jkt: described(v.string(), "The thumbprint of the key (RFC 7638).") }),
								),
								"The key that an access token is bound to (RFC 9449 §6.2): it is good with a proof of that alone.",
							),
						),
						auth_time: v.optional(epochSeconds("When its person last proved who they are (RFC 9470 §6.2).")),
						acr: v.optional(described(v.string(), "How strongly they did: a value of `acr_values_supported`.")),
						checked_at: v.optional(epochSeconds("Where `max_staleness` was sent: when this was so.")),
					}),
				),
			]),
		},
		400: {
			description:
				"`invalid_request`: there is no token in it, or `max_staleness` is no number of seconds from 0 to 60.",
			schema: oauthErrorSchema,
		},
		401: { description: "`invalid_client`: the client did not authenticate.", schema: oauthErrorSchema },
		413: { description: "The body is larger than 16 KiB.", schema: oauthErrorSchema },
		415: { description: "Not a form.", schema: oauthErrorSchema },
		...limitedAnswer,
	},
});
