import * as v from "valibot";
import { described, titled } from "../http/described.ts";
import { deviceCodeGrant, type GrantType, grantTypeNames, mayUse } from "../domain/client.ts";
import { camelTokens, standardTokens, tokenCamelNames } from "../dialects/token.ts";
import { toStandardNames } from "../dialects/names.ts";
import { readBody } from "../http/body.ts";
import { staleAsked } from "../endpoint/max-staleness.ts";
import { openJson } from "../http/reply.ts";
import { oauthErrorSchema } from "../http/oauth-error-schema.ts";
import type { Call } from "../endpoint/call.ts";
import { countRefusal, countToken } from "../operations/tokens/count-token.ts";
import { endpoint } from "../endpoint/endpoint.ts";
import { clientOf } from "./client.ts";
import { senderOf, withNonce } from "./dpop.ts";
import { limitedAnswer, refuse } from "./error.ts";
import { authorizationCode } from "./grants/authorization-code.ts";
import { clientCredentials } from "./grants/client-credentials.ts";
import type { GrantTypeHandler } from "./grants/grant-type.ts";
import { refreshToken } from "./grants/refresh-token.ts";
import { type TokenRequest, tokenRequestSchema } from "./grants/token-request.ts";

const jwtBearerGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const tokenExchangeGrant = "urn:ietf:params:oauth:grant-type:token-exchange";

const handlers: Readonly<Record<GrantType, GrantTypeHandler>> = {
	authorization_code: authorizationCode,
	refresh_token: refreshToken,
	client_credentials: clientCredentials,
	// Few ask for these: they are not loaded before.
	[tokenExchangeGrant]: async (...request) => (await import("./grants/token-exchange.ts")).tokenExchange(...request),
	[deviceCodeGrant]: async (...request) => (await import("./grants/device-code.ts")).deviceCode(...request),
	[jwtBearerGrant]: async (...request) => (await import("./grants/jwt-bearer.ts")).jwtBearer(...request),
};

/**
 * RFC 6749 §3.2 and contract 000. A form, or JSON in either dialect; answers in the dialect that it was asked in.
 * 400, 401, 413 and 415 with the error of RFC 6749 §5.2.
 */
async function token(call: Call): Promise<Response> {
	return withNonce(await answer(call), call);
}

async function answer(call: Call): Promise<Response> {
	const { request, address, services } = call;
	const body = await readBody(request, { json: true });
	if (!body.ok) return refuse({ code: "invalid_request", ...body.error });
	const stale = staleAsked(body.params);
	if (stale !== null) return refuse({ code: "invalid_request", detail: stale });
	const named =
		body.media === "json" ? toStandardNames(body.params, tokenCamelNames) : { camel: false, params: body.params };
	if ("twice" in named) return refuse({ code: "invalid_request", detail: `${named.twice} is given more than once` });
	const { camel } = named;
	const params: TokenRequest = named.params;

	// RFC 7523 §2.1: whoever presents an assertion need not be a client that authenticates. A workload has nothing else.
	const isNamedAlone = params.get("assertion") !== undefined && params.get("grant_type") === jwtBearerGrant;
	const shown = [params.get("code"), params.get("refresh_token"), params.get("device_code")];
	const authenticated = await clientOf(call, params, shown, { isNamedAlone });
	if (!authenticated.ok) return refuse(authenticated.error);
	const { client, isProven } = authenticated;

	const name = params.get("grant_type");
	if (name === undefined) return refuse({ code: "invalid_request", detail: "grant_type is missing" });
	const grantType = grantTypeNames.find((each) => each === name);
	if (!grantType) return refuse({ code: "unsupported_grant_type", detail: "There is no such grant type" });
	if (!mayUse(client, grantType)) {
		countRefusal("unauthorized_client", client, services);
		const detail = "The client is not registered for this grant type";
		// What may be had in exchange people say, and no grant type.
		const isExchange = grantType === tokenExchangeGrant;
		const more = isExchange ? ": token_exchange_apis or identity_assertions has to be set" : "";
		return refuse({ code: "unauthorized_client", detail: detail + more });
	}

	const sender = await senderOf(call);
	if (sender?.kind === "unproven") {
		services.log("dpop.refused", { client: client.id, reason: sender.detail });
		countRefusal("invalid_dpop_proof", client, services);
		return refuse({ code: sender.error, detail: sender.detail });
	}
	// RFC 9449 §5.2: a client that always uses DPoP gets no token without.
	if (!sender && client.options.dpopBoundAccessTokens) {
		countRefusal("invalid_dpop_proof", client, services);
		return refuse({ code: "invalid_dpop_proof", detail: "This client's token requests need a DPoP header" });
	}
	const issued = await handlers[grantType](params, client, { address, isProven, sender, services });
	if (!issued.ok) {
		services.log("token.refused", { client: client.id, grant_type: name, reason: issued.reason });
		countRefusal(issued.error, client, services);
		return refuse({ code: issued.error, detail: issued.detail });
	}
	await countToken(issued, client, services);
	return openJson(call, camel ? camelTokens(issued) : standardTokens(issued));
}

export const tokenEndpoint = endpoint(token, {
	tag: "OAuth",
	summary: "Get an access token for a code, for a refresh token, or for the client itself",
	description:
		"RFC 6749 §3.2. The client authenticates by HTTP Basic, with `client_id` and `client_secret` in the body, or by an assertion " +
		"that its key signed (RFC 7523), whose `aud` is the issuer or this endpoint, whose `exp` is at most an hour ahead, and whose " +
		"`jti` is good once; a public client sends its `client_id` alone, and the `code_verifier` of its PKCE. A code is good for 3 " +
		"minutes, once. Where a refresh token is replaced and the answer was lost, the same one again gets the same successor until " +
		"that is used: for a day at most where the client authenticates, else for a minute (REFRESH_REPEAT_SECONDS). Integrations may " +
		"send and get JSON in camelCase instead (`grantType`, `clientId`, `clientSecret`, `code`, `redirect`; `accessToken`, " +
		"`expiresIn`, `refreshToken`): the answer has the dialect of the request. Where `openid` was granted there is an `id_token` " +
		"too (OIDC Core §3.1.3.3; never in camelCase). `resource` (RFC 8707; may be given several times) narrows whom the access " +
		"token is for to some of what was granted, as `scope` does at a refresh. With `client_credentials` (RFC 6749 §4.4) a " +
		"confidential client acts for itself in the account that owns it: within its registered permissions, for latchkey, an API that " +
		"this account sees (`invalid_target` for another account's) or, without any, another resource, and without a refresh token. A " +
		"token for an API has its permissions, and lives as long as it and the client say at most. Of a scope that is asked for, what cannot be had is dropped (but at a refresh, which refuses it); " +
		"`scope` of the answer says what is left, and is missing where that is nothing. By an exchange (RFC 8693) a server gets a token " +
		"for another API in the name of whoever called it: for those in its `token_exchange_apis`, in exchange for an access token of its " +
		"account that was issued to it or for an API that it serves. It opens what was agreed to in that token's grant and the client may, " +
		"never more (`invalid_scope`), tells in `act` who acts, lives no longer than that token, and ends with it, as with an `actor_token`. An " +
		"exchange of an id_token with `requested_token_type` `urn:ietf:params:oauth:token-type:id-jag` and an `audience` gives an assertion " +
		"(ID-JAG, `token_type` `N_A`) by which the client asks that authorization server for tokens of its own, in the name of whoever is " +
		"signed in: for those in its `identity_assertions`. With a proof in the header `DPoP` (RFC 9449) the " +
		"access token is bound to the key that signed it, `token_type` is `DPoP`, and a refresh token of a client that did not authenticate " +
		"is bound to it too; a client whose `dpop_bound_access_tokens` is set gets none without. By an " +
		"assertion (RFC 7523 §2.1) of an issuer that the account trusts, once: a client that authenticates presents an ID-JAG, for a member of " +
		"the account and a registered API (MCP's Enterprise-Managed Authorization); a workload that only names a client (`client_id`) shows " +
		"a JWT of where it runs, and gets what that application would for itself. Neither has a refresh token.",
	credentials: ["body", "client"],
	body: {
		media: ["application/x-www-form-urlencoded"],
		schema: tokenRequestSchema,
		example: {
			grant_type: "authorization_code",
			client_id: "lkid_…",
			client_secret: "lkcs_…",
			code: "lkc_…",
			redirect_uri: "https://radar.example/installed",
		},
	},
	answers: {
		200: {
			description:
				"The tokens. `refresh_token` is missing where the client keeps the one that it has, or acts for itself; `id_token` where " +
				"`openid` was not granted.",
			schema: titled(
				"Tokens",
				v.object({
					access_token: described(v.string(), "The access token."),
					issued_token_type: v.optional(described(v.string(), "Of an exchange: that it is an access token.")),
					token_type: described(v.picklist(["Bearer", "DPoP"]), "How it is sent (RFC 6750, RFC 9449)."),
					expires_in: described(v.number(), "How many seconds it lives."),
					refresh_token: v.optional(described(v.string(), "What gives the next access token.")),
					id_token: v.optional(described(v.string(), "Who the person is (OIDC Core §2).")),
					scope: v.optional(described(v.string(), "What was granted, as values with spaces between.")),
				}),
			),
		},
		400: {
			description:
				"RFC 6749 §5.2, such as `invalid_grant`; `invalid_dpop_proof`, or `use_dpop_nonce` with a `DPoP-Nonce` header.",
			schema: oauthErrorSchema,
		},
		401: { description: "`invalid_client`: the client did not authenticate.", schema: oauthErrorSchema },
		413: { description: "The body is larger than 16 KiB.", schema: oauthErrorSchema },
		415: { description: "Neither a form nor JSON.", schema: oauthErrorSchema },
		...limitedAnswer,
	},
});
