import * as v from "valibot";
import { asksOnDevices } from "../domain/client.ts";
import { deviceCodeTtl, pollInterval } from "../domain/device-request.ts";
import { writtenUserCode } from "../domain/user-code.ts";
import { programName } from "../http/browser-name.ts";
import { readBody } from "../http/body.ts";
import { described, titled } from "../http/described.ts";
import { oauthErrorSchema } from "../http/oauth-error-schema.ts";
import { json } from "../http/reply.ts";
import { requestCountry } from "../http/request-country.ts";
import type { Call } from "../endpoint/call.ts";
import { endpoint } from "../endpoint/endpoint.ts";
import { openDeviceRequest } from "../operations/tokens/device-requests.ts";
import type { Refusal } from "./authorization/refusal.ts";
import { readResource, readScope } from "./authorization/scope.ts";
import { clientOf } from "./client.ts";
import { provenKey, withNonce } from "./dpop.ts";
import { type OAuthError, refuse } from "./error.ts";
import { clientParameters } from "./grants/token-request.ts";

async function deviceAuthorization(call: Call): Promise<Response> {
	return withNonce(await openFor(call), call);
}

/** RFC 8628 §3.1. A form; the client as at the token endpoint, the rest as at the authorization endpoint. */
async function openFor(call: Call): Promise<Response> {
	const { request, address, services } = call;
	const body = await readBody(request, { json: false });
	if (!body.ok) return refuse({ code: "invalid_request", ...body.error });
	const { params } = body;
	const authenticated = await clientOf(call, params, []);
	if (!authenticated.ok) return refuse(authenticated.error);
	const { client } = authenticated;
	if (!asksOnDevices(client)) {
		return refuse({ code: "unauthorized_client", detail: "The client is not registered for the device flow" });
	}
	const named = await readResource(params, client, services);
	if (!named.ok) return refuse(asTold(named));
	const { resource, targets } = named.value;
	const scope = readScope(params, client, targets);
	if (!scope.ok) return refuse(asTold(scope));

	// As at pushed requests (RFC 9449 §10.1): what comes with a proof is bound to its key.
	const proven = await provenKey(call);
	if (proven.kind === "unproven") return refuse({ code: proven.error, detail: proven.detail });
	const bound = proven.key !== null && { senderKey: proven.key };

	const from = { program: programName(request), address, country: requestCountry(request) };
	const opened = await openDeviceRequest({ scope: scope.value, resource, ...bound, from }, client, services);
	if (opened.kind === "limited") {
		const detail = "Too many devices asked from here: wait";
		return refuse({ code: "temporarily_unavailable", limited: opened, detail });
	}
	const userCode = writtenUserCode(opened.userCode);
	const page = `${services.config.issuer}/device`;
	return json(200, {
		device_code: opened.deviceCode,
		user_code: userCode,
		verification_uri: page,
		verification_uri_complete: `${page}?user_code=${userCode}`,
		expires_in: deviceCodeTtl,
		interval: pollInterval,
	});
}

/** RFC 8628 §3.1: errors are those of the token endpoint (RFC 6749 §5.2). */
function asTold({ error, detail }: Refusal): OAuthError {
	return { code: error === "invalid_target" ? error : "invalid_scope", detail };
}

export const deviceAuthorizationEndpoint = endpoint(deviceAuthorization, {
	tag: "OAuth",
	summary: "Begin to sign in on a device without a browser",
	description:
		"RFC 8628 §3.1. Show the person `user_code` and `verification_uri`, or `verification_uri_complete` as a QR code: there they " +
		"sign in, compare the code, see which client asks on what device and from where, and allow it or do not. Meanwhile ask the token " +
		"endpoint with `device_code`, every `interval` seconds: `authorization_pending` and `slow_down` (five seconds longer from then " +
		"on) say to go on, `access_denied` and `expired_token` to stop. The client authenticates as at the token endpoint, and is " +
		"registered for `urn:ietf:params:oauth:grant-type:device_code`. With a proof in the header `DPoP` (RFC 9449) the device code is good " +
		"with the same key alone.",
	credentials: ["body", "client"],
	body: {
		media: ["application/x-www-form-urlencoded"],
		schema: titled(
			"DeviceAuthorizationRequest",
			v.object({
				...clientParameters,
				scope: v.optional(
					described(
						v.string(),
						"As at the authorization endpoint: the permissions that the client registered where it is left out. Who somebody is has to be " +
							"asked for (`openid`, `email`, …).",
					),
				),
				resource: v.optional(
					described(v.union([v.string(), v.array(v.string())]), "Whom the access tokens are for (RFC 8707)."),
				),
			}),
		),
		example: { client_id: "lkid_…", client_secret: "lkcs_…", scope: "openid events:read" },
	},
	answers: {
		200: {
			description: "The codes.",
			schema: titled(
				"DeviceCodes",
				v.object({
					device_code: described(v.string(), "What the device asks for tokens with. It shows it to nobody."),
					user_code: described(v.string(), "What the person types or compares: eight letters, `BCDF-GHJK`."),
					verification_uri: described(v.string(), "Where they do so."),
					verification_uri_complete: described(v.string(), "The same with the code in it."),
					expires_in: described(v.number(), "How many seconds both codes live."),
					interval: described(v.number(), "How many seconds to wait between two requests for the tokens."),
				}),
			),
		},
		400: {
			description:
				"RFC 6749 §5.2, such as `unauthorized_client`, `invalid_scope` or `invalid_target`; `invalid_dpop_proof`, or `use_dpop_nonce` with a " +
				"`DPoP-Nonce` header.",
			schema: oauthErrorSchema,
		},
		401: { description: "`invalid_client`: the client did not authenticate.", schema: oauthErrorSchema },
		413: { description: "The body is larger than 16 KiB.", schema: oauthErrorSchema },
		415: { description: "Not a form.", schema: oauthErrorSchema },
		429: {
			description:
				"`temporarily_unavailable`: too many requests from this network, or too many URLs named as `client_id` that are no client. " +
				"See `Retry-After`.",
			schema: oauthErrorSchema,
		},
	},
});
